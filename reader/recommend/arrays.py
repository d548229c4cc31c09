"""Arrays that grow, arrays that many share, and the greatest values of one."""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np
from numpy.typing import DTypeLike, NDArray

_FIRST_ROWS = 256
Number = TypeVar("Number", bound=np.number)


class Column:
    """A (n, *shape) array to which rows are appended at amortised constant cost."""

    def __init__(self, dtype: DTypeLike, shape: tuple[int, ...] = ()) -> None:
        self._rows: NDArray[Any] = np.zeros((_FIRST_ROWS, *shape), dtype=dtype)
        self._count = 0

    def __len__(self) -> int:
        return self._count

    @property
    def values(self) -> NDArray[Any]:
        """Return a view of the rows that are in use; writing to it changes the column."""
        return self._rows[: self._count]

    def append(self, row: Any) -> None:
        """Add one row at the end."""
        self.grow_to(self._count + 1)
        self._rows[self._count - 1] = row

    def grow_to(self, count: int) -> None:
        """Have at least `count` rows; new ones are zero."""
        if count > len(self._rows):
            # Zeros that were never written take no memory: a third of all rows, on average.
            grown = np.zeros((max(count, 2 * len(self._rows)), *self._rows.shape[1:]), dtype=self._rows.dtype)
            grown[: self._count] = self.values
            self._rows = grown
        self._count = max(count, self._count)


def read_only(values: NDArray[Number]) -> NDArray[Number]:
    """Return an array that nobody can write to any more, since many share it."""
    values.flags.writeable = False
    return values


def greatest(values: NDArray[np.floating], count: int) -> NDArray[np.int64]:
    """Return the places of the greatest values, greatest first, ties by place."""
    if 0 < count < len(values):
        threshold = np.partition(values, len(values) - count)[len(values) - count]
        places = np.flatnonzero(values >= threshold)
    else:
        places = np.arange(len(values))
    ordered: NDArray[np.int64] = places[np.argsort(-values[places], kind="stable")][:count]
    return ordered
