"""BM25 with the reader's keywords as the query: what the text says, beyond the keywords an item is filed under.

A keyword of several words stands in the query as its words, each with an equal part of its strength. The score is a sum
over words, so it is one over keywords, too, and each keyword's part can be told (`LexicalMatch.by_feature`). The index
holds title and text as one field, so there is no axis of fields.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from reader.profile.axes import HALF_LIVES_S, SIGNAL_WEIGHTS, SIGNALS, Feature
from reader.profile.interests import Interests
from reader.recommend.catalogue import Rows
from reader.recommend.factors.relative import MOST_DEVIATIONS, Scales, deviations, scales_of
from reader.recommend.factors.spec import Computed, Explained, FactorSpec, Moment, Weights

# Which half-lives make which query: what holds now, and what has held for long.
HORIZONS: Final[dict[str, tuple[str, ...]]] = {"now": ("20min", "6h"), "lasting": ("3d", "21d", "180d")}
# The whole of a horizon at the best candidate; ours, untuned.
WEIGHT: Final = 0.4
_HALF_LIVES: Final = list(HALF_LIVES_S)
_QUERIES: Final = (
    *({"query": "profile", "horizon": horizon} for horizon in HORIZONS),
    *({"query": signal, "half_life": half_life} for signal in SIGNALS for half_life in HALF_LIVES_S),
)
_SCALES: Final = {
    "": ("share of the best candidate", -1.0, 1.0, "BM25Okapi(keywords by credit, item) / greatest of the candidates"),
    "z": (
        "standard deviations",
        -MOST_DEVIATIONS,
        MOST_DEVIATIONS,
        "(BM25Okapi(keywords by credit, item) - mean) / standard deviation",
    ),
}


@dataclass(frozen=True)
class Query:
    """A reader's strongest liked keywords. strengths: (keywords, signals), whose sum over signals is > 0."""

    features: tuple[Feature, ...]
    strengths: NDArray[np.float64]

    @cached_property
    def words(self) -> dict[str, float]:
        """The query as weighted index terms."""
        words: dict[str, float] = {}
        for (_, keyword), strength in zip(self.features, self.strengths.sum(axis=1).tolist(), strict=True):
            for word, share in word_shares(keyword):
                words[word] = words.get(word, 0.0) + share * strength
        return words


def word_shares(keyword: str) -> list[tuple[str, float]]:
    """Return the words of a keyword with their shares of it.

    >>> word_shares("lithium salt")
    [('lithium', 0.5), ('salt', 0.5)]
    """
    words = keyword.split()
    return [(word, 1 / len(words)) for word in words]


def profile_query(interests: Interests, at_s: float, *, horizon: str, terms: int) -> Query:
    """Return the query of a reader; without any keyword for one of whom nothing is known."""
    chosen, strengths = _strongest(interests, interests.credit_at(at_s), horizon, terms)
    features = interests.features
    return Query(tuple(features[row] for row in chosen), strengths[chosen])


def _strongest(
    interests: Interests, credit: NDArray[np.float64], horizon: str, terms: int
) -> tuple[list[int], NDArray[np.float64]]:
    """Return the rows of the best liked keywords, best first, and (features, signals): the strength of all."""
    columns = [index for index, name in enumerate(_HALF_LIVES) if name in HORIZONS[horizon]]
    strengths = credit[:, :, columns].sum(axis=2) * SIGNAL_WEIGHTS
    total = strengths.sum(axis=1).tolist()
    liked = [
        (-total[row], feature, row)
        for row, feature in enumerate(interests.features)
        if feature[0] == "keyword" and total[row] > 0
    ]
    return [row for _, _, row in sorted(liked)[:terms]], strengths


@dataclass(frozen=True, slots=True)
class LexicalMatch:
    """All queries against all candidates.

    strengths: (keywords, queries, signals); amounts: (keywords, candidates), BM25 of a keyword's words; scales: of the
    scores, over the candidates.
    """

    features: tuple[Feature, ...]
    strengths: NDArray[np.float64]
    amounts: NDArray[np.float64]
    scales: Scales

    def by_feature(self, candidates: Rows, weights: Weights) -> NDArray[np.float64]:
        """See `Match`. weights: (2 * queries,): of the shares, then of the standardised scores."""
        share, z = weights.reshape(2, len(_QUERIES)).astype(np.float64)
        effective = share * self.scales.per_peak + z * self.scales.per_deviation
        weighed = np.einsum("fqs,q->fs", self.strengths, effective)
        parts: NDArray[np.float64] = weighed[:, :, None] * self.amounts[:, None, candidates]
        return parts

    def constant(self, weights: Weights) -> float:
        """See `Match`."""
        return -float(weights.reshape(2, len(_QUERIES))[1] @ (self.scales.mean * self.scales.per_deviation))


class LexicalFamily:
    """2 horizons, and 8 signals x 5 half-lives, each as the share of the best candidate and z: 84 factors."""

    def __init__(self, terms: int) -> None:
        self._terms = terms
        self.specs = tuple(_spec(axes, scale) for scale in _SCALES for axes in _QUERIES)

    def compute(self, moment: Moment) -> Computed:
        """Compute (84, candidates)."""
        features, strengths = self._queries(moment)
        amounts = _amounts(moment, features)
        scores = strengths.sum(axis=2).T @ amounts
        scales = scales_of(scores)
        values = np.concatenate([scores * scales.per_peak[:, None], deviations(scores, scales)]).astype(np.float32)
        match = LexicalMatch(features, strengths, amounts, scales)
        return Computed(values, (Explained(slice(0, len(values)), match, "bm25"),))

    def _queries(self, moment: Moment) -> tuple[tuple[Feature, ...], NDArray[np.float64]]:
        """Return the keywords of all queries, and (keywords, queries, signals): their strengths in each."""
        interests = moment.portrait.interests
        credit = interests.credit_at(moment.at_s)
        found = [_strongest(interests, credit, horizon, self._terms) for horizon in HORIZONS]
        rows = list(dict.fromkeys(row for chosen, _ in found for row in chosen))
        place = {row: index for index, row in enumerate(rows)}
        strengths = np.zeros((len(rows), len(_QUERIES), len(SIGNALS)))
        for query, (chosen, own) in enumerate(found):
            strengths[[place[row] for row in chosen], query] = own[chosen]
        of_signals = strengths[:, len(HORIZONS) :].reshape(len(rows), len(SIGNALS), len(_HALF_LIVES), len(SIGNALS))
        for signal in range(len(SIGNALS)):
            of_signals[:, signal, :, signal] = credit[rows, signal]
        strengths[:, len(HORIZONS) :] = of_signals.reshape(len(rows), len(SIGNALS) * len(_HALF_LIVES), len(SIGNALS))
        features = interests.features
        return tuple(features[row] for row in rows), strengths


def _amounts(moment: Moment, features: tuple[Feature, ...]) -> NDArray[np.float64]:
    """Return (keywords, candidates): the BM25 score of a keyword's words, each by its share.

    A word in most items of a tiny catalogue has less than nothing to give (see `nlp.bm25`); here it gives nothing.
    """
    shares = [word_shares(keyword) for _, keyword in features]
    place = {word: index for index, word in enumerate(dict.fromkeys(word for own in shares for word, _ in own))}
    matrix = np.zeros((len(features), len(place)))
    for row, own in zip(matrix, shares, strict=True):
        for word, share in own:
            row[place[word]] += share
    impacts = moment.catalogue.index.impacts_at(list(place), moment.rows, moment.position)
    amounts: NDArray[np.float64] = matrix @ np.maximum(impacts, 0.0)
    return amounts


def _spec(query: dict[str, str], scale: str) -> FactorSpec:
    unit, low, high, formula = _SCALES[scale]
    axes = query | ({"scale": scale} if scale else {})
    weight = WEIGHT if "horizon" in query and not scale else 0.0
    name = ".".join(("bm25", *axes.values()))
    return FactorSpec(name, "bm25", unit, low, high, formula, "Robertson & Zaragoza 2009; rank-bm25", weight, axes)
