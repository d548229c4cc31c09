"""The running figures: worked by hand, and AUC against scikit-learn."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from reader.recommend.learning.progress import Progress, auc


@given(st.lists(st.tuples(st.integers(0, 4), st.booleans()), min_size=2, max_size=12))
def test_auc_is_that_of_scikit_learn(places: list[tuple[int, bool]]) -> None:
    scores = np.array([float(score) for score, _ in places])
    opened = np.array([label for _, label in places])
    if 0 < opened.sum() < len(places):
        assert auc(scores, opened) == pytest.approx(roc_auc_score(opened, scores))


def taught(*lists: tuple[list[float], list[float], list[bool]]) -> Progress:
    progress = Progress()
    for scores, chances, opened in lists:
        progress = progress.plus(np.array(scores), np.array(chances), np.array(opened, dtype=bool))
    return progress


def test_lists_have_a_mean_auc_and_one_of_late() -> None:
    progress = taught(
        ([1.0, 0.0], [0.5, 0.5], [True, False]),
        ([1.0, 0.0], [0.5, 0.5], [False, True]),
    )

    assert progress.auc == 0.5
    assert 0.49 < progress.late_auc < 0.5


def test_a_list_without_an_opening_or_without_another_place_has_no_auc_but_counts_for_the_chances() -> None:
    progress = taught(([1.0, 0.0], [0.5, 0.1], [False, False]), ([1.0], [0.4], [True]))

    assert (progress.taught, progress.ranked) == (2.0, 0.0)
    assert math.isnan(progress.auc)
    assert math.isnan(progress.late_auc)
    assert (progress.places, progress.opened) == (3.0, 1.0)
    assert progress.expected == pytest.approx(1.0)
    assert progress.mean_brier == pytest.approx((0.25 + 0.01 + 0.36) / 3)


def test_nothing_is_known_before_the_first_list_and_a_list_without_places_changes_little() -> None:
    assert math.isnan(Progress().mean_brier)
    assert taught(([], [], [])).places == 0.0


def test_it_comes_back_as_it_was_kept() -> None:
    progress = taught(([1.0, 0.0], [0.5, 0.2], [True, False]))

    assert Progress.from_array(progress.to_array()) == progress
