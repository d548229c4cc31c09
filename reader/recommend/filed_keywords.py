"""Which keywords each item has, by row, and how many items have each: a few bytes for each keyword of each item.

A catalogue of 100,000 articles has millions of different keywords, most of them in one article alone. Kept as texts
with a list of rows each they would take a gigabyte. So a keyword is known by a hash of 64 bits, and rows are found
through sorted blocks. Among ten million keywords, any two have the same hash with a chance of one in 400,000.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from reader.recommend.arrays import read_only
from reader.recommend.forward import Numbers, RowEntries, Trait

# Keywords whose numbers are at hand; those of some dozen readers. Ours.
ASKED_KEPT: Final = 16_384
# Readers whose keywords are at hand as numbers. Ours.
READERS_KEPT: Final = 64
# Entries not sorted yet, as a share of those that are, from which they are before anyone asks. Ours.
_UNSORTED_SHARE: Final = 0.25


@lru_cache(ASKED_KEPT)
def number_of(term: str) -> int:
    """Return the number of a keyword, -2^63 to 2^63 - 1: the same in every process."""
    digest = hashlib.blake2b(term.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little", signed=True)


@lru_cache(READERS_KEPT)
def numbers_of(keywords: tuple[Trait, ...]) -> Numbers:
    """Return the numbers of some keywords, known or not."""
    return read_only(np.array([number_of(term) for _, term in keywords], dtype=np.int64))


@dataclass(frozen=True, slots=True)
class _Block:
    """Entries sorted by number, then row."""

    numbers: Numbers
    rows: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.numbers)


class FiledKeywords:
    """Keywords by row and rows by keyword. For one thread at a time."""

    def __init__(self) -> None:
        self._entries = RowEntries("q")
        # Sorted blocks, each at most half of the one before, of the first `_sorted_rows` rows.
        self._blocks: list[_Block] = []
        self._sorted_rows = 0
        # Frequencies that were asked for since the last row came.
        self._frequencies: dict[int, int] = {}
        # How many rows that are retired have each keyword.
        self._retired: Counter[int] = Counter()

    def append(self, terms: Sequence[tuple[str, float]]) -> None:
        """File the next row under its keywords, with how much it is about each."""
        # Most keywords come once; the memory of `number_of` is for those that are asked for.
        self._entries.append((number_of.__wrapped__(term) for term, _ in terms), (amount for _, amount in terms))
        self._frequencies.clear()

    def retire(self, row: int) -> None:
        """Let a row count no more in frequencies; once."""
        self._retired.update(self._entries.of_row(row))
        self._frequencies.clear()

    def catch_up(self) -> None:
        """Sort what has come, if that is much: so that whoever asks next need not wait for it."""
        starts = self._entries.starts
        known, unsorted = starts[self._sorted_rows], starts[-1] - starts[self._sorted_rows]
        if unsorted > _UNSORTED_SHARE * known:
            self._sort()

    def fill_amounts(self, numbers: Numbers, rows: Numbers, out: NDArray[np.float32]) -> None:
        """Write how much some rows are about some keywords. out: (numbers, rows) float32, zeros."""
        self._entries.fill_amounts(numbers, rows, out)

    def frequencies(self, numbers: Numbers) -> Numbers:
        """Return how many rows have each of some keywords, without retired ones."""
        known, asked = self._frequencies, numbers.tolist()
        missing = [number for number in asked if number not in known]
        if missing:
            known.update(zip(missing, self._count(np.array(missing)).tolist(), strict=True))
        return np.fromiter(map(known.__getitem__, asked), np.int64, len(asked))

    def _count(self, numbers: Numbers) -> Numbers:
        self._sort()
        counts = np.zeros(len(numbers), dtype=np.int64)
        for block in self._blocks:
            counts += block.numbers.searchsorted(numbers, "right") - block.numbers.searchsorted(numbers, "left")
        if self._retired:
            counts -= [self._retired[number] for number in numbers.tolist()]
        return counts

    def frequency(self, keyword: Trait) -> int:
        """Return how many rows have a keyword, without retired ones."""
        return int(self.frequencies(numbers_of((keyword,)))[0])

    def rows(self, keyword: Trait) -> Numbers:
        """Return the rows that have a keyword, ascending."""
        self._sort()
        number = np.int64(number_of(keyword[1]))
        found = [
            block.rows[block.numbers.searchsorted(number, "left") : block.numbers.searchsorted(number, "right")]
            for block in self._blocks
        ]
        return np.concatenate([*found, np.zeros(0, dtype=np.int32)]).astype(np.int64)

    def _sort(self) -> None:
        """Make a block of the rows that are in none, and merge it with those that are not twice as large."""
        starts, first = self._entries.starts, self._sorted_rows
        if first == len(self._entries):
            return
        rows = np.repeat(np.arange(first, len(self._entries), dtype=np.int32), np.diff(starts[first:]))
        self._sorted_rows = len(self._entries)
        self._blocks.append(_sorted(self._entries.numbers[starts[first] :], rows))
        while len(self._blocks) > 1 and len(self._blocks[-2]) <= 2 * len(self._blocks[-1]):
            newer, older = self._blocks.pop(), self._blocks.pop()
            numbers = np.concatenate([older.numbers, newer.numbers])
            self._blocks.append(_sorted(numbers, np.concatenate([older.rows, newer.rows])))


def _sorted(numbers: NDArray[np.integer], rows: NDArray[np.int32]) -> _Block:
    # Stable, so that rows stay ascending where numbers are equal; fast where there are runs, as in a merge.
    order = np.argsort(numbers, kind="stable")
    return _Block(numbers[order].astype(np.int64, copy=False), rows[order])
