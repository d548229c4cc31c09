"""The lexical index, asked for what each word gives to each of some candidates, so that many queries share one look."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from nlp.bm25 import ImpactIndex

# In the items of a word that more have, candidates are looked for; those of rarer words are gone through. Ours: for 200
# candidates and 40 words of 1,000 items each looking took three times as long, of 5,000 a sixth.
_MANY: Final = 2_000


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
            for number, column in enumerate(self._columns_at(words)):
                if isinstance(column, np.ndarray):
                    impacts[number] = column[rows]
                elif column is not None and len(column[0]) > _MANY:
                    _look_up(*column, rows, impacts[number])
                elif column is not None:
                    scattered.append((number, *column))
        if scattered:
            numbers, items, parts = zip(*scattered, strict=True)
            places = position[np.concatenate(items)]
            known = np.flatnonzero(places >= 0)
            ends = np.cumsum(np.fromiter(map(len, items), np.int64, len(items)))
            owners = np.array(numbers)[np.searchsorted(ends, known, "right")]
            impacts[owners, places[known]] = np.concatenate(parts)[known]
        return impacts


def _look_up(
    items: NDArray[np.int32], parts: NDArray[np.float64], rows: NDArray[np.int64], out: NDArray[np.float32]
) -> None:
    """Write the parts of those rows that are among the items. items: ascending, some; out: (rows,), zeros."""
    wanted = rows.astype(items.dtype)
    places = np.minimum(items.searchsorted(wanted), len(items) - 1)
    found = np.flatnonzero(items[places] == wanted)
    out[found] = parts[places[found]]
