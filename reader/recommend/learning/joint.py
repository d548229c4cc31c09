"""Weights of factors that move together, learned with all their covariance.

FTRL (`reader.recommend.learning.proximal`) knows nothing of how factors go together: of the five half-lives of a count
each learns what all of them tell. Here the steps away from the priors have a Gaussian posterior with a full precision
matrix; each list adds the curvature of its softmax and moves the mean by one Newton step (online Laplace approximation,
Bishop 2006, section 4.5; an online Newton step, Hazan et al., Machine Learning 69, 2007). It learns faster from few
lists and suits some two hundred factors, as its cost grows with their square and cube.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class JointState:
    """What is to be kept.

    mean: (k,) float64, steps in units of a factor's spread; information: (k, k) float64, symmetric, positive
    semi-definite: what lists have added to the precision of the priors.
    """

    mean: Vector
    information: Matrix

    @classmethod
    def new(cls, count: int) -> JointState:
        """Return the state in which nothing is learned."""
        return cls(np.zeros(count), np.zeros((count, count)))

    def after(self, values: Matrix, chances: Vector, gains: Vector, weight: float, precision: float) -> JointState:
        """Return the state after one list.

        values: (k, places), less their mean over the list, in units of their spread; chances: (places,), as predicted,
        which sum to 1; gains: (places,) >= 0, which sum to 1; weight: of the list, > 0; precision: of the priors, > 0.
        """
        unexpected = values - (values @ chances)[:, None]
        information = self.information + weight * (unexpected * chances) @ unexpected.T
        posterior = information + precision * np.eye(len(self.mean))
        step: Vector = cho_solve(cho_factor(posterior), weight * (values @ (gains - chances)))
        return JointState(self.mean + step, information)
