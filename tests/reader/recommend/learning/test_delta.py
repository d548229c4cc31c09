"""One reader's correction: the closed form of ridge regression, one Newton step of the choice, 16 KiB."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import log_softmax, softmax
from sklearn.linear_model import Ridge

from reader.errors import InvalidInputError
from reader.recommend.learning.delta import FAMILIES_LIMIT, Delta
from reader.settings import DeltaSettings

Matrix = NDArray[np.float64]
FAMILIES = ("interest", "heat", "freshness", "saturation")
SETTINGS = DeltaSettings(prior_precision=2.0)


def lists(count: int, *, families: int = 4, places: int = 6, seed: int = 0) -> list[tuple[Matrix, Matrix]]:
    """Draw contributions (families, places) with a number for each place."""
    rng = np.random.default_rng(seed)
    return [(rng.normal(size=(families, places)), rng.normal(size=places)) for _ in range(count)]


def taught(delta: Delta, seen: list[tuple[Matrix, Matrix]]) -> Delta:
    for contributions, targets in seen:
        delta = delta.learn(contributions, targets)
    return delta


def test_without_data_nothing_is_corrected_and_the_prior_is_the_doubt() -> None:
    delta = Delta(FAMILIES, SETTINGS)
    contributions = np.array([[3.0, 0.0], [4.0, 0.0], [0.0, 0.0], [0.0, 1.0]])

    assert delta.adjust(contributions).tolist() == [0.0, 0.0]
    assert delta.uncertainty(contributions) == pytest.approx([5 / 2**0.5, 1 / 2**0.5])


@given(st.integers(0, 2**32 - 1), st.integers(1, 8))
@settings(max_examples=40, deadline=None)
def test_the_posterior_is_that_of_ridge_regression(seed: int, count: int) -> None:
    seen = lists(count, seed=seed)
    design = np.concatenate([contributions for contributions, _ in seen], axis=1)
    ridge = Ridge(alpha=2.0, fit_intercept=False).fit(design.T, np.concatenate([targets for _, targets in seen]))
    covariance = np.linalg.inv(2.0 * np.eye(4) + design @ design.T)

    delta = taught(Delta(FAMILIES, SETTINGS), seen)

    assert delta.mean == pytest.approx(ridge.coef_, abs=1e-9)
    assert delta.adjust(design) == pytest.approx(ridge.predict(design.T), abs=1e-9)
    assert delta.uncertainty(design) == pytest.approx(np.sqrt(np.diag(design.T @ covariance @ design)))


def test_a_target_of_weight_two_counts_as_two() -> None:
    contributions, targets = lists(1)[0]
    twice = taught(Delta(FAMILIES, SETTINGS), [(contributions, targets)] * 2)

    assert Delta(FAMILIES, SETTINGS).learn(contributions, targets, np.full(6, 2.0)).mean == pytest.approx(twice.mean)


def test_learning_leaves_the_one_before_as_it_was() -> None:
    before = Delta(FAMILIES, SETTINGS)
    before.learn(*lists(1)[0])

    assert before.mean.tolist() == [0.0] * 4


def test_doubt_shrinks_with_every_list_and_grows_again_when_forgetting() -> None:
    contributions = lists(1, seed=9)[0][0]
    doubts = [taught(Delta(FAMILIES, SETTINGS), lists(count)).uncertainty(contributions) for count in range(4)]
    forgetting = taught(Delta(FAMILIES, DeltaSettings(prior_precision=2.0, memory=0.5)), lists(3))
    for _ in range(60):
        forgetting = forgetting.learn(np.zeros((4, 1)), np.zeros(1))

    assert all((later < earlier).all() for earlier, later in pairwise(doubts))
    assert forgetting.uncertainty(contributions) == pytest.approx(doubts[0])
    assert forgetting.mean == pytest.approx(np.zeros(4), abs=1e-12)


def test_a_choice_is_a_newton_step_by_finite_differences() -> None:
    """Gradient and curvature of the log posterior at 0, from differences of the loss alone."""
    contributions, scores = lists(1, places=5)[0]
    contributions *= 0.3
    gains = np.array([0.0, 1.0, 0.0, 3.0, 0.0])

    def loss(mean: Matrix) -> float:
        return float(mean @ mean - gains / gains.sum() @ log_softmax(scores + mean @ contributions))

    ahead = 1e-4 * np.eye(4)
    gradient = np.array([(loss(step) - loss(-step)) / 2e-4 for step in ahead])
    curvature = np.array(
        [[(loss(a + b) - loss(a - b) - loss(b - a) + loss(-a - b)) / 4e-8 for a in ahead] for b in ahead]
    )

    delta = Delta(FAMILIES, SETTINGS).learn_choice(contributions, scores, gains)

    assert delta.mean == pytest.approx(-np.linalg.solve(curvature, gradient), rel=1e-4, abs=1e-6)


def test_choices_bring_the_correction_to_the_reader_who_makes_them() -> None:
    """Within three deviations of the posterior, and near the best that scipy finds for all lists at once."""
    rng = np.random.default_rng(3)
    truth = np.array([0.8, -0.8, 0.0, 0.4])
    delta, seen = Delta(FAMILIES, SETTINGS), []
    for _ in range(500):
        contributions = rng.normal(size=(4, 10))
        base = contributions.sum(axis=0)
        gains = np.zeros(10)
        gains[rng.choice(10, p=softmax(base + truth @ contributions))] = 1.0
        seen.append((contributions, base, gains))
        delta = delta.learn_choice(contributions, base + delta.adjust(contributions), gains)

    def loss(mean: Matrix) -> float:
        return float(mean @ mean) - sum(float(gains @ log_softmax(base + mean @ part)) for part, base, gains in seen)

    assert (np.abs(delta.mean - truth) < 3 * delta.uncertainty(np.eye(4))).all()
    assert delta.mean == pytest.approx(minimize(loss, np.zeros(4), method="BFGS").x, abs=0.05)


@pytest.mark.parametrize("gains", [[0.0, 0.0], [1.0, 2.0], []])
def test_a_list_without_a_choice_teaches_nothing(gains: list[float]) -> None:
    delta = taught(Delta(FAMILIES, SETTINGS), lists(2))

    assert delta.learn_choice(np.ones((4, len(gains))), np.zeros(len(gains)), np.array(gains)) is delta


def test_one_odd_contribution_does_not_run_away() -> None:
    """Opened though it had next to no chance: there the curvature does not hold the step back, only the prior does."""
    contributions = np.zeros((4, 3))
    contributions[0, 0] = 1e3

    delta = Delta(FAMILIES, SETTINGS).learn_choice(
        contributions, np.array([-30.0, 0.0, 0.0]), np.array([1.0, 0.0, 0.0])
    )

    assert delta.mean[0] == pytest.approx(SETTINGS.limit / SETTINGS.prior_precision)


def test_is_kept_in_sixteen_kib_and_comes_back_the_same() -> None:
    families = [f"family {number}" for number in range(FAMILIES_LIMIT)]
    delta = taught(Delta(families, SETTINGS), lists(300, families=FAMILIES_LIMIT))
    kept = delta.to_bytes()
    contributions = lists(1, families=FAMILIES_LIMIT, seed=5)[0][0]

    restored = Delta.from_bytes(kept, families, SETTINGS)

    assert len(kept) <= 16 * 1024
    assert restored.adjust(contributions) == pytest.approx(delta.adjust(contributions), abs=1e-4)
    assert restored.uncertainty(contributions) == pytest.approx(delta.uncertainty(contributions), rel=1e-4)
    assert restored.learn(*lists(1, families=FAMILIES_LIMIT)[0]).mean.shape == (FAMILIES_LIMIT,)


def test_rounding_of_what_is_kept_never_makes_a_negative_variance() -> None:
    """Four hundred million times the same direction: float32 cannot hold the prior beside it."""
    contributions = np.full((4, 1), 2e4)
    delta = Delta(FAMILIES, SETTINGS).learn(contributions, np.ones(1))

    restored = Delta.from_bytes(delta.to_bytes(), FAMILIES, SETTINGS)

    across = restored.uncertainty(np.array([[1.0], [-1.0], [0.0], [0.0]]))
    assert 0 < across[0] <= 1.0 + 1e-6


@pytest.mark.parametrize("cut", [0, 4, 8, 50, 87])
def test_a_broken_part_is_refused(cut: int) -> None:
    kept = taught(Delta(FAMILIES, SETTINGS), lists(1)).to_bytes()

    assert len(kept) == 88
    with pytest.raises(InvalidInputError, match="start anew"):
        Delta.from_bytes(kept[:cut], FAMILIES, SETTINGS)


def test_other_families_and_what_is_no_number_are_refused() -> None:
    kept = Delta(FAMILIES, SETTINGS).to_bytes()

    with pytest.raises(InvalidInputError, match="these 4 families"):
        Delta.from_bytes(kept, FAMILIES[::-1], SETTINGS)
    with pytest.raises(InvalidInputError, match="no number"):
        Delta.from_bytes(kept[:8] + b"\xff" * 80, FAMILIES, SETTINGS)
    with pytest.raises(ValueError, match="at most 63"):
        Delta([str(number) for number in range(64)], SETTINGS)


@given(st.integers(0, 2**32 - 1), st.permutations(("heat", "new", "interest", "newer", "saturation")))
@settings(max_examples=20, deadline=None)
def test_of_other_families_what_is_known_of_those_in_common_stays(seed: int, families: list[str]) -> None:
    delta = taught(Delta(FAMILIES, SETTINGS), lists(5, seed=seed))
    known = [family for family in families if family in FAMILIES]
    before = [FAMILIES.index(family) for family in known]
    after = [families.index(family) for family in known]

    moved = delta.of_families(families)

    assert moved.mean[after] == pytest.approx(delta.mean[before])
    expected, found = np.zeros((5, 3)), np.zeros((4, 3))
    expected[after], found[before] = np.eye(3), np.eye(3)
    assert moved.uncertainty(expected) == pytest.approx(delta.uncertainty(found))
    new = np.zeros((5, 1))
    new[families.index("new")] = 1.0
    assert moved.adjust(new).tolist() == [0.0]
    assert moved.uncertainty(new) == pytest.approx([2.0**-0.5]), "the prior alone"
