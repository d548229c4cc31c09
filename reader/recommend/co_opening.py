"""Which items the same readers open: neighbours by co-opening, kept up to date event by event.

similarity(i, j) = b / sqrt(readers of i x readers of j) x b / (b + SHRINKAGE), b the readers who opened both. The first
part is the cosine of two columns of the matrix of readers and items (Deshpande & Karypis, Item-based top-N
recommendation, ACM TOIS 22(1), 2004); the second shrinks it where few have opened both (Bell & Koren, ICDM 2007).
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from reader.recommend.catalogue import Catalogue, Rows

# Of one reader, so many of the last items are paired with a new one: what an opening may cost. Ours.
PAIRED: Final = 50
# Neighbours that an item keeps; at twice as many the rarest are dropped. Ours: bounds the memory of a busy site.
NEIGHBOURS_KEPT: Final = 200
# Common readers at which a similarity counts half; ours, untuned.
SHRINKAGE: Final = 10.0


class CoOpening:
    """Counts of readers by pair of items."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._opened: dict[str, dict[str, None]] = defaultdict(dict)
        self._readers: dict[str, int] = defaultdict(int)
        self._together: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))

    def observe(self, user: str, item: str) -> None:
        """Take in an opening; a second one of the same item by the same reader changes nothing."""
        mine = self._opened[user]
        if item in mine:
            return
        for other in list(mine)[-PAIRED:]:
            self._pair(item, other)
            self._pair(other, item)
        mine[item] = None
        self._readers[item] += 1

    def _pair(self, item: str, other: str) -> None:
        neighbours = self._together[item]
        neighbours[other] += 1
        if len(neighbours) > 2 * NEIGHBOURS_KEPT:
            kept = sorted(neighbours, key=lambda one: (-neighbours[one], one))[:NEIGHBOURS_KEPT]
            self._together[item] = defaultdict(int, {one: neighbours[one] for one in kept})

    def readers(self, item: str) -> int:
        """Return how many readers have opened the item."""
        return self._readers.get(item, 0)

    def forget(self, user: str) -> None:
        """Drop what is kept by the reader's name; the counts that they were part of stay."""
        self._opened.pop(user, None)

    def scores(self, history: Sequence[int], rows: Rows) -> NDArray[np.float64]:
        """Return for each of `rows` the sum of its similarities to the items in the rows of `history`."""
        scores = np.zeros(len(rows))
        place = {self._catalogue.id_at(int(row)): index for index, row in enumerate(rows)}
        for liked in (self._catalogue.id_at(row) for row in history):
            for other, both in self._together.get(liked, {}).items():
                if other in place:
                    scores[place[other]] += self._similarity(liked, other, both)
        return scores

    def _similarity(self, item: str, other: str, both: int) -> float:
        return both / math.sqrt(self._readers[item] * self._readers[other]) * both / (both + SHRINKAGE)
