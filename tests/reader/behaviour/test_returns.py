"""The expected return learns what place, length and difficulty explain, and leaves the rest to interest."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.linear_model import Ridge

from reader.behaviour.returns import LEAST_RATE, ExpectedReturn, Place

places = st.builds(Place, st.floats(0, 1), st.integers(1, 300), st.floats(10, 90))
readings = st.lists(st.tuples(places, st.booleans()), min_size=1, max_size=20)
EASY, HARD = Place(0.5, 60, 30.0), Place(0.5, 60, 65.0)


def told(*rows: tuple[Place, int, int]) -> ExpectedReturn:
    """Return what has learned of paragraphs: (place, how often it was gone back to, out of how many)."""
    expected = ExpectedReturn(30.0)
    for place, returned, passed in rows:
        expected.learn([place] * passed, [number < returned for number in range(passed)])
    return expected


def test_knows_the_way_up_before_any_reading() -> None:
    """By hand: rates of 0.15, 0.10, 0.05 have a mean of 0.1 and a deviation of 0.0408, which leaves 0.0592 open."""
    expected = ExpectedReturn(30.0)

    assert [expected.rate(Place(place, 60, 45.0)) for place in (0.0, 0.5, 1.0)] == pytest.approx([0.15, 0.10, 0.05])
    assert expected.interest_share(Place(0.0, 60, 45.0)) == pytest.approx(0.0592 / 0.15, abs=1e-3)
    assert expected.interest_share(Place(1.0, 60, 45.0)) == 1.0


def test_where_difficulty_alone_leads_back_little_is_left_to_interest() -> None:
    expected = told((HARD, 60, 300), (EASY, 6, 300))

    assert expected.rate(HARD) > 5 * expected.rate(EASY)
    assert expected.interest_share(HARD) < 0.15


def test_where_nothing_about_a_paragraph_tells_most_is_left_to_interest() -> None:
    rows = [(Place(place / 4, 60, lix), 30, 300) for place in range(5) for lix in (30.0, 65.0)]

    assert all(told(*rows).interest_share(place) > 0.9 for place, _, _ in rows)


def test_a_return_against_the_drift_says_more_than_one_with_it() -> None:
    """Half of the returns out of difficulty: one to an easy paragraph counts nearly whole, one to a hard one less."""
    expected = told((HARD, 60, 300), (EASY, 30, 300))

    assert expected.interest_share(EASY) > 0.9
    assert 0.3 < expected.interest_share(HARD) < 0.7


@given(readings)
def test_the_rate_equals_ridge_regression(observed: list[tuple[Place, bool]]) -> None:
    """An independent implementation: scikit-learn's ridge with the prior as 30 weighted paragraphs.

    Only length and difficulty are drawn to 0; the other three features are taken out of both sides first.
    """
    expected = ExpectedReturn(30.0)
    expected.learn([place for place, _ in observed], [returned for _, returned in observed])
    prior = [(Place(place, 60, 45.0), rate, 10.0) for place, rate in ((0.0, 0.15), (0.5, 0.10), (1.0, 0.05))]
    rows = [*prior, *((place, float(returned), 1.0) for place, returned in observed)]
    root = np.sqrt([weight for _, _, weight in rows])
    features = np.array([place.features() for place, _, _ in rows]) * root[:, None]
    rates = np.array([rate for _, rate, _ in rows]) * root
    free, drawn = features[:, :3], features[:, 3:]
    projector = np.eye(len(rows)) - free @ np.linalg.pinv(free)
    slopes = Ridge(alpha=1.0, fit_intercept=False, solver="cholesky").fit(projector @ drawn, projector @ rates).coef_
    level = np.linalg.lstsq(free, rates - drawn @ slopes, rcond=None)[0]
    place = observed[0][0]

    oracle = float(place.features() @ np.concatenate([level, slopes]))

    assert expected.rate(place) == pytest.approx(min(1.0, max(LEAST_RATE, oracle)), abs=1e-6)


@given(readings, places)
def test_unlearning_a_reader_leaves_no_trace(observed: list[tuple[Place, bool]], place: Place) -> None:
    expected = ExpectedReturn(30.0)
    before = expected.rate(place), expected.interest_share(place)
    for sign in (1, -1):
        expected.learn([seen for seen, _ in observed], [returned for _, returned in observed], sign=sign)

    assert (expected.rate(place), expected.interest_share(place)) == pytest.approx(before, abs=1e-7)
    assert expected.observed == 0


@given(readings, places)
def test_shares_are_shares(observed: list[tuple[Place, bool]], place: Place) -> None:
    expected = ExpectedReturn(30.0)
    expected.learn([seen for seen, _ in observed], [returned for _, returned in observed])

    assert 0 <= expected.interest_share(place) <= 1
    assert LEAST_RATE <= expected.rate(place) <= 1


def test_a_reading_without_an_occasion_teaches_nothing() -> None:
    expected = ExpectedReturn(30.0)
    expected.learn([], [])

    assert expected.observed == 0
