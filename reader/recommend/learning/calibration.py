"""The chance that a place is opened, from its score: Platt scaling (Platt 1999), learned online.

chance = sigmoid(slope * score + intercept). A choice among places (`reader.recommend.learning.choice`) leaves the level
of the scores open; lists from which nothing was opened teach it here.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from reader.recommend.learning.proximal import Proximal, ProximalState, Vector
from reader.settings import CalibrationSettings


class Calibration:
    """Slope and intercept, which learn list by list."""

    def __init__(self, settings: CalibrationSettings, state: ProximalState | None = None) -> None:
        self._proximal = Proximal(np.ones(2), settings, state)
        self._priors = np.array([settings.slope, settings.intercept])
        self._settings = settings

    @property
    def state(self) -> ProximalState:
        """What is to be kept: (2,) each, slope and intercept. It does not change when more is learned."""
        return self._proximal.state

    @property
    def slope(self) -> float:
        """Log odds for each unit of score, at least the least slope."""
        return float(self._priors[0] + self._steps()[0])

    @property
    def intercept(self) -> float:
        """Log odds at a score of 0."""
        return float(self._priors[1] + self._steps()[1])

    def _steps(self) -> Vector:
        # What FTRL minimises is separate in the coordinates, so the least within a bound is the bound.
        steps = self._proximal.steps
        steps[0] = max(steps[0], self._settings.least_slope - self._priors[0])
        return steps

    def chances(self, scores: NDArray[np.floating]) -> Vector:
        """Return the chance of an opening, (places,) float64 in [0, 1]. scores: (places,), finite."""
        slope, intercept = self._priors + self._steps()
        chances: Vector = expit(slope * scores.astype(np.float64) + intercept)
        return chances

    def learn(self, scores: NDArray[np.floating], opened: NDArray[np.bool_]) -> None:
        """Learn from one list, each place by its logistic loss. scores: (places,), finite; opened: (places,)."""
        if scores.shape != opened.shape or not np.isfinite(scores).all():
            raise ValueError(f"scores {scores.shape} and opened {opened.shape}: give finite ones of the same places")
        limit = self._settings.limit
        seen = np.clip(scores.astype(np.float64), -limit, limit)
        surprise = self.chances(seen) - opened
        self._proximal.descend(np.array([seen @ surprise, surprise.sum()]), self._steps())
