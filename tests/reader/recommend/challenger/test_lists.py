"""The loss over many lists at once is the sum of the losses of each, and its derivatives are the derivatives."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import softmax

from reader.recommend.challenger.lists import Targets


@st.composite
def gained(draw: st.DrawFn) -> tuple[list[list[float]], list[list[float]]]:
    """Draw gains, one above 0 in each list, and scores."""
    sizes = draw(st.lists(st.integers(1, 5), min_size=1, max_size=6))
    gains = [draw(st.lists(st.sampled_from((0.0, 0.25, 1.0, 2.0)), min_size=size, max_size=size)) for size in sizes]
    gains = [own if any(own) else [1.0, *own[1:]] for own in gains]
    return gains, [draw(st.lists(st.floats(-20, 20), min_size=size, max_size=size)) for size in sizes]


def joined(lists: list[list[float]]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.array([value for own in lists for value in own], dtype=np.float64)


@given(gained())
def test_the_loss_is_the_mean_of_the_lists_own(case: tuple[list[list[float]], list[list[float]]]) -> None:
    gains, scores = case
    expected = [
        min(1.0, max(own)) * -(np.array(own) / sum(own)) @ np.log(softmax(given))
        for own, given in zip(gains, scores, strict=True)
    ]

    targets = Targets.of(joined(gains), np.array([len(own) for own in gains]))

    assert targets.loss(joined(scores)) == pytest.approx(np.mean(expected), abs=1e-9)
    assert targets.chances(joined(scores)) == pytest.approx(joined([softmax(own).tolist() for own in scores]))


@given(gained())
def test_slopes_are_those_of_the_loss(case: tuple[list[list[float]], list[list[float]]]) -> None:
    """By differences, place by place."""
    gains, scores = case
    targets = Targets.of(joined(gains), np.array([len(own) for own in gains]))
    first, second = targets.slopes(joined(scores))

    step, lists = 1e-4, len(gains)
    for place in range(len(first)):
        off = np.zeros(len(first))
        off[place] = step
        low, here, high = (lists * targets.loss(joined(scores) + sign * off) for sign in (-1, 0, 1))
        assert first[place] == pytest.approx((high - low) / (2 * step), abs=1e-6)
        assert second[place] == pytest.approx((high - 2 * here + low) / step**2, abs=1e-4)


def test_by_hand() -> None:
    """Two lists, scores 0: of two places one was opened, log 2; of three one bounced, a quarter of log 3."""
    targets = Targets.of(np.array([1.0, 0, 0, 0, 0.25]), np.array([2, 3]))

    assert targets.loss(np.zeros(5)) == pytest.approx((np.log(2) + np.log(3) / 4) / 2)
    assert targets.slopes(np.zeros(5))[0] == pytest.approx([-0.5, 0.5, 1 / 12, 1 / 12, -1 / 6])


def test_a_list_from_which_nothing_came_has_no_loss() -> None:
    with pytest.raises(ValueError, match="1 of 2 lists have gained nothing"):
        Targets.of(np.array([1.0, 0.0, 0.0, 0.0]), np.array([2, 2]))
