"""Which features each item has, by row: what scoring some hundred candidates looks up, however many items there are.

Walking the postings of a feature costs with the number of items that have it, in a large catalogue many thousands; a
candidate has a few dozen features.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

# Features whose numbers are at hand; those of some dozen readers. Ours.
ASKED_KEPT: Final = 16_384
# Lowest bits of a feature's number by which `fill_amounts` passes over entries; 64 kB.
_TABLE_BITS: Final = 16
_LOWEST: Final = (1 << _TABLE_BITS) - 1

Trait = tuple[str, str]
Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Entries:
    """Features of some rows. places: (e,) index into these rows, ascending; features: (e,) their numbers."""

    places: Numbers
    features: Numbers


class Forward:
    """Features by row and rows by feature; features are numbered as they come. For one thread at a time."""

    def __init__(self, kinds: Sequence[str] = ("keyword",)) -> None:
        """kinds: of features, in the order of `kinds_of`."""
        self._kinds = {kind: index for index, kind in enumerate(kinds)}
        self._kind_of = array("b")
        self._numbers: dict[Trait, int] = {}
        self._rows: list[array[int]] = []
        self._starts = array("q", [0])
        self._features = array("i")
        self._amounts = array("f")
        self._asked: dict[Trait, int] = {}

    def __len__(self) -> int:
        """How many features there are."""
        return len(self._rows)

    def append(self, features: Iterable[tuple[Trait, float]]) -> None:
        """File the next row under its features, with how much it is about each."""
        row = len(self._starts) - 1
        for feature, amount in features:
            number = self._numbers.setdefault(feature, len(self._rows))
            if number == len(self._rows):
                self._rows.append(array("i"))
                self._kind_of.append(self._kinds[feature[0]])
            self._rows[number].append(row)
            self._features.append(number)
            self._amounts.append(amount)
        self._starts.append(len(self._features))

    def named(self, kind: str) -> dict[int, str]:
        """Return the features of one kind by number; a walk through all there are."""
        return {number: name for (own, name), number in self._numbers.items() if own == kind}

    def kinds_of(self, features: Numbers) -> Numbers:
        """Return the kinds of features by their numbers."""
        kinds = np.frombuffer(self._kind_of, dtype=np.int8) if len(self) else np.zeros(0, dtype=np.int8)
        return kinds[features].astype(np.int64)

    def rows(self, feature: Trait) -> Numbers:
        """Return the rows that have a feature, ascending."""
        number = self._numbers.get(feature)
        return np.array(() if number is None else self._rows[number], dtype=np.int64)

    def frequency(self, feature: Trait) -> int:
        """Return how many rows have a feature."""
        number = self._numbers.get(feature)
        return 0 if number is None else len(self._rows[number])

    def of_row(self, row: int) -> array[int]:
        """Return the numbers of the features of one row."""
        return self._features[self._starts[row] : self._starts[row + 1]]

    def entries(self, rows: Numbers) -> Entries:
        """Return the features of some rows."""
        where, ends = self._where(rows)
        places = np.repeat(np.arange(len(rows)), np.diff(ends, prepend=0))
        if not len(where):
            return Entries(places, np.zeros(0, dtype=np.int64))
        return Entries(places, np.frombuffer(self._features, dtype=np.int32)[where].astype(np.int64))

    def _where(self, rows: Numbers) -> tuple[Numbers, Numbers]:
        """Return where the entries of some rows lie, row after row, and (rows,) where each row's end among these."""
        starts = np.frombuffer(self._starts, dtype=np.int64)
        first = starts[rows]
        lengths = starts[rows + 1] - first
        ends = np.cumsum(lengths)
        where = np.repeat(first - ends + lengths, lengths)
        where += np.arange(len(where))
        return where, ends

    def numbers(self, features: Iterable[Trait]) -> Numbers:
        """Return the numbers of some features, -1 for those that no row has."""
        return np.array([self._number(feature) for feature in features], dtype=np.int64)

    def _number(self, feature: Trait) -> int:
        # What is asked for is mostly what was asked for a moment ago, and a small table is faster than a large one.
        number = self._asked.get(feature, -1)
        if number < 0:
            number = self._numbers.get(feature, -1)
            if number >= 0:
                if len(self._asked) >= ASKED_KEPT:
                    self._asked.clear()
                self._asked[feature] = number
        return number

    def frequencies(self, numbers: Numbers) -> Numbers:
        """Return how many rows have each of some features, 0 for a number of -1."""
        return np.array([len(self._rows[number]) if number >= 0 else 0 for number in numbers.tolist()], dtype=np.int64)

    def fill_amounts(self, numbers: Numbers, rows: Numbers, out: NDArray[np.float32]) -> None:
        """Write how much some rows are about some features, which differ. out: (features, rows) float32, zeros."""
        known = np.flatnonzero(numbers >= 0)
        if not len(known) or not len(rows):
            return
        where, ends = self._where(rows)
        entries = np.frombuffer(self._features, dtype=np.int32)[where]
        # A table over the lowest bits stays in the processor's cache, as one over all features would not. Few entries
        # pass it, so that what is asked of each of these costs little.
        table = np.zeros(1 << _TABLE_BITS, dtype=np.bool_)
        table[numbers[known] & _LOWEST] = True
        hits = np.flatnonzero(table[entries & _LOWEST])
        found = entries[hits]
        order = np.argsort(numbers[known])
        ascending = numbers[known][order]
        places = np.minimum(np.searchsorted(ascending, found), len(ascending) - 1)
        own = np.flatnonzero(ascending[places] == found)
        hits, slots = hits[own], known[order[places[own]]]
        of_rows = np.searchsorted(ends, hits, "right")
        out[slots, of_rows] = np.frombuffer(self._amounts, dtype=np.float32)[where[hits]]
