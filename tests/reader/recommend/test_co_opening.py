"""Neighbours by co-opening, whatever version of an item is in which row of the catalogue."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from reader.recommend.co_opening import SHRINKAGE, CoOpening
from tests.builders import article
from tests.reader.conftest import MakeRecommender


def test_similarity_is_shrunken_cosine(make: MakeRecommender) -> None:
    """a by three readers, b by two of them, c by one of those and another."""
    recommender = make(items=tuple(article(name) for name in "abcd"))
    co_opening = CoOpening(recommender.catalogue)
    for reader, items in {"r1": "abc", "r2": "ab", "r3": "a", "r4": "c"}.items():
        for item in items:
            co_opening.observe(reader, item)
    a, *others = recommender.catalogue.rows_of("abcd").tolist()

    similar, both = co_opening.similarities(np.array([a]), np.array(others))

    assert both.tolist() == [[2, 1, 0]]
    assert similar[0, 0] == pytest.approx(2 / np.sqrt(3 * 2) * 2 / (2 + SHRINKAGE))
    assert similar[0, 1] == pytest.approx(1 / np.sqrt(3 * 2) * 1 / (1 + SHRINKAGE))


def test_counts_are_of_an_item_and_not_of_its_version(make: MakeRecommender) -> None:
    recommender = make(items=(article("a"), article("b")))
    co_opening = CoOpening(recommender.catalogue)
    for item in ("a", "b", "later"):
        co_opening.observe("r1", item)
    rows = recommender.catalogue.rows_of(["a", "b"])
    before = co_opening.similarities(rows[:1], rows[1:])[1]

    recommender.add_items([replace(article("b"), title="Another title"), article("later"), article("never")])
    rows = recommender.catalogue.rows_of(["a", "b", "later", "never"])
    after = co_opening.similarities(rows[:1], rows[1:])[1]
    co_opening.observe("r2", "never")
    co_opening.observe("r2", "a")

    assert before.tolist() == [[1]]
    assert after.tolist() == [[1, 1, 0]]
    assert co_opening.similarities(rows[:1], rows[1:])[1].tolist() == [[1, 1, 1]]
