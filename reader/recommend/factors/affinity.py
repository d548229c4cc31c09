"""What share of the reader's openings, and of the cards passed by, had the candidate's traits; and at what rate opened.

These are the counts that a reader's state holds: openings in order of time, and cards seen unopened. Reads, watches and
acts of will are counted with their half-lives by the interest match.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from reader.recommend.catalogue import TRAIT_KINDS
from reader.recommend.factors.moment import PASSED_KEPT
from reader.recommend.factors.relative import standardise, with_standardised_specs
from reader.recommend.factors.spec import Explained, Factors, FactorSpec, Moment

WINDOWS: Final = (5, 20, 50)
# Cards that the reader's mean rate is worth against that of a trait; ours, untuned.
RATE_PRIOR: Final = 5.0
_MEASURES: Final = {
    **{f"opened{window}": f"share of the last {window} opened items with the trait" for window in WINDOWS},
    "passed": f"share of the last {PASSED_KEPT} items passed by with the trait",
    "rate": "(opened + 5 m) / (opened + passed + 5) - m, of items with the trait, m the same of all items",
}


class AffinityFamily:
    """8 kinds x 5 measures, as they are and standardised within the list. Several topics of an item add up."""

    specs = with_standardised_specs(
        [
            FactorSpec(
                f"affinity.{kind}.{measure}",
                "affinity",
                "rate" if measure == "rate" else "share",
                -1.0 if measure == "rate" else 0.0,
                1.0 if measure == "rate" else 8.0,
                formula,
                "ours",
                axes={"kind": kind, "measure": measure},
            )
            for kind in TRAIT_KINDS
            for measure, formula in _MEASURES.items()
        ]
    )

    def fill(self, moment: Moment, out: Factors) -> tuple[Explained, ...]:
        """Write (80, candidates)."""
        counts = [*(moment.opened_counts(window) for window in WINDOWS), moment.trait_counts(moment.passed)]
        sizes = [*(max(1, len(moment.opened[-window:])) for window in WINDOWS), max(1, len(moment.passed))]
        features = moment.traits.features
        sums = moment.traits.sums(np.array([own[features] for own in counts]).T)
        plain = out[: len(out) // 2].reshape(len(TRAIT_KINDS), len(_MEASURES), len(moment.rows))
        np.divide(sums.transpose(0, 2, 1), np.array(sizes)[:, None], out=plain[:, :-1], casting="same_kind")
        plain[:, -1] = self._rates(moment, sums)
        standardise(out[: len(out) // 2], out[len(out) // 2 :])
        return ()

    def _rates(self, moment: Moment, sums: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return (kinds, candidates)."""
        opened, passed = len(moment.opened), len(moment.passed)
        mean = (opened + 1.0) / (opened + passed + 2.0)
        own_opened, own_passed = sums[:, :, WINDOWS.index(50)], sums[:, :, len(WINDOWS)]
        rates: NDArray[np.float64] = (own_opened + RATE_PRIOR * mean) / (own_opened + own_passed + RATE_PRIOR) - mean
        return rates
