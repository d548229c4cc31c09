"""All factors: their names, that each lives, that none knows the future, and that their parts sum to the score."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from reader.clock import ManualClock
from reader.recommend.factors.registry import default_registry
from reader.recommend.recommender import Recommender
from reader.settings import Settings
from tests.reader.conftest import NOW, MakeRecommender
from tests.reader.recommend.factors.worlds import log, moment_of, stream

REGISTRY = default_registry(Settings().ranking)
NAMES = np.array([spec.name for spec in REGISTRY.specs])


def test_there_are_2000_names_each_once_and_said_by_its_axes() -> None:
    assert len(REGISTRY.specs) >= 2_000
    assert len(set(NAMES)) == len(NAMES)
    for spec in REGISTRY.specs:
        assert spec.low < spec.high
        assert spec.formula
        assert spec.source
        assert spec.unit
        assert spec.axes
        assert all(value in spec.name for value in spec.axes.values())
        assert spec.name.startswith(spec.family)


def test_every_factor_lives_and_keeps_its_range(make: MakeRecommender, clock: ManualClock) -> None:
    low, high = (np.array([getattr(spec, end) for spec in REGISTRY.specs])[:, None] for end in ("low", "high"))
    lives = np.zeros(len(NAMES), dtype=bool)
    for recommender, user, at, number in stream(make, clock, 60):
        values = REGISTRY.compute(moment_of(recommender, user, at)).values
        assert np.isfinite(values).all()
        outside = ((values < low - 1e-4) | (values > high + 1e-4)).any(axis=1)
        assert NAMES[outside].tolist() == []
        lives |= np.ptp(values, axis=1) > 1e-7
        if number == 240:
            lives |= _at_other_hours(recommender, user, at)
    assert [str(name) for name in NAMES[~lives]] == []


def _at_other_hours(recommender: Recommender, user: str, at: datetime) -> NDArray[np.bool_]:
    found = [REGISTRY.compute(moment_of(recommender, user, at + timedelta(hours=h))).values for h in range(0, 24, 4)]
    lives: NDArray[np.bool_] = np.any([np.ptp(values, axis=1) > 1e-7 for values in found], axis=0)
    return lives


def test_none_knows_the_future_and_looking_changes_nothing(make: MakeRecommender, clock: ManualClock) -> None:
    """A world that is looked at again and again, and is told more later, has seen what one told no more sees."""
    looks = [
        (number, user, at, (moment := moment_of(recommender, user, at)).rows, REGISTRY.compute(moment))
        for recommender, user, at, number in stream(make, clock, 150)
    ]
    number, user, at, rows, seen = looks[len(looks) // 2]
    known, events = log()
    clock.at = at
    fresh = make(items=known)
    fresh.storage.append_events(list(events[:number]))
    fresh.catch_up()

    again = REGISTRY.compute(moment_of(fresh, user, at, rows))

    np.testing.assert_allclose(again.values, seen.values, rtol=1e-4, atol=1e-4)


def test_matches_explain_exactly_what_their_factors_add(make: MakeRecommender, clock: ManualClock) -> None:
    weights = np.random.default_rng(0).normal(size=len(NAMES))
    explained = 0
    for recommender, user, at, _ in stream(make, clock, 400):
        moment = moment_of(recommender, user, at)
        computed = REGISTRY.compute(moment)
        for found in computed.matches:
            own = weights[found.rows]
            rates = found.match.rates(own).sum(axis=1)
            parts = rates @ found.match.amounts_of(np.arange(len(moment.rows)))
            expected = own @ computed.values[found.rows].astype(np.float64)
            np.testing.assert_allclose(parts + found.match.constant(own), expected, atol=2e-4)
            assert rates @ found.match.mean_amounts() == pytest.approx(parts.mean(), abs=2e-4)
            explained += len(found.match.features)
    assert explained


@given(arrays(np.float32, (len(NAMES), 2), elements=st.floats(-6, 6, width=32)), st.integers(0, 2**32 - 1))
def test_contributions_sum_to_the_weighted_factors(values: NDArray[np.float32], seed: int) -> None:
    weights = np.random.default_rng(seed).normal(size=len(NAMES))

    total = REGISTRY.contributions(values, weights).sum(axis=0)

    assert total == pytest.approx(weights @ values.astype(np.float64), abs=1e-9)


def test_families_write_every_value(make: MakeRecommender, clock: ManualClock) -> None:
    """What stood in the memory before, here of another reader, is nowhere in the factors."""
    recommender, user, at, _ = list(stream(make, clock, 200))[-1]
    rows = moment_of(recommender, user, at).rows
    for someone in (user, "nobody"):
        expected = REGISTRY.compute(moment_of(recommender, someone, at, rows)).values
        for family, own in REGISTRY.placed:
            out = np.full((len(family.specs), len(rows)), np.nan, dtype=np.float32)
            family.fill(moment_of(recommender, someone, at, rows), out)
            np.testing.assert_array_equal(out, expected[own])


@pytest.mark.parametrize("dim", [16, 384])
def test_the_rows_of_a_family_follow_one_another(dim: int) -> None:
    """`contributions` goes by it."""
    families = default_registry(Settings().ranking, dim).family_rows.values()

    np.testing.assert_array_equal(np.concatenate(list(families)), np.arange(sum(map(len, families))))


@pytest.mark.parametrize("count", [0, 1, 3])
def test_a_reader_of_whom_nothing_is_known_has_finite_factors(make: MakeRecommender, count: int) -> None:
    recommender = make()

    values = REGISTRY.compute(moment_of(recommender, "nobody", NOW, np.arange(count))).values

    assert values.shape == (len(NAMES), count)
    assert np.isfinite(values).all()
    if count == 1:
        assert (values[np.char.endswith(NAMES, ".z") | np.char.endswith(NAMES, ".max")] == 0).all()
