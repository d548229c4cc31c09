"""What is known of a reader's interests at one time: what a list is made from."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import accumulate, pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from reader.profile.axes import FEATURE_KINDS, Feature, FeatureKind
from reader.profile.clusters import Clusters
from reader.profile.interests import Interests
from reader.profile.watched import Watched

_KIND_NUMBERS: Final = {kind: number for number, kind in enumerate(FEATURE_KINDS)}


@dataclass(frozen=True)
class Portrait:
    """The interests of a reader, which change no more.

    finished: what was read to its end lately, and when; watched: how the last clips were watched, oldest first;
    left: the last clips of feeds that were left at once, and so not watched; bounced: what was left at once last, and
    not opened since.
    """

    interests: Interests
    clusters: Clusters
    finished: Mapping[str, datetime]
    watched: Mapping[str, Watched]
    left: Collection[str] = ()
    bounced: Collection[str] = ()

    @cached_property
    def features(self) -> tuple[Feature, ...]:
        """All features with credit, kind after kind in the order of FEATURE_KINDS."""
        features = self.interests.features
        return tuple(features[row] for row in self._order.tolist())

    def credit_at(self, at_s: float) -> NDArray[np.float64]:
        """Return the credit of `features`, (features, signals, half-lives), decayed to a moment."""
        return self.interests.credit_at(at_s)[self._order]

    @cached_property
    def ranges(self) -> tuple[slice, ...]:
        """Where each kind of FEATURE_KINDS stands among `features`."""
        ends = accumulate(np.bincount(self._kinds, minlength=len(FEATURE_KINDS)).tolist(), initial=0)
        return tuple(slice(start, end) for start, end in pairwise(ends))

    def of_kind(self, kind: FeatureKind) -> slice:
        """Return where a kind stands among `features`."""
        return self.ranges[_KIND_NUMBERS[kind]]

    @cached_property
    def _kinds(self) -> NDArray[np.int64]:
        return np.array([_KIND_NUMBERS[kind] for kind, _ in self.interests.features], dtype=np.int64)

    @cached_property
    def _order(self) -> NDArray[np.int64]:
        return np.argsort(self._kinds, kind="stable")
