"""The space in which readers differ: that it is the one of the definition, however the openings come."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from reader.recommend.arrays import Column
from reader.recommend.audience import Audience
from reader.recommend.discriminant import FIRST, GROWTH, LEAST_SPREAD, RIDGE, Discriminant

Opening = tuple[str, int]


class World:
    """Some items, and readers who open them."""

    def __init__(self, vectors: NDArray[np.floating]) -> None:
        self.vectors = Column(np.float32, (vectors.shape[1],))
        for vector in vectors:
            self.vectors.append(vector)
        of_all = self.vectors.values.sum(axis=0, dtype=np.float64), len(vectors)
        self.audience = Audience(self.vectors, lambda: of_all)
        self.discriminant = Discriminant(self.audience, self.vectors)
        self.opened: defaultdict[str, set[int]] = defaultdict(set)

    def open(self, *openings: Opening) -> None:
        for user, row in openings:
            self.discriminant.opened(user, row)
            self.audience.opened(user, row)
            self.opened[user].add(row)

    def revise(self, row: int, vector: NDArray[np.floating]) -> None:
        """Give the item in a row another one, with another vector."""
        self.vectors.append(vector)
        self.discriminant.move(row, len(self.vectors) - 1)
        self.audience.move(row, len(self.vectors) - 1, [user for user, rows in self.opened.items() if row in rows])

    def forget(self, user: str) -> None:
        self.discriminant.forget(user)
        self.audience.forget(user)
        self.opened.pop(user, None)

    def points(self) -> NDArray[np.floating]:
        return self.discriminant.points(np.arange(len(self.vectors)))


def last_due(openings: list[Opening]) -> int:
    """How many openings the last space was made of, 0 without one: the first opening after enough makes it."""
    made, due = 0, FIRST
    for count in range(len(openings)):
        if count - len({user for user, _ in openings[:count]}) >= due:
            made, due = count, int(GROWTH * due)
    return made


def plain_space(
    vectors: NDArray[np.floating], openings: list[Opening]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The variances, falling, and the points of all items, by the definition."""
    own = defaultdict(list)
    for user, row in openings:
        own[user].append(vectors[row].astype(np.float64))
    everything = np.concatenate(list(own.values()))
    within = sum(np.sum([np.outer(v, v) for v in np.array(x) - np.mean(x, axis=0)], axis=0) for x in own.values())
    within = within / (len(everything) - len(own))
    between = np.cov(everything.T, bias=True) - within
    root = np.linalg.cholesky(within + RIDGE * np.trace(within) / len(within) * np.eye(len(within)))
    spread, turned = np.linalg.eigh(np.linalg.inv(root) @ between @ np.linalg.inv(root).T)
    points = (vectors - everything.mean(axis=0)) @ np.linalg.inv(root).T @ turned
    return np.maximum(spread, 0.0), points


@settings(max_examples=25)
@given(st.integers(0, 2**32 - 1), st.integers(40, 400), st.integers(2, 9))
def test_it_is_the_space_of_the_definition_however_the_openings_come(seed: int, count: int, readers: int) -> None:
    rng = np.random.default_rng(seed)
    vectors = rng.normal(size=(30, 5)).astype(np.float32)
    openings = [(f"r{rng.integers(readers)}", int(rng.integers(30))) for _ in range(count)]
    world = World(vectors)

    world.open(*openings)

    made = last_due(openings)
    if not made:
        assert not world.discriminant.spread.any()
        return
    spread, points = plain_space(vectors, openings[:made])
    found, is_clear = world.discriminant.spread, np.abs(spread - LEAST_SPREAD) > 1e-4
    assert found[is_clear] == pytest.approx(np.where(spread < LEAST_SPREAD, 0.0, spread)[is_clear], abs=1e-4)
    # Directions may point either way.
    assert np.abs(world.points()) == pytest.approx(np.abs(points), abs=5e-3)


def two_kinds() -> tuple[World, NDArray[np.int64]]:
    """Items that differ much in three ways nobody cares for, and little in one that readers go by."""
    rng = np.random.default_rng(3)
    kind = np.arange(60) % 2
    world = World(np.column_stack([rng.normal(size=(60, 3)), 0.3 * (2 * kind - 1)]))
    for number in range(1_000):
        user = number % 20
        world.open((f"r{user}", int(rng.choice(np.flatnonzero(kind == user % 2)))))
    return world, kind


def apart(values: NDArray[np.floating], kind: NDArray[np.int64]) -> float:
    """The share of the variance that is between the two kinds of items."""
    means = np.array([values[kind == one].mean(axis=0) for one in (0, 1)])
    return float(np.sum(means.var(axis=0)) / np.sum(values.var(axis=0)))


def test_it_finds_the_direction_that_readers_go_by() -> None:
    world, kind = two_kinds()

    first, second = np.sort(world.discriminant.spread)[-2:][::-1]
    assert first > 10 * second
    weighed = world.points() * np.sqrt(world.discriminant.spread)
    assert apart(weighed, kind) > 5 * apart(world.vectors.values, kind)


def test_points_are_those_of_the_newest_space_whenever_one_asks() -> None:
    asked, other = two_kinds()[0], two_kinds()[0]
    before = asked.points().copy()

    for world in (asked, other):
        world.open(*((f"r{n % 20}", n % 60) for n in range(500)))

    assert not np.allclose(asked.points(), before)
    assert np.array_equal(asked.points(), other.points())


def test_an_item_without_text_lies_in_the_middle_of_all() -> None:
    world, _ = two_kinds()
    world.vectors.append(np.zeros(4))

    assert not world.points()[-1].any()
    assert world.points()[0].any()


def test_a_reader_who_was_forgotten_comes_again_as_another() -> None:
    first = [(f"r{n % 4}", n % 60) for n in range(30)]
    later = [(f"r{n % 4}", (7 * n) % 60) for n in range(60)]
    forgotten, other = two_kinds()[0], two_kinds()[0]

    forgotten.open(*first)
    forgotten.forget("r1")
    forgotten.open(*later)
    other.open(*first, *((user.replace("r1", "someone"), row) for user, row in later))

    assert forgotten.discriminant.spread == pytest.approx(other.discriminant.spread, rel=1e-5)


@settings(max_examples=25)
@given(st.integers(0, 2**32 - 1), st.integers(0, 3), st.booleans())
def test_an_item_that_changes_counts_as_if_it_had_never_been_another(seed: int, changes: int, forget: bool) -> None:
    """Each item once by each reader, before the change; the new version lies in a row of its own."""
    rng = np.random.default_rng(seed)
    vectors, newer = rng.normal(size=(60, 5)), rng.normal(size=(changes, 5))
    pairs = [(f"r{user}", int(row)) for user in range(6) for row in rng.choice(60, 30, replace=False)]
    early, late = np.split(rng.permutation(180), [int(rng.integers(1, 180))])
    changing, always = World(vectors), World(np.concatenate([newer, vectors[changes:], newer]))

    for world in (changing, always):
        world.open(*(pairs[place] for place in early))
        if forget:
            world.forget("r1")
    changing.points()
    for row, vector in enumerate(newer):
        changing.revise(row, vector)
    changed = {row: 60 + row for row in range(changes)}
    for world in (changing, always):
        rows = changed if world is changing else {}
        world.open(*((pairs[place][0], rows.get(pairs[place][1], pairs[place][1])) for place in late))

    assert changing.discriminant.spread == pytest.approx(always.discriminant.spread, rel=1e-4, abs=1e-5)
    assert np.abs(changing.points()[changes:]) == pytest.approx(np.abs(always.points()[changes:]), abs=5e-3)


@pytest.mark.parametrize("count", [40, 400])
def test_one_reader_differs_from_nobody(count: int) -> None:
    """Rounding would leave a direction, and cosines of 1 in it."""
    vectors = np.random.default_rng(count).normal(size=(count, 384)) + 0.5
    world = World(vectors / np.linalg.norm(vectors, axis=1, keepdims=True))

    world.open(*(("ann", row) for row in range(count)))

    assert not world.discriminant.spread.any()
    rows = np.arange(20)
    assert not world.discriminant.cosines(rows, rows).any()


def test_readers_who_differ_in_one_way_have_one_direction() -> None:
    """By which side of it they read, and not by what rounding leaves in all others."""
    rng = np.random.default_rng(7)
    kind = np.arange(300) % 2
    vectors = rng.normal(size=(300, 384))
    vectors[:, 0] += 10 * (2 * kind - 1)
    world = World(vectors / np.linalg.norm(vectors, axis=1, keepdims=True))

    world.open(*((f"r{kind[row]}", row) for row in range(300)))

    assert np.count_nonzero(world.discriminant.spread) == 1
    cosines = world.discriminant.cosines(np.arange(300), np.arange(300))
    assert (cosines > 0).tolist() == (kind[:, None] == kind).tolist()


def test_readers_of_one_thing_each_tell_nothing_apart() -> None:
    world = World(np.eye(4))
    world.open(*((f"r{n}", n % 4) for n in range(500)))

    assert not world.discriminant.spread.any()


@pytest.mark.parametrize("readers", [1, 3, 40])
def test_readers_who_open_one_thing_again_and_again_make_no_trouble(readers: int) -> None:
    """Within them there is nothing but rounding, and that may be below 0."""
    vectors = np.random.default_rng(readers).normal(size=(readers, 384))
    world = World(vectors / np.linalg.norm(vectors, axis=1, keepdims=True))

    world.open(*((f"r{number % readers}", number % readers) for number in range(3_000)))

    assert np.isfinite(world.points()).all()
    assert world.discriminant.spread.any() == (readers > 1)


def test_what_has_no_vectors_makes_no_trouble() -> None:
    world = World(np.zeros((5, 4)))
    world.open(*((f"r{n % 3}", n % 5) for n in range(100)))

    assert not world.points().any()
