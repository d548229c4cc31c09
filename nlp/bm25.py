"""BM25 over a growing catalogue: equal to rank-bm25's BM25Okapi, fast enough for every request.

rank-bm25 walks through all documents for each query term. Here the part of the score that one term gives to one item,
its impact, is kept beside the item's number, so that a query adds up a few arrays. What belongs here: terms, items by
number, scores. What does not: how terms come about (`nlp.terms`), what a query means (`reader.recommend`).
"""

from __future__ import annotations

import inspect
import math
import threading
from collections.abc import Iterable, Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray
from rank_bm25 import BM25Okapi  # type: ignore[import-untyped]  # the package has no types

from nlp.postings import Postings

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]
# The impacts of one term: (ascending item numbers, one impact each). A frequent term has an array over all items
# instead.
_Scattered = tuple[NDArray[np.int32], Floats]

# The parameters are those of rank-bm25, read from it: k1 = 1.5, b = 0.75, epsilon = 0.25 (Trotman, Puurula & Burgess
# 2014).
_DEFAULTS: Final = inspect.signature(BM25Okapi.__init__).parameters
K1: Final[float] = _DEFAULTS["k1"].default
B: Final[float] = _DEFAULTS["b"].default
EPSILON: Final[float] = _DEFAULTS["epsilon"].default

# Ours: a term in more than this share of the items is kept as a full column, which adds faster than scattered items.
_DENSE_SHARE: Final = 0.1


class ImpactIndex:
    """Items by number, in the order in which they were added; any thread may add and ask.

    >>> index = ImpactIndex()
    >>> index.add([{"sea": 2, "wind": 1}, {"sun": 1}, {"sun": 3}, {"rain": 1}])
    >>> indices, scores = index.top({"sea": 1.0, "sun": 0.0}, 2)
    >>> indices.tolist(), scores.round(3).tolist()
    ([0], [1.043])
    """

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._postings = Postings()
        self._floor_idf: float | None = None
        self._columns: dict[str, Floats | _Scattered] = {}

    def __len__(self) -> int:
        return len(self._postings)

    def add(self, documents: Iterable[Mapping[str, int]]) -> None:
        """Append items as counts of terms. Every count must be at least 1: ValueError, and nothing is added."""
        with self._lock:
            self._postings.add(documents)
            self._floor_idf = None
            self._columns = {}

    def retire(self, indices: Iterable[int]) -> None:
        """Let some items count no more in frequencies and means, as if they had not been added; each once.

        They keep their numbers and get scores, which mean nothing any more.
        """
        with self._lock:
            self._postings.retire(indices)
            self._floor_idf = None
            self._columns = {}

    def document_frequency(self, term: str) -> int:
        """Return in how many items the term stands, without retired ones."""
        with self._lock:
            return self._postings.document_frequency(term)

    def scores(self, query: Mapping[str, float]) -> Floats:
        """Return the score of every item, (n,): the sum over terms of weight x idf x saturated frequency.

        With all weights 1 it equals `BM25Okapi.get_scores(list(query))`. A term in more than half of the items has
        epsilon x the mean idf of the vocabulary, as there, which in a tiny catalogue may be negative. Unknown terms
        count 0.
        """
        with self._lock:
            full, scattered = self._columns_of(query)
            total, part = self._sum(scattered), np.empty(len(self))
            for column, weight in full:
                # `part` is reused, since a new array for each term costs more than the sum.
                np.multiply(column, weight, out=part)
                np.add(total, part, out=total)
            return total

    def scores_at(self, query: Mapping[str, float], indices: NDArray[np.integer]) -> Floats:
        """Return the scores of the items with these numbers, in that order; cheaper than `scores` for a few hundred."""
        with self._lock:
            full, scattered = self._columns_of(query)
            total: Floats = self._sum(scattered)[indices]
            for column, weight in full:
                total += weight * column[indices]
            return total

    def top(
        self, query: Mapping[str, float], k: int, *, exclude: NDArray[np.bool_] | None = None
    ) -> tuple[Indices, Floats]:
        """Return numbers and scores of the k best items, best first, ties by number.

        exclude: (n,), True for items to leave out. Items with a score of exactly 0, which have no term of the query,
        are left out too, so fewer than k may come back.
        """
        scores = self.scores(query)
        wanted = scores != 0
        if exclude is not None:
            wanted[: len(exclude)] &= ~exclude[: len(scores)]
        candidates = np.flatnonzero(wanted)
        chosen = candidates[_best(scores[candidates], k)]
        return chosen, scores[chosen]

    def _columns_of(self, query: Mapping[str, float]) -> tuple[list[tuple[Floats, float]], list[_Scattered]]:
        """Return full columns with their weight and scattered ones with the weight multiplied in."""
        weights = {term: weight for term, weight in query.items() if weight}
        columns = list(zip(self._columns_at(weights), weights.values(), strict=True))
        full = [(column, weight) for column, weight in columns if isinstance(column, np.ndarray)]
        return full, [(column[0], weight * column[1]) for column, weight in columns if isinstance(column, tuple)]

    def _sum(self, scattered: list[_Scattered]) -> Floats:
        total = np.zeros(len(self))
        for items, impacts in scattered:
            total[items] += impacts
        return total

    def _columns_at(self, terms: Iterable[str]) -> list[Floats | _Scattered | None]:
        """Return the impacts of each term, None for unknown ones."""
        known = self._columns
        return [known[term] if term in known else self._impacts(term) for term in terms]

    def _impacts(self, term: str) -> Floats | _Scattered | None:
        number = self._postings.term_id(term)
        if number is None:
            return None
        column = self._columns[term] = self._computed(number)
        return column

    def _computed(self, term: int) -> Floats | _Scattered:
        items, counts = self._postings.of(term)
        # Where only retired items have terms, there is no mean and nobody asks for their scores.
        norm = K1 * (1 - B + B * self._postings.lengths()[items] / (self._postings.mean_length() or 1.0))
        impacts = self._idf(self._postings.frequency(term)) * (counts * (K1 + 1) / (counts + norm))
        if len(items) <= _DENSE_SHARE * len(self):
            return items, impacts
        full = np.zeros(len(self))
        full[items] = impacts
        return full

    def _idf(self, frequency: int) -> float:
        idf = math.log(self._postings.kept() - frequency + 0.5) - math.log(frequency + 0.5)
        return idf if idf >= 0 else self._floor()

    def _floor(self) -> float:
        """Return what stands in for a negative idf: EPSILON x the mean idf of the vocabulary, as in BM25Okapi."""
        if self._floor_idf is None:
            frequencies = self._postings.document_frequencies()
            known = frequencies[frequencies > 0]
            self._floor_idf = EPSILON * float(_log_odds(known, self._postings.kept()).mean())
        return self._floor_idf


def _log_odds(frequencies: NDArray[np.int64], documents: int) -> Floats:
    """Return the Robertson-Sparck Jones idf, log((N - df + 0.5) / (df + 0.5)), of each term."""
    idf: Floats = np.log(documents - frequencies + 0.5) - np.log(frequencies + 0.5)
    return idf


def _best(scores: Floats, k: int) -> Indices:
    """Return the places of the k greatest, greatest first, ties by place."""
    if k <= 0:
        return np.empty(0, dtype=np.int64)
    places = np.arange(len(scores))
    if k < len(scores):
        least = np.partition(scores, len(scores) - k)[len(scores) - k]
        places = np.flatnonzero(scores >= least)
    return places[np.argsort(-scores[places], kind="stable")][:k]
