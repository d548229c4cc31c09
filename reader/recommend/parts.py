"""Which part of a score each feature of the profile brings: what reasons and counterfactuals are read from."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from reader.profile.axes import SIGNALS, Feature, Signal
from reader.recommend.catalogue import Rows
from reader.recommend.factors.spec import Explained, Weights


class FeatureParts:
    """The parts of some candidates, by feature and signal.

    matches: the factors that go back to features of the profile; weights: (factors,) that were used; candidates: (k,);
    scales: of each match the (k,) by which the part of its family counts in the score. A feature that takes part in
    several matches stands here once for each.
    """

    def __init__(
        self,
        matches: Sequence[Explained],
        weights: Weights,
        candidates: Rows,
        scales: Sequence[NDArray[np.float64]],
    ) -> None:
        self.features: list[Feature] = [feature for found in matches for feature in found.match.features]
        self._column = {candidate: column for column, candidate in enumerate(candidates.tolist())}
        parts = [
            scale * found.match.by_feature(candidates, weights[found.rows])
            for found, scale in zip(matches, scales, strict=True)
            if found.match.features
        ]
        nothing = np.zeros((0, len(SIGNALS), len(candidates)))
        flat = (len(self.features) * len(SIGNALS), len(candidates))
        self._parts = np.ascontiguousarray((np.concatenate(parts) if parts else nothing).reshape(flat).T)

    def place_of(self, candidate: int) -> int:
        """Return the place of a candidate among `candidates`."""
        return self._column[candidate]

    def of(self, candidate: int) -> NDArray[np.float64]:
        """Return (features * signals,): the parts of one candidate, for and against."""
        parts: NDArray[np.float64] = self._parts[self._column[candidate]]
        return parts

    def at(self, place: int) -> tuple[Feature, Signal]:
        """Return the feature and the signal at a place of `of`."""
        row, column = divmod(place, len(SIGNALS))
        return self.features[row], SIGNALS[column]

    def by_feature(self, candidate: int) -> dict[Feature, float]:
        """Return the whole part of each feature, in no order that means anything."""
        sums = self.of(candidate).reshape(len(self.features), len(SIGNALS)).sum(axis=1).tolist()
        total: dict[Feature, float] = {}
        for feature, part in zip(self.features, sums, strict=True):
            total[feature] = total.get(feature, 0.0) + part
        return total


def greatest(values: NDArray[np.float64], count: int) -> Rows:
    """Return the places of the greatest values above 0, greatest first, ties by place."""
    places = np.flatnonzero(values > 0)
    if len(places) > count:
        threshold = np.partition(values[places], len(places) - count)[len(places) - count]
        places = places[values[places] >= threshold]
    return places[np.argsort(-values[places], kind="stable")][:count]
