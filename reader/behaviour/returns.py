"""How often a paragraph is gone back to for its place, length and difficulty: what is left of a return is interest.

People go back because a text is hard, because the paragraph is long, or because it lies where ways up end (Smadja et
al., WWW 2019, tie full backtracks to readability). `ExpectedReturn` learns, from all paragraphs that any reader had
gone beyond, how often one of that place, length and difficulty is gone back to. What even those have that draw little
is taken for interest, which may lie anywhere; so a return to a paragraph that draws twice as many says half as much.

Returns are rare, so there is nothing to subtract: one that came about exceeds its rate whatever led to it. What can be
told is how likely it was interest, and that is a share (docs/adr/0010).

The rate is a Bayesian linear regression on five features around a hand-set prior, kept as sufficient statistics: it
learns from the first reading, forgets a reader by subtraction, and needs no training data in the package.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

FEATURES = ("constant", "place", "place_squared", "log_words", "difficulty")
# What is supposed before any reading: places, and how often an ordinary paragraph there is gone back to. Ours, untuned.
PRIOR_PLACES: Final = (0.0, 0.5, 1.0)
PRIOR_RATES: Final = (0.15, 0.10, 0.05)
# Paragraphs that the supposition "length and difficulty change nothing" is worth, at one unit of the feature.
PRIOR_SLOPES: Final = np.diag([0.0, 0.0, 0.0, 1.0, 1.0])
# LIX of an ordinary news text (Björnsson 1968) and the words of an ordinary paragraph, to centre the features.
LIX_ORDINARY = 45.0
WORDS_ORDINARY = 60.0
# A paragraph draws little if its rate is so many standard deviations below the mean rate: about one in six. Ours.
LITTLE_DEVIATIONS: Final = 1.0
# Rates below this are taken for it: a line may fall below 0. Ours.
LEAST_RATE: Final = 1e-3


@dataclass(frozen=True, slots=True)
class Place:
    """Where a paragraph stands and what it is like. position: 0 (first) to 1 (last); difficulty: LIX."""

    position: float
    words: int
    difficulty: float

    def features(self) -> NDArray[np.float64]:
        """Return the (5,) float64 features named in FEATURES, centred on an ordinary paragraph."""
        log_words = math.log((1 + self.words) / (1 + WORDS_ORDINARY))
        return np.array([1.0, self.position, self.position**2, log_words, self.difficulty / LIX_ORDINARY - 1])


class ExpectedReturn:
    """How often a paragraph is gone back to, and what share of that may be interest."""

    def __init__(self, prior_weight: float) -> None:
        """prior_weight: paragraphs that the prior is worth, > 0."""
        places = np.array([[1.0, place, place**2, 0.0, 0.0] for place in PRIOR_PLACES])
        weight = prior_weight / len(PRIOR_PLACES)
        self._products = weight * places.T @ places
        self._moment = weight * places.T @ np.array(PRIOR_RATES)
        self.observed = 0
        # Grows with everything learned or taken back: what was predicted under another version is out of date.
        self.version = 0

    @cached_property
    def _coefficients(self) -> NDArray[np.float64]:
        return np.asarray(np.linalg.solve(self._products + PRIOR_SLOPES, self._moment), dtype=np.float64)

    @cached_property
    def _interest_rate(self) -> float:
        """How often a paragraph that draws little is gone back to: mean - deviation of all rates, at least 0."""
        means = self._products[0] / self._products[0, 0]
        covariance = self._products / self._products[0, 0] - np.outer(means, means)
        deviation = math.sqrt(max(0.0, float(self._coefficients @ covariance @ self._coefficients)))
        return max(0.0, float(means @ self._coefficients) - LITTLE_DEVIATIONS * deviation)

    def rate(self, place: Place) -> float:
        """Return how often a paragraph like this is gone back to, in [LEAST_RATE, 1], by who had gone beyond it."""
        return min(1.0, max(LEAST_RATE, float(place.features() @ self._coefficients)))

    def interest_share(self, place: Place) -> float:
        """Return the share of returns to a paragraph like this that place, length and difficulty leave open, 0 to 1."""
        return min(1.0, self._interest_rate / self.rate(place))

    def learn(self, places: Sequence[Place], returned: Sequence[bool], *, sign: int = 1) -> None:
        """Take in paragraphs that a reader had gone beyond, and which of them the reader went back to.

        sign: -1 takes an earlier call back.
        """
        if not places:
            return
        features = np.array([place.features() for place in places])
        self._products = self._products + sign * features.T @ features
        self._moment = self._moment + sign * features.T @ np.array(returned, dtype=np.float64)
        self.observed += sign * len(places)
        self.version += 1
        for kept in ("_coefficients", "_interest_rate"):
            self.__dict__.pop(kept, None)
