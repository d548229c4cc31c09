"""How sure a figure is: bootstrap intervals over whole readers, alone and paired."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from reader.replay.metrics.ranking import Labels, Scores, weighted_aucs

# Resamples of a bootstrap: the 2.5 % point then stands on 25 of them. Efron & Tibshirani 1993 advise 1,000.
RESAMPLES: Final = 1_000
# Draws held at once, 8 bytes each.
_CHUNK_DRAWS: Final = 500_000


def bootstrap_ci95(values_by_reader: Mapping[str, Sequence[float]], seed: int) -> tuple[float, float]:
    """Return the 95 % interval of the mean over all values, by resampling whole readers (percentile bootstrap).

    A reader's values belong together: resampling them one by one would make the interval too narrow. The same seed and
    readers give the same resamples whatever the values, so intervals of two policies are paired; for that of their
    difference see `paired_difference_ci95`. ValueError if there is no value.
    Source: Efron & Tibshirani, An Introduction to the Bootstrap, 1993, chapters 8 and 13.
    """
    readers = sorted(values_by_reader)
    sums = np.array([sum(values_by_reader[reader]) for reader in readers], dtype=np.float64)
    counts = np.array([len(values_by_reader[reader]) for reader in readers], dtype=np.float64)
    return _ratio_ci95(sums, counts, seed)


def paired_difference_ci95(
    first: Mapping[str, Sequence[float]], second: Mapping[str, Sequence[float]], seed: int
) -> tuple[float, tuple[float, float]]:
    """Return the mean of first - second and its 95 % interval, by resampling whole readers.

    Both map reader -> values of the same lists in the same order, so each list is compared with itself: what makes
    some lists easier for every policy cancels out. ValueError if readers or their numbers of values differ, or there
    is no value. Source: as for `bootstrap_ci95`.
    """
    if first.keys() != second.keys():
        raise ValueError(f"{len(first.keys() ^ second.keys())} readers have values on one side only")
    differences: dict[str, list[float]] = {}
    for reader in sorted(first):
        if len(first[reader]) != len(second[reader]):
            raise ValueError(f"reader {reader} has {len(first[reader])} values against {len(second[reader])}")
        differences[reader] = [a - b for a, b in zip(first[reader], second[reader], strict=True)]
    interval = bootstrap_ci95(differences, seed)
    return float(np.mean([value for values in differences.values() for value in values])), interval


def gauc_ci95(impressions_by_reader: Mapping[str, Sequence[tuple[Labels, Scores]]], seed: int) -> tuple[float, float]:
    """Return the 95 % interval of `gauc`, by resampling whole readers; ValueError where that is undefined.

    The AUC of a reader does not change by being drawn, so each is worked out once; a reader without one is drawn, as
    in the other intervals, and adds nothing.
    """
    aucs = weighted_aucs(impressions_by_reader)
    drawn = [aucs.get(reader, (0, 0.0)) for reader in sorted(impressions_by_reader)]
    weights = np.array([weight for weight, _ in drawn], dtype=np.float64)
    return _ratio_ci95(weights * np.array([value for _, value in drawn]), weights, seed)


def bootstrap_statistic_ci95(
    clusters: int, statistic: Callable[[NDArray[np.intp]], float], seed: int
) -> tuple[float, float]:
    """Return the 95 % percentile interval of any statistic of resampled clusters (readers, sessions).

    statistic: takes (clusters,) indices, drawn with replacement; NaN where a resample leaves it undefined, which is
    then left out.
    """
    return _middle_95([statistic(row) for draws in resamples(clusters, seed) for row in draws])


def resamples(clusters: int, seed: int) -> Iterator[NDArray[np.intp]]:
    """Yield the indices of all resamples, (rows, clusters) at a time; they depend on the arguments alone."""
    rng = np.random.default_rng(seed)
    rows = max(1, _CHUNK_DRAWS // max(1, clusters))
    for start in range(0, RESAMPLES, rows):
        yield rng.integers(0, clusters, (min(rows, RESAMPLES - start), clusters), dtype=np.intp)


def _ratio_ci95(numerators: NDArray[np.float64], denominators: NDArray[np.float64], seed: int) -> tuple[float, float]:
    """Return the interval of sum(numerators) / sum(denominators). Both (readers,), in order of the readers' names."""
    if not denominators.any():
        raise ValueError("an interval needs at least one value")
    ratios: list[float] = []
    for draws in resamples(len(numerators), seed):
        totals = denominators[draws].sum(axis=1)
        undefined = np.full(len(totals), np.nan)
        ratios.extend(np.divide(numerators[draws].sum(axis=1), totals, out=undefined, where=totals > 0).tolist())
    return _middle_95(ratios)


def _middle_95(values: Sequence[float]) -> tuple[float, float]:
    low, high = np.nanpercentile(values, [2.5, 97.5])
    return float(low), float(high)
