"""Chances of an opening: those of scikit-learn's logistic regression, from scores of any size."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from reader.recommend.learning.calibration import Calibration
from reader.settings import CalibrationSettings

Lists = list[tuple[NDArray[np.float64], NDArray[np.bool_]]]


def simulate(slope: float, intercept: float, lists: int, seed: int = 0) -> Lists:
    rng = np.random.default_rng(seed)
    drawn = []
    for _ in range(lists):
        scores = rng.normal(1.0, 1.0, size=20)
        drawn.append((scores, rng.uniform(size=20) < 1 / (1 + np.exp(-slope * scores - intercept))))
    return drawn


def taught(calibration: Calibration, lists: Lists, passes: int = 1) -> Calibration:
    for _ in range(passes):
        for scores, opened in lists:
            calibration.learn(scores, opened)
    return calibration


def test_without_data_the_chance_is_that_of_the_settings() -> None:
    chances = Calibration(CalibrationSettings(slope=2.0, intercept=-3.0)).chances(np.array([0.0, 1.5]))

    assert chances == pytest.approx([1 / (1 + math.exp(3)), 0.5])


def test_one_list_worked_by_hand() -> None:
    """Chance 1/2 each, opened one of two with scores 1 and 0: gradients -1/2 and 0; the step is alpha/2 / (1 + 1/2)."""
    calibration = Calibration(CalibrationSettings(learning_rate=0.3, slope=1e-9, intercept=0.0, least_slope=1e-9))

    calibration.learn(np.array([1.0, 0.0]), np.array([True, False]))

    assert calibration.slope == pytest.approx(0.3 * 0.5 / (1 + 0.5))
    assert calibration.intercept == pytest.approx(0.0, abs=1e-9)


def test_equals_the_logistic_regression_of_scikit_learn() -> None:
    lists = simulate(0.6, -2.0, 200)
    scores, opened = (np.concatenate(columns) for columns in zip(*lists, strict=True))
    batch = LogisticRegression(C=1e9).fit(scores[:, None], opened)

    ours = taught(Calibration(CalibrationSettings()), lists, passes=20)

    assert ours.slope == pytest.approx(batch.coef_[0, 0], abs=0.03)
    assert ours.intercept == pytest.approx(batch.intercept_[0], abs=0.03)


def test_chances_become_true_within_a_few_hundred_lists() -> None:
    calibration = taught(Calibration(CalibrationSettings()), simulate(0.5, -1.5, 400))
    scores, opened = (np.concatenate(columns) for columns in zip(*simulate(0.5, -1.5, 400, seed=1), strict=True))

    for low, high in ((-1.0, 0.5), (0.5, 1.5), (1.5, 3.0)):
        within = (scores >= low) & (scores < high)
        assert calibration.chances(scores[within]).mean() == pytest.approx(opened[within].mean(), abs=0.05)


def test_lists_without_an_opening_lower_the_level() -> None:
    calibration = Calibration(CalibrationSettings())
    taught(calibration, [(np.zeros(20), np.zeros(20, dtype=np.bool_))] * 50)

    assert calibration.intercept < -3.5


def test_scores_that_are_wrong_never_turn_the_ranking_around() -> None:
    calibration = taught(Calibration(CalibrationSettings()), simulate(-2.0, 0.0, 300))

    assert calibration.slope == pytest.approx(0.1)
    assert (np.diff(calibration.chances(np.linspace(-3, 3, 7))) > 0).all()


@given(st.lists(st.tuples(st.floats(-1e30, 1e30), st.booleans()), min_size=1, max_size=20))
@settings(max_examples=100, deadline=None)
def test_chances_stay_chances_whatever_the_scores(places: list[tuple[float, bool]]) -> None:
    scores, opened = (np.array(column) for column in zip(*places, strict=True))
    calibration = taught(Calibration(CalibrationSettings()), [(scores, opened.astype(np.bool_))], passes=5)

    chances = calibration.chances(scores)

    assert ((chances >= 0) & (chances <= 1)).all()
    assert (np.diff(chances[np.argsort(scores)]) >= 0).all()


def test_goes_on_from_its_state() -> None:
    lists = simulate(1.0, -2.0, 20)
    whole = taught(Calibration(CalibrationSettings()), lists)

    resumed = Calibration(CalibrationSettings(), taught(Calibration(CalibrationSettings()), lists[:7]).state)
    taught(resumed, lists[7:])

    assert (resumed.slope, resumed.intercept) == (whole.slope, whole.intercept)


@pytest.mark.parametrize("scores", [[0.0], [0.0, math.nan], [math.inf, 0.0]])
def test_scores_are_finite_and_one_for_each_place(scores: list[float]) -> None:
    with pytest.raises(ValueError, match="same places"):
        Calibration(CalibrationSettings()).learn(np.array(scores), np.array([True, False]))
