"""The nearest vectors: by sketches as by comparing all."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from reader.recommend.arrays import Column
from reader.recommend.nearest import LIKELY, Nearest, sketch

Vectors = NDArray[np.float32]
# Texts share something, and those of a topic more; numbers of real vectors are about as large.
TOPICS, SPREAD = 40, 0.9


def texts(count: int, dim: int = 384, seed: int = 0) -> Vectors:
    """Unit vectors around some directions, which are around one."""
    rng = np.random.default_rng(seed)
    topics = 0.6 * rng.normal(size=dim) + rng.normal(size=(TOPICS, dim))
    rows = topics[rng.integers(TOPICS, size=count)] + SPREAD * rng.normal(size=(count, dim))
    return unit(rows)


def unit(rows: NDArray[np.floating]) -> Vectors:
    unit_rows: Vectors = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    return unit_rows


def index_of(vectors: Vectors, *, portions: int = 1, all_compared: int = 0) -> Nearest:
    """An index that got the vectors in portions."""
    column = Column(np.float32, vectors.shape[1:])
    index = Nearest(column, all_compared=all_compared)
    for portion in np.array_split(vectors, portions):
        start = len(column)
        column.grow_to(start + len(portion))
        column.values[start:] = portion
        index.catch_up(column.values.mean(axis=0, dtype=np.float64))
    return index


def brute_force(vectors: Vectors, directions: Vectors, mask: NDArray[np.bool_]) -> NDArray[np.int64]:
    """All rows that may be found, nearest first, ties by row."""
    cosines = (vectors.astype(np.float64) @ directions.astype(np.float64).T).max(axis=1)
    order = np.argsort(-cosines, kind="stable")
    return order[mask[order]]


@pytest.mark.parametrize("dim", [3, 64, 70])
@pytest.mark.parametrize("all_compared", [0, 1_000])
def test_few_are_found_exactly(dim: int, all_compared: int) -> None:
    vectors, directions = texts(300, dim), texts(3, dim, seed=1)
    mask = np.random.default_rng(2).random(300) < 0.7

    rows, cosines = index_of(vectors, all_compared=all_compared).top(directions, 50, mask)

    assert rows.tolist() == brute_force(vectors, directions, mask)[:50].tolist()
    assert cosines == pytest.approx((vectors[rows] @ directions.T).max(axis=1), abs=1e-6)


@pytest.mark.parametrize("all_compared", [0, 1_000])
def test_equal_ones_come_by_row_and_none_that_may_not_be_found(all_compared: int) -> None:
    vectors = np.tile(texts(1), (40, 1))
    mask = np.arange(40) % 4 == 1

    rows, _ = index_of(vectors, all_compared=all_compared).top(vectors[:2], 30, mask)

    assert rows.tolist() == list(range(1, 40, 4))


def test_of_many_the_nearest_100_are_nearly_all_found() -> None:
    """Five times as many as are compared in full."""
    vectors = texts(5 * LIKELY)
    index, mask = index_of(vectors), np.random.default_rng(1).random(len(vectors)) < 0.9
    found = []
    for seed in range(20):
        near = vectors[np.random.default_rng(seed).integers(len(vectors), size=(4, 3))]
        directions = unit(near.sum(axis=1))
        rows, _ = index.top(directions, 100, mask)
        assert mask[rows].all()
        found.append(len(np.intersect1d(rows, brute_force(vectors, directions, mask)[:100])) / 100)

    assert np.mean(found) >= 0.99


def test_what_is_found_does_not_depend_on_the_order_of_arrival() -> None:
    vectors, directions = texts(3 * LIKELY), texts(4, seed=1)
    order = np.random.default_rng(3).permutation(len(vectors))
    mask = np.ones(len(vectors), dtype=bool)

    first, _ = index_of(vectors).top(directions, 100, mask)
    by_portions, _ = index_of(vectors, portions=7, all_compared=LIKELY).top(directions, 100, mask)
    shuffled, _ = index_of(vectors[order], portions=3).top(directions, 100, mask)

    assert by_portions.tolist() == first.tolist()
    assert order[shuffled].tolist() == first.tolist()


def test_a_sketch_has_a_bit_for_each_number() -> None:
    vectors = texts(5, 70)

    words = sketch(vectors)

    bits = np.unpackbits(np.ascontiguousarray(words.T).view(np.uint8), axis=1)
    assert words.shape == (2, 5)
    assert (bits[:, :70] == (vectors > 0)).all()
    assert not bits[:, 70:].any()
