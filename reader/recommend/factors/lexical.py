"""BM25 with the reader's keywords as the query: what the text says, beyond the keywords an item is filed under.

A keyword of several words stands in the query as its words, each with an equal part of its strength. The score is a sum
over words, so it is one over keywords, too, and each keyword's part can be told (`LexicalMatch.by_feature`).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from reader.profile.axes import HALF_LIVES_S, SIGNAL_WEIGHTS, Feature
from reader.profile.interests import Interests
from reader.recommend.catalogue import Rows
from reader.recommend.factors.spec import Computed, FactorSpec, Moment

# Which half-lives make which query: what holds now, and what has held for long.
HORIZONS: Final[dict[str, tuple[str, ...]]] = {"now": ("20min", "6h"), "lasting": ("3d", "21d", "180d")}
# The whole of the family at the best candidate; ours, untuned.
WEIGHT: Final = 0.4


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
    chosen = [index for index, name in enumerate(HALF_LIVES_S) if name in HORIZONS[horizon]]
    strengths = interests.credit_at(at_s)[:, :, chosen].sum(axis=2) * SIGNAL_WEIGHTS
    total = strengths.sum(axis=1)
    liked = [
        (-float(total[row]), feature, row)
        for row, feature in enumerate(interests.features)
        if feature[0] == "keyword" and total[row] > 0
    ]
    best = sorted(liked)[:terms]
    return Query(tuple(feature for _, feature, _ in best), strengths[[row for _, _, row in best]])


@dataclass(frozen=True)
class LexicalMatch:
    """One query against all candidates."""

    query: Query
    moment: Moment

    @cached_property
    def values(self) -> NDArray[np.float64]:
        """The factor: (candidates,), 1 at the best candidate, 0 where no word occurs."""
        return self._scores / self._best

    @cached_property
    def _scores(self) -> NDArray[np.float64]:
        if not self.query.words:
            return np.zeros(len(self.moment.rows))
        return np.maximum(self.moment.catalogue.index.scores_at(self.query.words, self.moment.rows), 0.0)

    @cached_property
    def _best(self) -> float:
        return float(self._scores.max(initial=0.0)) or 1.0

    @property
    def features(self) -> tuple[Feature, ...]:
        """The keywords of the query."""
        return self.query.features

    def by_feature(self, candidates: Rows) -> NDArray[np.float64]:
        """Return (keywords, signals, candidates): the part of the score that each keyword brings by each signal."""
        index, rows = self.moment.catalogue.index, self.moment.rows[candidates]
        of_word = {word: index.scores_at({word: 1.0}, rows) for word in self.query.words}
        amounts = np.array(
            [sum(share * of_word[word] for word, share in word_shares(keyword)) for _, keyword in self.query.features]
        ).reshape(len(self.query.features), len(rows))
        parts: NDArray[np.float64] = WEIGHT / self._best * self.query.strengths[:, :, None] * amounts[:, None, :]
        return parts


def match_texts(moment: Moment, terms: int) -> tuple[LexicalMatch, ...]:
    """Return the match of the query of each horizon."""
    interests = moment.portrait.interests
    queries = (profile_query(interests, moment.at_s, horizon=horizon, terms=terms) for horizon in HORIZONS)
    return tuple(LexicalMatch(query, moment) for query in queries)


class LexicalFamily:
    """BM25 of the profile, over the best candidate."""

    def __init__(self, terms: int) -> None:
        self._terms = terms
        self.specs = tuple(
            FactorSpec(
                name=f"bm25.profile.{horizon}",
                family="bm25",
                unit="share of the best candidate",
                low=0.0,
                high=1.0,
                formula="BM25Okapi(profile keywords, item) / max over candidates",
                source="Robertson & Zaragoza 2009; rank-bm25",
                weight=WEIGHT,
            )
            for horizon in HORIZONS
        )

    def compute(self, moment: Moment) -> Computed:
        """Compute (2, candidates)."""
        matches = match_texts(moment, self._terms)
        return Computed(np.stack([match.values for match in matches]).astype(np.float32), matches)
