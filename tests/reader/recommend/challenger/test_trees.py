"""What trees add, and by which factors: exact, whatever the factors are."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from itertools import combinations
from math import factorial
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from reader.recommend.challenger.fitting import fit
from reader.recommend.challenger.trees import Trees, families_of, load_lightgbm
from tests.reader.recommend.challenger.worlds import COUNT, REGISTRY, SMALL, sample_of


@cache
def trees() -> Trees:
    found = fit(sample_of(400), REGISTRY, SMALL.model_copy(update={"rounds": 12}), seed=0).trees
    assert found is not None
    return found


@given(arrays.arrays(np.float32, (COUNT, 3), elements=st.floats(-4, 4, width=32)))
def test_the_parts_sum_to_the_scores(factors: Any) -> None:
    assert trees().parts(factors).sum(axis=0) == pytest.approx(trees().scores(factors), abs=1e-9)


def test_a_family_without_a_factor_in_the_trees_has_no_part() -> None:
    factors = np.random.default_rng(0).normal(size=(COUNT, 5)).astype(np.float32)
    one = Trees(trees().text, trees().rows, (1,) * len(trees().rows), 3)

    parts = one.parts(factors)

    assert parts[1] == pytest.approx(one.scores(factors))
    assert (parts[[0, 2]] == 0).all()


def test_no_places_are_no_trouble() -> None:
    nothing = np.zeros((COUNT, 0), dtype=np.float32)

    assert trees().scores(nothing).shape == (0,)
    assert trees().parts(nothing).shape == (3, 0)


def test_rows_know_their_families() -> None:
    assert families_of((0, 1, 3, 15), REGISTRY.family_rows) == (0, 0, 1, 2)


def expected_given(node: Mapping[str, Any], columns: Any, known: frozenset[int]) -> float:
    """Return what a tree gives on average over the places it was fitted to, if only some columns are known."""
    if "leaf_value" in node:
        return float(node["leaf_value"])
    left, right = node["left_child"], node["right_child"]
    column = node["split_feature"]
    if column in known:
        return expected_given(left if columns[column] <= node["threshold"] else right, columns, known)
    counts = [child.get("leaf_count", child.get("internal_count")) for child in (left, right)]
    values = [expected_given(child, columns, known) for child in (left, right)]
    return float(np.average(values, weights=counts))


def shapley(structure: Mapping[str, Any], columns: Any, count: int) -> list[float]:
    """Return each column's Shapley value by its definition: the mean over all orders in which columns become known."""
    values = []
    for column in range(count):
        others = [other for other in range(count) if other != column]
        value = 0.0
        for size in range(count):
            weight = factorial(size) * factorial(count - size - 1) / factorial(count)
            for known in map(frozenset, combinations(others, size)):
                gain = expected_given(structure, columns, known | {column}) - expected_given(structure, columns, known)
                value += weight * gain
        values.append(value)
    return values


def test_the_parts_are_shapley_values() -> None:
    """Against the definition, on trees of few columns: all subsets of what is known."""
    rows = (0, 2, 5)
    registry_families = families_of(rows, REGISTRY.family_rows)
    text = _fitted_to(rows)
    small = Trees(text, rows, registry_families, 3)
    factors = np.random.default_rng(3).normal(size=(COUNT, 8)).astype(np.float32)
    structures = [tree["tree_structure"] for tree in load_lightgbm().Booster(model_str=text).dump_model()["tree_info"]]

    parts = small.parts(factors)

    for place in range(8):
        columns = factors[list(rows), place].astype(np.float64)
        expected = np.sum([shapley(structure, columns, len(rows)) for structure in structures], axis=0)
        assert parts[:, place] == pytest.approx(expected, abs=1e-9)
    assert len(structures) > 3
    assert (np.abs(parts) > 1e-6).any(axis=1).all()


def _fitted_to(rows: tuple[int, ...]) -> str:
    from reader.recommend.challenger.boosting import Boosting

    sample = sample_of(400)
    settings = SMALL.model_copy(update={"rounds": 6, "leaves": 6, "factor_share": 1.0})
    boosting = Boosting(sample, *sample.split(0.2), settings, seed=0)
    return boosting.run(np.array(rows), np.ones(len(rows)), 0.3).text
