"""Heat: how often all readers together were shown, opened, liked and saved each item, now and over longer times.

A count per item, act and half-life, and the same per trait (topic, source, maker); and where in the space of meaning
openings and impressions are. Counts are kept at a fixed past reference time, at which a later act weighs more than one:
2^(age / half-life). So adding is one small addition in any order of time, and only reading divides.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from reader.recommend.arrays import Column, greatest
from reader.recommend.forward import Forward

# click: an opening from a list that was shown. Only these are comparable with impressions: an opening from a search, a
# link or a history that came with a log had none. due: what a place was due of one click of its list, 1 / places: an
# item shown among two others has been passed over more surely than one among two hundred.
HeatAct = Literal["impression", "open", "click", "viewable", "like", "save", "due"]
# The acts that are counted for traits, too.
TRAIT_ACTS: Final[tuple[HeatAct, ...]] = ("impression", "open", "click")
HEAT_ACTS: Final[tuple[HeatAct, ...]] = (*TRAIT_ACTS, "viewable", "like", "save", "due")
HEAT_HALF_LIVES_S: Final[dict[str, float]] = {
    "30min": 1_800.0,
    "2h": 7_200.0,
    "8h": 28_800.0,
    "48h": 172_800.0,
    "30d": 2_592_000.0,
}
_HALF_LIVES_S = np.array(list(HEAT_HALF_LIVES_S.values()))
# The half-life by which items are hot: candidates and the policy `popular`.
_HOT = list(HEAT_HALF_LIVES_S).index("48h")
_OPEN, _IMPRESSION, _DUE = (HEAT_ACTS.index(act) for act in ("open", "impression", "due"))
# Doublings of the fastest half-life after which the reference is moved; float64 overflows at 1,023.
_DOUBLINGS_KEPT = 400.0
_SHAPE = (len(HEAT_ACTS), len(_HALF_LIVES_S))
_OF_TRAITS = len(TRAIT_ACTS)

Counts = NDArray[np.float64]


class Popularity:
    """Counts (items, acts, half-lives) float64."""

    def __init__(self) -> None:
        self._counts = Column(np.float64, _SHAPE)
        self._of_traits = Column(np.float64, (_OF_TRAITS, len(_HALF_LIVES_S)))
        self._totals = np.zeros(_SHAPE)
        self._readers = Column(np.float64)
        self._reference_s: float | None = None
        self._traits = Forward()
        self._vectors: Column = Column(np.float32, (0,))
        self._meaning = np.zeros((*_SHAPE, 0))

    def look_into(self, traits: Forward, vectors: Column) -> None:
        """Count for traits and meanings, too. Both are the catalogue's own, and grow."""
        self._traits, self._vectors = traits, vectors
        self._meaning = np.zeros((*_SHAPE, vectors.values.shape[1]))

    def grow_to(self, count: int) -> None:
        """Have `count` rows; new ones are zero."""
        self._counts.grow_to(count)
        self._readers.grow_to(count)

    def move(self, old: int, new: int) -> None:
        """Hand the counts of a row on to the new version of its item, and to the traits and the meaning that it has."""
        counts, readers = self._counts.values, self._readers.values
        self._of_traits.grow_to(len(self._traits))
        for row, sign in ((old, -1.0), (new, 1.0)):
            np.add.at(self._of_traits.values, list(self._traits.of_row(row)), sign * counts[old, :_OF_TRAITS])
            self._meaning += sign * counts[old][..., None] * self._vectors.values[row]
        counts[new], readers[new] = counts[old], readers[old]
        counts[old], readers[old] = 0.0, 0.0

    def observe(self, row: int, act: HeatAct, at_s: float) -> None:
        """Count one act on the item in a row."""
        self._readers.values[row] += act == "open"
        self._add(np.array([row]), {HEAT_ACTS.index(act): self._weight(at_s)})

    def shown(self, rows: NDArray[np.int64], places: int, at_s: float) -> None:
        """Count a list: an impression of the item in each row, and what each was due. places: of the list, >= 1."""
        weight = self._weight(at_s)
        self._add(rows, {_IMPRESSION: weight, _DUE: weight / places})

    def _weight(self, at_s: float) -> NDArray[np.float64]:
        """Return what an act of a time weighs, (half-lives,)."""
        if self._reference_s is None:
            self._reference_s = at_s
        if (at_s - self._reference_s) / _HALF_LIVES_S[0] > _DOUBLINGS_KEPT:
            self._move_reference(at_s)
        weight: NDArray[np.float64] = np.exp2((at_s - self._reference_s) / _HALF_LIVES_S)
        return weight

    def _add(self, rows: NDArray[np.int64], weights: Mapping[int, NDArray[np.float64]]) -> None:
        """Count acts on the items in some rows. weights: of each act, (half-lives,)."""
        known = rows[rows < len(self._vectors)]
        self._of_traits.grow_to(len(self._traits))
        traits, meaning = self._traits.entries(known).features, self._vectors.values[known].sum(axis=0)
        for act, weight in weights.items():
            np.add.at(self._counts.values[:, act], rows, weight)
            self._totals[act] += len(rows) * weight
            if act < _OF_TRAITS:
                np.add.at(self._of_traits.values[:, act], traits, weight)
            self._meaning[act] += weight[:, None] * meaning

    def _move_reference(self, at_s: float) -> None:
        decay = self._decay(at_s)
        self._counts.values[:] *= decay
        self._of_traits.values[:] *= decay
        self._meaning *= decay[:, None]
        self._totals *= decay
        self._reference_s = at_s

    def _decay(self, at_s: float) -> NDArray[np.float64]:
        age_s = 0.0 if self._reference_s is None else at_s - self._reference_s
        return np.exp2(-age_s / _HALF_LIVES_S)

    def counts_at(self, rows: NDArray[np.int64], at_s: float) -> Counts:
        """Return (rows, acts, half-lives) float64, decayed to a moment."""
        decayed: Counts = self._counts.values[rows] * self._decay(at_s)
        return decayed

    def trait_counts_at(self, traits: NDArray[np.int64], at_s: float) -> Counts:
        """Return (traits, TRAIT_ACTS, half-lives) float64 of traits by their numbers: of all items that have them."""
        self._of_traits.grow_to(len(self._traits))
        decayed: Counts = self._of_traits.values[traits] * self._decay(at_s)
        return decayed

    def meaning_at(self, act: HeatAct, at_s: float) -> NDArray[np.float64]:
        """Return (half-lives, d) float64: the sum of the vectors of items that were acted on, decayed."""
        decayed: NDArray[np.float64] = self._meaning[HEAT_ACTS.index(act)] * self._decay(at_s)[:, None]
        return decayed

    def totals_at(self, at_s: float) -> NDArray[np.float64]:
        """Return (acts, half-lives) float64: the same summed over all items."""
        return self._totals * self._decay(at_s)

    def heat_at(self, rows: NDArray[np.int64], at_s: float) -> NDArray[np.float64]:
        """Return (rows,) float64: openings, decayed with a half-life of 48 h."""
        return self.counts_at(rows, at_s)[:, _OPEN, _HOT]

    def readers(self, row: int) -> float:
        """Return how many openings the item has had."""
        return float(self._readers.values[row])

    def top_rows(self, count: int) -> NDArray[np.int64]:
        """Return the rows opened most of late (half-life 48 h), hottest first, ties by row; none without openings."""
        # Few of all rows were ever opened, and counts lie far from one another in memory.
        opened = np.flatnonzero(self._readers.values)
        heat = self._counts.values[opened, _OPEN, _HOT]
        hot = np.flatnonzero(heat > 0)
        return opened[hot[greatest(heat[hot], count)]]
