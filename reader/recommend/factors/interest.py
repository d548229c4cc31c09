"""How well a candidate meets the reader's interests: per kind of feature, signal and half-life.

match = sum over features of  credit / (norm of all credit of that kind, signal and half-life + shrinkage)  x  amount.
So each factor is a cosine-like number that grows with evidence, and each is a sum over features, which is what makes
"because of *lithium*" an exact statement (`InterestMatch.by_feature`), also where it is taken relative to the list.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
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
from reader.recommend.factors.relative import MOST_DEVIATIONS, Scales, deviations, scales_of
from reader.recommend.factors.spec import Computed, Explained, FactorSpec, Moment, Weights

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
_SOURCE = "ours"
# Scale -> (unit, lowest, highest, formula); only what is not relative has a hand-set weight.
_SCALES: Final = {
    # The norm of the amounts of 240 features, each at most 1, is below 16.
    "": ("cosine-like", -16.0, 16.0, _FORMULA),
    "z": ("standard deviations", -MOST_DEVIATIONS, MOST_DEVIATIONS, f"({_FORMULA} - mean) / standard deviation"),
    "max": ("share of the list's maximum", -1.0, 1.0, f"{_FORMULA} / greatest absolute value of the candidates"),
}
_PER_KIND: Final = len(SIGNALS) * len(HALF_LIVES_S)
# Nobody watches a text, and only texts have authors.
_NEVER: Final = frozenset({("author", "watch")})
# For each kind the rows, of 3 * signals * half-lives, that are factors, and where they begin and end among all factors.
_KEPT: Final = {
    kind: np.flatnonzero(
        np.tile(np.repeat([(kind, signal) not in _NEVER for signal in SIGNALS], len(HALF_LIVES_S)), len(_SCALES))
    )
    for kind in FEATURE_KINDS
}
_ENDS: Final = np.cumsum([len(kept) for kept in _KEPT.values()]).tolist()
_ROWS: Final = [slice(start, end) for start, end in zip([0, *_ENDS], _ENDS, strict=False)]
_ALL_KEPT: Final = np.concatenate(
    [len(_SCALES) * _PER_KIND * index + kept for index, kept in enumerate(_KEPT.values())]
)


@dataclass(frozen=True, slots=True)
class InterestMatch:
    """The match of one kind of feature.

    direction: (f, signals * half-lives) float32; amounts: (f, candidates) float32; scales: of the factors.
    """

    kind: FeatureKind
    features: tuple[Feature, ...]
    direction: NDArray[np.float32]
    amounts: NDArray[np.float32]
    scales: Scales

    def by_feature(self, candidates: Rows, weights: Weights) -> NDArray[np.float64]:
        """See `Match`. weights: of the factors as they are, z and max."""
        plain, z, share = self._weights(weights)
        effective = plain + z * self.scales.per_deviation + share * self.scales.per_peak
        weighed = (self.direction * effective).reshape(len(self.features), len(SIGNALS), len(HALF_LIVES_S))
        parts: NDArray[np.float64] = weighed.sum(axis=2)[:, :, None] * self.amounts[:, None, candidates]
        return parts

    def constant(self, weights: Weights) -> float:
        """See `Match`."""
        return -float(self._weights(weights)[1] @ (self.scales.mean * self.scales.per_deviation))

    def _weights(self, weights: Weights) -> NDArray[np.float64]:
        """Return (scales, signals * half-lives), 0 for what is no factor."""
        of_all = np.zeros(len(_SCALES) * _PER_KIND)
        of_all[_KEPT[self.kind]] = weights
        return of_all.reshape(len(_SCALES), _PER_KIND)


class InterestFamily:
    """8 kinds x 8 signals x 5 half-lives x (as it is, z, share of the maximum) less 15 that cannot be = 945 factors."""

    def __init__(self, shrinkage: float) -> None:
        self._shrinkage = shrinkage
        self.specs = tuple(
            _spec(kind, scale, signal, half_life)
            for kind in FEATURE_KINDS
            for scale in _SCALES
            for signal in range(len(SIGNALS))
            for half_life in range(len(HALF_LIVES_S))
            if (kind, SIGNALS[signal]) not in _NEVER
        )

    def compute(self, moment: Moment) -> Computed:
        """Compute the matches of all kinds, one below the other."""
        values = np.zeros((len(FEATURE_KINDS), len(_SCALES), _PER_KIND, len(moment.rows)), dtype=np.float32)
        matches = tuple(
            Explained(rows, _fill(own, kind, *found), f"interest.{kind}")
            for kind, own, found, rows in zip(FEATURE_KINDS, values, self._amounts(moment), _ROWS, strict=True)
        )
        flat = values.reshape(len(FEATURE_KINDS) * len(_SCALES) * _PER_KIND, len(moment.rows))
        return Computed(flat[_ALL_KEPT], matches)

    def _amounts(self, moment: Moment) -> list[tuple[tuple[Feature, ...], NDArray[np.float32], NDArray[np.float32]]]:
        """Return for every kind its features, their direction and their amounts in the candidates."""
        interests = moment.portrait.interests
        credit, features = interests.credit_at(moment.at_s), interests.features
        rows_of: dict[str, list[int]] = {kind: [] for kind in FEATURE_KINDS}
        for row, (kind, _) in enumerate(features):
            rows_of[kind].append(row)
        amounts = _amounts_of_all(moment, features)
        return [
            (tuple(features[row] for row in own), self._direction(credit[own]), amounts[own])
            for own in rows_of.values()
        ]

    def _direction(self, credit: NDArray[np.float64]) -> NDArray[np.float32]:
        flat = credit.reshape(len(credit), _PER_KIND)
        direction: NDArray[np.float32] = (flat / (np.linalg.norm(flat, axis=0) + self._shrinkage)).astype(np.float32)
        return direction


def _fill(
    values: NDArray[np.float32],
    kind: FeatureKind,
    features: tuple[Feature, ...],
    direction: NDArray[np.float32],
    amounts: NDArray[np.float32],
) -> InterestMatch:
    """Write the factors of one kind. values: (3, signals * half-lives, candidates), zero where there is no credit."""
    live = np.flatnonzero(direction.any(axis=0))
    plain = direction[:, live].T @ amounts
    scales = scales_of(plain)
    values[0, live] = plain
    values[1, live] = deviations(plain, scales)
    values[2, live] = plain * scales.per_peak[:, None]
    of_all = np.zeros((3, _PER_KIND), dtype=np.float32)
    of_all[:, live] = scales.mean, scales.per_deviation, scales.per_peak
    return InterestMatch(kind, features, direction, amounts, Scales(*of_all))


def _spec(kind: FeatureKind, scale: str, signal: int, half_life: int) -> FactorSpec:
    unit, low, high, formula = _SCALES[scale]
    axes = {"kind": kind, "signal": SIGNALS[signal], "half_life": list(HALF_LIVES_S)[half_life]}
    axes |= {"scale": scale} if scale else {}
    weight = KIND_WEIGHTS[kind] * float(SIGNAL_WEIGHTS[signal] * HALF_LIFE_WEIGHTS[half_life])
    name = ".".join(("interest", *axes.values()))
    return FactorSpec(name, f"interest.{kind}", unit, low, high, formula, _SOURCE, 0.0 if scale else weight, axes)


def _amounts_of_all(moment: Moment, features: tuple[Feature, ...]) -> NDArray[np.float32]:
    """Return (features, candidates) float32: how much each candidate is about each feature."""
    catalogue, count = moment.catalogue, len(moment.rows)
    words = [row for row, feature in enumerate(features) if feature[0] == "keyword"]
    clusters = [row for row, feature in enumerate(features) if feature[0] == "cluster"]
    amounts = catalogue.traits.amounts(features, moment.trait_entries, count)
    keywords = [features[row] for row in words]
    entries = catalogue.keyword_postings.entries(moment.rows)
    rarity = [_rarity(catalogue.keyword_postings.frequency(keyword), len(catalogue)) for keyword in keywords]
    found = catalogue.keyword_postings.amounts(keywords, entries, count)
    amounts[words] = found * np.array(rarity, dtype=np.float32)[:, None]
    amounts[clusters] = _cluster_amounts(moment, [int(features[row][1][1:]) for row in clusters])
    return amounts


def _rarity(frequency: int, documents: int) -> float:
    """Return idf over the idf of a term that one item has: 1 for the rarest, toward 0 for what all have."""
    most = math.log1p(documents)
    return max(0.0, math.log((documents + 1) / (frequency + 0.5)) / most) if most > 0 else 1.0


def _cluster_amounts(moment: Moment, clusters: list[int]) -> NDArray[np.float32]:
    if not clusters:
        return np.zeros((0, len(moment.rows)), dtype=np.float32)
    cosines = moment.portrait.clusters.centroids()[clusters] @ moment.vectors.T
    floored: NDArray[np.float32] = np.clip((cosines - COSINE_FLOOR) / (1 - COSINE_FLOOR), 0.0, 1.0)
    return floored
