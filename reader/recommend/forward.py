"""Which features each item has, by row: what scoring some hundred candidates looks up, however many items there are.

Walking the postings of a feature costs with the number of items that have it, in a large catalogue many thousands; a
candidate has a few dozen features.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Trait = tuple[str, str]
Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Entries:
    """Features of some rows. places: (e,) index into these rows, ascending; features: (e,); amounts: (e,) float32."""

    places: Numbers
    features: Numbers
    amounts: NDArray[np.float32]


class Forward:
    """Features by row and rows by feature; features are numbered as they come. For one thread at a time."""

    def __init__(self, kinds: Sequence[str] = ("keyword",)) -> None:
        """kinds: of features, in the order of `kinds_of`."""
        self._kinds = {kind: index for index, kind in enumerate(kinds)}
        self._kind_of = array("b")
        self._numbers: dict[Trait, int] = {}
        self._rows: list[array[int]] = []
        self._starts = array("q", [0])
        self._features = array("i")
        self._amounts = array("f")
        # -1 but while `amounts` is at work: to fill it anew for each call would cost with the number of features.
        self._slots = np.full(1024, -1, dtype=np.int16)

    def __len__(self) -> int:
        """How many features there are."""
        return len(self._rows)

    def append(self, features: Iterable[tuple[Trait, float]]) -> None:
        """File the next row under its features, with how much it is about each."""
        row = len(self._starts) - 1
        for feature, amount in features:
            number = self._numbers.setdefault(feature, len(self._rows))
            if number == len(self._rows):
                self._rows.append(array("i"))
                self._kind_of.append(self._kinds[feature[0]])
            self._rows[number].append(row)
            self._features.append(number)
            self._amounts.append(amount)
        self._starts.append(len(self._features))

    def number(self, feature: Trait) -> int | None:
        """Return the number of a feature that any row has."""
        return self._numbers.get(feature)

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

    def frequency(self, feature: Trait) -> int:
        """Return how many rows have a feature."""
        number = self._numbers.get(feature)
        return 0 if number is None else len(self._rows[number])

    def of_row(self, row: int) -> array[int]:
        """Return the numbers of the features of one row."""
        return self._features[self._starts[row] : self._starts[row + 1]]

    def entries(self, rows: Numbers) -> Entries:
        """Return the features of some rows."""
        starts = np.frombuffer(self._starts, dtype=np.int64)
        lengths = starts[rows + 1] - starts[rows]
        places = np.repeat(np.arange(len(rows)), lengths)
        before = np.cumsum(lengths) - lengths
        where = np.arange(len(places)) + np.repeat(starts[rows] - before, lengths)
        if not len(where):
            return Entries(places, np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32))
        features = np.frombuffer(self._features, dtype=np.int32)[where].astype(np.int64)
        return Entries(places, features, np.frombuffer(self._amounts, dtype=np.float32)[where])

    def amounts(self, features: Sequence[Trait], entries: Entries, places: int) -> NDArray[np.float32]:
        """Return (features, places) float32: how much each place is about each feature; they must differ."""
        found = np.zeros((len(features), places), dtype=np.float32)
        known = [(slot, number) for slot, f in enumerate(features) if (number := self._numbers.get(f)) is not None]
        if not known:
            return found
        slots, numbers = np.array(known).T
        self._grow_slots()
        self._slots[numbers] = slots
        slot_of = self._slots[entries.features]
        self._slots[numbers] = -1
        hits = np.flatnonzero(slot_of >= 0)
        found[slot_of[hits], entries.places[hits]] = entries.amounts[hits]
        return found

    def _grow_slots(self) -> None:
        while len(self._slots) < len(self):
            self._slots = np.concatenate([self._slots, np.full_like(self._slots, -1)])
