"""A few directions in the space of meaning that a reader's attention has gathered around.

An online spherical k-means: a vector joins the nearest centroid if it is close enough, else it founds a cluster; when
all places are taken, it joins the nearest anyway. Clusters are features like any other, named c0, c1, ….
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float32]


class Clusters:
    """Centroids (k, d) float32 with unit rows, and how much attention each has gathered."""

    def __init__(self, limit: int, min_cosine: float) -> None:
        self._limit = limit
        self._min_cosine = min_cosine
        self._sums: list[NDArray[np.float64]] = []
        # The sums as unit vectors, (limit, d); None as long as there is none.
        self._units: Vector | None = None

    def copy(self) -> Clusters:
        """Return an independent copy."""
        twin = Clusters(self._limit, self._min_cosine)
        twin._sums = list(self._sums)
        twin._units = None if self._units is None else self._units.copy()
        return twin

    @property
    def sums(self) -> NDArray[np.float64]:
        """Centroids times the attention they have gathered, (k, d); (0, 0) if there are none."""
        return np.array(self._sums) if self._sums else np.zeros((0, 0))

    def restore(self, sums: NDArray[np.float64]) -> None:
        """Set all clusters. sums: as `sums` gives them."""
        self._sums, self._units = list(sums), None
        for cluster in range(len(sums)):
            self._set_unit(cluster)

    def assign(self, vector: Vector, mass: float) -> str:
        """Let a unit vector join a cluster, or found one, and return the cluster's name. mass: attention, > 0."""
        nearest, cosine = self._nearest(vector)
        if nearest is None or (cosine < self._min_cosine and len(self._sums) < self._limit):
            nearest = len(self._sums)
            self._sums.append(vector.astype(np.float64) * mass)
        else:
            self._sums[nearest] = self._sums[nearest] + vector * mass
        self._set_unit(nearest)
        return f"c{nearest}"

    def _set_unit(self, cluster: int) -> None:
        total = self._sums[cluster]
        if self._units is None:
            self._units = np.zeros((max(self._limit, len(self._sums)), len(total)), dtype=np.float32)
        norm = math.sqrt(float(total @ total))
        self._units[cluster] = total / norm if norm > 0 else total

    def _nearest(self, vector: Vector) -> tuple[int | None, float]:
        if not self._sums:
            return None, 0.0
        cosines = self.centroids() @ vector
        nearest = int(cosines.argmax())
        return nearest, float(cosines[nearest])

    def centroids(self) -> Vector:
        """Return (k, d) float32 with unit rows; (0, 0) if there are none. To be read only."""
        if self._units is None:
            return np.zeros((0, 0), dtype=np.float32)
        return self._units[: len(self._sums)]
