"""Factors that are learned together: by hand, against a batch fit, and their part in what serves."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import log_softmax

from reader.recommend.learning.choice import Choice, Together
from reader.recommend.learning.joint import JointState
from reader.settings import ChoiceSettings, JointSettings

Lists = list[tuple[NDArray[np.float64], NDArray[np.float64]]]


def simulated(seed: int, count: int, truth: NDArray[np.float64]) -> Lists:
    """Return lists of 8 places with factors of unit spread, of which one place each was chosen by a known truth."""
    rng = np.random.default_rng(seed)
    found = []
    for _ in range(count):
        values = rng.normal(size=(len(truth), 8))
        chosen = int(np.argmax(truth @ values + rng.gumbel(size=8)))
        found.append((values, np.eye(8)[chosen]))
    return found


def test_one_step_by_hand() -> None:
    values, even = np.array([[1.0, -1.0]]), np.array([0.5, 0.5])

    after = JointState.new(1).after(values, even, np.array([1.0, 0.0]), 1.0, 3.0)

    # Curvature: the variance of the values under the chances, 1. Gradient: 1 x (1 - 0.5) + 1 x 0.5 = 1.
    assert after.information == pytest.approx(np.array([[1.0]]))
    assert after.mean == pytest.approx(np.array([1.0 / (3.0 + 1.0)]))


def test_it_comes_near_to_what_all_lists_at_once_would_give() -> None:
    truth, precision = np.array([0.8, -0.5, 0.3, 0.0]), 4.0
    lists = simulated(1, 600, truth)
    state = JointState.new(4)
    for values, gains in lists:
        centred = values - values.mean(axis=1, keepdims=True)
        chances = np.exp(log_softmax(state.mean @ centred))
        state = state.after(centred, chances, gains, 1.0, precision)

    def loss(steps: NDArray[np.float64]) -> float:
        own = sum(float(gains @ log_softmax(steps @ values)) for values, gains in lists)
        return 0.5 * precision * float(steps @ steps) - own

    assert state.mean == pytest.approx(minimize(loss, np.zeros(4)).x, abs=0.05)


def test_two_names_for_one_thing_share_what_one_would_have_got() -> None:
    together = Together(np.arange(2), JointSettings(prior_precision=1e-3, share=1.0))
    single = Together(np.arange(1), JointSettings(prior_precision=1e-3, share=1.0))
    twice, once = (
        Choice(np.zeros(count), ChoiceSettings(spread_doubt_lists=0.0), together=of)
        for count, of in ((2, together), (1, single))
    )

    for values, gains in simulated(2, 80, np.array([0.7])):
        twice.learn(np.concatenate([values, values]), gains)
        once.learn(values, gains)

    assert twice.weights[0] == pytest.approx(twice.weights[1])
    assert twice.weights.sum() == pytest.approx(once.weights[0], rel=1e-3)


@given(st.floats(0.01, 1000.0), st.integers(0, 50))
def test_the_unit_of_a_factor_does_not_matter(unit: float, seed: int) -> None:
    units = np.array([1.0, unit])
    together = Together(np.arange(2), JointSettings())
    plain, scaled = (Choice(np.zeros(2), ChoiceSettings(), together=together) for _ in range(2))

    for values, gains in simulated(seed, 5, np.array([0.5, -0.5])):
        plain.learn(values, gains)
        scaled.learn(values * units[:, None], gains)

    assert scaled.weights * units == pytest.approx(plain.weights, rel=1e-6, abs=1e-12)


def test_what_serves_is_the_mean_of_two_that_learned_alone() -> None:
    lists = simulated(3, 60, np.array([0.6, 0.2, -0.4]))
    rows = np.array([0, 2])

    def weights(share: float) -> NDArray[np.float64]:
        choice = Choice(np.zeros(3), ChoiceSettings(), together=Together(rows, JointSettings(share=share)))
        for values, gains in lists:
            choice.learn(values, gains)
        return choice.weights

    proximal, joint, both = weights(0.0), weights(1.0), weights(0.25)
    alone = Choice(np.zeros(3), ChoiceSettings())
    for values, gains in lists:
        alone.learn(values, gains)

    assert proximal == pytest.approx(alone.weights)
    assert both[rows] == pytest.approx(0.75 * proximal[rows] + 0.25 * joint[rows])
    assert both[1] == pytest.approx(0.75 * proximal[1])
    assert joint[1] == 0.0
    assert not np.allclose(joint[rows], proximal[rows])
