"""How good a ranking is, as pure functions over labels and scores.

What belongs here: formulas, each with its source. What does not: which lists are scored, and with what knowledge
(`run`).

Labels are 1 or True for an item that was opened and 0 or False for one that was not; scores are finite, higher is
better. Both are given in the order of the candidates, which breaks ties of the score; only `auc`, which counts a tie
as half, does not look at it. A quantity that the labels leave undefined is a ValueError: ask `is_scorable` first, as
the means of MIND do.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

# Resamples of a bootstrap: the 2.5 % point then stands on 25 of them. Efron & Tibshirani 1993 advise 1,000.
RESAMPLES = 1_000

Labels = Sequence[int] | Sequence[bool] | NDArray[np.generic]
Scores = Sequence[float] | NDArray[np.floating]


def is_scorable(labels: Labels) -> bool:
    """Whether there is at least one open and one other, which all means of MIND require of an impression."""
    opened = _opened(labels)
    return bool(opened.any() and not opened.all())


def auc(labels: Labels, scores: Scores) -> float:
    """Return the chance that an opened item scores above another one, a tie counting half; 0 to 1.

    (sum of the opened items' mid-ranks - p (p + 1) / 2) / (p n), for p opened and n others: the Mann-Whitney statistic.
    Source: Hanley & McNeil, Radiology 143(1), 1982.

    >>> auc([1, 0, 0], [0.5, 0.5, 0.1])
    0.75
    """
    opened, values = _checked(labels, scores)
    positives, negatives = int(opened.sum()), int((~opened).sum())
    if not positives or not negatives:
        raise ValueError("AUC needs at least one open and one other")
    rank_sum = float(_mid_ranks(values)[opened].sum())
    return (rank_sum - positives * (positives + 1) / 2) / (positives * negatives)


def mrr(labels: Labels, scores: Scores) -> float:
    """Return the mean of 1 / rank over all opened items; in (0, 1].

    This is the MRR of MIND's own evaluation, not 1 / rank of the first alone; with one open both are the same.
    Source: Wu et al., MIND, ACL 2020, and its evaluation script.

    >>> mrr([0, 1, 1], [0.9, 0.8, 0.7])  # (1/2 + 1/3) / 2
    0.41666666666666663
    """
    ranked = _ranked(labels, scores)
    ranks = np.flatnonzero(ranked) + 1
    return float((1 / ranks).mean())


def ndcg(labels: Labels, scores: Scores, k: int) -> float:
    """Return the discounted gain of the first k over that of the best order; 0 to 1.

    DCG = sum of label / log2(1 + rank). Source: Järvelin & Kekäläinen, ACM TOIS 20(4), 2002, with binary gains.

    >>> round(ndcg([0, 1, 0], [3.0, 2.0, 1.0], k=5), 4)  # 1/log2(3)
    0.6309
    """
    ranked = _ranked(labels, scores)
    best = np.sort(ranked)[::-1]
    return _dcg(ranked[: _depth(k)]) / _dcg(best[:k])


def hit(labels: Labels, scores: Scores, k: int) -> float:
    """Return 1.0 if an opened item is among the first k, else 0.0.

    Source: Deshpande & Karypis, ACM TOIS 22(1), 2004 (hit rate; the mean of this is hit@k).

    >>> hit([0, 0, 1], [3.0, 2.0, 1.0], k=2)
    0.0
    """
    return float(_ranked(labels, scores)[: _depth(k)].any())


def gauc(impressions_by_reader: Mapping[str, Sequence[tuple[Labels, Scores]]]) -> float:
    """Return the AUC over all impressions of a reader, averaged over readers by their number of impressions; 0 to 1.

    Readers without an open or without another are left out; ValueError if none remains. Scores of one reader must be
    comparable across impressions. Source: Zhu et al., Optimized Cost per Click, KDD 2017.
    """
    weighted = [
        (len(impressions), auc(labels, scores))
        for impressions in impressions_by_reader.values()
        for labels, scores in [_pooled(impressions)]
        if is_scorable(labels)
    ]
    if not weighted:
        raise ValueError("GAUC needs a reader with at least one open and one other")
    weights, values = zip(*weighted, strict=True)
    return float(np.average(values, weights=weights))


def ild(vectors: ArrayLike) -> float:
    """Return the intra-list distance: the mean of 1 - cosine over all pairs of a list; 0 to 2.

    vectors: (n, d), one row an item; a zero row is at distance 1 from all. A list of fewer than two items is 0.0:
    nothing in it differs. Source: Ziegler et al., WWW 2005 (intra-list similarity, of which this is the complement).

    >>> ild([[1.0, 0.0], [0.0, 1.0]])
    1.0
    """
    rows = np.atleast_2d(np.asarray(vectors, dtype=np.float64))
    count = len(rows)
    if count < 2:
        return 0.0
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    units = np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 0)
    # The sum over all pairs is the squared length of the sum, less each row with itself.
    similarity = float((units.sum(axis=0) ** 2).sum() - (units**2).sum()) / (count * (count - 1))
    return 1.0 - similarity


def coverage(lists: Collection[Sequence[str]], catalogue: Collection[str], k: int) -> float:
    """Return the share of the catalogue that is among the first k of any list; 0 to 1.

    Items outside the catalogue count nothing; ValueError if it is empty. Source: Ge et al., RecSys 2010.

    >>> coverage([["a", "b"], ["a", "c"]], {"a", "b", "c", "d"}, k=1)
    0.25
    """
    if not catalogue:
        raise ValueError("coverage needs a catalogue with at least one item")
    depth = _depth(k)
    shown = {item for items in lists for item in items[:depth]}
    return len(shown & set(catalogue)) / len(set(catalogue))


def bootstrap_ci95(values_by_reader: Mapping[str, Sequence[float]], seed: int) -> tuple[float, float]:
    """Return the 95 % interval of the mean over all values, by resampling whole readers (percentile bootstrap).

    A reader's values belong together: resampling them one by one would make the interval too narrow. The same seed and
    readers give the same resamples whatever the values, so intervals of two policies are paired; for that of their
    difference give the differences. ValueError if there is no value.
    Source: Efron & Tibshirani, An Introduction to the Bootstrap, 1993, chapters 8 and 13.
    """
    readers = sorted(values_by_reader)
    sums = np.array([sum(values_by_reader[reader]) for reader in readers], dtype=np.float64)
    counts = np.array([len(values_by_reader[reader]) for reader in readers], dtype=np.float64)

    def mean(chosen: NDArray[np.intp]) -> float:
        total = counts[chosen].sum()
        return float(sums[chosen].sum() / total) if total else float("nan")

    if not counts.sum():
        raise ValueError("an interval needs at least one value")
    return bootstrap_statistic_ci95(len(readers), mean, seed)


def bootstrap_statistic_ci95(
    clusters: int, statistic: Callable[[NDArray[np.intp]], float], seed: int
) -> tuple[float, float]:
    """Return the 95 % percentile interval of any statistic of resampled clusters (readers, sessions).

    statistic: takes (clusters,) indices, drawn with replacement; NaN where a resample leaves it undefined, which is
    then left out.
    """
    rng = np.random.default_rng(seed)
    values = np.array([statistic(rng.integers(0, clusters, clusters)) for _ in range(RESAMPLES)])
    low, high = np.nanpercentile(values, [2.5, 97.5])
    return float(low), float(high)


def _opened(labels: Labels) -> NDArray[np.bool_]:
    values = np.asarray(labels)
    if not np.isin(values, (0, 1)).all():
        raise ValueError("labels are 0 or 1")
    return values.astype(np.bool_)


def _checked(labels: Labels, scores: Scores) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    opened, values = _opened(labels), np.asarray(scores, dtype=np.float64)
    if opened.shape != values.shape or opened.ndim != 1:
        raise ValueError(f"{opened.shape} labels for {values.shape} scores; give one each")
    if not np.isfinite(values).all():
        raise ValueError("scores must be finite")
    return opened, values


def _ranked(labels: Labels, scores: Scores) -> NDArray[np.bool_]:
    """Return the labels from the highest score down, ties in the order given; ValueError if nothing was opened."""
    opened, values = _checked(labels, scores)
    if not opened.any():
        raise ValueError("a ranking is scored by its opens; there are none")
    return opened[np.argsort(-values, kind="stable")]


def _mid_ranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return ranks from 1 up, equal values sharing the mean of theirs."""
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    mid: NDArray[np.float64] = last - (counts - 1) / 2
    return mid[inverse]


def _dcg(ranked: NDArray[np.bool_]) -> float:
    return float((ranked / np.log2(np.arange(len(ranked)) + 2)).sum())


def _depth(k: int) -> int:
    if k < 1:
        raise ValueError(f"k is {k}; it counts places from 1")
    return k


def _pooled(impressions: Sequence[tuple[Labels, Scores]]) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    checked = [_checked(labels, scores) for labels, scores in impressions]
    if not checked:
        return np.empty(0, np.bool_), np.empty(0)
    return np.concatenate([labels for labels, _ in checked]), np.concatenate([scores for _, scores in checked])
