"""Where an item's text lies in the space of meaning, dimension by dimension: nothing by hand, all for learning."""

from __future__ import annotations

import numpy as np

from reader.recommend.factors.spec import Computed, FactorSpec, Moment


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

    def compute(self, moment: Moment) -> Computed:
        """Compute (2 dim, candidates)."""
        values = np.zeros((2, self._dim, len(moment.rows)), dtype=np.float32)
        catalogue = moment.catalogue
        vectors, mean = moment.vectors, catalogue.vector_sum / max(1, len(catalogue.vectors))
        kept = min(self._dim, vectors.shape[1])
        np.subtract(vectors[:, :kept].T, mean[:kept, None].astype(np.float32), out=values[0, :kept])
        values[0, :, ~vectors.any(axis=1)] = 0.0
        if len(moment.opened):
            taste = catalogue.vectors.values[moment.opened].mean(axis=0) - mean
            norm = float(np.linalg.norm(taste))
            unit = taste / norm if norm > 1e-9 else 0.0 * taste
            np.multiply(values[0, :kept], unit[:kept, None].astype(np.float32), out=values[1, :kept])
        return Computed(values.reshape(len(self.specs), len(moment.rows)))
