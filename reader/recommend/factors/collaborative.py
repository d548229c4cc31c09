"""What readers of the same items opened, too (item to item; see `reader.recommend.co_opening`)."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from reader.recommend.factors.relative import standardise, with_standardised_specs
from reader.recommend.factors.spec import Explained, Factors, FactorSpec, Moment

WINDOWS: Final = (1, 5, 20, 50)
_MEASURES: Final = ("sum", "best", "mean", "readers")
_SOURCE: Final = "Deshpande & Karypis, ACM TOIS 22(1), 2004"


def _measures(window: int) -> tuple[str, ...]:
    """Return the measures of a window; of a single opening sum, best and mean are the same."""
    return _MEASURES if window > 1 else ("sum", "readers")


def _spec(measure: str, window: int) -> FactorSpec:
    what = "log(1 + readers in common" if measure == "readers" else f"{measure} of the similarities by co-opening"
    formula = f"{what} with the last {window} opened items" + (", summed)" if measure == "readers" else "")
    unit, high = ("log count", 16.0) if measure == "readers" else ("similarity", 50.0 if measure == "sum" else 1.0)
    axes = {"measure": measure, "openings": str(window)}
    return FactorSpec(
        f"collaborative.{measure}.{window}", "collaborative", unit, 0.0, high, formula, _SOURCE, axes=axes
    )


class CollaborativeFamily:
    """4 windows of openings x 4 measures (of a single one 2), as they are and standardised within the list."""

    specs = with_standardised_specs([_spec(measure, window) for window in WINDOWS for measure in _measures(window)])

    def fill(self, moment: Moment, out: Factors) -> tuple[Explained, ...]:
        """Write (28, candidates); 0 where nothing was opened together."""
        if moment.co_opening is None or not len(moment.opened) or not len(moment.rows):
            out[:] = 0.0
            return ()
        similar, both = moment.co_opening.similarities(moment.opened, moment.rows)
        plain = out[: len(out) // 2]
        place = 0
        for window in WINDOWS:
            last, common = similar[-window:], both[-window:]
            measures = _measures(window)
            plain[place : place + len(measures)] = _measured(last, common, measures)
            place += len(measures)
        standardise(plain, out[len(plain) :])
        return ()


def _measured(
    similar: NDArray[np.float64], both: NDArray[np.float64], measures: tuple[str, ...]
) -> list[NDArray[np.float64]]:
    """Return the measures of a window, each (candidates,). similar, both: (openings, candidates)."""
    total, readers = similar.sum(axis=0), np.log1p(both.sum(axis=0))
    found = {"sum": total, "readers": readers}
    if "best" in measures:
        found |= {"best": similar.max(axis=0), "mean": total / len(similar)}
    return [found[measure] for measure in measures]
