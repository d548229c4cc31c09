"""A reader's opening of an item counts once for what readers have in common, however often they come back to it."""

from __future__ import annotations

from datetime import timedelta
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reader.clock import ManualClock
from reader.recommend.catalogue import Catalogue
from reader.recommend.popularity import HEAT_ACTS
from reader.recommend.population import Population
from reader.recommend.recommender import Recommender
from reader.settings import Settings
from reader.types import Event
from tests.builders import act, impression
from tests.reader.conftest import NOW
from tests.reader.recommend.placed import DIRECTIONS, placed, started

FOUR = tuple(placed(name, direction) for name, direction in zip("abcd", DIRECTIONS, strict=True))
EAST, NORTH, *_ = np.eye(4)


@pytest.fixture
def recommender(clock: ManualClock) -> Recommender:
    return started(clock, *FOUR)


@pytest.fixture
def population(recommender: Recommender) -> Population:
    return recommender.population


def opened(*items: str, user: str = "ann", **fields: str) -> list[Event]:
    """Return openings; in a log there may be several of one item and list."""
    return [act("open", item, user=user, at=NOW, **fields) for item in items]


def take(population: Population, *events: Event) -> None:
    for event in events:
        population.apply(event)


def mean_sum(population: Population, user: str = "ann") -> tuple[list[float], int]:
    total, count = population.audience.opened_by(user)
    return total.tolist(), count


def test_the_mean_of_a_reader_counts_each_item_once(population: Population) -> None:
    take(population, *opened("b", "a", "a", "a", "b", "a", "a"))

    assert mean_sum(population) == ((EAST + NORTH).tolist(), 2)


def test_a_reader_is_one_of_those_who_clicked(recommender: Recommender) -> None:
    """Ann, who comes from b, clicks a five times; Cy, who comes from c, clicks d.

    A taste is an axis less the mean of the four, as a unit vector: of Ann and Cy t @ t' = -1/3, of Ann and Bob, who
    opened b as well, 1. So a leans to Bob by (1 - (1 - 1/3) / 2) / (1 + 3) = 1/6, and as if by five readers by 5/36.
    """
    population = recommender.population
    take(population, *opened("b"), *opened("b", user="bob"), *opened("c", user="cy"))
    take(population, impression("l", "a", at=NOW), impression("m", "d", user="cy", at=NOW))
    take(population, *opened(*"aaaaa", list="l"), *opened("d", user="cy", list="m"))

    lean = population.audience.clicked.leans(
        recommender.catalogue.rows_of("a"), population.audience.taste("bob"), np.array([3.0])
    )

    assert lean == pytest.approx(np.array([[1 / 6]]))


def test_a_click_on_what_was_opened_before_is_the_first_click(population: Population) -> None:
    """From a search first, then from a list, twice."""
    clicked, row = population.audience.clicked, np.array([0])
    take(population, *opened("b", "a"), *opened("b", user="bob"))
    take(population, impression("l", "a", at=NOW), impression("m", "d", user="cy", at=NOW))
    take(population, *opened("c", user="cy"), *opened("d", user="cy", list="m"))

    leans = [clicked.leans(row, population.audience.taste("bob"), np.array([3.0])).item()]
    for _ in range(2):
        take(population, *opened("a", list="l"))
        leans.append(clicked.leans(row, population.audience.taste("bob"), np.array([3.0])).item())

    assert leans[0] == 0 < leans[1] == leans[2]
    assert mean_sum(population) == ((EAST + NORTH).tolist(), 2)


def test_of_what_readers_open_again_and_again_no_space_is_made(population: Population) -> None:
    """One item each, forty times: beyond their first ones there is no opening."""
    take(population, *(event for _ in range(40) for event in (*opened("a"), *opened("b", user="bob"))))

    assert not population.discriminant.spread.any()


@cache
def thirty() -> Catalogue:
    return started(ManualClock(NOW), *(placed(f"i{number}", DIRECTIONS[number % 4]) for number in range(30))).catalogue


@settings(max_examples=20)
@given(st.lists(st.tuples(st.sampled_from(("ann", "bob", "cy")), st.integers(0, 29)), min_size=80, max_size=300))
def test_readers_are_told_apart_as_if_nobody_ever_came_back(openings: list[tuple[str, int]]) -> None:
    came, stayed = (Population(Settings(), thirty()) for _ in range(2))

    for user, number in openings:
        take(came, *opened(f"i{number}", user=user))
    for user, number in dict.fromkeys(openings):
        take(stayed, *opened(f"i{number}", user=user))

    rows = np.arange(30)
    assert np.array_equal(came.discriminant.points(rows), stayed.discriminant.points(rows))
    assert all(mean_sum(came, user) == mean_sum(stayed, user) for user in ("ann", "bob", "cy"))


def test_a_new_version_is_still_the_item_that_was_opened(recommender: Recommender) -> None:
    take(recommender.population, *opened("a", "b"))

    recommender.add_items([placed("a", "far")])
    take(recommender.population, *opened("a"))

    assert mean_sum(recommender.population)[1] == 2


def test_after_a_reset_what_is_opened_again_counts_again(population: Population) -> None:
    """Of the reader as of before nothing is left: else what they come back to first would say nothing of them."""
    take(population, *opened("a", "b"), act("reset", at=NOW + timedelta(seconds=1)), *opened("a", "a"))

    assert mean_sum(population) == (EAST.tolist(), 1)


def heat(recommender: Recommender, act: str) -> float:
    """Return how often a was opened or clicked, by the longest half-life, as of now."""
    counts = recommender.catalogue.popularity.counts_at(recommender.catalogue.rows_of("a"), NOW.timestamp())
    return float(counts[0, HEAT_ACTS.index(act), -1])


def test_heat_counts_a_page_loaded_again_once(recommender: Recommender) -> None:
    """From its list, then gone back to; by another reader, too; and by the first one once more, in the evening."""
    minutes, population = [300, 280, 255, 1], recommender.population
    take(population, impression("l", "a", at=NOW - timedelta(minutes=301)))
    seen = []
    for ago in minutes:
        take(population, act("open", "a", user="ann", at=NOW - timedelta(minutes=ago), list="l"))
        seen.append((round(heat(recommender, "open"), 1), round(heat(recommender, "click"), 1)))
    take(population, act("open", "a", user="bob", at=NOW))

    assert seen == [(1.0, 1.0), (1.0, 1.0), (1.0, 1.0), (2.0, 2.0)]
    assert heat(recommender, "open") == pytest.approx(3.0, abs=0.1)
    assert recommender.catalogue.readers("a") == 3
