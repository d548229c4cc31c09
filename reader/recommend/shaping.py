"""From scores to a list: one place a story, likeness to what stands above costs, caps, and exploring places.

The rules of who may stand where are `reader.recommend.lineup`'s; here is who is best.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from reader.recommend.lineup import Field, Lineup

Scores = NDArray[np.float64]
Vectors = NDArray[np.float32]
# Values that differ behind these digits, in standard deviations of the scores, are tied.
_DIGITS: Final = 6
# Candidates whose likeness is looked up at a time.
_BLOCK: Final = 64


@dataclass(frozen=True, slots=True)
class Slot:
    """One place of a list. candidate: index among the candidates; diversity, caps: <= 0, what its place cost it.

    diversity is for likeness to what stands above. caps is what a cap cost that kept the candidate from a place above:
    as much as makes its score no greater than that of the last ranked place.
    """

    candidate: int
    diversity: float = 0.0
    caps: float = 0.0
    exploration: bool = False
    propensity: float = 1.0


def by_score(scores: Scores, ids: list[str], count: int) -> list[int]:
    """Return the best candidates, best first. Scores equal to nine digits are tied, and ties go by id."""
    order = np.lexsort((np.array(ids), -np.round(scores, 9)))
    return [int(candidate) for candidate in order[:count]]


def spread_of(scores: Scores, count: int) -> float:
    """Return the standard deviation of the scores that may come into a list of `count`: of the best 2 x count.

    It is the unit of all that shapes a list, so that weights keep their meaning whatever the unit of the scores. 1.0
    if the scores are all alike.
    """
    best = np.sort(scores)[-2 * count :]
    spread = float(best.std()) if len(best) else 0.0
    return spread if spread > 1e-9 * max(1e-300, float(np.abs(best).max(initial=0.0))) else 1.0


class Shaper:
    """Fills a list from the top."""

    def __init__(
        self, field: Field, lineup: Lineup, scores: Scores, vectors: Vectors, *, weight: float, spread: float
    ) -> None:
        """scores: (n,); vectors: (n, d) unit rows; weight: of likeness, in units of `spread`."""
        self._lineup = lineup
        self._scores = scores
        self._vectors = vectors
        self._weight = weight
        self._spread = spread
        # One report a story, best first: the best scored stands for it; and its score in units of the spread.
        self._runners = field.one_per_story(np.round(scores / spread, _DIGITS))
        self._standing = scores[self._runners] / spread
        # The same less what likeness costs. Of the runners from `_known` on it is the score alone, which is no less.
        self._values = np.round(self._standing, _DIGITS)
        self._known = 0
        self._near: Vectors = np.empty((len(self._runners), vectors.shape[1]), dtype=np.float32)
        self._likeness: Vectors = np.zeros(len(self._runners), dtype=np.float32)
        self._above: list[int] = []
        self._last = np.inf

    def fill(self, count: int, rng: np.random.Generator, *, every: int | None) -> list[Slot]:
        """Return `count` slots, or as many as there are stories. every: one drawn place in so many; None: none."""
        slots: list[Slot] = []
        while len(slots) < count:
            exploring = every is not None and len(slots) % every == every - 1
            slot = self._draw(rng) if exploring else self._choose()
            if slot is None:
                break
            slots.append(slot)
            self._place(slot.candidate)
        return slots

    def _draw(self, rng: np.random.Generator) -> Slot | None:
        pool = self._lineup.pool()
        if not len(pool):
            return None
        return Slot(int(pool[int(rng.integers(len(pool)))]), exploration=True, propensity=1 / len(pool))

    def _choose(self) -> Slot | None:
        """Choose greedily by score - weight x greatest cosine to what stands above (MMR, Carbonell & Goldstein 1998).

        Ties go to the greater score, then by id. Likeness is looked up of those runners alone that may be best.
        """
        may_follow = self._lineup.may_follow(self._runners)
        if not may_follow.any():
            return None
        while (best := int(np.argmax(np.where(may_follow, self._values, -np.inf)))) >= self._known:
            self._know(best + _BLOCK)
        diversity = -self._spread * self._weight * float(self._likeness[best])
        value = float(self._scores[self._runners[best]]) + diversity
        caps = min(0.0, self._last - value)
        self._last = min(self._last, value)
        return Slot(int(self._runners[best]), diversity, caps)

    def _know(self, stop: int) -> None:
        """Look up the likeness of the runners before `stop`."""
        block = slice(self._known, min(stop, len(self._runners)))
        self._near[block] = self._vectors[self._runners[block]]
        self._known = block.stop
        if self._above:
            self._grow(block, (self._near[block] @ self._vectors[self._above].T).max(axis=1))

    def _place(self, candidate: int) -> None:
        self._lineup.place(candidate)
        self._above.append(candidate)
        known = slice(0, self._known)
        self._grow(known, self._near[known] @ self._vectors[candidate])

    def _grow(self, block: slice, cosines: Vectors) -> None:
        self._likeness[block] = np.maximum(self._likeness[block], np.minimum(cosines, 1.0))
        cost = self._weight * self._likeness[block].astype(np.float64)
        self._values[block] = np.round(self._standing[block] - cost, _DIGITS)
