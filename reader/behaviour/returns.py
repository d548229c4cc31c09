"""What a return to a paragraph would amount to if it had nothing to do with interest.

People go back because a text is hard, because the paragraph is long, or because it lies on the way (Smadja et al.,
WWW 2019, tie full backtracks to readability). `ExpectedReturn` learns, from all paragraphs that any reader went back
to, how long such a return lasts given place, length and difficulty; only what exceeds that is interest. Learning from
those not gone back to, too, would expect too little of where returns end (docs/evaluation.md compares both).

The model is a Bayesian linear regression on five features with a hand-set prior, kept as sufficient statistics: it
learns from the first return, forgets a reader by subtraction, and needs no training data in the package.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

FEATURES = ("constant", "place", "place_squared", "log_words", "difficulty")
# Prior mean: a return takes a tenth of what makes an ordinary paragraph read, a fifth in the middle. Ours, untuned.
PRIOR = np.array([0.1, 0.4, -0.4, 0.0, 0.0])
# LIX of an ordinary news text (Björnsson 1968) and the words of an ordinary paragraph, to centre the features.
LIX_ORDINARY = 45.0
WORDS_ORDINARY = 60.0


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
    """Expected re-reading of a paragraph that was gone back to (>= 0), in the unit of `ParagraphSignal.reread`."""

    def __init__(self, prior_weight: float) -> None:
        self._precision = np.eye(len(FEATURES)) * prior_weight
        self._moment = prior_weight * PRIOR
        self.observed = 0
        # Grows with everything learned or taken back: what was predicted under another version is out of date.
        self.version = 0

    @cached_property
    def _coefficients(self) -> NDArray[np.float64]:
        return np.asarray(np.linalg.solve(self._precision, self._moment), dtype=np.float64)

    def predict(self, place: Place) -> float:
        """Return what a return to this paragraph amounts to on average, at least 0."""
        return max(0.0, float(place.features() @ self._coefficients))

    def learn(self, place: Place, amount: float, *, sign: int = 1) -> None:
        """Take in one paragraph that was gone back to, and its `amount` of re-reading.

        sign: -1 takes an earlier call back.
        """
        features = place.features()
        self._precision = self._precision + sign * np.outer(features, features)
        self._moment = self._moment + sign * amount * features
        self.observed += sign
        self.version += 1
        self.__dict__.pop("_coefficients", None)
