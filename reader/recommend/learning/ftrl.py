"""Online weights of factors: FTRL-proximal around hand-set priors, for the choice among the places of a list.

The chance that a place is the one opened is the softmax of the scores of its list (conditional logit, McFadden 1974),
so what all places share, such as the reader's mood, teaches nothing. FTRL-proximal is of McMahan et al., Ad Click
Prediction, KDD 2013: a rate for each coordinate, L1 and L2. Here both pull toward the priors and not toward 0: a factor
that nothing is learned of keeps its prior exactly.

Factors have different units, so steps are taken in standard deviations within a list, as seen so far.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from reader.settings import LearningSettings

Weights = NDArray[np.float64]
# Spread, squared, below which a factor is taken for constant.
_LEAST_VARIANCE = 1e-12
# Standard deviations beyond which a value counts no more: one odd item must not turn the weights.
_LIMIT = 8.0


class Ftrl:
    """Weights (factors,) float64 that learn list by list. rates: (factors,), multiples of the learning rate."""

    def __init__(self, priors: Weights, rates: Weights, settings: LearningSettings) -> None:
        self._priors = priors.astype(np.float64)
        self._rate = settings.learning_rate * rates
        self._settings = settings
        self._z = np.zeros(len(priors))
        self._squares = np.zeros(len(priors))
        self._variance_sum = np.zeros(len(priors))
        self._lists = np.zeros(len(priors))

    @property
    def weights(self) -> Weights:
        """The weights of the factors as they are: score = weights @ factors."""
        scale = self._scale()
        known = scale > 0
        learned = np.divide(self._steps(), scale, out=np.zeros_like(scale), where=known)
        return self._priors + learned

    def learn(self, factors: NDArray[np.floating], gains: NDArray[np.floating]) -> None:
        """Learn from one list. factors: (factors, places); gains: (places,) >= 0, how much each place was worth.

        A list with nothing gained, or with every place gained alike, tells nothing of a choice and changes nothing.
        """
        values, total = factors.astype(np.float64), float(gains.sum())
        if total <= 0 or np.ptp(gains) == 0:
            return
        scores = self.weights @ values
        chance = np.exp(scores - scores.max())
        self._note_spread(values)
        gradient = self._scaled(values) @ (chance / chance.sum() - gains / total)
        self._step(gradient)

    def _note_spread(self, values: NDArray[np.float64]) -> None:
        variance = values.var(axis=1)
        varies = variance > _LEAST_VARIANCE
        self._variance_sum += variance
        self._lists += varies

    def _scale(self) -> Weights:
        """Return the root mean square deviation within the lists in which the factor varied; 0 if in none."""
        mean = np.divide(self._variance_sum, self._lists, out=np.zeros_like(self._lists), where=self._lists > 0)
        scale: Weights = np.sqrt(mean)
        return scale

    def _scaled(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        scale = self._scale()[:, None]
        centred = values - values.mean(axis=1, keepdims=True)
        scaled = np.divide(centred, scale, out=np.zeros_like(centred), where=scale > 0)
        clipped: NDArray[np.float64] = np.clip(scaled, -_LIMIT, _LIMIT)
        return clipped

    def _step(self, gradient: Weights) -> None:
        before = np.sqrt(self._squares)
        steps = self._steps()
        self._squares += gradient**2
        self._z += gradient - (np.sqrt(self._squares) - before) / self._rate * steps

    def _steps(self) -> Weights:
        """Return how far each weight is from its prior, in units of 1 / scale."""
        lasso, ridge = self._settings.l1, self._settings.l2
        beyond = np.sign(self._z) * np.maximum(0.0, np.abs(self._z) - lasso)
        steps: Weights = -beyond / ((1.0 + np.sqrt(self._squares)) / self._rate + ridge)
        return steps
