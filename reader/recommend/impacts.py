"""The lexical index, asked for what each word gives to each of some candidates, so that many queries share one look."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from nlp.bm25 import ImpactIndex


class CandidateIndex(ImpactIndex):
    """An `ImpactIndex` that gives impacts word by word."""

    def impacts_at(
        self, words: Sequence[str], rows: NDArray[np.int64], position: NDArray[np.int32]
    ) -> NDArray[np.float32]:
        """Return (words, rows) float32: the part of the BM25 score that each word gives; 0 where it does not stand.

        position: of every row of the catalogue its place in `rows`, -1 for the others. `scores_at(query, rows)` is
        the sum of these times the weights of the query.
        """
        impacts = np.zeros((len(words), len(rows)), dtype=np.float32)
        scattered = []
        with self._lock:
            for number, word in enumerate(words):
                term = self._postings.term_id(word)
                column = None if term is None else self._column(term)
                if isinstance(column, np.ndarray):
                    impacts[number] = column[rows]
                elif column is not None:
                    scattered.append((number, *column))
        if scattered:
            numbers, items, parts = zip(*scattered, strict=True)
            places = position[np.concatenate(items)]
            known = np.flatnonzero(places >= 0)
            ends = np.cumsum([len(own) for own in items])
            owners = np.array(numbers)[np.searchsorted(ends, known, "right")]
            impacts[owners, places[known]] = np.concatenate(parts)[known]
        return impacts
