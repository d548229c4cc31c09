"""Factors that say where a candidate stands among the others of its list: the same evidence, freed from its scale."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from reader.recommend.factors.spec import Factors, FactorSpec

# Below this spread, plus so many times the precision of the mean, all candidates are alike; what is left is rounding.
_LEAST_SPREAD: Final = 1e-6
_ROUNDING: Final = 16
# Standard deviations beyond which nothing more is said; ours.
LIMIT: Final = 6.0
# The greatest that a value of a list of 1,024 can be without that limit: sqrt(n - 1).
MOST_DEVIATIONS: Final = 32.0


@dataclass(frozen=True, slots=True)
class Scales:
    """What makes factors relative, each (factors,) float32: their means, 1 / deviation and 1 / greatest absolute value.

    All but the means are 0 where all candidates are alike.
    """

    mean: Factors
    per_deviation: Factors
    per_peak: Factors


# The scales of no factors.
NOTHING: Final = Scales(*np.zeros((3, 0), dtype=np.float32))


def means_of(values: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return the mean of each row over the candidates, 0 without any. values: (rows, candidates)."""
    means: NDArray[np.float64] = values.sum(axis=1, dtype=np.float64) / max(1, values.shape[1])
    return means


def scales_of(values: NDArray[np.floating]) -> Scales:
    """Return the scales over the candidates. values: (factors, candidates)."""
    if not values.shape[1]:
        nothing = np.zeros(len(values), dtype=np.float32)
        return Scales(nothing, nothing, nothing)
    mean, low, high = values.mean(axis=1), values.min(axis=1), values.max(axis=1)
    centred = values - mean[:, None]
    spread = np.sqrt(np.einsum("fn,fn->f", centred, centred) / values.shape[1])
    varies = _varies(spread, mean)
    return Scales(mean, _inverse(spread, varies), _inverse(np.maximum(high, -low), varies))


def _varies(spread: NDArray[np.floating], mean: NDArray[np.floating]) -> NDArray[np.bool_]:
    varies: NDArray[np.bool_] = spread > _LEAST_SPREAD + _ROUNDING * np.finfo(mean.dtype).eps * np.abs(mean)
    return varies


def _inverse(scale: NDArray[np.floating], varies: NDArray[np.bool_]) -> Factors:
    inverse = np.zeros(len(scale), dtype=np.float32)
    inverse[varies] = 1.0 / scale[varies]
    return inverse


def standardise(plain: Factors, out: Factors, doubt: float = 0.0) -> None:
    """Write (value - mean) / standard deviation over the candidates, clipped; 0 where all are alike.

    plain, out: (factors, candidates) float32, which do not overlap. doubt: spread that says nothing yet, in the unit of
    the factors, added in quadrature. Without it the first few observations, however small a difference they make, would
    be blown up to whole deviations.
    """
    if not plain.shape[1]:
        return
    mean = plain.mean(axis=1)
    np.subtract(plain, mean[:, None], out=out)
    spread = np.sqrt(np.einsum("fn,fn->f", out, out) / plain.shape[1])
    np.multiply(out, _inverse(np.hypot(spread, doubt), _varies(spread, mean))[:, None], out=out)
    np.clip(out, -LIMIT, LIMIT, out=out)


def ranked(values: NDArray[np.floating]) -> Factors:
    """Return the share of the others that a candidate beats, ties half, minus 1/2: from -1/2 to 1/2."""
    count = values.shape[1]
    # What has faded to less than this is nothing.
    rounded = np.round(values, 6)
    order = rounded.argsort(axis=1)
    first, last = _runs(np.take_along_axis(rounded, order, axis=1))
    shares = (first + last) / (2 * max(1, count - 1)) - (0.5 if count > 1 else 0.0)
    ranks = np.empty(values.shape, dtype=np.float32)
    np.put_along_axis(ranks, order, shares.astype(np.float32), axis=1)
    return ranks


def _runs(ordered: NDArray[np.floating]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the first and the last place of what has the same value, both (rows, n). ordered: (rows, n), ascending."""
    begins = np.diff(ordered, axis=1, prepend=np.nan) != 0
    ends = np.diff(ordered, axis=1, append=np.nan) != 0
    places = np.arange(ordered.shape[1])
    first = np.maximum.accumulate(np.where(begins, places, 0), axis=1)
    last = np.minimum.accumulate(np.where(ends, places, len(places))[:, ::-1], axis=1)[:, ::-1]
    return first, last


def standardised_spec(spec: FactorSpec, weight: float = 0.0) -> FactorSpec:
    """Return the spec of the standardised factor: the same name with `.z`."""
    return replace(
        spec,
        name=f"{spec.name}.z",
        unit="standard deviations",
        low=-LIMIT,
        high=LIMIT,
        formula=f"({spec.formula} - mean) / standard deviation over the candidates, within 6",
        weight=weight,
        axes={**spec.axes, "scale": "z"},
    )


def with_standardised_specs(
    specs: Sequence[FactorSpec], weights: Mapping[str, float] | None = None
) -> tuple[FactorSpec, ...]:
    """Return specs, and below them those of the same factors standardised.

    weights: of the standardised factors, by the name of the plain one.
    """
    weights = weights or {}
    return (*specs, *(standardised_spec(spec, weights.get(spec.name, 0.0)) for spec in specs))


def ranked_spec(spec: FactorSpec) -> FactorSpec:
    """Return the spec of the ranked factor: the same name with `.rank`."""
    return replace(
        spec,
        name=f"{spec.name}.rank",
        unit="share",
        low=-0.5,
        high=0.5,
        formula=f"share of the other candidates with less, ties half, - 1/2, of {spec.formula}",
        weight=0.0,
        axes={**spec.axes, "scale": "rank"},
    )
