"""Where an item's text lies in the space of meaning, dimension by dimension: nothing by hand, all for learning."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from reader.recommend.factors.spec import Explained, Factors, FactorSpec, Moment


class ContentFamily:
    """dim x (the item, the item times the reader): which way all readers lean, and which way each leans like others.

    dim: of the vectors; those of a catalogue with another one are cut, or have 0 in what is missing.
    """

    def __init__(self, dim: int) -> None:
        self._dim = dim
        self.specs = tuple(
            FactorSpec(
                f"{family}.dim{number}",
                family,
                "share of a unit vector",
                -2.0,
                2.0,
                formula,
                "ours",
                axes={"dimension": str(number)},
            )
            for family, formula in (
                ("content", "item's vector - mean of all items; 0 without a vector"),
                (
                    "taste",
                    "(item's vector - mean of all items) * mean of the last 50 opened less that mean, unit length",
                ),
            )
            for number in range(dim)
        )

    def fill(self, moment: Moment, out: Factors) -> tuple[Explained, ...]:
        """Write (2 dim, candidates)."""
        values = out.reshape(2, self._dim, len(moment.rows))
        catalogue = moment.catalogue
        vectors, mean = moment.vectors, catalogue.vector_sum / max(1, len(catalogue))
        kept = min(self._dim, vectors.shape[1])
        values[:, kept:] = 0.0
        np.subtract(vectors[:, :kept].T, mean[:kept, None].astype(np.float32), out=values[0, :kept])
        blank = np.flatnonzero(~vectors.any(axis=1))
        if len(blank):
            values[0][:, blank] = 0.0
        np.multiply(values[0, :kept], _taste(moment, mean)[:kept, None], out=values[1, :kept])
        return ()


def _taste(moment: Moment, mean: NDArray[np.float64]) -> NDArray[np.float32]:
    """Return (dim,) float32: the way from the mean of all to the mean of what was opened last, of length 1 or 0."""
    if not len(moment.opened):
        return np.zeros(len(mean), dtype=np.float32)
    way = moment.catalogue.vectors.values[moment.opened].mean(axis=0) - mean
    norm = float(np.linalg.norm(way))
    unit: NDArray[np.float32] = (way / norm if norm > 1e-9 else 0.0 * way).astype(np.float32)
    return unit
