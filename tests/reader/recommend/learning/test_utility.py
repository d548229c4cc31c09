"""What a place is worth, and whose part of it is whose: parts sum to the score, the order is that of utility."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from pydantic import ValidationError
from scipy.integrate import quad_vec

from reader.recommend.learning import utility as module
from reader.recommend.learning.utility import ACTIONS, Utility
from reader.settings import ValueSettings

Matrix = NDArray[np.float64]
FAMILIES = ("match", "heat", "rest")
VALUES = ValueSettings(open=1.0, read=1.0, finish=0.5, plus=4.0, bounce=0.8, hide=10.0)
# Log odds of opening, read, finish, plus, bounce, hide where nothing is known of a place.
INTERCEPTS = np.array([-3.0, 0.0, -1.0, -3.5, -1.4, -6.0])


def make(weights: Any, *, slope: float = 1.0, values: ValueSettings = VALUES, intercepts: Any = INTERCEPTS) -> Utility:
    return Utility(FAMILIES, np.array(weights, dtype=np.float64), np.array(intercepts), slope, values)


def plain(slope: float = 1.0, own: float = 0.0) -> Utility:
    """Return one of which nothing but openings was learned. own: a reader's part of the first family."""
    weights = np.zeros((1 + len(ACTIONS), len(FAMILIES)))
    weights[0] = slope * np.array([1.0 + own, 1.0, 1.0])
    return make(weights, slope=slope)


numbers = st.floats(-4.0, 4.0)


def matrices(rows: int, columns: int, values: st.SearchStrategy[float] = numbers) -> st.SearchStrategy[Matrix]:
    flat = st.lists(values, min_size=rows * columns, max_size=rows * columns)
    return flat.map(lambda found: np.array(found).reshape(rows, columns))


weights_of_all = matrices(1 + len(ACTIONS), len(FAMILIES), st.floats(-2.0, 2.0))
some_raw = matrices(len(FAMILIES), 5)


def sigmoid(value: float) -> float:
    return 1.0 / (1.0 + math.exp(-value))


def test_utility_is_the_sum_of_chances_times_values() -> None:
    """Worked out by hand for one place: match 1, heat -1, rest 0.5."""
    weights = [[1, 1, 1], [1, 0, 0], [0, 1, 0], [0, 0, 1], [0, 1, 1], [0, 2, 0]]

    found = make(weights).expected(np.array([[1.0], [-1.0], [0.5]]))

    worth = 1.0 + sigmoid(1.0) + 0.5 * sigmoid(-2.0) + 4.0 * sigmoid(-3.0) - 0.8 * sigmoid(-1.9)
    assert found == pytest.approx([sigmoid(-2.5) * worth - 10.0 * sigmoid(-8.0)])


@given(weights_of_all, some_raw, st.floats(0.1, 3.0))
def test_the_parts_of_the_families_sum_to_the_score(weights: Matrix, raw: Matrix, slope: float) -> None:
    utility = make(weights, slope=slope)

    assert (raw * utility.multipliers(raw)).sum(axis=0) == pytest.approx(utility.scores(raw), abs=1e-9)


@given(weights_of_all, some_raw)
def test_a_greater_utility_is_a_greater_score(weights: Matrix, raw: Matrix) -> None:
    utility = make(weights)
    expected, scores = utility.expected(raw), utility.scores(raw)

    for one in range(5):
        for other in range(5):
            if expected[one] > expected[other] + 1e-9:
                assert scores[one] > scores[other]


@given(matrices(len(FAMILIES), 6, st.integers(-3000, 3000).map(lambda n: n / 1000)), st.floats(-0.9, 3.0))
def test_where_actions_tell_nothing_the_order_is_that_of_the_open_score(raw: Matrix, own: float) -> None:
    """Exactly: what is above stays above, what is level stays level."""
    open_scores = raw.sum(axis=0) + own * raw[0]
    scores = plain(own=own).scores(raw)

    for one in range(6):
        for other in range(6):
            if open_scores[one] > open_scores[other] + 1e-9:
                assert scores[one] > scores[other]
            if (raw[:, one] == raw[:, other]).all():
                assert scores[one] == scores[other]


def test_scores_keep_the_unit_of_the_open_score() -> None:
    """As long as openings are rare a unit of open score is nearly a unit of score, whatever the slope."""
    raw = np.array([[-1.0, 0.0, 1.0]] + [[0.0] * 3] * 2)

    assert plain().scores(raw) == pytest.approx([-1.0, 0.0, 1.0], abs=0.1)
    assert plain(slope=0.3).scores(raw) == pytest.approx([-1.0, 0.0, 1.0], abs=0.1)


def test_nothing_for_or_against_a_place_is_a_score_of_nothing() -> None:
    weights = np.random.default_rng(0).normal(size=(6, 3))

    assert make(weights).scores(np.zeros((3, 1))) == pytest.approx([0.0])
    assert np.isfinite(make(weights).multipliers(np.zeros((3, 1)))).all()


def test_a_place_that_many_hide_is_worth_less_than_nothing_and_comes_last() -> None:
    """heat speaks for opening and, more so, for hiding."""
    weights = [[1, 1, 1], [0, 0, 0], [0, 0, 0], [0, 0, 0], [0, 0, 0], [0, 3, 0]]
    raw = np.array([[0.0, 0.0, -3.0], [2.0, 0.0, 0.0], [0.0, 0.0, 0.0]])

    hidden, ordinary, dull = make(weights).scores(raw)

    assert make(weights).expected(raw)[0] < 0
    assert ordinary > dull > hidden
    assert (raw * make(weights).multipliers(raw))[1, 0] < 0


def test_parts_are_those_of_aumann_and_shapley() -> None:
    """Against the integral of the gradient along the way, by finite differences and adaptive quadrature."""
    rng = np.random.default_rng(3)
    utility = make(rng.normal(size=(6, 3)) * 0.7)
    raw = rng.normal(size=(3, 4))

    def gradient(share: float) -> Matrix:
        step = 1e-5
        rows = []
        for family in range(3):
            change = np.zeros((3, 1))
            change[family] = step
            rows.append((utility.scores(share * raw + change) - utility.scores(share * raw - change)) / (2 * step))
        return np.array(rows)

    integral, _ = quad_vec(gradient, 0.0, 1.0, epsabs=1e-8)

    assert raw * utility.multipliers(raw) == pytest.approx(raw * integral, abs=0.02)


def test_more_steps_come_nearer_to_them(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(3)
    utility = make(rng.normal(size=(6, 3)) * 0.7)
    raw = rng.normal(size=(3, 50))
    found = {}
    for steps in (module.STEPS, 4 * module.STEPS, 64 * module.STEPS):
        monkeypatch.setattr(module, "STEPS", steps)
        found[steps] = raw * utility.multipliers(raw)
    few, more, exact = found.values()

    assert np.abs(more - exact).max() < np.abs(few - exact).max() / 4
    assert np.abs(few - exact).max() < 0.01 * np.abs(utility.scores(raw)).max()


def test_one_family_alone_has_the_whole_score() -> None:
    raw = np.array([[2.0], [0.0], [0.0]])
    utility = make(np.random.default_rng(4).normal(size=(6, 3)))

    parts = (raw * utility.multipliers(raw))[:, 0]

    assert parts.tolist() == [pytest.approx(utility.scores(raw)[0]), 0.0, 0.0]


def test_an_opening_that_ends_at_once_must_be_worth_something() -> None:
    with pytest.raises(ValidationError, match="give less than open"):
        ValueSettings(open=1.0, bounce=1.0)
