"""Which item has which term how often: the store below `nlp.bm25`.

Items arrive one by one or by the ten thousand. Each batch becomes a block sorted by term; blocks of about the same
size are merged, as in a log-structured merge tree, so that n single additions move O(n log n) entries and a term is
looked up in O(log n) blocks. What does not belong here: weights and scores.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int32]
Scalar = TypeVar("Scalar", bound=np.generic)


@dataclass(frozen=True, slots=True)
class _Block:
    """Entries sorted by term, then item: three columns of equal length."""

    terms: Ints
    items: Ints
    counts: Ints

    def __len__(self) -> int:
        return len(self.terms)

    def of(self, term: int) -> slice:
        wanted = np.int32(term)  # a plain int would make numpy convert the whole column first
        return slice(int(self.terms.searchsorted(wanted, "left")), int(self.terms.searchsorted(wanted, "right")))


class Postings:
    """Counts of terms by item. Not for several threads at once; `ImpactIndex` holds the lock."""

    def __init__(self) -> None:
        self._vocabulary: dict[str, int] = {}
        self._blocks: list[_Block] = []
        self._lengths = np.zeros(0)
        self._frequencies = np.zeros(0, dtype=np.int64)
        self._size = 0
        # Of the items that are not retired: how many, and the sum of their lengths.
        self._kept = 0
        self._total = 0.0

    def __len__(self) -> int:
        return self._size

    def add(self, documents: Iterable[Mapping[str, int]]) -> None:
        """Append items. ValueError if a count is below 1; then nothing has changed."""
        batch = list(documents)
        sizes = np.fromiter(map(len, batch), dtype=np.int64, count=len(batch))
        counts = np.fromiter(chain.from_iterable(d.values() for d in batch), dtype=np.int32, count=int(sizes.sum()))
        if len(counts) and counts.min() < 1:
            raise ValueError(f"the count of a term is {counts.min()}; give counts of at least 1")
        items = np.repeat(np.arange(self._size, self._size + len(batch), dtype=np.int32), sizes)
        terms = self._term_ids(batch, len(counts))
        lengths = np.bincount(items - self._size, weights=counts, minlength=len(batch))
        self._append_lengths(lengths.astype(np.float64))
        self._count(terms)
        self._push(_sorted(terms, items, counts))

    def retire(self, items: Iterable[int]) -> None:
        """Let some items count no more in what is said of all of them; their own counts stay. Each item once."""
        gone = np.fromiter(items, dtype=np.int32)
        if not len(gone):
            return
        # A look-up by item: of ten million entries it takes some 15 ms, np.isin up to 180.
        is_gone = np.zeros(self._size, dtype=np.bool_)
        is_gone[gone] = True
        for block in self._blocks:
            np.subtract.at(self._frequencies, block.terms[is_gone[block.items]], 1)
        self._kept -= len(gone)
        self._total -= float(self._lengths[gone].sum())

    def kept(self) -> int:
        """Return how many items are not retired."""
        return self._kept

    def term_id(self, term: str) -> int | None:
        """Return the number of a term, None if no item has it."""
        return self._vocabulary.get(term)

    def document_frequency(self, term: str) -> int:
        """Return how many items have the term, without retired ones."""
        number = self._vocabulary.get(term)
        return 0 if number is None else int(self._frequencies[number])

    def frequency(self, term: int) -> int:
        """Return the same by the number of the term."""
        return int(self._frequencies[term])

    def document_frequencies(self) -> NDArray[np.int64]:
        """Return the same for all terms, by number."""
        return self._frequencies[: len(self._vocabulary)]

    def lengths(self) -> NDArray[np.float64]:
        """Return the sum of counts of each item, (n,)."""
        return self._lengths[: self._size]

    def mean_length(self) -> float:
        """Return the mean of `lengths` without those of retired items, 0 of none."""
        return self._total / self._kept if self._kept else 0.0

    def of(self, term: int) -> tuple[Ints, Ints]:
        """Return the items that have the term, ascending, and how often; retired ones, too."""
        parts = [(block, block.of(term)) for block in self._blocks]
        items = np.concatenate([block.items[part] for block, part in parts])
        counts = np.concatenate([block.counts[part] for block, part in parts])
        return items, counts

    def _term_ids(self, batch: list[Mapping[str, int]], entries: int) -> Ints:
        vocabulary = self._vocabulary
        for document in batch:
            for term in document:
                if term not in vocabulary:
                    vocabulary[term] = len(vocabulary)
        return np.fromiter((vocabulary[term] for d in batch for term in d), dtype=np.int32, count=entries)

    def _append_lengths(self, lengths: NDArray[np.float64]) -> None:
        end = self._size + len(lengths)
        self._lengths = _grown(self._lengths, end)
        self._lengths[self._size : end] = lengths
        self._size = end
        self._kept += len(lengths)
        self._total += float(lengths.sum())

    def _count(self, terms: Ints) -> None:
        self._frequencies = _grown(self._frequencies, len(self._vocabulary))
        np.add.at(self._frequencies, terms, 1)

    def _push(self, block: _Block) -> None:
        if not len(block):
            return
        self._blocks.append(block)
        while len(self._blocks) > 1 and len(self._blocks[-2]) <= 2 * len(self._blocks[-1]):
            newer, older = self._blocks.pop(), self._blocks.pop()
            self._blocks.append(_merged(older, newer))


def _sorted(terms: Ints, items: Ints, counts: Ints) -> _Block:
    order = np.argsort(terms, kind="stable")
    return _Block(terms[order], items[order], counts[order])


def _merged(older: _Block, newer: _Block) -> _Block:
    # A stable sort by term keeps the items ascending, since all of the older block's come first.
    pairs = zip((older.terms, older.items, older.counts), (newer.terms, newer.items, newer.counts), strict=True)
    terms, items, counts = (np.concatenate(pair) for pair in pairs)
    return _sorted(terms, items, counts)


def _grown(values: NDArray[Scalar], size: int) -> NDArray[Scalar]:
    """Return the array, or a copy twice as long as needed, filled with 0, if it is shorter than `size`."""
    if size <= len(values):
        return values
    grown = np.zeros(2 * size, dtype=values.dtype)
    grown[: len(values)] = values
    return grown
