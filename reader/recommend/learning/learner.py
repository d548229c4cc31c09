"""The weights that all readers share, kept in step with the events: what is learned from, and when."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from reader.recommend.factors.spec import Factors, FactorSpec
from reader.recommend.learning.choice import Choice
from reader.recommend.learning.outcomes import Lesson, Pending
from reader.settings import LearningSettings
from reader.types import Event, Impression

# A family of more factors than this learns more slowly, each of them: they move together. Ours.
FAMILY_AT_FULL_RATE = 8


class Learner:
    """Learns from lists once their openings are in."""

    def __init__(self, specs: Sequence[FactorSpec], settings: LearningSettings) -> None:
        self._choice = Choice(np.array([spec.weight for spec in specs]), settings.choice, _rates(specs))
        self._pending = Pending(settings.outcomes)
        self._weights: NDArray[np.float64] | None = None

    @property
    def weights(self) -> NDArray[np.float64]:
        """The weights as they are now, (factors,) float64."""
        if self._weights is None:
            self._weights = self._choice.weights
        return self._weights

    def shown(self, event: Impression, items: Sequence[str], factors: Factors) -> None:
        """Take in a list. items: those that are known; factors: (factors, items) as they were when it was shown."""
        list_id = event.list or event.id
        self._teach(self._pending.shown(list_id, event.user, items, factors, event.at.timestamp()))

    def observe(self, event: Event) -> None:
        """Take in what came of a list."""
        if event.list is None or event.item is None:
            return
        if event.type == "open":
            self._pending.opened(event.list, event.item, event.view or "")
        elif event.type == "viewable":
            self._pending.viewable(event.list, event.item)

    def teach_until(self, at_s: float) -> None:
        """Learn from the lists that have waited long enough by this time, oldest first."""
        self._teach(self._pending.due(at_s))

    def _teach(self, lessons: Iterable[Lesson]) -> None:
        for lesson in lessons:
            self._choice.learn(lesson.factors, lesson.gains, weight=lesson.weight)
            self._weights = None


def _rates(specs: Sequence[FactorSpec]) -> NDArray[np.float64]:
    sizes: dict[str, int] = {}
    for spec in specs:
        sizes[spec.family] = sizes.get(spec.family, 0) + 1
    return np.array([min(1.0, FAMILY_AT_FULL_RATE / sizes[spec.family]) for spec in specs])
