"""How well a candidate meets the reader's interests: per kind of feature, signal and half-life.

match = sum over features of  credit / (norm of all credit of that kind, signal and half-life + shrinkage)  x  amount.
So each factor is a cosine-like number that grows with evidence, and each is a sum over features, which is what makes
"because of *lithium*" an exact statement (`InterestMatch.rates`), also where it is taken relative to the list.
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
from reader.recommend.factors.relative import MOST_DEVIATIONS, Scales, means_of, scales_of
from reader.recommend.factors.spec import Explained, Factors, FactorSpec, Moment, Weights
from reader.recommend.filed_keywords import numbers_of

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
# For each kind the columns of credit, of signals * half-lives, that are factors.
_KEPT: Final = {
    kind: np.flatnonzero(np.repeat([(kind, signal) not in _NEVER for signal in SIGNALS], len(HALF_LIVES_S)))
    for kind in FEATURE_KINDS
}
# Where the factors of each kind begin and end: as they are, then z, then max.
_ENDS: Final = np.cumsum([len(_SCALES) * len(kept) for kept in _KEPT.values()]).tolist()
_ROWS: Final = [slice(start, end) for start, end in zip([0, *_ENDS], _ENDS, strict=False)]
# For each kind and column of credit the row of the factor as it is, -1 for none, and how far below it z stands.
_PLAIN_ROWS: Final = np.full((len(FEATURE_KINDS), _PER_KIND), -1)
for _number, (_kept, _rows) in enumerate(zip(_KEPT.values(), _ROWS, strict=True)):
    _PLAIN_ROWS[_number, _kept] = _rows.start + np.arange(len(_kept))
_STEPS: Final = np.array([len(kept) for kept in _KEPT.values()])


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

    def rates(self, weights: Weights) -> NDArray[np.float64]:
        """See `Match`. weights: of the factors as they are, z and max."""
        plain, z, share = self._weights(weights)
        effective = plain + z * self.scales.per_deviation + share * self.scales.per_peak
        weighed = (self.direction * effective).reshape(len(self.features), len(SIGNALS), len(HALF_LIVES_S))
        rates: NDArray[np.float64] = weighed.sum(axis=2)
        return rates

    def amounts_of(self, candidates: Rows) -> NDArray[np.float32]:
        """See `Match`."""
        amounts: NDArray[np.float32] = self.amounts[:, candidates]
        return amounts

    def mean_amounts(self) -> NDArray[np.float64]:
        """See `Match`."""
        return means_of(self.amounts)

    def constant(self, weights: Weights) -> float:
        """See `Match`."""
        return -float(self._weights(weights)[1] @ (self.scales.mean * self.scales.per_deviation))

    def _weights(self, weights: Weights) -> NDArray[np.float64]:
        """Return (scales, signals * half-lives), 0 for what is no factor."""
        kept = _KEPT[self.kind]
        of_all = np.zeros((len(_SCALES), _PER_KIND))
        of_all[:, kept] = weights.reshape(len(_SCALES), len(kept))
        return of_all


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

    def fill(self, moment: Moment, out: Factors) -> tuple[Explained, ...]:
        """Write the matches of all kinds, one below the other; where there is no credit they are 0."""
        features, ranges, amounts = moment.portrait.features, moment.portrait.ranges, _amounts(moment)
        norms, direction = _directions(moment, self._shrinkage)
        live = (norms > 0) & (_PLAIN_ROWS >= 0)
        plain = np.empty((int(live.sum()), len(moment.rows)), dtype=np.float32)
        ends = np.cumsum(live.sum(axis=1))
        for number, (own, end) in enumerate(zip(ranges, ends.tolist(), strict=True)):
            columns = live[number]
            start = end - int(columns.sum())
            np.matmul(direction[own, columns].T, amounts[own], out=plain[start:end])
        scales = scales_of(plain)
        rows = _PLAIN_ROWS[live]
        steps = np.repeat(_STEPS, live.sum(axis=1))
        out[:] = 0.0
        out[rows] = plain
        out[rows + 2 * steps] = plain * scales.per_peak[:, None]
        np.subtract(plain, scales.mean[:, None], out=plain)
        np.multiply(plain, scales.per_deviation[:, None], out=plain)
        out[rows + steps] = plain
        of_all = np.zeros((len(_SCALES), *live.shape), dtype=np.float32)
        of_all[:, live] = scales.mean, scales.per_deviation, scales.per_peak
        return tuple(
            Explained(
                _ROWS[number],
                InterestMatch(kind, features[own], direction[own], amounts[own], Scales(*of_all[:, number])),
                f"interest.{kind}",
            )
            for number, (kind, own) in enumerate(zip(FEATURE_KINDS, ranges, strict=True))
        )


def _spec(kind: FeatureKind, scale: str, signal: int, half_life: int) -> FactorSpec:
    unit, low, high, formula = _SCALES[scale]
    axes = {"kind": kind, "signal": SIGNALS[signal], "half_life": list(HALF_LIVES_S)[half_life]}
    axes |= {"scale": scale} if scale else {}
    weight = KIND_WEIGHTS[kind] * float(SIGNAL_WEIGHTS[signal] * HALF_LIFE_WEIGHTS[half_life])
    name = ".".join(("interest", *axes.values()))
    return FactorSpec(name, f"interest.{kind}", unit, low, high, formula, _SOURCE, 0.0 if scale else weight, axes)


def _directions(moment: Moment, shrinkage: float) -> tuple[NDArray[np.float64], NDArray[np.float32]]:
    """Return the norm of all credit by kind, (kinds, signals * half-lives), and what it makes of each feature's credit.

    The second, (features, signals * half-lives) float32, is credit / (norm of the kind + shrinkage).
    """
    ranges = moment.portrait.ranges
    credit = moment.credit.reshape(len(moment.credit), _PER_KIND)
    norms = np.array([np.sqrt(np.einsum("fc,fc->c", credit[own], credit[own])) for own in ranges])
    of_features = np.repeat(norms + shrinkage, [own.stop - own.start for own in ranges], axis=0)
    return norms, (credit / of_features).astype(np.float32)


def _amounts(moment: Moment) -> NDArray[np.float32]:
    """Return (features, candidates) float32: how much each candidate is about each feature."""
    catalogue, portrait, features = moment.catalogue, moment.portrait, moment.portrait.features
    keywords, clusters = portrait.of_kind("keyword"), portrait.of_kind("cluster")
    amounts = np.zeros((len(features), len(moment.rows)), dtype=np.float32)
    postings = catalogue.keyword_postings
    numbers = numbers_of(features[keywords])
    postings.fill_amounts(numbers, moment.rows, amounts[keywords])
    amounts[keywords] *= _rarity(postings.frequencies(numbers), len(catalogue))[:, None]
    others = slice(keywords.stop, clusters.start)
    moment.traits.mark(catalogue.traits.numbers(features[others]), amounts[others])
    amounts[clusters] = _cluster_amounts(moment, [int(name[1:]) for _, name in features[clusters]])
    return amounts


def _rarity(frequencies: Rows, documents: int) -> NDArray[np.float32]:
    """Return idf over the idf of a term that one item has: 1 for the rarest, toward 0 for what all have."""
    most = math.log1p(documents)
    if most <= 0:
        return np.ones(len(frequencies), dtype=np.float32)
    return np.maximum(0.0, np.log((documents + 1) / (frequencies + 0.5)) / most).astype(np.float32)


def _cluster_amounts(moment: Moment, clusters: list[int]) -> NDArray[np.float32]:
    if not clusters:
        return np.zeros((0, len(moment.rows)), dtype=np.float32)
    cosines = moment.portrait.clusters.centroids()[clusters] @ moment.vectors.T
    floored: NDArray[np.float32] = np.clip((cosines - COSINE_FLOOR) / (1 - COSINE_FLOOR), 0.0, 1.0)
    return floored
