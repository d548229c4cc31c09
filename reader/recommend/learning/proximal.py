"""FTRL-proximal with a rate for each coordinate, for any loss: McMahan et al., Ad Click Prediction, KDD 2013.

What is learned here are steps away from a prior that the caller adds: L1 and L2 pull the steps toward 0 and so the
weights toward their priors. A coordinate without a gradient keeps a step of exactly 0.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reader.settings import ProximalSettings

Vector = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class ProximalState:
    """What is to be kept of a learner, each (coordinates,) float64. z, squares: z and n of the paper, squares >= 0."""

    z: Vector
    squares: Vector

    @classmethod
    def new(cls, count: int) -> ProximalState:
        """Return the state in which nothing is learned."""
        return cls(np.zeros(count), np.zeros(count))


class Proximal:
    """Steps (coordinates,) float64 away from a prior. rates: (coordinates,) > 0, multiples of the learning rate."""

    def __init__(self, rates: Vector, settings: ProximalSettings, state: ProximalState | None = None) -> None:
        if not (np.isfinite(rates).all() and (rates > 0).all()):
            raise ValueError("rates must be finite and above 0")
        self.state = state or ProximalState.new(len(rates))
        if self.state.z.shape != rates.shape:
            raise ValueError(f"{len(self.state.z)} coordinates were learned, {len(rates)} have rates")
        self._rate = settings.learning_rate * rates
        self._settings = settings

    @property
    def steps(self) -> Vector:
        """Return the steps, equation 3 of the paper around 0: none while z is within L1."""
        z, settings = self.state.z, self._settings
        beyond = z - np.clip(z, -settings.l1, settings.l1)
        curvature = (settings.beta + np.sqrt(self.state.squares)) / self._rate + settings.l2
        steps: Vector = -beyond / curvature
        return steps

    def descend(self, gradient: Vector, steps: Vector) -> None:
        """Take in a gradient, (coordinates,), of the loss at `steps`."""
        squares = self.state.squares + gradient**2
        sigma = (np.sqrt(squares) - np.sqrt(self.state.squares)) / self._rate
        self.state = ProximalState(self.state.z + gradient - sigma * steps, squares)
