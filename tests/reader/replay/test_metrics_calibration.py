"""Calibration: worked values, scikit-learn's logistic regression as a second fit, and degenerate scores."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from reader.replay.metrics import calibration_error, expected_calibration_error, scale_scores


def _opens(chances: NDArray[np.float64], seed: int) -> NDArray[np.bool_]:
    return np.random.default_rng(seed).random(len(chances)) < chances


def test_error_worked_example_with_bins_of_equal_mass() -> None:
    """Two bins of two: opened 0 of 2 at a mean of 0.03, and 1 of 2 at a mean of 0.6."""
    assert expected_calibration_error([0, 0, 1, 0], [0.02, 0.04, 0.4, 0.8], bins=2) == pytest.approx((0.03 + 0.1) / 2)


def test_one_bin_sees_only_the_mean_and_right_chances_have_no_error() -> None:
    assert expected_calibration_error([1, 0], [0.0, 1.0], bins=1) == 0.0
    assert expected_calibration_error([1, 0, 1], [1.0, 0.0, 1.0]) == 0.0
    assert expected_calibration_error([0, 1], [1.0, 0.0]) == 1.0


@given(st.lists(st.tuples(st.integers(0, 1), st.integers(0, 5)), min_size=1, max_size=30), st.randoms())
def test_the_error_is_bounded_and_blind_to_the_order(pairs: list[tuple[int, int]], random: np.random.Generator) -> None:
    shuffled = list(pairs)
    random.shuffle(shuffled)
    value, again = (
        expected_calibration_error([label for label, _ in some], [fifth / 5 for _, fifth in some])
        for some in (pairs, shuffled)
    )

    assert 0 <= value <= 1
    assert again == pytest.approx(value)


@pytest.mark.parametrize(("labels", "chances"), [([], []), ([1], [1.1]), ([1], [-0.1]), ([1], [math.nan])])
def test_what_is_no_chance_is_refused(labels: list[int], chances: list[float]) -> None:
    with pytest.raises(ValueError, match=r"at least one|between 0 and 1|finite"):
        expected_calibration_error(labels, chances)


def test_scaling_equals_scikit_learn_on_the_softened_targets() -> None:
    """A target t is the same as t opens and 1 - t others of that score."""
    scores = np.random.default_rng(0).normal(size=400)
    opened = _opens(1 / (1 + np.exp(2 - 3 * scores)), seed=1)
    positives, count = int(opened.sum()), len(opened)
    targets = np.where(opened, (positives + 1) / (positives + 2), 1 / (count - positives + 2))
    oracle = LogisticRegression(C=1e10, tol=1e-10, max_iter=1000).fit(
        np.tile(scores, 2)[:, None], np.repeat([1, 0], count), np.concatenate([targets, 1 - targets])
    )

    slope, intercept = scale_scores(opened, scores)

    assert slope == pytest.approx(oracle.coef_[0, 0], rel=1e-4)
    assert intercept == pytest.approx(oracle.intercept_[0], rel=1e-4)


def test_constant_scores_have_the_mean_chance() -> None:
    """One of three: targets 2/3, 1/4 and 1/4."""
    mean = (2 / 3 + 1 / 4 + 1 / 4) / 3

    assert scale_scores([1, 0, 0], [0.1, 0.1, 0.1]) == pytest.approx((0.0, math.log(mean / (1 - mean))))


def test_scores_that_part_the_opened_meet_the_softened_targets() -> None:
    """With two scores the fit is exact: 2/3 of one open at 1, 1/4 of two others at 0."""
    slope, intercept = scale_scores([1, 0, 0], [1.0, 0.0, 0.0])

    assert intercept == pytest.approx(math.log(1 / 3))
    assert slope + intercept == pytest.approx(math.log(2))


@given(
    st.lists(st.tuples(st.integers(0, 1), st.floats(-1e6, 1e6)), min_size=1, max_size=20),
    st.floats(0.001, 1000),
    st.floats(-100, 100),
)
def test_scaling_is_finite_and_does_not_depend_on_the_unit_of_the_scores(
    pairs: list[tuple[int, float]], factor: float, shift: float
) -> None:
    labels, scores = [0, 1, *(label for label, _ in pairs)], np.array([0.0, 1.0, *(score for _, score in pairs)])
    slope, intercept = scale_scores(labels, scores)
    again = scale_scores(labels, scores * factor + shift)

    assert math.isfinite(slope)
    assert again[0] * (scores * factor + shift) + again[1] == pytest.approx(slope * scores + intercept, abs=1e-3)


@pytest.mark.parametrize("labels", [[], [0, 0], [1, 1]])
def test_scaling_to_one_kind_of_label_is_refused(labels: list[int]) -> None:
    with pytest.raises(ValueError, match="at least one open"):
        scale_scores(labels, [float(place) for place in range(len(labels))])


def test_scores_that_keep_their_meaning_are_calibrated_and_drifting_ones_are_not() -> None:
    scores = np.random.default_rng(2).normal(size=(400, 40))
    steady = [(_opens(1 / (1 + np.exp(2 - row)), seed), row) for seed, row in enumerate(scores)]
    drifting = steady[:200] + [(labels, row + 3) for labels, row in steady[200:]]

    assert calibration_error(steady) < 0.02
    assert calibration_error(drifting) > 0.2


def test_one_list_cannot_be_judged_on_itself() -> None:
    with pytest.raises(ValueError, match="at least one open"):
        calibration_error([([1, 0], [1.0, 0.0])])
