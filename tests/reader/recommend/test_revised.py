"""Items that change: what of them counts, in a recommender that runs on and in one that starts later."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import cast

import numpy as np
import pytest
from numpy.typing import NDArray

from nlp.analysis import Analyser
from reader.clock import ManualClock
from reader.recommend.recommender import Recommender
from reader.recommend.requests import Request
from reader.settings import RankingSettings, Settings
from reader.storage.memory import MemoryStorage
from reader.types import AnyItem, Event
from reader.wiring import make_recommender
from tests.builders import act, impression
from tests.reader.conftest import NOW
from tests.reader.recommend.placed import placed, started
from tests.reader.replay.test_challenge import ShortVectors, items

SETTINGS = Settings(ranking=RankingSettings(exploring_every=1000))
ITEMS = tuple(items(90))
FIRST, OTHERS = ITEMS[:60], ITEMS[60:]
USERS = [f"r{number}" for number in range(6)]
# What is counted at once, with the items of that time (docs/ranking.md).
AS_OF_THEN = ("interest.", "bm25", "audience")


@pytest.fixture
def storage() -> MemoryStorage:
    return MemoryStorage()


@pytest.fixture
def running(storage: MemoryStorage, clock: ManualClock) -> Recommender:
    recommender = on(storage, clock)
    recommender.add_items(FIRST)
    return recommender


def on(storage: MemoryStorage, clock: ManualClock) -> Recommender:
    """Start on a store that may hold much already."""
    analyser = cast(Analyser, ShortVectors())
    return make_recommender(settings=SETTINGS, clock=clock, storage=storage, analyser=analyser)


def revised() -> list[AnyItem]:
    """New versions of a third of the items: of other meaning, words and topics."""
    return [replace(item, title=other.title, topics=other.topics) for item, other in zip(FIRST, OTHERS, strict=False)][
        ::2
    ]


def openings(seed: int, count: int, clock: ManualClock) -> Iterator[Event]:
    """Openings of which nothing else is known, within half an hour, after which the clock stands."""
    rng = np.random.default_rng(seed)
    for number in range(count):
        at = clock.at + timedelta(seconds=10 * number)
        item = FIRST[rng.integers(len(FIRST))].id
        yield act("open", item, user=USERS[rng.integers(len(USERS))], at=at, view=f"v{seed}-{number}")
    clock.at += timedelta(seconds=10 * count)


def clicks(seed: int, count: int, clock: ManualClock) -> Iterator[Event]:
    """Lists of four items, of which one is opened and liked."""
    rng = np.random.default_rng(seed)
    for number in range(count):
        at, user = clock.at + timedelta(seconds=10 * number), USERS[rng.integers(len(USERS))]
        shown = [FIRST[place].id for place in rng.choice(len(FIRST), 4, replace=False)]
        name = f"l{seed}-{number}"
        yield impression(name, *shown, user=user, at=at)
        yield act("open", shown[0], user=user, at=at, list=name, view=name)
        yield act("like", shown[0], user=user, at=at, list=name)
    clock.at += timedelta(seconds=10 * count)


def take(recommender: Recommender, events: Iterator[Event], clock: ManualClock) -> None:
    told = list(events)
    clock.at += timedelta(seconds=1)
    assert recommender.observe(told).rejected == ()


def listed(recommender: Recommender, user: str) -> dict[str, tuple[int, float, dict[str, float]]]:
    """Return place, score and contributions by item, of all items."""
    request = Request(user, list_id="same", candidates=tuple(item.id for item in FIRST))
    made = recommender.recommend(request)
    return {place.item: (place.position, place.score, place.contributions) for place in made.items}


def factors(recommender: Recommender, user: str, clock: ManualClock) -> dict[str, NDArray[np.float32]]:
    """Return the factors of all items, by family."""
    rows = recommender.catalogue.rows_of(item.id for item in FIRST)
    moment = recommender.population.moment(recommender.state(user), rows, clock.at.timestamp())
    values = recommender.registry.compute(moment).values
    return {family: values[rows] for family, rows in recommender.registry.family_rows.items()}


def same_lists(one: Recommender, other: Recommender, user: str) -> None:
    mine, theirs = listed(one, user), listed(other, user)
    assert {item: place for item, (place, _, _) in mine.items()} == {
        item: place for item, (place, _, _) in theirs.items()
    }
    for item, (_, score, parts) in mine.items():
        assert score == pytest.approx(theirs[item][1], abs=1e-4)
        assert parts == pytest.approx(theirs[item][2], abs=1e-4)


def test_opened_revised_and_opened_again_lists_are_the_same_after_a_restart(
    running: Recommender, storage: MemoryStorage, clock: ManualClock
) -> None:
    """And in a process that was there before all of it, but looked at none until now."""
    idle = on(storage, clock)
    take(running, openings(1, 120, clock), clock)
    running.add_items(revised())
    restarted = on(storage, clock)
    take(running, openings(2, 120, clock), clock)

    assert running.population.discriminant.spread.any()
    for user in USERS[:3]:
        same_lists(running, restarted, user)
        same_lists(running, idle, user)
        same_lists(running, on(storage, clock), user)


def test_revised_before_anybody_came_an_older_version_is_as_if_it_had_never_been(
    running: Recommender, storage: MemoryStorage, clock: ManualClock
) -> None:
    running.add_items(revised())
    take(running, openings(1, 120, clock), clock)
    take(running, clicks(2, 20, clock), clock)

    restarted = on(storage, clock)

    for user in USERS[:2]:
        mine, theirs = factors(running, user, clock), factors(restarted, user, clock)
        assert {family: np.abs(mine[family] - theirs[family]).max() < 1e-4 for family in mine} == dict.fromkeys(
            mine, True
        )


def test_what_is_counted_by_openings_is_as_of_the_version_that_is_there_now(
    running: Recommender, storage: MemoryStorage, clock: ManualClock
) -> None:
    """Lists, clicks, likes and settled views: all but what was credited at once, and tastes as of then, is the same."""
    take(running, clicks(1, 20, clock), clock)
    take(running, openings(2, 80, clock), clock)
    clock.at += timedelta(hours=3)
    running.add_items(revised())
    take(running, clicks(3, 10, clock), clock)

    restarted = on(storage, clock)

    mine, theirs = factors(running, USERS[0], clock), factors(restarted, USERS[0], clock)
    differ = {family for family in mine if np.abs(mine[family] - theirs[family]).max() > 1e-4}
    assert not {family for family in differ if not family.startswith(AS_OF_THEN)}
    assert {"heat", "history", "discriminant", "collaborative", "content", "taste"} <= mine.keys() - differ


def test_a_readers_mean_follows_an_item_that_changes(clock: ManualClock) -> None:
    recommender = started(clock, placed("a", "east"), placed("b", "north"))
    for item in "ab":
        recommender.population.apply(act("open", item, at=NOW))

    recommender.add_items([placed("a", "far")])

    assert recommender.population.audience.opened_by("ann")[0].tolist() == [0.0, 1.0, 0.0, 1.0]


def test_an_older_version_takes_no_place_among_the_most_opened(clock: ManualClock) -> None:
    recommender = started(clock, placed("a", "east"), placed("b", "north"))
    for item, user in zip("aab", ("ann", "bob", "ann"), strict=True):
        recommender.population.apply(act("open", item, user=user, at=NOW))

    recommender.add_items([placed("a", "far")])

    hot = recommender.catalogue.popularity.top_rows(10)
    assert recommender.catalogue.ids_at(hot) == ["a", "b"]
    assert recommender.catalogue.is_current.values[hot].all()
