"""What is learned from, and when: a list once its openings are in, a little later than it was shown."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from reader.recommend.factors.spec import Factors, FactorSpec
from reader.recommend.learning.ftrl import Ftrl, Weights
from reader.settings import LearningSettings

# Lists that wait for their openings at a time; the oldest are learned from early. Ours: bounds the memory.
WAITING_KEPT = 2_000
# A family of more factors than this learns more slowly, each of them: they move together. Ours.
FAMILY_AT_FULL_RATE = 8


@dataclass(slots=True)
class Shown:
    """A list that waits. factors: (factors, places) as they were when it was shown."""

    list: str
    at_s: float
    items: tuple[str, ...]
    factors: Factors
    viewed: set[str] = field(default_factory=set)
    opened: set[str] = field(default_factory=set)

    def lesson(self) -> tuple[Factors, NDArray[np.float64]]:
        """Return factors and gains of the places that count: those seen, where it is known which; else all."""
        counted = [
            place
            for place, item in enumerate(self.items)
            if not self.viewed or item in self.viewed or item in self.opened
        ]
        gains = np.array([float(self.items[place] in self.opened) for place in counted])
        return self.factors[:, counted], gains


class Learner:
    """The weights that all readers share, and the lists that they are yet to learn from."""

    def __init__(self, specs: Sequence[FactorSpec], settings: LearningSettings) -> None:
        self._settings = settings
        self._ftrl = Ftrl(np.array([spec.weight for spec in specs]), _rates(specs), settings)
        self._waiting: OrderedDict[str, Shown] = OrderedDict()
        self._lists: dict[str, list[str]] = {}
        self._weights: Weights | None = None

    @property
    def weights(self) -> Weights:
        """The weights as they are now, (factors,) float64."""
        if self._weights is None:
            self._weights = self._ftrl.weights
        return self._weights

    def shown(self, event: str, shown: Shown) -> None:
        """Take in a list. event: the id of its impression; a list may come in several."""
        self._waiting[event] = shown
        self._lists.setdefault(shown.list, []).append(event)
        if len(self._waiting) > WAITING_KEPT:
            self._teach(next(iter(self._waiting)))

    def viewed(self, list_id: str, item: str) -> None:
        """Note that a place was looked at."""
        for shown in self._parts_of(list_id):
            shown.viewed.add(item)

    def opened(self, list_id: str, item: str) -> None:
        """Note that a place was opened."""
        for shown in self._parts_of(list_id):
            shown.opened.add(item)

    def _parts_of(self, list_id: str) -> list[Shown]:
        return [self._waiting[event] for event in self._lists.get(list_id, ())]

    def teach_until(self, at_s: float) -> None:
        """Learn from the lists that have waited long enough by this time, in the order in which they came."""
        limit_s = at_s - 60 * self._settings.wait_min
        while self._waiting and next(iter(self._waiting.values())).at_s <= limit_s:
            self._teach(next(iter(self._waiting)))

    def _teach(self, event: str) -> None:
        shown = self._waiting.pop(event)
        parts = self._lists[shown.list]
        parts.remove(event)
        if not parts:
            del self._lists[shown.list]
        self._ftrl.learn(*shown.lesson())
        self._weights = None


def _rates(specs: Sequence[FactorSpec]) -> Weights:
    sizes: dict[str, int] = {}
    for spec in specs:
        sizes[spec.family] = sizes.get(spec.family, 0) + 1
    return np.array([min(1.0, FAMILY_AT_FULL_RATE / sizes[spec.family]) for spec in specs])
