"""What a list is like apart from its hits: how varied, how new, how close to what the reader opens."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

# Share of the reader's own distribution mixed into the list's, so that a missing topic has a finite cost: Steck 2018.
_STECK_ALPHA: Final = 0.01


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
    if k < 1:
        raise ValueError(f"k is {k}; it counts places from 1")
    shown = {item for items in lists for item in items[:k]}
    return len(shown & set(catalogue)) / len(set(catalogue))


def novelty(readers: NDArray[np.float64], population: float) -> float:
    """Return the mean self-information of a list's items, in bits; 0 < novelty <= log2(population + 2).

    -log2 of (readers + 1) / (population + 2): the share of readers who have opened the item, by the rule of
    succession, so that an item nobody opened is finitely new and one that all opened is not known with certainty.
    readers: (n,) number of readers who have opened each item, 0 to population. ValueError for a list of none.
    Sources: Zhou et al., PNAS 107(10), 2010 (log2 of population over readers); Castells, Vargas & Wang, Novelty and
    Diversity Metrics for Recommender Systems, DDR workshop at ECIR 2011. The smoothing is ours.

    >>> novelty(np.array([0.0, 3.0]), population=6)  # (log2(8/1) + log2(8/4)) / 2
    2.0
    """
    if not len(readers):
        raise ValueError("novelty needs at least one item")
    # Negated, so that NaN is refused too.
    if not (readers.min() >= 0 and readers.max() <= population < math.inf):
        raise ValueError(f"readers of an item must be between 0 and the population of {population}")
    return float(np.log2((population + 2) / (readers + 1)).mean())


def repeats(items: Sequence[str], before: Collection[str]) -> float:
    """Return the share of a list's items that stood in this reader's list before; 0 to 1.

    before: items of the list before, or of all of them; a set is fastest. ValueError for a list of none.
    Source: Lathia et al., Temporal Diversity in Recommender Systems, SIGIR 2010. It is 1 - their diversity if
    `before` is the last list alone, and 1 - their novelty if it is all there were.

    >>> repeats(["a", "b", "c", "d"], {"a", "x"})
    0.25
    """
    if not items:
        raise ValueError("repeats need at least one item")
    return sum(item in before for item in items) / len(items)


def miscalibration(history: Mapping[str, float], listed: Mapping[str, float]) -> float:
    """Return how far the topics of a list are from those that the reader opens; 0 to ln(100), natural units.

    The Kullback-Leibler divergence sum of p ln(p / q'), q' = 0.99 q + 0.01 p; p is the distribution of `history`,
    q that of `listed`. Both map topic to weight (a count or a share, >= 0) and are scaled to sum 1 here; ValueError
    where nothing is left to scale. Source: Steck, Calibrated Recommendations, RecSys 2018, equations 5 and 6.

    >>> round(miscalibration({"space": 7, "food": 3}, {"space": 10}), 3)  # 0.7 ln(0.7/0.997) + 0.3 ln(0.3/0.003)
    1.134
    """
    wanted, shown = _distribution(history, "history"), _distribution(listed, "list")
    mixed = {topic: (1 - _STECK_ALPHA) * shown.get(topic, 0.0) + _STECK_ALPHA * p for topic, p in wanted.items()}
    divergence = math.fsum(p * math.log(p / mixed[topic]) for topic, p in wanted.items())
    return max(0.0, divergence)  # rounding leaves -1e-17 for equal distributions


def _distribution(weights: Mapping[str, float], of: str) -> dict[str, float]:
    if not all(0 <= weight < math.inf for weight in weights.values()):
        raise ValueError(f"weights of topics in the {of} must be finite and not negative")
    total = math.fsum(weights.values())
    if not total:
        raise ValueError(f"miscalibration needs a topic in the {of}")
    return {topic: weight / total for topic, weight in weights.items() if weight}
