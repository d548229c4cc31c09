"""How near a candidate is to what the reader opened last, in what tells readers apart.

That space is of `reader.recommend.discriminant`. Only openings count of which nothing else is known, as in
`reader.recommend.factors.history`.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from reader.recommend.factors.relative import standardise, with_standardised_specs
from reader.recommend.factors.spec import Explained, Factors, FactorSpec, Moment

WINDOWS: Final = (5, 20, 50)
# No more is said than that an item is e^32 times as likely, or as unlikely, the reader's as anybody's.
LIKELIHOOD_LIMIT: Final = 32.0
# Weights of the standardised factors, in the score's unit; ours. On made-up logs 0.1 to 0.2 did the same.
_Z_WEIGHTS: Final = {"discriminant.leaning.50": 0.15, "discriminant.best3.50": 0.15}
_SOURCE: Final = "Ioffe, ECCV 2006"
_FORMULAS: Final = {
    "likelihood": "log of the density of the item's point around the reader's mean, as the last {} openings tell it,"
    " over that around the mean of all, within 32",
    "leaning": "sum over the directions of point * reader's mean / (1 + variance of that mean), as the last {} openings"
    " tell it, within 32",
    "mean": "mean cosine to the last {} openings, each direction by the square root of how much readers differ in it",
    "best3": "mean of the three greatest cosines to the last {} openings, directions by how much readers differ",
}


def _spec(measure: str, window: int) -> FactorSpec:
    unit, limit = ("log ratio", LIKELIHOOD_LIMIT) if measure in ("likelihood", "leaning") else ("cosine", 1.0)
    formula, axes = _FORMULAS[measure].format(window), {"measure": measure, "openings": str(window)}
    return FactorSpec(
        f"discriminant.{measure}.{window}", "discriminant", unit, -limit, limit, formula, _SOURCE, axes=axes
    )


class DiscriminantFamily:
    """4 measures x 3 windows of openings, as they are and standardised within the list."""

    specs = with_standardised_specs([_spec(measure, window) for window in WINDOWS for measure in _FORMULAS], _Z_WEIGHTS)

    def fill(self, moment: Moment, out: Factors) -> tuple[Explained, ...]:
        """Write (24, candidates); 0 for a reader who has opened nothing, and until readers are told apart."""
        known = moment.discriminant
        if known is None or not len(moment.clicked) or not len(moment.rows):
            out[:] = 0.0
            return ()
        plain = out[: len(out) // 2]
        own, candidates = known.points(moment.clicked), known.points(moment.rows)
        for index, window in enumerate(WINDOWS):
            rows = plain[len(_FORMULAS) * index : len(_FORMULAS) * (index + 1)]
            rows[:2] = _ratios(own[-window:].astype(np.float64), candidates, known.spread)
            rows[2], rows[3] = moment.kindred[-window:].mean(axis=0), _best3(moment.kindred[-window:])
        standardise(plain, out[len(plain) :])
        return ()


def _best3(cosines: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return (candidates,): the mean of the three greatest of each column."""
    best: NDArray[np.float32] = -np.partition(-cosines, min(2, len(cosines) - 1), axis=0)[:3].mean(axis=0)
    return best


def _ratios(own: NDArray[np.float64], points: NDArray[np.float32], spread: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return (2, candidates): the log likelihood ratio, and its part that goes by the direction of the reader's mean.

    Of m openings z the reader's mean has variance v = b / (1 + m b) and is v * sum z, b being the spread; a further
    opening lies around it with variance 1 + v, and one of anybody around 0 with variance 1 + b.
    """
    variance = spread / (1.0 + len(own) * spread)
    mean = variance * own.sum(axis=0)
    leaning = points @ (mean / (1.0 + variance))
    squares = 0.5 * (points.astype(np.float64) ** 2 @ (1.0 / (1.0 + spread) - 1.0 / (1.0 + variance)))
    constant = 0.5 * np.sum(np.log((1.0 + spread) / (1.0 + variance)) - mean**2 / (1.0 + variance))
    ratios = np.array([leaning + squares + constant, leaning])
    return np.clip(ratios, -LIKELIHOOD_LIMIT, LIKELIHOOD_LIMIT, out=ratios)
