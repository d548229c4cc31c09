"""The lists that trees are fitted to: the newest ones, on disk, in half precision.

Which are kept: of lists with something chosen and something not, the newest that fit. A place takes 2 bytes a factor on
disk, and a float here and there in memory.
"""

from __future__ import annotations

import tempfile
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reader.recommend.challenger.lists import Targets
from reader.recommend.factors.spec import Factors

Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """Some lists of a sample. rows: (places,) int64, of `Sample.factors`; scores: (places,), before the trees."""

    rows: NDArray[np.int64]
    scores: Matrix
    targets: Targets

    @property
    def lists(self) -> int:
        """How many there are."""
        return len(self.targets.sizes)


@dataclass(frozen=True, slots=True, eq=False)
class _Listed:
    """start: of its first place, counted from the beginning of the log."""

    start: int
    gains: Matrix
    scores: Matrix


class Sample:
    """Lists in order of their coming. factors: how many; places: that are kept at most."""

    def __init__(self, factors: int, places: int) -> None:
        self._places = places
        self._lists: deque[_Listed] = deque()
        self._end = 0
        # Sparse: it takes as much of the disk as has been written. The mapping outlives the descriptor.
        with tempfile.TemporaryFile(prefix="reread-sample-") as file:
            self.factors: NDArray[np.float16] = np.memmap(file, np.float16, "w+", shape=(places, factors))

    def __len__(self) -> int:
        return len(self._lists)

    def add(self, factors: Factors, gains: Matrix, scores: Matrix) -> bool:
        """Take in a list; return whether it teaches anything. factors: (factors, places); the others: (places,)."""
        count = len(gains)
        if count > self._places or not 0 < np.count_nonzero(gains) < count:
            return False
        self.factors[np.arange(self._end, self._end + count) % self._places] = factors.T
        self._lists.append(_Listed(self._end, gains, scores))
        self._end += count
        while self._lists[0].start < self._end - self._places:
            self._lists.popleft()
        return True

    def split(self, last: float) -> tuple[Part, Part]:
        """Return the older lists and the newer ones. last: share of the newer ones, 0 to 1; each part has at least one.

        ValueError if there are fewer than two lists.
        """
        if len(self) < 2:
            raise ValueError(f"{len(self)} lists cannot be split in two")
        lists = list(self._lists)
        cut = min(max(1, round(len(lists) * (1 - last))), len(lists) - 1)
        return self._part(lists[:cut]), self._part(lists[cut:])

    def _part(self, lists: Sequence[_Listed]) -> Part:
        sizes = np.array([len(one.gains) for one in lists], dtype=np.int64)
        rows = np.concatenate([np.arange(one.start, one.start + len(one.gains)) for one in lists]) % self._places
        return Part(rows, _joined(one.scores for one in lists), Targets.of(_joined(one.gains for one in lists), sizes))


def _joined(parts: Iterable[Matrix]) -> Matrix:
    return np.concatenate(list(parts))
