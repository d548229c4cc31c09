"""How well a candidate meets the reader's interests: per kind of feature, signal and half-life.

match = sum over features of  credit / (norm of all credit of that kind, signal and half-life + shrinkage)  x  amount.
So each factor is a cosine-like number that grows with evidence, and each is a sum over features, which is what makes
"because of *lithium*" an exact statement (`InterestMatch.by_feature`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from reader.profile.axes import (
    FEATURE_KINDS,
    HALF_LIFE_WEIGHTS,
    HALF_LIVES_S,
    SIGNAL_WEIGHTS,
    SIGNALS,
    Feature,
    FeatureKind,
)
from reader.recommend.catalogue import Rows
from reader.recommend.factors.spec import Computed, FactorSpec, Moment

# How much each kind of feature says; ours, untuned.
KIND_WEIGHTS: Final[dict[FeatureKind, float]] = {
    "keyword": 1.0,
    "topic": 0.5,
    "source": 0.2,
    "author": 0.2,
    "creator": 0.4,
    "sound": 0.3,
    "language": 0.4,
    "cluster": 0.7,
}
# Cosine that unrelated texts of one language reach anyway, for all-MiniLM-L6-v2; ours, by eye on the demo catalogue.
COSINE_FLOOR: Final = 0.15
_FORMULA = "sum_f credit[f] / (|credit| + shrinkage) * amount[f, item]"
_SOURCE = "DESIGN 5; ours"


@dataclass(frozen=True)
class InterestMatch:
    """The match of one kind of feature. direction: (f, signals, half-lives); amounts: (f, candidates)."""

    kind: FeatureKind
    features: tuple[Feature, ...]
    direction: NDArray[np.float64]
    amounts: NDArray[np.float64]

    @cached_property
    def values(self) -> NDArray[np.float64]:
        """The factors, (signals * half-lives, candidates)."""
        product: NDArray[np.float64] = np.tensordot(self.direction, self.amounts, axes=(0, 0))
        return product.reshape(len(SIGNALS) * len(HALF_LIVES_S), self.amounts.shape[1])

    def by_feature(self, candidates: Rows) -> NDArray[np.float64]:
        """Return (f, signals, candidates): the part of the score that each feature brings by each signal."""
        weights = KIND_WEIGHTS[self.kind] * SIGNAL_WEIGHTS
        by_signal = np.einsum("fsh,s,h->fs", self.direction, weights, HALF_LIFE_WEIGHTS)
        parts: NDArray[np.float64] = by_signal[:, :, None] * self.amounts[:, None, candidates]
        return parts


def match_interests(moment: Moment, shrinkage: float) -> tuple[InterestMatch, ...]:
    """Return the match for every kind of feature, in their order."""
    interests = moment.portrait.interests
    credit, features = interests.credit_at(moment.at_s), interests.features
    position = moment.catalogue.positions(moment.rows)
    matches = []
    for kind in FEATURE_KINDS:
        own = [row for row, feature in enumerate(features) if feature[0] == kind]
        direction = credit[own] / (np.linalg.norm(credit[own], axis=0) + shrinkage)
        chosen = tuple(features[row] for row in own)
        amounts = _cluster_amounts(moment, chosen) if kind == "cluster" else _amounts(moment, chosen, position)
        matches.append(InterestMatch(kind, chosen, direction, amounts))
    return tuple(matches)


def _amounts(moment: Moment, features: tuple[Feature, ...], position: Rows) -> NDArray[np.float64]:
    amounts = np.zeros((len(features), len(moment.rows)))
    for index, feature in enumerate(features):
        rows, salience = moment.catalogue.postings(feature)
        places = position[rows]
        known = places >= 0
        rarity = _rarity(len(rows), len(moment.catalogue)) if feature[0] == "keyword" else 1.0
        amounts[index, places[known]] = salience[known] * rarity
    return amounts


def _rarity(frequency: int, documents: int) -> float:
    """Return idf over the idf of a term that one item has: 1 for the rarest, toward 0 for what all have."""
    most = math.log1p(documents)
    return max(0.0, math.log((documents + 1) / (frequency + 0.5)) / most) if most > 0 else 1.0


def _cluster_amounts(moment: Moment, features: tuple[Feature, ...]) -> NDArray[np.float64]:
    if not features:
        return np.zeros((0, len(moment.rows)))
    chosen = [int(name[1:]) for _, name in features]
    cosines = moment.portrait.clusters.centroids()[chosen] @ moment.catalogue.vectors.values[moment.rows].T
    floored: NDArray[np.float64] = np.clip((cosines - COSINE_FLOOR) / (1 - COSINE_FLOOR), 0.0, 1.0).astype(np.float64)
    return floored


class InterestFamily:
    """8 kinds x 8 signals x 5 half-lives = 320 factors."""

    def __init__(self, shrinkage: float) -> None:
        self._shrinkage = shrinkage
        self.specs = tuple(
            FactorSpec(
                name=f"interest.{kind}.{signal}.{half_life}",
                family=f"interest.{kind}",
                unit="cosine-like",
                low=0.0,
                high=4.0,
                formula=_FORMULA,
                source=_SOURCE,
                weight=KIND_WEIGHTS[kind] * float(SIGNAL_WEIGHTS[s] * HALF_LIFE_WEIGHTS[h]),
            )
            for kind in FEATURE_KINDS
            for s, signal in enumerate(SIGNALS)
            for h, half_life in enumerate(HALF_LIVES_S)
        )

    def compute(self, moment: Moment) -> Computed:
        """Compute the matches of all kinds, one below the other."""
        matches = match_interests(moment, self._shrinkage)
        return Computed(np.concatenate([match.values for match in matches]).astype(np.float32), matches)
