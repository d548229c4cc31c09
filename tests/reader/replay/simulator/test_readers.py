"""Readers: likes, speeds, changes; and the formulas by which they choose, worked by hand."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import numpy as np
import pytest

from reader.replay.simulator.readers import Interest, SimulatedReader, Taste, draw_reader
from reader.replay.simulator.relevance import bounce_chance, examination, interest, relevance
from reader.replay.simulator.settings import AttentionSettings, SimulationSettings, TasteSettings
from reader.replay.simulator.topics import find_topics
from reader.replay.simulator.world import Paragraph, Subject, make_world
from tests.builders import START, article
from tests.reader.replay.simulator.worlds import demo_simulation

MANY = 400


@pytest.fixture(scope="module")
def readers() -> list[SimulatedReader]:
    simulation = demo_simulation()
    return [draw_reader(number, simulation.world, simulation.settings, 5) for number in range(1, MANY + 1)]


def subject(**fields: object) -> Subject:
    usual = {"language": "en", "published_s": START.timestamp(), "appeal": 0.5, "topics": ("space", "food")}
    words = {"card": frozenset({"comet", "moon"}), "keywords": frozenset({"comet", "moon", "probe"}), "is_bait": False}
    text = {"item": article(), "paragraphs": (Paragraph(60, 0.0, frozenset()),)}
    return Subject(**{**usual, **words, **text, **fields})  # type: ignore[arg-type]  # a builder


def test_relevance_by_hand(readers: list[SimulatedReader]) -> None:
    """-1.5 + 0.25 openness + 0.5 appeal + 2 x 0.75 topic + 1.5 x 1/2 keyword + 0.6 x 1/2 freshness; -2 foreign.

    A keyword that stands in the text alone is none of the card.
    """
    reader = replace(readers[0], openness=0.25, language="en")
    taste = Taste({"space": 0.75, "food": 0.4}, {"comet": 1.0, "opera": 1.0, "probe": 1.0})
    at_s = START.timestamp() + 3 * 86_400

    own = relevance(subject(), reader, taste, at_s, TasteSettings())
    foreign = relevance(subject(language="de"), reader, taste, at_s, TasteSettings())

    assert own == pytest.approx(1 / (1 + math.exp(-1.8)))
    assert foreign == pytest.approx(1 / (1 + math.exp(0.2)))


def test_interest_by_hand() -> None:
    """-1 + 1.5 x 0.75 topic + 1.5 x (1 + 0.5 of a faded one) / 3 keywords, of the whole text."""
    taste = Taste({"space": 0.75}, {"comet": 0.5, "probe": 1.0})

    assert interest(subject(), taste, AttentionSettings()) == pytest.approx(1 / (1 + math.exp(-0.875)))


def test_interplay_by_hand(readers: list[SimulatedReader]) -> None:
    """Newness at a half-life is 1/2, so nothing; before it the shortest gains and the longest loses, then not."""
    reader, taste = replace(readers[0], openness=0.0, language="en"), Taste({}, {})
    settings = TasteSettings(interplay_weight=2.0, freshness_weight=0.0)

    def gain(length: float, age_days: float) -> float:
        at_s = START.timestamp() + age_days * 86_400
        own, plain = (
            relevance(subject(appeal=0.0, length=length), reader, taste, at_s, one)
            for one in (settings, replace(settings, interplay_weight=0.0))
        )
        return math.log(own / (1 - own)) - math.log(plain / (1 - plain))

    assert [gain(-1, 0), gain(1, 0), gain(0, 0)] == pytest.approx([2, -2, 0])
    assert gain(1, 3) == pytest.approx(0)
    assert [gain(-1, 6), gain(1, 6), gain(0.5, 6)] == pytest.approx([-1, 1, 0.5])


def test_lengths_are_ranks_and_equal_ones_share_theirs() -> None:
    words = {"a": 3, "b": 1, "c": 3, "d": 9}
    items = [article(name, paragraphs=("word " * count,)) for name, count in words.items()]

    world = make_world(items, SimulationSettings(), 0)

    lengths = {found.item.id: found.length for found in world.subjects}
    assert lengths == pytest.approx({"b": -1, "a": 0, "c": 0, "d": 1})


def test_examination_by_hand() -> None:
    assert examination(4, 0.5) == pytest.approx((1, 0.70711, 0.57735, 0.5), abs=1e-5)
    assert examination(3, 0.0) == (1, 1, 1)


def test_bait_is_left_sooner_than_what_fits() -> None:
    def chance(interest: float, **fields: object) -> float:
        return bounce_chance(interest, subject(**fields), AttentionSettings())

    assert chance(0.2, appeal=2.0) > chance(0.2, appeal=0.0) > chance(0.8, appeal=0.0)
    assert chance(0.5, appeal=0.0) == pytest.approx(0.1)
    assert chance(0.9, is_bait=True) == 0.75
    assert chance(0.0, is_bait=True, paragraphs=()) == 0.0  # there is nothing to leave


def test_speeds_are_those_of_the_literature(readers: list[SimulatedReader]) -> None:
    """Means of 238 (English) and 187 words a minute (German) within three standard errors."""
    for language, usual in (("en", 238), ("de", 187)):
        speeds = [reader.words_per_min for reader in readers if reader.language == language]
        assert np.mean(speeds) == pytest.approx(usual, abs=3 * np.std(speeds) / len(speeds) ** 0.5)


def test_readers_of_one_topic_differ_in_keywords(readers: list[SimulatedReader]) -> None:
    of_space = [one.keywords for reader in readers for one in reader.interests if one.topic == "space"]

    assert len(of_space) > 40
    assert len(set(of_space)) > len(of_space) / 3


def test_keywords_of_an_interest_stand_together(readers: list[SimulatedReader]) -> None:
    """Two of a reader's keywords of a topic share a paragraph far oftener than two of different readers do."""
    stands_in = {language: found.stands_in for language, found in demo_simulation().world.topics.items()}

    def together(words: list[tuple[str, str, str]]) -> float:
        return float(np.mean([bool(stands_in[lang][one] & stands_in[lang][other]) for lang, one, other in words]))

    interests = [(reader.language, one) for reader in readers for one in reader.interests if len(one.keywords) > 1]
    own = [(language, one.keywords[0], one.keywords[1]) for language, one in interests]
    others = [
        (language, one.keywords[0], other.keywords[0])
        for (language, one), (lang, other) in pairwise(sorted(interests, key=lambda pair: (pair[0], pair[1].topic)))
        if (language, one.topic) == (lang, other.topic) and one.keywords[0] != other.keywords[0]
    ]

    assert len(others) > 100
    assert together(own) > 2 * together(others)


def test_keywords_stand_in_items_of_the_topics(readers: list[SimulatedReader]) -> None:
    subjects = demo_simulation().world.subjects
    for reader in readers[:50]:
        for liked in reader.interests:
            own = [one for one in subjects if one.language == reader.language and liked.topic in one.topics]
            assert all(any(word in one.keywords for one in own) for word in liked.keywords)


def test_half_of_the_readers_change_in_the_middle_of_the_time(readers: list[SimulatedReader]) -> None:
    world = demo_simulation().world
    changes = [(reader, change, change.begins or world.start) for reader in readers for change in reader.changes]
    shares = [(at - world.start) / (world.end - world.start) for _, _, at in changes]

    assert len(changes) / MANY == pytest.approx(0.5, abs=3 * 0.5 / MANY**0.5)
    assert min(shares) >= 0.3
    assert max(shares) <= 0.7
    for reader, change, at in changes:
        first = [interest for interest in reader.interests if interest.begins is None]
        assert change.topic not in {interest.topic for interest in first}
        assert [interest.fades for interest in first] == [at] + [None] * (len(first) - 1)  # the strongest stands first


def test_a_new_interest_comes_and_an_old_one_fades(readers: list[SimulatedReader]) -> None:
    """At the moment of the change the new one is there; after a half-life half of the old one is left."""
    old = Interest("space", ("comet",), 0.8, fades=START)
    reader = replace(readers[0], interests=(old, Interest("food", ("bread",), 0.9, begins=START)))

    before = reader.taste_at(START - timedelta(milliseconds=1), TasteSettings())
    at = reader.taste_at(START, TasteSettings())
    later = reader.taste_at(START + timedelta(days=1), TasteSettings())

    assert before == Taste({"space": 0.8}, {"comet": 1.0})
    assert at == Taste({"space": 0.8, "food": 0.9}, {"comet": 1.0, "bread": 1.0})
    assert later.topics == pytest.approx({"space": 0.4, "food": 0.9})
    assert later.keywords == pytest.approx({"comet": 0.5, "bread": 1.0})


def test_an_item_of_an_interest_has_its_topic_and_two_of_its_keywords_on_the_card() -> None:
    liked = Interest("space", ("comet", "moon", "probe"), 1.0)

    assert liked.is_of(subject())
    assert not liked.is_of(subject(topics=("food",)))
    assert not liked.is_of(subject(card=frozenset({"comet"})))
    assert Interest("space", ("comet",), 1.0).is_of(subject())
    assert not Interest("space", (), 1.0).is_of(subject())


def test_several_changes_come_in_order_and_each_drives_out_another() -> None:
    world = demo_simulation().world
    settings = SimulationSettings(changes_share=1.0, changes=4)

    for reader in (draw_reader(number, world, settings, 0) for number in range(1, 30)):
        begins = [change.begins for change in reader.changes if change.begins]
        fades = sorted(interest.fades for interest in reader.interests if interest.fades)
        assert len(begins) == 4 or reader.language == "de"  # of which the demo has too few topics
        assert begins == fades == sorted(begins)
        assert len({interest.topic for interest in reader.interests}) == len(reader.interests)


def test_nobody_changes_where_the_share_is_none() -> None:
    world = demo_simulation().world
    settings = SimulationSettings(changes_share=0.0)

    assert all(draw_reader(number, world, settings, 0).changes == () for number in range(1, 50))


def test_topics_are_derived_where_none_are_named() -> None:
    """The commonest word of what is not covered yet, ties by word; one in every item, or in one alone, is none."""
    titles = ("alpha river", "alpha stone", "alpha river", "beta stone", "beta cloud", "gamma delta")
    items = [article(str(number), title=f"{title} report") for number, title in enumerate(titles)]
    settings = replace(SimulationSettings().catalogue, most_common_share=0.5)

    found = find_topics(items, settings)["en"]

    assert found.counts == {"alpha": 3, "beta": 2}
    assert found.of_item == {"0": ("alpha",), "1": ("alpha",), "2": ("alpha",), "3": ("beta",), "4": ("beta",)}
    assert found.keywords["alpha"] == ("alpha", "river", "stone")


def test_named_topics_are_taken_as_they_are() -> None:
    items = [article(str(number), topics=("space",) if number < 3 else ("rare",)) for number in range(4)]

    found = find_topics(items, SimulationSettings().catalogue)["en"]

    assert found.counts == {"space": 3}
