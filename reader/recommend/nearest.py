"""The vectors that point most nearly the same way as some directions: by comparing all, or first by their signs.

The signs of a vector's numbers, less what all vectors share, are a sketch of it, one bit for each: the more alike two
directions, the more of their signs agree (Charikar, STOC 2002). To count signs that differ costs a fraction of the
products, so that among many vectors some thousand likely ones are found by signs, and only these are compared in full.
What is found follows from the vectors, and not from the order in which they came; a new one is one more row. A graph of
neighbours would give that up (docs/adr/0014).
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from reader.recommend.arrays import Column, greatest

# Vectors up to which all are compared: 8,000 x 384 take 2 ms, the budget of DESIGN 7, and from there on sketches are
# faster.
ALL_COMPARED: Final = 8_000
# Likely ones that are compared in full: 14 for each that is wanted, and at least so many. Ours: docs/benchmarks.md has
# how many of the nearest are among them.
LIKELY: Final = 2_000
LIKELY_FOR_EACH: Final = 14
# Half of the signs are counted first, and all of them where these leave a vector among so many times the likely ones.
# Ours: of the titles of 5,510 news the same are found with twice as many already.
_FIRST_WORDS: Final = 3
_FIRST_FOR_EACH: Final = 4
# To what the mean of all is rounded: a new vector then leaves all sketches as they are, but for one in some hundred.
# The mean of news has numbers of 0.02; recall is the same with 0.005 and with 0.02.
MEAN_STEP: Final = 0.01
# Vectors looked through at a time, and sketched at a time: what these take stays in the processor's cache. Ours.
_BLOCK: Final = 1 << 13
_SKETCHED_BLOCK: Final = 1 << 11
_WORD: Final = 64
# Further than any distance.
_NOWHERE: Final = np.iinfo(np.uint16).max
# Words whose differing bits one byte can count.
_WORDS_A_BYTE: Final = 3

Vectors = NDArray[np.float32]
Rows = NDArray[np.int64]


class Nearest:
    """Finds rows of a column of vectors, which may grow: call `catch_up` when it has."""

    def __init__(self, vectors: Column, *, all_compared: int = ALL_COMPARED) -> None:
        self._vectors = vectors
        self._all_compared = all_compared
        self._centre: Vectors = np.zeros(vectors.values.shape[1], dtype=np.float32)
        self._signs = [Column(np.uint64) for _ in range(-(-len(self._centre) // _WORD))]

    def catch_up(self, mean: NDArray[np.float64]) -> None:
        """Sketch the vectors that have come since the last call. mean: (d,), of all that count."""
        if len(self._vectors) <= self._all_compared:
            return
        centre = (np.round(mean / MEAN_STEP) * MEAN_STEP).astype(np.float32)
        moved = {int(number) // _WORD for number in np.flatnonzero(centre != self._centre)}
        self._centre = centre
        for word, column in enumerate(self._signs):
            known = 0 if word in moved else len(column)
            column.grow_to(len(self._vectors))
            self._sketch(word, known)

    def _sketch(self, word: int, start: int) -> None:
        """Write one word of the sketches of all vectors from `start` on."""
        numbers = slice(word * _WORD, (word + 1) * _WORD)
        vectors, signs, centre = self._vectors.values[:, numbers], self._signs[word].values, self._centre[numbers]
        for first in range(start, len(vectors), _SKETCHED_BLOCK):
            block = slice(first, first + _SKETCHED_BLOCK)
            signs[block] = sketch(vectors[block] - centre)[0]

    def top(self, directions: Vectors, count: int, mask: NDArray[np.bool_]) -> tuple[Rows, Vectors]:
        """Return the rows with the greatest cosine to any direction, greatest first, ties by row, and these cosines.

        directions: (k, d) unit rows, k > 0; mask: (n,), the rows that may be found.
        """
        vectors = self._vectors.values
        if len(vectors) <= self._all_compared:
            cosines: Vectors = (vectors @ directions.T).max(axis=1)
            cosines[~mask] = -np.inf
            best = greatest(cosines, count)
            best = best[mask[best]]
            return best, cosines[best]
        rows = self._likely(directions, max(LIKELY, LIKELY_FOR_EACH * count), mask)
        cosines = (vectors[rows] @ directions.T).max(axis=1)
        best = greatest(cosines, count)
        return rows[best], cosines[best]

    def _likely(self, directions: Vectors, count: int, mask: NDArray[np.bool_]) -> Rows:
        """Return, in ascending order, `count` rows or a few more: those with the fewest signs that differ."""
        signs = sketch(directions - self._centre)
        distances = np.empty(len(mask), dtype=np.uint16)
        for start in range(0, len(mask), _BLOCK):
            block = slice(start, start + _BLOCK)
            first = [column.values[block] for column in self._signs[:_FIRST_WORDS]]
            _fewest_differing(first, signs, distances[block])
        np.putmask(distances, ~mask, _NOWHERE)
        rows = np.flatnonzero(_least(distances, _FIRST_FOR_EACH * count) & mask)
        left = np.empty(len(rows), dtype=np.uint16)
        _fewest_differing([column.values[rows] for column in self._signs], signs, left)
        return rows[_least(left, count)]


def sketch(vectors: Vectors) -> NDArray[np.uint64]:
    """Return (words, n) uint64: a bit for each number of each vector, whether it is above 0."""
    bits = np.packbits(vectors > 0, axis=1)
    padded = np.zeros((len(bits), -(-vectors.shape[1] // _WORD) * _WORD // 8), dtype=np.uint8)
    padded[:, : bits.shape[1]] = bits
    return np.ascontiguousarray(padded.view(np.uint64).T)


def _least(distances: NDArray[np.uint16], count: int) -> NDArray[np.bool_]:
    """Return which are among the `count` least, or as far as the last of these."""
    limit = np.partition(distances, count)[count] if count < len(distances) else _NOWHERE
    return distances <= limit


def _fewest_differing(columns: list[NDArray[np.uint64]], signs: NDArray[np.uint64], out: NDArray[np.uint16]) -> None:
    """Write the least number of bits that differ from any of some sketches.

    columns: by word, (n,) each; signs: (words, k); out: (n,).
    """
    total = np.zeros((signs.shape[1], len(out)), dtype=np.uint16)
    for start in range(0, len(columns), _WORDS_A_BYTE):
        part = np.zeros(total.shape, dtype=np.uint8)
        for column, word in zip(columns[start : start + _WORDS_A_BYTE], signs[start:], strict=False):
            part += np.bitwise_count(column ^ word[:, None])
        total += part
    total.min(axis=0, out=out)
