"""Which items the same readers open: neighbours by co-opening, kept up to date event by event.

similarity(i, j) = b / sqrt(readers of i x readers of j) x b / (b + SHRINKAGE), b the readers who opened both. The first
part is the cosine of two columns of the matrix of readers and items (Deshpande & Karypis, Item-based top-N
recommendation, ACM TOIS 22(1), 2004); the second shrinks it where few have opened both (Bell & Koren, ICDM 2007).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from reader.recommend.arrays import Column
from reader.recommend.catalogue import Catalogue, Rows

# Of one reader, so many of the last items are paired with a new one: what an opening may cost. Ours.
PAIRED: Final = 50
# Neighbours that an item keeps; at twice as many the rarest are dropped. Ours: bounds the memory of a busy site.
NEIGHBOURS_KEPT: Final = 200
# Items whose neighbours are held as arrays, about 6 KiB each. Ours.
ARRAYS_KEPT: Final = 4_096
# Common readers at which a similarity counts half; ours, untuned.
SHRINKAGE: Final = 10.0


class CoOpening:
    """Counts of readers by pair of items."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._opened: dict[str, dict[str, None]] = defaultdict(dict)
        self._readers: dict[str, int] = defaultdict(int)
        self._together: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        # Numbers of items in the order of their first opening, and readers by number.
        self._numbers: dict[str, int] = {}
        self._readers_of = Column(np.float64)
        # The neighbours of an item as arrays, (numbers, readers in common), until they change.
        self._arrays: dict[str, tuple[Rows, NDArray[np.float64]]] = {}

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
        self._readers_of.grow_to(self._number(item) + 1)
        self._readers_of.values[self._number(item)] += 1

    def _number(self, item: str) -> int:
        return self._numbers.setdefault(item, len(self._numbers))

    def _pair(self, item: str, other: str) -> None:
        self._arrays.pop(item, None)
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
        scores: NDArray[np.float64] = self.similarities(history, rows)[0].sum(axis=0)
        return scores

    def similarities(self, history: Sequence[int], rows: Rows) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return (history, rows) twice: the similarities, and the numbers of readers who opened both."""
        both = np.zeros((len(history), len(rows)))
        own = np.array([self._numbers.get(self._catalogue.id_at(int(row)), -1) for row in rows], dtype=np.int64)
        place = np.full(len(self._numbers), -1, dtype=np.int64)
        place[own[own >= 0]] = np.flatnonzero(own >= 0)
        readers = np.ones(len(history))
        for index, liked in enumerate(self._catalogue.id_at(row) for row in history):
            readers[index] = max(1, self.readers(liked))
            if liked in self._together:
                numbers, common = self._neighbours(liked)
                places = place[numbers]
                both[index, places[places >= 0]] = common[places >= 0]
        others = np.where(own >= 0, self._readers_of.values[own], 1.0) if len(self._numbers) else np.ones(len(rows))
        return both / np.sqrt(readers[:, None] * others) * both / (both + SHRINKAGE), both

    def _neighbours(self, item: str) -> tuple[Rows, NDArray[np.float64]]:
        if item not in self._arrays:
            neighbours = self._together[item]
            numbers = np.array([self._number(other) for other in neighbours], dtype=np.int64)
            if len(self._arrays) >= ARRAYS_KEPT:
                self._arrays.clear()
            self._arrays[item] = numbers, np.array(list(neighbours.values()), dtype=np.float64)
        return self._arrays[item]
