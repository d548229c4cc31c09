"""The sentences under an item: true, dated, and for what moved the score most."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.analysis import Analyser
from reader.clock import ManualClock
from reader.recommend.factors.registry import default_registry
from reader.recommend.factors.spec import Moment
from reader.recommend.families import FACTOR_CLASSES, FAMILIES
from reader.recommend.ranking import Scored, present, score, shape
from reader.recommend.recommender import Recommender
from reader.recommend.requests import Request
from reader.recommend.selection import NO_ROWS
from reader.recommend.surprise import daring
from reader.recommend.wording import _ACTS, _PLAIN, retell, say, say_day, say_plain
from reader.settings import RankingSettings, Settings
from reader.storage.memory import MemoryStorage
from reader.types import Evidence, Reason, Recommended
from reader.wiring import make_recommender
from tests.builders import ReadingStory, act, impression
from tests.reader.conftest import NOW, MakeRecommender, demo_items
from tests.reader.recommend.factors.worlds import moment_of

# "Inside the Lithium Battery"; its fourth paragraph is about brine, salt flats and the old salt trade.
ARTICLE, ON_SALT = "demo-en-energy-01", "demo-en-food-02"
PLAIN = Settings(ranking=RankingSettings(exploring_every=1000))


@pytest.fixture
def recommender(make: MakeRecommender) -> Recommender:
    return make(settings=PLAIN)


@pytest.fixture(scope="module")
def world(remembering: Analyser) -> Recommender:
    """A reading with a going-back, an opening, a like, a follow, and openings by others."""
    made = make_recommender(settings=PLAIN, clock=ManualClock(NOW), storage=MemoryStorage(), analyser=remembering)
    made.add_items(demo_items())
    read = ReadingStory(ARTICLE, at=NOW - timedelta(minutes=10)).read(0, 1, 2, 3, 4).go_back(3)
    made.observe([*read, act("open", "demo-en-food-01", at=NOW, view="w"), act("like", "demo-en-music-01", at=NOW)])
    made.observe([act("open", ON_SALT, user=f"r{n}", at=NOW, view=f"w{n}") for n in range(3)])
    made.observe([act("follow", target=("source", demo_items()[5].source), at=NOW)])
    return made


def place_of(recommender: Recommender, item: str, user: str = "ann") -> Recommended:
    return next(place for place in recommender.recommend(Request(user)).items if place.item == item)


def with_weights(recommender: Recommender, weights: dict[str, float], user: str = "ann") -> dict[str, Recommended]:
    """Return the places of a list that is ranked by these families' factors alone, each with this weight."""
    registry = recommender.registry
    own = np.zeros(len(registry.specs))
    for family, weight in weights.items():
        own[registry.family_rows[family]] = weight
    moment = moment_of(recommender, user, NOW)
    scored = score(moment, registry, own, recommender.learner.utility(user))
    return {place.item: place for place in shaped_and_told(moment, scored)}


def shaped_and_told(moment: Moment, scored: Scored) -> tuple[Recommended, ...]:
    shaped = shape(moment, scored, NO_ROWS, np.random.default_rng(0), daring(0.5, PLAIN.ranking), PLAIN.ranking)
    return present(moment, scored, shaped).places


@pytest.mark.parametrize(
    ("later", "day"),
    [
        (timedelta(0), "today"),
        (timedelta(days=1), "yesterday"),
        (timedelta(days=3), "on Sunday"),
        (timedelta(days=20), "on 22 November"),
        (timedelta(days=60), "on 22 November 2026"),
    ],
)
def test_a_going_back_is_told_with_paragraph_day_and_terms(
    recommender: Recommender, clock: ManualClock, later: timedelta, day: str
) -> None:
    back = ReadingStory(ARTICLE, at=NOW - timedelta(minutes=10)).read(*range(8), seconds=20).go_back(3, seconds=15)
    recommender.observe(list(back))
    clock.at = NOW + later

    reason = place_of(recommender, ON_SALT).reasons[0]

    assert reason.code == "reread"
    assert reason.label.startswith("You went back to paragraph 4 of “Inside the Lithium Battery")
    assert f"” {day}: " in reason.label
    (evidence,) = reason.evidence
    assert (evidence.item, evidence.paragraph, evidence.at) == (ARTICLE, 3, NOW - timedelta(minutes=10))
    assert evidence.terms
    assert reason.label.endswith(", ".join(evidence.terms))


def test_the_reader_s_own_word_is_not_laid_to_what_they_read(recommender: Recommender) -> None:
    """A follow replaces what was learned, so it is the reason."""
    recommender.observe(list(ReadingStory("demo-en-music-01", at=NOW - timedelta(hours=1)).read(0, 1, 2)))
    recommender.observe([act("follow", target=("topic", "music"), at=NOW)])
    recommender.observe([act("weigh", target=("topic", "food"), weight=0.5, at=NOW)])

    music = {reason.code: reason.label for reason in place_of(recommender, "demo-en-music-03").reasons}
    food = {reason.code: reason.label for reason in place_of(recommender, "demo-en-food-03").reasons}

    assert music["follow"] == "You follow music"
    assert food["weigh"] == "You set the weight of food yourself"


def test_openings_alone_are_told_as_likeness_to_the_nearest(recommender: Recommender) -> None:
    recommender.observe(
        [
            act("open", "demo-en-energy-04", at=NOW - timedelta(days=1), view="w1"),
            act("open", "demo-en-music-01", at=NOW - timedelta(hours=1), view="w2"),
        ]
    )

    found = with_weights(recommender, {"history": 0.1})[ARTICLE].reasons

    title = recommender.item("demo-en-energy-04").title
    assert [(reason.code, reason.label) for reason in found] == [
        ("similar", f"It is like “{title}”, which you opened yesterday")
    ]
    assert found[0].evidence == (Evidence("open", NOW - timedelta(days=1), "demo-en-energy-04", title),)


def test_heat_says_how_often_an_item_was_opened_and_nothing_else(recommender: Recommender) -> None:
    for number in range(3):
        recommender.observe([act("open", ARTICLE, user=f"r{number}", at=NOW - timedelta(hours=1), view=f"w{number}")])
    recommender.observe([act("open", ON_SALT, user="r0", at=NOW - timedelta(hours=1), view="once")])

    places = with_weights(recommender, {"heat": 0.1}, "newcomer")

    said = {item: [reason.label for reason in place.reasons] for item, place in places.items()}
    assert said[ARTICLE] == ["Opened 3 times here"]
    assert said[ON_SALT] == ["Opened once here"]
    opened = [item for item, labels in said.items() if any(label.startswith("Opened") for label in labels)]
    assert sorted(opened) == [ARTICLE, ON_SALT]


def test_freshness_says_the_day(recommender: Recommender) -> None:
    first = next(iter(with_weights(recommender, {"freshness": 0.1}, "newcomer").values()))

    published = recommender.item(first.item).published_at
    assert published
    said = f"Published {say_day(published, NOW)}"
    assert first.reasons == (Reason("fresh", said, 1.0, about=published.isoformat()),)


def test_what_others_opened_is_told_with_the_item_in_common(recommender: Recommender) -> None:
    for number in range(4):
        for item in ("demo-en-music-01", ON_SALT):
            recommender.observe([act("open", item, user=f"r{number}", at=NOW, view=f"{number}{item}")])
    recommender.observe([act("open", "demo-en-music-01", at=NOW, view="mine")])

    (reason,) = with_weights(recommender, {"collaborative": 0.1})[ON_SALT].reasons

    title = recommender.item("demo-en-music-01").title
    assert (reason.code, reason.label) == (
        "together",
        f"Readers who open “{title}”, as you did today, open it, too",
    )


def test_what_readers_of_such_things_open_is_told_with_the_opening_nearest_to_it(recommender: Recommender) -> None:
    """Readers of energy open food, too, and those of music nothing else."""
    kinds = [
        [item.id for item in demo_items() if topics & set(item.topics)] for topics in ({"energy", "food"}, {"music"})
    ]
    for number in range(60):
        own = kinds[number % 2]
        recommender.observe(
            [act("open", own[number // 12 % len(own)], user=f"r{number % 12}", at=NOW, view=f"w{number}")]
        )
    recommender.observe([act("open", "demo-en-energy-04", at=NOW - timedelta(days=1), view="mine")])

    reasons = with_weights(recommender, {"discriminant": 0.1})[ON_SALT].reasons

    title = recommender.item("demo-en-energy-04").title
    assert [(reason.code, reason.label) for reason in reasons] == [
        ("kindred", f"Readers who open “{title}”, as you did yesterday, open such things, too")
    ]


@pytest.mark.parametrize(("family", "code"), [("discriminant", "kindred"), ("collaborative", "together")])
def test_what_readers_have_not_in_common_is_not_told_as_if_they_had(
    recommender: Recommender, family: str, code: str
) -> None:
    """Lists may teach that it is what these readers do not open that is opened: then no opening is behind it."""
    items = demo_items()
    for number in range(60):
        opened = items[number // 12] if number % 2 else items[-1 - number // 12]
        recommender.observe([act("open", opened.id, user=f"r{number % 12}", at=NOW, view=f"w{number}")])
    recommender.observe([act("open", items[1].id, at=NOW, view="mine")])
    moment = moment_of(recommender, "ann", NOW)
    assert moment.co_opening
    together, _ = moment.co_opening.similarities(moment.opened.tolist(), moment.rows)
    near = (moment.kindred if code == "kindred" else together).max(axis=0)

    told = {weight: with_weights(recommender, {family: weight}) for weight in (0.1, -0.1)}

    for weight, places in told.items():
        because = [item for item, place in places.items() if code in {reason.code for reason in place.reasons}]
        assert all(near[moment.ids.index(item)] > 0 for item in because)
        assert because or weight < 0


@pytest.mark.parametrize("weight", [0.1, -0.1])
def test_readers_like_this_one_are_told_of_only_where_they_opened_it(recommender: Recommender, weight: float) -> None:
    """Lists may teach that it is what others open that is opened: their readers are not this one's like for that."""
    subjects = {"energy": "demo-en-energy-03", "music": "demo-en-music-03"}
    at = NOW - timedelta(hours=1)
    for subject, shown in subjects.items():
        for number in range(4):
            user, view = f"{subject}{number}", f"{subject}-{number}"
            before = act("open", f"demo-en-{subject}-01", user=user, at=at, view=view)
            seen = impression(view, shown, user=user, at=at + timedelta(minutes=1))
            opened = act("open", shown, user=user, at=at + timedelta(minutes=2), view=f"{view}-2")
            recommender.observe([before, seen, replace(opened, list=view)])
    recommender.observe([act("open", "demo-en-energy-01", at=NOW, view="mine")])

    places = with_weights(recommender, {"audience": weight})
    alike = {item for item, place in places.items() if "alike" in {reason.code for reason in place.reasons}}

    assert places[subjects["music"]].contributions["audience"] * weight < 0
    assert alike == ({subjects["energy"]} if weight > 0 else set())


def told_of(recommender: Recommender, family: str, seed: int) -> dict[str, set[str]]:
    """Return reason -> the items that it is told of, if lists had taught any weights of a family."""
    rows, rng = recommender.registry.family_rows[family], np.random.default_rng(seed)
    weights = np.zeros(len(recommender.registry.specs))
    weights[rows] = rng.normal(size=len(rows))
    moment = moment_of(recommender, "ann", NOW)
    told: dict[str, set[str]] = {}
    scored = score(moment, recommender.registry, weights, recommender.learner.utility("ann"))
    for place in shaped_and_told(moment, scored):
        for reason in place.reasons:
            told.setdefault(reason.code, set()).add(place.item)
    return told


def test_what_many_have_seen_is_never_told_as_seen_by_few(recommender: Recommender) -> None:
    ids = [item.id for item in demo_items()]
    for number in range(6):
        shown = impression(f"i{number}", *ids[2 * number :], user=f"r{number}", at=NOW - timedelta(minutes=1))
        recommender.observe([shown])
    seen = {item: sum(item in ids[2 * number :] for number in range(6)) for item in ids}
    usual = sum(seen.values()) / len(ids)

    told: set[str] = set().union(*(told_of(recommender, "uncertainty", seed).get("new", set()) for seed in range(40)))

    assert told
    assert all(seen[item] < usual for item in told)


def test_of_the_sort_that_one_opens_is_what_has_a_trait_of_an_opening(recommender: Recommender) -> None:
    """And one that not all candidates have: they are all English articles."""
    opened = ["demo-en-energy-01", "demo-en-energy-02"]
    recommender.observe([act("open", item, at=NOW, view=item) for item in opened])
    moment = moment_of(recommender, "ann", NOW)
    catalogue = moment.catalogue
    traits = {
        item: set(catalogue.traits.entries(catalogue.rows_of([item])).features.tolist())
        for item in (*moment.ids, *opened)
    }
    liked = set().union(*(traits[item] for item in opened)) - set.intersection(*(traits[item] for item in moment.ids))

    told: set[str] = set().union(*(told_of(recommender, "affinity", seed).get("habit", set()) for seed in range(6)))

    assert told
    assert all(traits[item] & liked for item in told)
    assert not all(traits[item] & liked for item in moment.ids)


def test_what_is_not_so_gives_its_place_to_the_next_reason(recommender: Recommender) -> None:
    """Nobody has opened anything: three families that say who did take none of the three places."""
    moment = moment_of(recommender, "ann", NOW)
    scored = score(moment, recommender.registry, recommender.weights, recommender.learner.utility("ann"))
    raw = np.zeros_like(scored.raw)
    for family, amount in {"audience": 3.0, "collaborative": 3.0, "discriminant": 3.0, "freshness": 1.0}.items():
        raw[scored.utility.families.index(family), 0] = amount

    first = shaped_and_told(moment, replace(scored, raw=raw))[0]

    assert [reason.code for reason in first.reasons] == ["fresh"]


def test_what_counts_against_is_no_reason_for(recommender: Recommender) -> None:
    """A card passed by leaves a trace of its topic, too; it must not be told as what speaks for the topic."""
    recommender.observe([act("viewable", item.id, at=NOW) for item in demo_items() if "music" in item.topics])
    recommender.observe(list(ReadingStory("demo-en-music-01", at=NOW - timedelta(minutes=9)).read(0, 1, 2, 3)))

    codes = {reason.code for place in recommender.recommend(Request("ann")).items for reason in place.reasons}

    assert codes
    assert not codes & {"implicit_minus", "minus"}


def test_what_all_candidates_share_is_no_reason(world: Recommender) -> None:
    """A weight that gives every place the same, and most of its score, says nothing of why it is before another."""
    moment = moment_of(world, "ann", NOW)
    scored = score(moment, world.registry, world.weights, world.learner.utility("ann"))
    raw = scored.raw.copy()
    raw[scored.utility.families.index("style")] = 20.0
    places = shaped_and_told(moment, replace(scored, raw=raw))

    assert all(max(place.contributions, key=place.contributions.__getitem__) == "style" for place in places)
    assert all(place.reasons for place in places[:5])
    assert "style" not in {reason.code for place in places for reason in place.reasons}


def test_a_feature_that_all_candidates_have_is_no_reason(make: MakeRecommender) -> None:
    """All are English: a reading speaks for each of them by its language, and for none more than for another."""
    recommender = make(settings=PLAIN)
    recommender.observe(list(ReadingStory(ARTICLE, at=NOW - timedelta(minutes=10)).read(0, 1, 2, 3, 4)))

    places = with_weights(recommender, {"interest.language": 1.0})

    assert all(place.contributions["interest.language"] > 0 for place in places.values())
    assert {place.reasons for place in places.values()} == {()}


def test_what_was_passed_by_more_than_read_is_no_reason_by_what_was_read(make: MakeRecommender) -> None:
    """The topic counts against its items, whatever the reading brought it; what else was read still speaks for some."""
    recommender = make(settings=PLAIN)
    music = [item.id for item in demo_items() if "music" in item.topics]
    recommender.observe(list(ReadingStory(music[0], at=NOW - timedelta(minutes=9)).read(0, 1, 2).go_back(1)))
    for number in range(30):
        at = NOW - timedelta(seconds=number)
        recommender.observe([act("viewable", item, at=at) for item in music[1:]])
    weight = next(each.weight for each in recommender.interests("ann") if each.target.value == "music")

    reasons = [reason for place in recommender.recommend(Request("ann")).items for reason in place.reasons]
    terms = {term for reason in reasons for one in reason.evidence for term in one.terms}

    assert weight < 0
    assert terms
    assert "music" not in terms


@settings(max_examples=25)
@given(seed=st.integers(0, 2**32 - 1), dense=st.booleans())
def test_any_weights_give_sentences_whose_shares_are_a_part(world: Recommender, seed: int, dense: bool) -> None:
    """With every family at work, none is left without words, and the first reason is the largest share."""
    recommender = world
    rng = np.random.default_rng(seed)
    weights = rng.normal(size=len(recommender.registry.specs)) * (1.0 if dense else rng.random() < 0.5)
    moment = moment_of(recommender, "ann", NOW)
    scored = score(moment, recommender.registry, weights, recommender.learner.utility("ann"))
    shaped = shape(moment, scored, NO_ROWS, rng, daring(rng.random(), RankingSettings()), RankingSettings())

    for place in present(moment, scored, shaped).places:
        shares = [reason.share for reason in place.reasons]
        assert shares == sorted(shares, reverse=True)
        assert all(share > 0 for share in shares)
        assert sum(shares) <= 1 + 1e-9
        assert all(reason.label and "{" not in reason.label for reason in place.reasons)
        assert all(retell(reason, NOW) == reason.label for reason in place.reasons)
        assert all(retell(reason, NOW, "de") not in ("", reason.label) for reason in place.reasons)
        assert sum(place.contributions.values()) == pytest.approx(place.score, abs=1e-9)


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_sentence_is_there_in_both_languages(language: str) -> None:
    act_ = Evidence("read", datetime(2026, 11, 17, tzinfo=UTC), "a1", "White gold", 3, ("lithium",))
    codes = {family.reason for family in FAMILIES.values() if family.reason}

    assert set(_ACTS["en"]) == set(_ACTS["de"])
    assert set(_PLAIN["en"]) == set(_PLAIN["de"])
    for code in _ACTS["en"]:
        assert "White gold" in say(act_, NOW, language, code=code)  # type: ignore[arg-type]  # of the two
    assert all(say_plain(code, "x", language) for code in codes)  # type: ignore[arg-type]  # of the two


def test_a_reason_of_before_keeps_its_words() -> None:
    """Lists that were kept without what their reasons are about, and codes that are no longer known."""
    kept = [Reason(code, "As it was said", 1.0) for code in ("fresh", "popular", "follow", "weigh", "gone")]

    assert {retell(reason, NOW, "de") for reason in kept} == {"As it was said"}


def test_every_family_has_words_a_class_and_a_reason_or_features() -> None:
    registry = default_registry(Settings().ranking)
    reasons = [family.reason for family in FAMILIES.values() if family.reason]

    assert set(registry.family_rows) - FAMILIES.keys() == set()
    assert len(set(reasons)) == len(reasons)
    for name in registry.family_rows:
        words = FAMILIES[name]
        assert words.label
        assert words.description
        assert words.factor_class in FACTOR_CLASSES
        assert bool(words.reason) != name.startswith(("interest", "bm25"))
    assert {FAMILIES[name].factor_class for name in registry.family_rows} == set(FACTOR_CLASSES)
