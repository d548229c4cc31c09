"""How far factors spread within a list, so that a step means the same for each whatever its unit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]
# Variance by squared mean up to which a factor is constant: factors are float32, whose values are known to 1e-7.
_CONSTANT = 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class Deviations:
    """One list. centred: (factors, places) float64 less the mean of the list; variance: (factors,) float64.

    Both are 0 for a factor that is constant in the list.
    """

    centred: NDArray[np.float64]
    variance: Vector


def deviations(values: NDArray[np.float64]) -> Deviations:
    """Return how far values, (factors, places) float64, finite, are from their list's mean."""
    mean = values.mean(axis=1)
    centred = values - mean[:, None]
    variance = np.einsum("fp,fp->f", centred, centred) / values.shape[1]
    constant = variance <= _CONSTANT * mean**2
    variance[constant] = 0.0
    centred[constant] = 0.0
    return Deviations(centred, variance)


@dataclass(frozen=True, slots=True, eq=False)
class Spread:
    """What was seen over lists, each (factors,) float64.

    variance: the mean of the variances within the lists in which the factor varied; lists: how many those were.
    """

    variance: Vector
    lists: Vector

    @classmethod
    def new(cls, count: int) -> Spread:
        """Return the spread before any list."""
        return cls(np.zeros(count), np.zeros(count))

    def plus(self, variance: Vector) -> Spread:
        """Take in a list by the variances of its factors, as a running mean (Welford 1962)."""
        lists = self.lists + (variance > 0)
        towards = np.divide(variance - self.variance, lists, out=np.zeros_like(lists), where=variance > 0)
        return Spread(self.variance + towards, lists)

    def scale(self, doubt_lists: float) -> Vector:
        """Return the root mean square deviation, (factors,) float64; 0 where a factor never varied.

        Of few lists it is known badly and taken for larger, by sqrt(1 + doubt_lists / lists). A prior in the factor's
        unit would do the same, but would have to know the unit.
        """
        doubt = np.divide(doubt_lists, self.lists, out=np.zeros_like(self.lists), where=self.lists > 0)
        scale: Vector = np.sqrt(self.variance * (1.0 + doubt))
        return scale
