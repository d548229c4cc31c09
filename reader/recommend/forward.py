"""Which features each item has, by row: what scoring some hundred candidates looks up, however many items there are.

Walking the postings of a feature costs with the number of items that have it, in a large catalogue many thousands; a
candidate has a few dozen features. Keywords, of which there are millions, are in `reader.recommend.filed_keywords`.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

# Lowest bits of a feature's number by which `fill_amounts` passes over entries; 64 kB.
_TABLE_BITS: Final = 16
_LOWEST: Final = (1 << _TABLE_BITS) - 1
_TYPES: Final = {"i": np.int32, "q": np.int64}

Trait = tuple[str, str]
Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Entries:
    """Features of some rows. places: (e,) index into these rows, ascending; features: (e,) their numbers."""

    places: Numbers
    features: Numbers


class RowEntries:
    """Numbers by row, with an amount each; rows are appended. For one thread at a time."""

    def __init__(self, typecode: Literal["i", "q"]) -> None:
        """typecode: of the numbers, 32 or 64 bits."""
        self._starts = array("q", [0])
        self._numbers = array(typecode)
        self._amounts = array("f")

    def __len__(self) -> int:
        """How many rows there are."""
        return len(self._starts) - 1

    def append(self, numbers: Iterable[int], amounts: Iterable[float]) -> None:
        """Add a row."""
        self._numbers.extend(numbers)
        self._amounts.extend(amounts)
        self._starts.append(len(self._numbers))

    @property
    def starts(self) -> Numbers:
        """(rows + 1,): where the entries of each row begin. To be dropped before the next row is appended."""
        return np.frombuffer(self._starts, dtype=np.int64)

    @property
    def numbers(self) -> NDArray[np.int32] | Numbers:
        """All numbers, row after row. To be dropped before the next row is appended."""
        dtype = _TYPES[self._numbers.typecode]
        return np.frombuffer(self._numbers, dtype=dtype) if self._numbers else np.zeros(0, dtype=dtype)

    def of_row(self, row: int) -> array[int]:
        """Return the numbers of one row."""
        return self._numbers[self._starts[row] : self._starts[row + 1]]

    def entries(self, rows: Numbers) -> Entries:
        """Return the numbers of some rows."""
        where, ends = self._where(rows)
        places = np.repeat(np.arange(len(rows)), np.diff(ends, prepend=0))
        return Entries(places, self.numbers[where].astype(np.int64, copy=False))

    def _where(self, rows: Numbers) -> tuple[Numbers, Numbers]:
        """Return where the entries of some rows lie, row after row, and (rows,) where each row's end among these."""
        starts = self.starts
        first = starts[rows]
        lengths = starts[rows + 1] - first
        ends = np.cumsum(lengths)
        where = np.repeat(first - ends + lengths, lengths)
        where += np.arange(len(where))
        return where, ends

    def fill_amounts(self, numbers: Numbers, rows: Numbers, out: NDArray[np.float32]) -> None:
        """Write how much some rows are about some features. out: (numbers, rows) float32, zeros.

        Numbers must differ, but for some that no row has.
        """
        if not len(numbers) or not len(rows):
            return
        where, ends = self._where(rows)
        entries = self.numbers[where]
        # A table over the lowest bits stays in the processor's cache, as one over all features would not. Few entries
        # pass it, so that what is asked of each of these costs little.
        table = np.zeros(1 << _TABLE_BITS, dtype=np.bool_)
        table[numbers & _LOWEST] = True
        hits = np.flatnonzero(table[entries & _LOWEST])
        order = np.argsort(numbers)
        ascending = numbers[order]
        places = np.minimum(np.searchsorted(ascending, entries[hits]), len(ascending) - 1)
        own = np.flatnonzero(ascending[places] == entries[hits])
        hits, slots = hits[own], order[places[own]]
        if len(hits):
            of_rows = np.searchsorted(ends, hits, "right")
            out[slots, of_rows] = np.frombuffer(self._amounts, dtype=np.float32)[where[hits]]


class Forward:
    """Features by row and rows by feature; features are numbered as they come. For one thread at a time."""

    def __init__(self, kinds: Sequence[str] = ()) -> None:
        """kinds: that features may have, in the order of `kinds_of`."""
        self._kinds = {kind: index for index, kind in enumerate(kinds)}
        self._kind_of = array("b")
        self._numbers: dict[Trait, int] = {}
        self._rows: list[array[int]] = []
        self._entries = RowEntries("i")

    def __len__(self) -> int:
        """How many features there are."""
        return len(self._rows)

    def append(self, features: Iterable[Trait]) -> None:
        """File the next row under its features."""
        row, numbers = len(self._entries), [self._file(feature) for feature in features]
        for number in numbers:
            self._rows[number].append(row)
        self._entries.append(numbers, [1.0] * len(numbers))

    def _file(self, feature: Trait) -> int:
        number = self._numbers.setdefault(feature, len(self._rows))
        if number == len(self._rows):
            self._rows.append(array("i"))
            self._kind_of.append(self._kinds[feature[0]])
        return number

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

    def of_row(self, row: int) -> array[int]:
        """Return the numbers of the features of one row."""
        return self._entries.of_row(row)

    def entries(self, rows: Numbers) -> Entries:
        """Return the features of some rows."""
        return self._entries.entries(rows)

    def numbers(self, features: Iterable[Trait]) -> Numbers:
        """Return the numbers of some features, -1 for those that no row has."""
        return np.array([self._numbers.get(feature, -1) for feature in features], dtype=np.int64)
