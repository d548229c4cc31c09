"""Which items the same readers open: neighbours by co-opening, kept up to date event by event.

similarity(i, j) = b / sqrt(readers of i x readers of j) x b / (b + SHRINKAGE), b the readers who opened both. The first
part is the cosine of two columns of the matrix of readers and items (Deshpande & Karypis, Item-based top-N
recommendation, ACM TOIS 22(1), 2004); the second shrinks it where few have opened both (Bell & Koren, ICDM 2007).
"""

from __future__ import annotations

from collections import defaultdict
from itertools import islice
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
        # Items are numbered in the order of their first opening; all below goes by these numbers.
        self._numbers: dict[str, int] = {}
        self._items: list[str] = []
        self._opened: dict[str, dict[int, None]] = defaultdict(dict)
        self._together: list[dict[int, int]] = []
        self._readers_of = Column(np.float64)
        # The number of the item in each row of the catalogue, -1 for one that nobody has opened.
        self._number_at = Column(np.int64)
        # The neighbours of an item as arrays, (numbers, readers in common), until they change.
        self._arrays: dict[int, tuple[Rows, NDArray[np.float64]]] = {}

    def observe(self, user: str, item: str) -> None:
        """Take in an opening; a second one of the same item by the same reader changes nothing."""
        mine, number = self._opened[user], self._number(item)
        if number in mine:
            return
        for other in islice(reversed(mine), PAIRED):
            self._pair(number, other)
            self._pair(other, number)
        mine[number] = None
        self._readers_of.values[number] += 1

    def _number(self, item: str) -> int:
        number = self._numbers.get(item)
        if number is None:
            number = self._numbers[item] = len(self._items)
            self._items.append(item)
            self._together.append({})
            self._readers_of.grow_to(number + 1)
            row = self._catalogue.row(item)
            if row is not None and row < len(self._number_at):
                self._number_at.values[row] = number
        return number

    def _pair(self, item: int, other: int) -> None:
        self._arrays.pop(item, None)
        neighbours = self._together[item]
        neighbours[other] = neighbours.get(other, 0) + 1
        if len(neighbours) > 2 * NEIGHBOURS_KEPT:
            kept = sorted(neighbours, key=lambda one: (-neighbours[one], self._items[one]))[:NEIGHBOURS_KEPT]
            self._together[item] = {one: neighbours[one] for one in kept}

    def readers(self, item: str) -> int:
        """Return how many readers have opened the item."""
        number = self._numbers.get(item)
        return 0 if number is None else int(self._readers_of.values[number])

    def knows(self, user: str) -> bool:
        """Whether anything is kept under a reader's name."""
        return bool(self._opened.get(user))

    def scores(self, history: Rows, rows: Rows) -> NDArray[np.float64]:
        """Return for each of `rows` the sum of its similarities to the items in the rows of `history`."""
        scores: NDArray[np.float64] = self.similarities(history, rows)[0].sum(axis=0)
        return scores

    def similarities(self, history: Rows, rows: Rows) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return (history, rows) twice: the similarities, and the numbers of readers who opened both."""
        similar, both = np.zeros((2, len(history), len(rows)))
        liked = self._numbers_at(history)
        found = [(index, *self._neighbours(number)) for index, number in enumerate(liked.tolist()) if number >= 0]
        if not found:
            return similar, both
        place = np.full(len(self._items), -1, dtype=np.int64)
        own = self._numbers_at(rows)
        place[own[own >= 0]] = np.flatnonzero(own >= 0)
        owners = np.repeat([index for index, _, _ in found], [len(numbers) for _, numbers, _ in found])
        places = place[np.concatenate([numbers for _, numbers, _ in found])]
        hits = np.flatnonzero(places >= 0)
        owners, places = owners[hits], places[hits]
        common = np.concatenate([common for _, _, common in found])[hits]
        readers = self._readers_of.values
        norm = np.sqrt(readers[liked[owners]] * readers[own[places]])
        both[owners, places] = common
        similar[owners, places] = common / norm * common / (common + SHRINKAGE)
        return similar, both

    def _numbers_at(self, rows: Rows) -> Rows:
        """Return the numbers of the items in some rows, -1 for those that nobody has opened."""
        known = self._number_at
        if len(known) < len(self._catalogue.published_s):
            start = len(known)
            known.grow_to(len(self._catalogue.published_s))
            fresh = self._catalogue.ids_at(np.arange(start, len(known)))
            known.values[start:] = [self._numbers.get(item, -1) for item in fresh]
        numbers: Rows = known.values[rows]
        return numbers

    def _neighbours(self, number: int) -> tuple[Rows, NDArray[np.float64]]:
        if number not in self._arrays:
            neighbours = self._together[number]
            if len(self._arrays) >= ARRAYS_KEPT:
                self._arrays.clear()
            self._arrays[number] = (
                np.fromiter(neighbours, dtype=np.int64, count=len(neighbours)),
                np.fromiter(neighbours.values(), dtype=np.float64, count=len(neighbours)),
            )
        return self._arrays[number]
