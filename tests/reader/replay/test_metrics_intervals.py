"""Bootstrap intervals against the plain loop over resamples, paired ones, and that of GAUC."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from reader.replay.metrics import auc, bootstrap_ci95, bootstrap_statistic_ci95, gauc, gauc_ci95, paired_difference_ci95

Impression = tuple[list[int], list[float]]


@pytest.mark.parametrize("readers", [7, 1_500])
def test_the_interval_equals_that_of_a_loop_over_the_same_resamples(readers: int) -> None:
    """1,500 readers do not fit into one chunk of draws."""
    rng = np.random.default_rng(readers)
    values = {f"{i:05d}": rng.normal(size=int(rng.integers(0, 4))).tolist() for i in range(readers)}
    sums, counts = np.array([[sum(some), len(some)] for some in values.values()]).T

    def mean(chosen: NDArray[np.intp]) -> float:
        return float(sums[chosen].sum() / counts[chosen].sum()) if counts[chosen].any() else float("nan")

    assert bootstrap_ci95(values, seed=3) == pytest.approx(bootstrap_statistic_ci95(readers, mean, seed=3))


def test_a_constant_lead_is_certain_however_much_the_lists_differ() -> None:
    first = {f"u{i}": [i + 0.5, 2 * i + 0.5] for i in range(30)}
    second = {f"u{i}": [float(i), 2.0 * i] for i in range(30)}

    difference, interval = paired_difference_ci95(first, second, seed=0)

    assert difference == pytest.approx(0.5)
    assert interval == pytest.approx((0.5, 0.5))


def test_the_other_way_round_only_the_sign_differs() -> None:
    rng = np.random.default_rng(4)
    first, second = ({f"u{i}": rng.normal(size=3).tolist() for i in range(25)} for _ in range(2))
    difference, (low, high) = paired_difference_ci95(first, second, seed=1)

    assert low < difference < high
    back = paired_difference_ci95(second, first, seed=1)
    assert (back[0], *back[1]) == pytest.approx((-difference, -high, -low))


@pytest.mark.parametrize(
    ("second", "match"),
    [({"a": [1.0]}, "2 values against 1"), ({"b": [1.0, 2.0]}, "one side"), ({}, "one side")],
    ids=["counts", "readers", "none"],
)
def test_what_cannot_be_paired_is_refused(second: dict[str, list[float]], match: str) -> None:
    with pytest.raises(ValueError, match=match):
        paired_difference_ci95({"a": [1.0, 2.0]}, second, seed=0)


def test_gauc_interval_equals_that_of_a_loop_over_readers() -> None:
    rng = np.random.default_rng(5)
    lists: dict[str, list[Impression]] = {
        f"u{i:02d}": [([1, 0, 0], rng.normal(size=3).tolist()) for _ in range(1 + i % 3)] for i in range(20)
    }
    lists["u99"] = [([0, 0], [1.0, 2.0])]

    def drawn(chosen: NDArray[np.intp]) -> float:
        readers = sorted(lists)
        return gauc({str(n): lists[readers[i]] for n, i in enumerate(chosen)})

    assert gauc_ci95(lists, seed=2) == pytest.approx(bootstrap_statistic_ci95(len(lists), drawn, seed=2))


def test_gauc_interval_of_equal_readers_is_their_auc() -> None:
    one: Impression = ([1, 0, 0], [2.0, 3.0, 1.0])

    assert gauc_ci95({"a": [one], "b": [one, one]}, seed=0) == pytest.approx((auc(*one), auc(*one)))
    with pytest.raises(ValueError, match="GAUC"):
        gauc_ci95({"a": [([0], [1.0])]}, seed=0)
