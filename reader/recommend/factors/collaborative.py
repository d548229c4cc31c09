"""What readers of the same items opened, too (item to item; see `reader.recommend.co_opening`)."""

from __future__ import annotations

from typing import Final

import numpy as np

from reader.recommend.factors.relative import with_standardised, with_standardised_specs
from reader.recommend.factors.spec import Computed, FactorSpec, Moment

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

    def compute(self, moment: Moment) -> Computed:
        """Compute (28, candidates); 0 where nothing was opened together."""
        if moment.co_opening is None or not len(moment.opened) or not len(moment.rows):
            return Computed(np.zeros((len(self.specs), len(moment.rows)), dtype=np.float32))
        similar, both = moment.co_opening.similarities(moment.opened.tolist(), moment.rows)
        parts = []
        for window in WINDOWS:
            last, common = similar[-window:], np.log1p(both[-window:].sum(axis=0))
            total = last.sum(axis=0)
            parts += [total, common] if window == 1 else [total, last.max(axis=0), total / len(last), common]
        return Computed(with_standardised(np.array(parts)))
