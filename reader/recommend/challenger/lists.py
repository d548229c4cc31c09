"""The loss of the learner over many lists at once, and what it asks of each place: arithmetic alone.

Lists stand one after the other; `sizes` says how many places each has. The loss of a list is that of
`reader.recommend.learning.choice`: the cross entropy of the softmax of its scores with its gains / their sum, times the
weight of the list.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Targets:
    """What lists came to.

    starts: (lists,) int64, of each list's first place; sizes: (lists,) int64 >= 1; shares: (places,) float64, gains /
    sum of the list's gains; weights: (places,) float64, of the list that a place is in.
    """

    starts: NDArray[np.int64]
    sizes: NDArray[np.int64]
    shares: Vector
    weights: Vector

    @classmethod
    def of(cls, gains: Vector, sizes: NDArray[np.int64]) -> Targets:
        """Return the targets of lists. gains: (places,) finite >= 0, in each list one at least above 0."""
        starts = np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.int64)
        total = np.add.reduceat(gains, starts)
        if not (total > 0).all():
            raise ValueError(f"{int((total <= 0).sum())} of {len(sizes)} lists have gained nothing: leave them out")
        # As `Lesson.weight`: of a list from which only bounces came, a quarter should be believed.
        weights = np.minimum(1.0, np.maximum.reduceat(gains, starts))
        return cls(starts, sizes, gains / np.repeat(total, sizes), np.repeat(weights, sizes))

    def chances(self, scores: Vector) -> Vector:
        """Return the softmax of the scores within each list, (places,)."""
        highest = np.maximum.reduceat(scores, self.starts)
        grown = np.exp(scores - np.repeat(highest, self.sizes))
        chances: Vector = grown / np.repeat(np.add.reduceat(grown, self.starts), self.sizes)
        return chances

    def loss(self, scores: Vector) -> float:
        """Return the mean loss of a list."""
        chosen = self.shares > 0
        entropy = -np.log(np.maximum(self.chances(scores)[chosen], np.finfo(np.float64).tiny))
        return float((self.weights * self.shares)[chosen] @ entropy) / len(self.sizes)

    def slopes(self, scores: Vector) -> tuple[Vector, Vector]:
        """Return the first derivatives of the sum of losses by the scores, and the second ones, (places,)."""
        chances = self.chances(scores)
        return self.weights * (chances - self.shares), self.weights * chances * (1.0 - chances)
