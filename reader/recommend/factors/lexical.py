"""BM25 with the reader's keywords as the query: what the text says, beyond the keywords an item is filed under.

A keyword of several words stands in the query as its words, each with an equal part of its strength. The score is a sum
over words, so it is one over keywords, too, and each keyword's part can be told (`LexicalMatch.rates`). The index
holds title and text as one field, so there is no axis of fields.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from reader.profile.axes import HALF_LIVES_S, SIGNAL_WEIGHTS, SIGNALS, Feature
from reader.recommend.arrays import read_only
from reader.recommend.catalogue import Rows
from reader.recommend.factors.relative import MOST_DEVIATIONS, NOTHING, Scales, means_of, scales_of
from reader.recommend.factors.spec import Explained, Factors, FactorSpec, Moment, Weights

# Which half-lives make which query: what holds now, and what has held for long.
HORIZONS: Final[dict[str, tuple[str, ...]]] = {"now": ("20min", "6h"), "lasting": ("3d", "21d", "180d")}
# The whole of a horizon at the best candidate; ours, untuned.
WEIGHT: Final = 0.4
# Keywords whose words are at hand; those of some dozen readers. Ours.
KEYWORDS_KEPT: Final = 16_384
# Readers whose queries are at hand as words. Ours.
READERS_KEPT: Final = 64
_HALF_LIVES: Final = list(HALF_LIVES_S)
_HORIZON_COLUMNS: Final = {name: [_HALF_LIVES.index(one) for one in own] for name, own in HORIZONS.items()}
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


@lru_cache(KEYWORDS_KEPT)
def word_shares(keyword: str) -> tuple[tuple[str, float], ...]:
    """Return the words of a keyword with their shares of it.

    >>> word_shares("lithium salt")
    (('lithium', 0.5), ('salt', 0.5))
    """
    words = keyword.split()
    return tuple((word, 1 / len(words)) for word in words)


def profile_query(keywords: Sequence[Feature], credit: NDArray[np.float64], *, horizon: str, terms: int) -> Query:
    """Return the query of a reader; without any keyword for one of whom nothing is known.

    keywords: of the reader; credit: theirs, (keywords, signals, half-lives).
    """
    strengths = _strengths(credit, horizon)
    chosen = _strongest(keywords, strengths, terms)
    return Query(tuple(keywords[place] for place in chosen), strengths[chosen])


def _strengths(credit: NDArray[np.float64], horizon: str) -> NDArray[np.float64]:
    """Return (features, signals). credit: (features, signals, half-lives)."""
    strengths: NDArray[np.float64] = credit[:, :, _HORIZON_COLUMNS[horizon]].sum(axis=2) * SIGNAL_WEIGHTS
    return strengths


def _strongest(features: Sequence[Feature], strengths: NDArray[np.float64], terms: int) -> list[int]:
    """Return the places of the best liked features, best first, ties by name."""
    total = strengths.sum(axis=1)
    liked = np.flatnonzero(total > 0)
    if len(liked) > terms:
        liked = liked[total[liked] >= np.partition(total[liked], len(liked) - terms)[len(liked) - terms]]
    ordered = sorted(
        zip((-total[liked]).tolist(), (features[place] for place in liked.tolist()), liked.tolist(), strict=True)
    )
    return [place for _, _, place in ordered[:terms]]


@dataclass(frozen=True, slots=True)
class LexicalMatch:
    """All queries against all candidates.

    horizons: (horizons, keywords, signals), the strength of each keyword that each signal gives it in the queries of a
    horizon; credit: (keywords, signals, half-lives), that in the queries of one signal and half-life; words: (keywords,
    words), the share of each word in a keyword; impacts: (words, candidates), BM25 of a word; scales: of the scores.
    """

    features: tuple[Feature, ...]
    horizons: NDArray[np.float64]
    credit: NDArray[np.float64]
    words: NDArray[np.float32]
    impacts: NDArray[np.float32]
    scales: Scales

    def rates(self, weights: Weights) -> NDArray[np.float64]:
        """See `Match`. weights: (2 * queries,): of the shares, then of the standardised scores; amounts: BM25."""
        share, z = weights.reshape(2, len(_QUERIES)).astype(np.float64)
        effective = share * self.scales.per_peak + z * self.scales.per_deviation
        weighed: NDArray[np.float64] = np.einsum("qfs,q->fs", self.horizons, effective[: len(HORIZONS)])
        of_signals = effective[len(HORIZONS) :].reshape(len(SIGNALS), len(_HALF_LIVES))
        weighed += np.einsum("fsh,sh->fs", self.credit, of_signals)
        return weighed

    def amounts_of(self, candidates: Rows) -> NDArray[np.float32]:
        """See `Match`."""
        amounts: NDArray[np.float32] = self.words @ self.impacts[:, candidates]
        return amounts

    def mean_amounts(self) -> NDArray[np.float64]:
        """See `Match`."""
        means: NDArray[np.float64] = self.words @ means_of(self.impacts)
        return means

    def constant(self, weights: Weights) -> float:
        """See `Match`."""
        return -float(weights.reshape(2, len(_QUERIES))[1] @ (self.scales.mean * self.scales.per_deviation))

    @property
    def queries(self) -> NDArray[np.float32]:
        """(queries, keywords) float32: the strength of each keyword in each query."""
        of_signals = self.credit.reshape(len(self.features), len(SIGNALS) * len(_HALF_LIVES)).T
        return np.concatenate([self.horizons.sum(axis=2), of_signals]).astype(np.float32)


class LexicalFamily:
    """2 horizons, and 8 signals x 5 half-lives, each as the share of the best candidate and z: 84 factors."""

    def __init__(self, terms: int) -> None:
        self._terms = terms
        self.specs = tuple(_spec(axes, scale) for scale in _SCALES for axes in _QUERIES)

    def fill(self, moment: Moment, out: Factors) -> tuple[Explained, ...]:
        """Write (84, candidates)."""
        match = self._match(moment)
        share, z = out.reshape(2, len(_QUERIES), len(moment.rows))
        np.matmul(match.queries @ match.words, match.impacts, out=share)
        scales = scales_of(share)
        np.subtract(share, scales.mean[:, None], out=z)
        np.multiply(z, scales.per_deviation[:, None], out=z)
        np.multiply(share, scales.per_peak[:, None], out=share)
        return (Explained(slice(0, len(out)), replace(match, scales=scales), "bm25"),)

    def _match(self, moment: Moment) -> LexicalMatch:
        """Return all queries, with scales yet to be found."""
        keywords = moment.portrait.of_kind("keyword")
        credit, named = moment.credit[keywords], moment.portrait.features[keywords]
        strengths = [_strengths(credit, horizon) for horizon in HORIZONS]
        chosen = [_strongest(named, own, self._terms) for own in strengths]
        places = list(dict.fromkeys(place for own in chosen for place in own))
        horizons = np.zeros((len(HORIZONS), len(named), len(SIGNALS)))
        for horizon, own, found in zip(horizons, strengths, chosen, strict=True):
            horizon[found] = own[found]
        features = tuple(named[place] for place in places)
        names, words = _words(features)
        impacts = moment.catalogue.index.impacts_at(names, moment.rows, moment.position)
        # A word in most items of a tiny catalogue has less than nothing to give (`nlp.bm25`); here it gives nothing.
        np.maximum(impacts, 0.0, out=impacts)
        return LexicalMatch(features, horizons[:, places], credit[places], words, impacts, NOTHING)


@lru_cache(READERS_KEPT)
def _words(features: tuple[Feature, ...]) -> tuple[tuple[str, ...], NDArray[np.float32]]:
    """Return the words of some keywords, and (keywords, words): each word's share of a keyword."""
    place: dict[str, int] = {}
    shares = [word_shares(keyword) for _, keyword in features]
    columns = [place.setdefault(word, len(place)) for own in shares for word, _ in own]
    rows = np.repeat(np.arange(len(shares)), [len(own) for own in shares])
    # A word may stand in a keyword twice, so shares are added up.
    flat = np.bincount(
        rows * len(place) + np.array(columns, dtype=np.int64),
        weights=[share for own in shares for _, share in own],
        minlength=len(shares) * len(place),
    )
    return tuple(place), read_only(flat.reshape(len(shares), len(place)).astype(np.float32))


def _spec(query: dict[str, str], scale: str) -> FactorSpec:
    unit, low, high, formula = _SCALES[scale]
    axes = query | ({"scale": scale} if scale else {})
    weight = WEIGHT if "horizon" in query and not scale else 0.0
    name = ".".join(("bm25", *axes.values()))
    return FactorSpec(name, "bm25", unit, low, high, formula, "Robertson & Zaragoza 2009; rank-bm25", weight, axes)
