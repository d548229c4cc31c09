"""Heat: how often all readers together were shown, opened, liked and saved each item, now and over longer times.

A count per item, act and half-life. Counts are kept at a fixed past reference time, at which a later act weighs more
than one: 2^(age / half-life). So adding is one small addition in any order of time, and only reading divides.
"""

from __future__ import annotations

from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from reader.recommend.arrays import Column

HeatAct = Literal["impression", "viewable", "open", "like", "save"]
HEAT_ACTS: Final[tuple[HeatAct, ...]] = ("impression", "viewable", "open", "like", "save")
HEAT_HALF_LIVES_S: Final[dict[str, float]] = {"2h": 7_200.0, "12h": 43_200.0, "3d": 259_200.0, "30d": 2_592_000.0}
_HALF_LIVES_S = np.array(list(HEAT_HALF_LIVES_S.values()))
# Doublings of the fastest half-life after which the reference is moved; float64 overflows at 1,023.
_DOUBLINGS_KEPT = 400.0
_SHAPE = (len(HEAT_ACTS), len(_HALF_LIVES_S))


class Popularity:
    """Counts (items, acts, half-lives) float64."""

    def __init__(self) -> None:
        self._counts = Column(np.float64, _SHAPE)
        self._totals = np.zeros(_SHAPE)
        self._readers = Column(np.float64)
        self._reference_s: float | None = None

    def grow_to(self, count: int) -> None:
        """Have `count` rows; new ones are zero."""
        self._counts.grow_to(count)
        self._readers.grow_to(count)

    def move(self, old: int, new: int) -> None:
        """Hand the counts of a row on to the new version of its item."""
        self._counts.values[new] = self._counts.values[old]
        self._readers.values[new] = self._readers.values[old]

    def observe(self, row: int, act: HeatAct, at_s: float) -> None:
        """Count one act on the item in a row."""
        if self._reference_s is None:
            self._reference_s = at_s
        if (at_s - self._reference_s) / _HALF_LIVES_S[0] > _DOUBLINGS_KEPT:
            self._move_reference(at_s)
        weight = np.exp2((at_s - self._reference_s) / _HALF_LIVES_S)
        self._counts.values[row, HEAT_ACTS.index(act)] += weight
        self._totals[HEAT_ACTS.index(act)] += weight
        self._readers.values[row] += act == "open"

    def _move_reference(self, at_s: float) -> None:
        decay = self._decay(at_s)
        self._counts.values[:] *= decay
        self._totals *= decay
        self._reference_s = at_s

    def _decay(self, at_s: float) -> NDArray[np.float64]:
        age_s = 0.0 if self._reference_s is None else at_s - self._reference_s
        return np.exp2(-age_s / _HALF_LIVES_S)

    def counts_at(self, rows: NDArray[np.int64], at_s: float) -> NDArray[np.float64]:
        """Return (rows, acts, half-lives) float64, decayed to a moment."""
        decayed: NDArray[np.float64] = self._counts.values[rows] * self._decay(at_s)
        return decayed

    def totals_at(self, at_s: float) -> NDArray[np.float64]:
        """Return (acts, half-lives) float64: the same summed over all items."""
        return self._totals * self._decay(at_s)

    def readers(self, row: int) -> float:
        """Return how many openings the item has had."""
        return float(self._readers.values[row])

    def top_rows(self, count: int) -> NDArray[np.int64]:
        """Return the rows opened most of late (half-life 3 d), hottest first, ties by row; none without openings."""
        heat = self._counts.values[:, HEAT_ACTS.index("open"), 2]
        order = np.argsort(-heat, kind="stable")[:count]
        hot: NDArray[np.int64] = order[heat[order] > 0]
        return hot
