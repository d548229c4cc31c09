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
        own = [(found, scale) for found, scale in zip(matches, scales, strict=True) if found.match.features]
        count = len(candidates)
        self.features: list[Feature] = [feature for found, _ in own for feature in found.match.features]
        self._column = {candidate: column for column, candidate in enumerate(candidates.tolist())}
        self._rates = _joined([found.match.rates(weights[found.rows]) for found, _ in own], len(SIGNALS))
        self._amounts = _joined([found.match.amounts_of(candidates) for found, _ in own], count)
        self._means = _joined([found.match.mean_amounts() for found, _ in own])
        self._scales = _joined([np.tile(scale, (len(found.match.features), 1)) for found, scale in own], count)

    def place_of(self, candidate: int) -> int:
        """Return the place of a candidate among `candidates`."""
        return self._column[candidate]

    def ahead(self, candidate: int) -> tuple[Rows, NDArray[np.float64]]:
        """Return by how much the parts that speak for a candidate exceed the mean of all, and where: see `at`.

        What a feature brings to all candidates alike tells nothing of why this one stands where it stands; and one that
        counts against it on the whole, since it was passed by more than read, is no reason by what was read of it.
        The places are (m,), ascending, and the amounts above 0.
        """
        places, ahead, ends = self._ahead
        column = self._column[candidate]
        own = slice(ends[column - 1] if column else 0, ends[column])
        return places[own], ahead[own]

    @cached_property
    def _ahead(self) -> tuple[Rows, NDArray[np.float64], list[int]]:
        """Return places and amounts of all candidates, one after the other, and where those of each end.

        Of all at once, since they are few and each call has its price. An item is about few of the features: only what
        it has of one is looked at.
        """
        columns, features = np.nonzero(self._amounts.T)
        scales = self._scales[features, columns]
        parts = self._brought(features, self._amounts[features, columns], scales)
        ahead = ahead_of(parts, self._brought(features, self._means[features], scales))
        ahead[parts.sum(axis=1) <= 0] = 0.0
        found, signals = np.nonzero(ahead)
        ends = np.searchsorted(columns[found], np.arange(len(self._column)), "right").tolist()
        return features[found] * len(SIGNALS) + signals, ahead[found, signals], ends

    def _brought(
        self, features: Rows | slice, amounts: NDArray[np.float64], scales: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Return (features, signals): what these amounts of these features bring, all scaled."""
        parts: NDArray[np.float64] = scales[:, None] * (self._rates[features] * amounts[:, None])
        return parts

    def at(self, place: int) -> tuple[Feature, Signal]:
        """Return the feature and the signal at a place of `ahead`."""
        row, column = divmod(place, len(SIGNALS))
        return self.features[row], SIGNALS[column]

    def by_feature(self, candidate: int) -> dict[Feature, float]:
        """Return `ahead` of each feature as a whole, in no order that means anything."""
        places: dict[Feature, int] = {}
        numbers = [places.setdefault(feature, len(places)) for feature in self.features]
        column = self._column[candidate]
        own, mean = np.zeros((2, len(places)))
        for total, amounts in ((own, self._amounts[:, column]), (mean, self._means)):
            parts = self._brought(slice(None), amounts, self._scales[:, column])
            np.add.at(total, numbers, parts.sum(axis=1))
        return dict(zip(places, ahead_of(own, mean).tolist(), strict=True))


def _joined(arrays: Sequence[NDArray[np.floating]], *shape: int) -> NDArray[np.float64]:
    """Return arrays of (n, *shape) below one another, in float64; there may be none."""
    return np.concatenate([np.zeros((0, *shape)), *arrays])


def ahead_of(parts: NDArray[np.float64], means: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return part - mean where a part speaks for a candidate and exceeds the mean, else 0.

    What counts against a candidate is no reason for it, even where it counts more against the others.

    >>> ahead_of(np.array([3.0, 1.0, -1.0, 0.5]), np.array([1.0, 2.0, -3.0, -0.5]))
    array([2., 0., 0., 1.])
    """
    more = parts - means
    ahead: NDArray[np.float64] = np.where((parts > 0) & (more > _ROUNDING * np.abs(means)), more, 0.0)
    return ahead
