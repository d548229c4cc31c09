"""Sums that fade: what is added counts less the longer ago it was, by several half-lives at once.

Sums are kept at a fixed past reference time, at which a later amount weighs more than one: 2^(age / half-life). So
adding is one small addition in any order of time, and only reading divides.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from reader.recommend.arrays import Column

Sums = NDArray[np.float64]
# Doublings of the fastest half-life after which the reference is moved; float64 overflows at 1,023.
_DOUBLINGS_KEPT: Final = 400.0


class DecayedSums:
    """Sums (rows, measures, half-lives) float64. half_lives_s: ascending."""

    def __init__(self, measures: int, half_lives_s: NDArray[np.float64]) -> None:
        self._half_lives_s = half_lives_s
        self._sums = Column(np.float64, (measures, len(half_lives_s)))
        self._reference_s: float | None = None

    def add(self, row: int, amounts: NDArray[np.float64], at_s: float) -> None:
        """Add to a row what came at a moment (Unix time); rows up to it come into being. amounts: (measures,)."""
        if self._reference_s is None:
            self._reference_s = at_s
        if (at_s - self._reference_s) / self._half_lives_s[0] > _DOUBLINGS_KEPT:
            self._move_reference(at_s)
        self._sums.grow_to(row + 1)
        self._sums.values[row] += amounts[:, None] * self._weight(at_s)

    def at(self, rows: NDArray[np.int64], at_s: float) -> Sums:
        """Return (rows, measures, half-lives) faded to a moment; 0 for a row that nothing was added to, and for -1."""
        found = np.zeros((len(rows), *self._sums.values.shape[1:]))
        known = (rows >= 0) & (rows < len(self._sums))
        if self._reference_s is not None and known.any():
            found[known] = self._sums.values[rows[known]] / self._weight(at_s)
        return found

    def _weight(self, at_s: float) -> NDArray[np.float64]:
        reference_s = at_s if self._reference_s is None else self._reference_s
        return np.exp2((at_s - reference_s) / self._half_lives_s)

    def _move_reference(self, at_s: float) -> None:
        values = self._sums.values
        values /= self._weight(at_s)
        self._reference_s = at_s
