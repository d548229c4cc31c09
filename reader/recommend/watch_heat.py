"""How all readers watch each clip, the clips of each creator and those with each sound: a fold over settled watches."""

from __future__ import annotations

from typing import Final

import numpy as np

from reader.profile.axes import HALF_LIVES_S
from reader.profile.watched import Watched
from reader.recommend.catalogue import TRAIT_KINDS, Catalogue, Rows
from reader.recommend.decayed import DecayedSums, Sums

MAKERS: Final = ("creator", "sound")
WINDOWS: Final = ("6h", "3d", "21d", "180d")
WINDOWS_S: Final = np.array([HALF_LIVES_S[window] for window in WINDOWS])
# What is summed besides the number of watches, in the order of `measures_of`.
MEASURES: Final = ("valid", "finished", "replayed", "skipped", "loud")
_ALL: Final = np.zeros(1, dtype=np.int64)


def measures_of(watched: Watched) -> tuple[float, ...]:
    """Return the measures of one watch."""
    return (
        watched.quantile,
        watched.finished,
        float(watched.replayed),
        float(watched.skipped),
        float(watched.sound_switched_on),
    )


def makers_of(catalogue: Catalogue, rows: Rows) -> Rows:
    """Return (makers, rows): the number of each item's creator and sound among the traits, -1 where it has none."""
    entries = catalogue.traits.entries(rows)
    kinds = catalogue.traits.kinds_of(entries.features)
    found = np.full((len(MAKERS), len(rows)), -1, dtype=np.int64)
    for own, maker in zip(found, MAKERS, strict=True):
        hits = kinds == TRAIT_KINDS.index(maker)
        own[entries.places[hits]] = entries.features[hits]
    return found


class WatchHeat:
    """Sums (1 + measures, windows) of watches: their number first."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._numbers: dict[str, int] = {}
        self._of_items, self._of_makers, self._of_all = (DecayedSums(1 + len(MEASURES), WINDOWS_S) for _ in range(3))

    def observe(self, item: str, watched: Watched) -> None:
        """Take in one watch of any reader."""
        row = self._catalogue.row(item)
        if row is None:
            return
        amounts = np.array([1.0, *measures_of(watched)])
        self._of_all.add(0, amounts, watched.at_s)
        self._of_items.add(self._numbers.setdefault(item, len(self._numbers)), amounts, watched.at_s)
        for (maker,) in makers_of(self._catalogue, np.array([row])).tolist():
            if maker >= 0:
                self._of_makers.add(maker, amounts, watched.at_s)

    @property
    def knows_any(self) -> bool:
        """Whether anything was watched; until then all sums are 0."""
        return bool(self._numbers)

    def of_all(self, at_s: float) -> Sums:
        """Return (1 + measures, windows): all watches together."""
        total: Sums = self._of_all.at(_ALL, at_s)[0]
        return total

    def of_items(self, rows: Rows, at_s: float) -> Sums:
        """Return (rows, 1 + measures, windows) of the items in some rows of the catalogue."""
        numbers = [self._numbers.get(item, -1) for item in self._catalogue.ids_at(rows)]
        return self._of_items.at(np.array(numbers, dtype=np.int64), at_s)

    def of_makers(self, makers: Rows, at_s: float) -> Sums:
        """Return (makers, 1 + measures, windows) of creators or sounds by their numbers; 0 for -1."""
        return self._of_makers.at(makers, at_s)
