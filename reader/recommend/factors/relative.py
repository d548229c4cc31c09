"""Factors that say where a candidate stands among the others of its list: the same evidence, freed from its scale."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from reader.recommend.factors.spec import Factors, FactorSpec

# Below this spread all candidates are alike, and what is left is rounding.
_LEAST_SPREAD = 1e-6
# Standard deviations beyond which nothing more is said; ours.
LIMIT = 6.0


def standardised(values: NDArray[np.floating]) -> Factors:
    """Return (value - mean) / standard deviation over the candidates, clipped; 0 where all are alike.

    values: (factors, candidates).
    """
    if not values.shape[1]:
        return values.astype(np.float32)
    spread = values.std(axis=1, keepdims=True)
    centred = values - values.mean(axis=1, keepdims=True)
    scaled = np.divide(centred, spread, out=np.zeros_like(centred, dtype=np.float64), where=spread > _LEAST_SPREAD)
    clipped: Factors = np.clip(scaled, -LIMIT, LIMIT).astype(np.float32)
    return clipped


def standardised_spec(spec: FactorSpec, weight: float) -> FactorSpec:
    """Return the spec of the standardised factor: the same name with `.z`."""
    return replace(
        spec,
        name=f"{spec.name}.z",
        unit="standard deviations",
        low=-LIMIT,
        high=LIMIT,
        formula=f"({spec.formula} - mean) / standard deviation over the candidates",
        weight=weight,
    )
