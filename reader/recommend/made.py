"""The factors of what was ranked last: its impression, which comes next, learns from them as they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from reader.profile.state import ReaderState
from reader.recommend.catalogue import Rows
from reader.recommend.challenger.trees import Trees
from reader.recommend.factors.spec import Factors
from reader.recommend.ranking import Presented

# How far log and catalogue had been taken in: (seq of the last event, seq of the last item).
Stamp = tuple[int, int]


@dataclass(frozen=True, slots=True, eq=False)
class Made:
    """The list of a reader.

    factors: (factors, items) float32; stamp: when it was made; trees: if they served, and per_tree: (items,), what a
    unit of theirs added to the score; means: contribution -> (items,), see `Presented.means`.
    """

    list: str
    user: str
    stamp: Stamp
    items: tuple[str, ...]
    factors: Factors
    trees: Trees | None = None
    per_tree: NDArray[np.float64] | None = None
    means: Mapping[str, NDArray[np.float64]] = field(default_factory=dict)

    @classmethod
    def new(cls, list_id: str, user: str, stamp: Stamp, presented: Presented) -> Made:
        """Keep of all candidates those that the list shows, as it was told of them."""
        told, scored = presented.told, presented.told.scored
        items = tuple(place.item for place in presented.places)
        factors = scored.factors.take(told.candidates, axis=1)
        per_tree = None if scored.trees is None else told.multipliers[-1]
        return cls(list_id, user, stamp, items, factors, scored.trees, per_tree, presented.means)

    def of(self, list_id: str, user: str, stamp: Stamp, items: Sequence[str]) -> Factors | None:
        """Return the factors of some places, in their order; None unless computing them now would give the same.

        So a fold of the log, which computes them anew, learns the same.
        """
        if (list_id, user, stamp) != (self.list, self.user, self.stamp):
            return None
        column = {item: number for number, item in enumerate(self.items)}
        if not all(item in column for item in items):
            return None
        factors: Factors = self.factors[:, [column[item] for item in items]]
        return factors


@dataclass(frozen=True, slots=True, eq=False)
class RankedRows:
    """Given candidates, ranked for a reader of a state at a moment (Unix time). factors: (factors, rows) float32."""

    state: ReaderState
    at_s: float
    stamp: Stamp
    rows: Rows
    factors: Factors

    def of(self, state: ReaderState, at_s: float, stamp: Stamp, rows: Rows) -> Factors | None:
        """Return the factors; None unless computing them now would give the same."""
        is_then = state is self.state and (at_s, stamp) == (self.at_s, self.stamp)
        return self.factors if is_then and np.array_equal(rows, self.rows) else None
