"""The expected return learns what place, length and difficulty explain."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.linear_model import Ridge

from reader.behaviour.returns import PRIOR, ExpectedReturn, Place

places = st.builds(Place, st.floats(0, 1), st.integers(1, 300), st.floats(10, 90))


def test_knows_a_middle_before_any_data() -> None:
    expected = ExpectedReturn(3.0)

    assert expected.predict(Place(0.5, 60, 45.0)) == pytest.approx(0.2)
    assert expected.predict(Place(0.0, 60, 45.0)) == pytest.approx(0.1)


def test_learns_that_hard_paragraphs_are_returned_to() -> None:
    expected = ExpectedReturn(3.0)
    for _ in range(300):
        expected.learn(Place(0.5, 60, 65.0), 1.5)
        expected.learn(Place(0.5, 60, 30.0), 0.1)

    assert expected.predict(Place(0.5, 60, 65.0)) > 1.2
    assert expected.predict(Place(0.5, 60, 30.0)) < 0.3


@given(st.lists(st.tuples(places, st.floats(0, 3)), min_size=1, max_size=20))
def test_equals_ridge_regression_around_the_prior(observed: list[tuple[Place, float]]) -> None:
    """An independent implementation: scikit-learn's ridge on what the prior leaves unexplained."""
    expected = ExpectedReturn(3.0)
    for place, amount in observed:
        expected.learn(place, amount)
    features = np.array([place.features() for place, _ in observed])
    rest = np.array([amount for _, amount in observed]) - features @ PRIOR
    ridge = Ridge(alpha=3.0, fit_intercept=False, solver="cholesky").fit(features, rest)
    place = observed[0][0]

    oracle = max(0.0, float(place.features() @ (ridge.coef_ + PRIOR)))

    assert expected.predict(place) == pytest.approx(oracle, abs=1e-8)


@given(st.lists(st.tuples(places, st.floats(0, 3)), min_size=1, max_size=10), places)
def test_unlearning_a_reader_leaves_no_trace(observed: list[tuple[Place, float]], place: Place) -> None:
    expected = ExpectedReturn(3.0)
    before = expected.predict(place)
    for sign in (1, -1):
        for seen, amount in observed:
            expected.learn(seen, amount, sign=sign)

    assert expected.predict(place) == pytest.approx(before, abs=1e-9)
    assert expected.observed == 0
