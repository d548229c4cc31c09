"""How well one ranking puts the opened items first, and AUC over the rankings of many readers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

Labels = Sequence[int] | Sequence[bool] | NDArray[np.generic]
Scores = Sequence[float] | NDArray[np.floating]

# Up to so many opens, counting what stands above each costs less than sorting all: ours, measured at 40 and at 20,000.
_FEW_OPENS: Final = 8


def is_scorable(labels: Labels) -> bool:
    """Whether there is at least one open and one other, which all means of MIND require of an impression."""
    opened = _opened(labels)
    return bool(opened.any() and not opened.all())


def auc(labels: Labels, scores: Scores) -> float:
    """Return the chance that an opened item scores above another one, a tie counting half; 0 to 1.

    (pairs in the right order + half the tied pairs) / (p n), for p opened and n others: the Mann-Whitney statistic.
    Source: Hanley & McNeil, Radiology 143(1), 1982.

    >>> auc([1, 0, 0], [0.5, 0.5, 0.1])
    0.75
    """
    opened, values = checked(labels, scores)
    positives, negatives = values[opened], np.sort(values[~opened])
    if not len(positives) or not len(negatives):
        raise ValueError("AUC needs at least one open and one other")
    # Others below an open, and others below or level with it: their sum counts a tie once where an order counts twice.
    twice = int(negatives.searchsorted(positives, "left").sum() + negatives.searchsorted(positives, "right").sum())
    return twice / 2 / (len(positives) * len(negatives))


def mrr(labels: Labels, scores: Scores) -> float:
    """Return the mean of 1 / rank over all opened items; in (0, 1].

    This is the MRR of MIND's own evaluation, not 1 / rank of the first alone; with one open both are the same.
    Source: Wu et al., MIND, ACL 2020, and its evaluation script.

    >>> mrr([0, 1, 1], [0.9, 0.8, 0.7])  # (1/2 + 1/3) / 2
    0.41666666666666663
    """
    ranks = _open_ranks(labels, scores)
    return float((1 / ranks).sum() / len(ranks))


def ndcg(labels: Labels, scores: Scores, k: int) -> float:
    """Return the discounted gain of the first k over that of the best order; 0 to 1.

    DCG = sum of label / log2(1 + rank). Source: Järvelin & Kekäläinen, ACM TOIS 20(4), 2002, with binary gains; they
    leave rank 2 undiscounted, where MIND's evaluation (Wu et al., ACL 2020) and scikit-learn add 1 to each rank.

    >>> round(ndcg([0, 1, 0], [3.0, 2.0, 1.0], k=5), 4)  # 1/log2(3)
    0.6309
    """
    ranks, depth = _open_ranks(labels, scores), _depth(k)
    best = np.arange(1, min(len(ranks), depth) + 1)
    return _gain(ranks[ranks <= depth]) / _gain(best)


def hit(labels: Labels, scores: Scores, k: int) -> float:
    """Return 1.0 if an opened item is among the first k, else 0.0.

    Source: Deshpande & Karypis, ACM TOIS 22(1), 2004 (hit rate; the mean of this is hit@k).

    >>> hit([0, 0, 1], [3.0, 2.0, 1.0], k=2)
    0.0
    """
    return float(_open_ranks(labels, scores)[0] <= _depth(k))


def gauc(impressions_by_reader: Mapping[str, Sequence[tuple[Labels, Scores]]]) -> float:
    """Return the AUC over all impressions of a reader, averaged over readers by their number of impressions; 0 to 1.

    Readers without an open or without another are left out; ValueError if none remains. Scores of one reader must be
    comparable across impressions. Source: Zhu et al., Optimized Cost per Click, KDD 2017.
    """
    aucs = weighted_aucs(impressions_by_reader)
    weights, values = zip(*aucs.values(), strict=True)
    return float(np.average(values, weights=weights))


def weighted_aucs(
    impressions_by_reader: Mapping[str, Sequence[tuple[Labels, Scores]]],
) -> dict[str, tuple[int, float]]:
    """Return reader -> (impressions, AUC over all of them), for the readers that GAUC averages; ValueError if none."""
    aucs: dict[str, tuple[int, float]] = {}
    for reader, impressions in impressions_by_reader.items():
        labels, scores = pooled(impressions)
        if is_scorable(labels):
            aucs[reader] = (len(impressions), auc(labels, scores))
    if not aucs:
        raise ValueError("GAUC needs a reader with at least one open and one other")
    return aucs


def checked(labels: Labels, scores: Scores) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """Return labels and scores as (n,) arrays; ValueError if they are not one each, 0 or 1, and finite."""
    opened, values = _opened(labels), np.asarray(scores, dtype=np.float64)
    if opened.shape != values.shape or opened.ndim != 1:
        raise ValueError(f"{opened.shape} labels for {values.shape} scores; give one each")
    if not np.isfinite(values).all():
        raise ValueError("scores must be finite")
    return opened, values


def pooled(impressions: Sequence[tuple[Labels, Scores]]) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """Return the labels and the scores of all impressions as one list, checked one by one; empty if there is none."""
    lists = [checked(labels, scores) for labels, scores in impressions]
    if not lists:
        return np.empty(0, np.bool_), np.empty(0)
    return np.concatenate([labels for labels, _ in lists]), np.concatenate([scores for _, scores in lists])


def _opened(labels: Labels) -> NDArray[np.bool_]:
    values = np.asarray(labels)
    opened = values.astype(np.bool_)
    if not (values == opened).all():
        raise ValueError("labels are 0 or 1")
    return opened


def _open_ranks(labels: Labels, scores: Scores) -> NDArray[np.int64]:
    """Return the ranks of the opened items, from 1, rising; ties of the score go by the order given."""
    opened, values = checked(labels, scores)
    places = opened.nonzero()[0]
    if not len(places):
        raise ValueError("a ranking is scored by its opens; there are none")
    if len(places) > _FEW_OPENS:
        return opened[(-values).argsort(kind="stable")].nonzero()[0] + 1
    return np.array(sorted(_rank(values, int(place)) for place in places))


def _rank(values: NDArray[np.float64], place: int) -> int:
    """Return 1 + the scores above that of one place + the equal ones before it."""
    value = values[place]
    return 1 + int(np.count_nonzero(values > value)) + int(np.count_nonzero(values[:place] == value))


def _gain(ranks: NDArray[np.int64]) -> float:
    return float((1 / np.log2(1 + ranks)).sum())


def _depth(k: int) -> int:
    if k < 1:
        raise ValueError(f"k is {k}; it counts places from 1")
    return k
