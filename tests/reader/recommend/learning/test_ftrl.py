"""Weights learn from choices, around priors, whatever the units of the factors."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from reader.recommend.learning.ftrl import Ftrl
from reader.settings import LearningSettings

Floats = NDArray[np.float64]
SETTINGS = LearningSettings(learning_rate=0.1)


def make(priors: list[float], *, rates: list[float] | None = None, settings: LearningSettings = SETTINGS) -> Ftrl:
    return Ftrl(np.array(priors), np.array(rates or [1.0] * len(priors)), settings)


def choices(weights: Floats, lists: int, places: int = 10, seed: int = 0) -> list[tuple[Floats, Floats]]:
    """Draw lists of standard normal factors, and one place of each by the softmax of its score."""
    rng = np.random.default_rng(seed)
    drawn = []
    for _ in range(lists):
        factors = rng.standard_normal((len(weights), places))
        chance = np.exp(weights @ factors)
        gains = np.zeros(places)
        gains[rng.choice(places, p=chance / chance.sum())] = 1.0
        drawn.append((factors, gains))
    return drawn


def slow_ftrl(priors: list[float], lists: list[tuple[Floats, Floats]], settings: LearningSettings) -> list[float]:
    """Algorithm 1 of McMahan et al. 2013, coordinate by coordinate, around priors and in running deviations."""
    count = len(priors)
    z, squares, step, spread, varied = ([0.0] * count for _ in range(5))
    for factors, gains in lists:
        values = factors.tolist()
        places = range(len(gains))
        scale = [math.sqrt(spread[i] / varied[i]) if varied[i] else 0.0 for i in range(count)]
        weights = [priors[i] + (step[i] / scale[i] if scale[i] else 0.0) for i in range(count)]
        scores = [sum(weights[i] * values[i][p] for i in range(count)) for p in places]
        total = sum(math.exp(score) for score in scores)
        error = [math.exp(scores[p]) / total - gains[p] / sum(gains) for p in places]
        for i in range(count):
            mean = sum(values[i]) / len(gains)
            spread[i] += sum((value - mean) ** 2 for value in values[i]) / len(gains)
            varied[i] += 1
            scale_i = math.sqrt(spread[i] / varied[i])
            gradient = sum((values[i][p] - mean) / scale_i * error[p] for p in places)
            sigma = (math.sqrt(squares[i] + gradient**2) - math.sqrt(squares[i])) / settings.learning_rate
            z[i] += gradient - sigma * step[i]
            squares[i] += gradient**2
            shrunk = math.copysign(max(0.0, abs(z[i]) - settings.l1), z[i])
            step[i] = -shrunk / ((1 + math.sqrt(squares[i])) / settings.learning_rate + settings.l2)
    return [priors[i] + step[i] / math.sqrt(spread[i] / varied[i]) for i in range(count)]


def test_without_a_choice_the_weights_are_the_priors() -> None:
    ftrl = make([0.5, -1.0])
    ftrl.learn(np.array([[1.0, 2.0], [3.0, 4.0]]), np.zeros(2))
    ftrl.learn(np.array([[1.0, 2.0], [3.0, 4.0]]), np.ones(2))

    assert ftrl.weights.tolist() == [0.5, -1.0]


@pytest.mark.parametrize("l1", [0.0, 0.5])
def test_it_equals_the_algorithm_written_out_coordinate_by_coordinate(l1: float) -> None:
    settings = LearningSettings(learning_rate=0.1, l1=l1, l2=0.7)
    priors = [0.3, 0.0, -0.2]
    lists = choices(np.array([1.0, -0.5, 0.0]), 40, places=5)
    ftrl = make(priors, settings=settings)
    for factors, gains in lists:
        ftrl.learn(factors, gains)

    assert ftrl.weights == pytest.approx(slow_ftrl(priors, lists, settings), rel=1e-9)


def test_it_finds_the_weights_by_which_readers_choose() -> None:
    truth = np.array([1.0, -0.7, 0.0, 0.4])
    ftrl = make([0.0] * 4)
    for factors, gains in choices(truth, 4_000):
        ftrl.learn(factors, gains)

    assert ftrl.weights == pytest.approx(truth, abs=0.12)


def test_good_priors_are_kept_and_bad_ones_given_up() -> None:
    truth = np.array([0.8, 0.0])
    ftrl = make([0.8, 0.8])
    for factors, gains in choices(truth, 3_000):
        ftrl.learn(factors, gains)

    assert ftrl.weights == pytest.approx(truth, abs=0.12)


def test_l1_leaves_factors_without_a_say_at_their_prior() -> None:
    """The second tells nothing of the choice; its gradients add up to a random walk, which stays below 120."""
    ftrl = make([0.0, 0.0], settings=LearningSettings(learning_rate=0.1, l1=120.0))
    for factors, gains in choices(np.array([1.5, 0.0]), 1_000):
        ftrl.learn(factors, gains)

    useful, useless = ftrl.weights
    assert useful > 0.5
    assert useless == 0


@given(st.floats(1e-3, 1e3))
def test_the_unit_of_a_factor_does_not_matter(unit: float) -> None:
    """A factor a thousand times as large with a weight a thousandth: the same scores before and after."""
    plain, scaled = make([0.2, 0.4]), make([0.2 / unit, 0.4])
    factor = np.array([[unit], [1.0]])
    for factors, gains in choices(np.array([1.0, -1.0]), 5):
        plain.learn(factors, gains)
        scaled.learn(factors * factor, gains)

    assert scaled.weights * factor[:, 0] == pytest.approx(plain.weights, rel=1e-6)


@given(arrays(np.float64, (3, 6), elements=st.floats(-1e6, 1e6)), st.permutations(range(6)))
def test_the_order_of_places_does_not_matter_and_weights_stay_finite(factors: Floats, order: list[int]) -> None:
    forward, turned = make([0.1, 0.0, -0.1]), make([0.1, 0.0, -0.1])
    gains = np.array([1.0, 0, 0, 1.0, 0, 0])

    forward.learn(factors, gains)
    turned.learn(factors[:, order], gains[order])

    assert np.isfinite(forward.weights).all()
    assert turned.weights == pytest.approx(forward.weights, rel=1e-6, abs=1e-9)


def test_a_constant_factor_keeps_its_prior_and_a_slow_one_moves_less() -> None:
    ftrl = make([0.5, 0.0, 0.0], rates=[1.0, 1.0, 0.1])
    for factors, gains in choices(np.array([0.0, 1.0, 1.0]), 50):
        factors[0] = 7.0
        ftrl.learn(factors, gains)

    constant, quick, slow = ftrl.weights
    assert constant == 0.5
    assert quick > 3 * slow > 0
