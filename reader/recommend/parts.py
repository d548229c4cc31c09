"""Which part of a score each feature of the profile brings: what reasons and counterfactuals are read from."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from reader.profile.axes import SIGNALS, Feature, Signal
from reader.recommend.catalogue import Rows
from reader.recommend.factors.spec import Explained, Weights

# Share of a mean by which a part may exceed it for rounding alone: amounts are float32.
_ROUNDING: Final = 1e-5


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
        means = [found.match.mean(weights[found.rows]).ravel() for found in matches if found.match.features]
        self._means = np.concatenate(means) if means else np.zeros(0)
        counts = [len(found.match.features) * len(SIGNALS) for found in matches]
        self._scales = np.repeat(np.array(scales).reshape(len(counts), len(candidates)), counts, axis=0).T
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

    def ahead(self, candidate: int) -> NDArray[np.float64]:
        """Return (features * signals,): by how much the parts that speak for a candidate exceed the mean of all.

        What a feature brings to all candidates alike tells nothing of why this one stands where it stands; and one that
        counts against it on the whole, since it was passed by more than read, is no reason by what was read of it.
        """
        ahead: NDArray[np.float64] = self._ahead[self._column[candidate]]
        return ahead

    @cached_property
    def _ahead(self) -> NDArray[np.float64]:
        """Return (k, features * signals): of all candidates at once, since they are few and each call has its price."""
        speaks = self._parts.reshape(len(self._parts), -1, len(SIGNALS)).sum(axis=2) > 0
        ahead = ahead_of(self._parts, self._means * self._scales)
        ahead.reshape(len(ahead), -1, len(SIGNALS))[~speaks] = 0.0
        return ahead

    def _mean_for(self, candidate: int) -> NDArray[np.float64]:
        """Return what a candidate that had the mean of all would get at this one's place."""
        mean: NDArray[np.float64] = self._means * self._scales[self._column[candidate]]
        return mean

    def at(self, place: int) -> tuple[Feature, Signal]:
        """Return the feature and the signal at a place of `of`."""
        row, column = divmod(place, len(SIGNALS))
        return self.features[row], SIGNALS[column]

    def by_feature(self, candidate: int) -> dict[Feature, float]:
        """Return `ahead` of each feature as a whole, in no order that means anything."""
        places: dict[Feature, int] = {}
        numbers = [places.setdefault(feature, len(places)) for feature in self.features]
        own, mean = np.zeros((2, len(places)))
        for total, parts in ((own, self.of(candidate)), (mean, self._mean_for(candidate))):
            np.add.at(total, numbers, parts.reshape(-1, len(SIGNALS)).sum(axis=1))
        return dict(zip(places, ahead_of(own, mean).tolist(), strict=True))


def ahead_of(parts: NDArray[np.float64], means: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return part - mean where a part speaks for a candidate and exceeds the mean, else 0.

    What counts against a candidate is no reason for it, even where it counts more against the others.

    >>> ahead_of(np.array([3.0, 1.0, -1.0, 0.5]), np.array([1.0, 2.0, -3.0, -0.5]))
    array([2., 0., 0., 1.])
    """
    rounding = _ROUNDING * np.abs(means)
    ahead: NDArray[np.float64] = np.where((parts > 0) & (parts - means > rounding), parts - means, 0.0)
    return ahead


def greatest(values: NDArray[np.float64], count: int) -> Rows:
    """Return the places of the greatest values above 0, greatest first, ties by place."""
    places = np.flatnonzero(values > 0)
    if len(places) > count:
        threshold = np.partition(values[places], len(places) - count)[len(places) - count]
        places = places[values[places] >= threshold]
    return places[np.argsort(-values[places], kind="stable")][:count]
