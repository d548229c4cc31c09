"""Readers: likes, speeds, changes; and the formulas by which they choose, worked by hand."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from reader.replay.simulator.readers import Change, SimulatedReader, Taste, draw_reader
from reader.replay.simulator.relevance import bounce_chance, examination, relevance
from reader.replay.simulator.settings import AttentionSettings, SimulationSettings, TasteSettings
from reader.replay.simulator.topics import find_topics
from reader.replay.simulator.world import Subject
from tests.builders import START, article
from tests.reader.replay.simulator.worlds import demo_simulation

MANY = 400


@pytest.fixture(scope="module")
def readers() -> list[SimulatedReader]:
    simulation = demo_simulation()
    return [draw_reader(number, simulation.world, simulation.settings, 5) for number in range(1, MANY + 1)]


def subject(**fields: object) -> Subject:
    values = {"language": "en", "published_s": START.timestamp(), "appeal": 0.5, "topics": ("space", "food")}
    return Subject(item=article(), keywords=frozenset({"comet", "moon"}), paragraphs=(), **{**values, **fields})  # type: ignore[arg-type]  # a builder


def test_relevance_by_hand(readers: list[SimulatedReader]) -> None:
    """-1.5 + 0.25 openness + 0.5 appeal + 2 x 0.75 topic + 1.5 x 1/3 keyword + 0.6 x 1/2 freshness; -2 foreign."""
    reader = replace(readers[0], openness=0.25, language="en")
    taste = Taste({"space": 0.75, "food": 0.4}, frozenset({"comet", "opera"}))
    at_s = START.timestamp() + 3 * 86_400

    own = relevance(subject(), reader, taste, at_s, TasteSettings())
    foreign = relevance(subject(language="de"), reader, taste, at_s, TasteSettings())

    assert own == pytest.approx(1 / (1 + math.exp(-1.55)))
    assert foreign == pytest.approx(1 / (1 + math.exp(0.45)))


def test_examination_by_hand() -> None:
    assert examination(4, 0.5) == pytest.approx((1, 0.70711, 0.57735, 0.5), abs=1e-5)
    assert examination(3, 0.0) == (1, 1, 1)


def test_bait_is_left_sooner_than_what_fits() -> None:
    settings = AttentionSettings()

    assert bounce_chance(0.2, 2.0, settings) > bounce_chance(0.2, 0.0, settings) > bounce_chance(0.8, 0.0, settings)
    assert bounce_chance(0.5, 0.0, settings) == pytest.approx(0.1)


def test_speeds_are_those_of_the_literature(readers: list[SimulatedReader]) -> None:
    """Means of 238 (English) and 187 words a minute (German) within three standard errors."""
    for language, usual in (("en", 238), ("de", 187)):
        speeds = [reader.words_per_min for reader in readers if reader.language == language]
        assert np.mean(speeds) == pytest.approx(usual, abs=3 * np.std(speeds) / len(speeds) ** 0.5)


def test_readers_of_one_topic_differ_in_keywords(readers: list[SimulatedReader]) -> None:
    of_space = [reader for reader in readers if reader.language == "en" and "space" in reader.topics]

    assert len(of_space) > 20
    assert len({reader.keywords for reader in of_space}) == len(of_space)


def test_keywords_stand_in_items_of_the_topics(readers: list[SimulatedReader]) -> None:
    subjects = demo_simulation().world.subjects
    for reader in readers[:50]:
        own = [one for one in subjects if one.language == reader.language and set(one.topics) & reader.topics.keys()]
        assert all(any(word in one.keywords for one in own) for word in reader.keywords)


def test_half_of_the_readers_change_in_the_middle_of_the_time(readers: list[SimulatedReader]) -> None:
    world = demo_simulation().world
    changes = [(reader, change) for reader in readers for change in reader.changes]
    shares = [(change.at - world.start) / (world.end - world.start) for _, change in changes]

    assert len(changes) / MANY == pytest.approx(0.5, abs=3 * 0.5 / MANY**0.5)
    assert min(shares) >= 0.3
    assert max(shares) <= 0.7
    assert all(change.topic not in reader.topics and change.fades in reader.topics for reader, change in changes)


def test_a_new_interest_comes_and_an_old_one_fades(readers: list[SimulatedReader]) -> None:
    """At the moment of the change the new one is there; after a half-life half of the old one is left."""
    change = Change(START, "food", ("bread",), "space")
    reader = replace(readers[0], topics={"space": 0.8}, keywords=("comet",), changes=(change,))

    before = reader.taste_at(START - timedelta(milliseconds=1), TasteSettings())
    at = reader.taste_at(START, TasteSettings())
    later = reader.taste_at(START + timedelta(days=1), TasteSettings())

    assert before == Taste({"space": 0.8}, frozenset({"comet"}))
    assert at == Taste({"space": 0.8, "food": 0.9}, frozenset({"comet", "bread"}))
    assert later.topics == pytest.approx({"space": 0.4, "food": 0.9})


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
