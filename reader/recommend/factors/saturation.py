"""What the reader has had enough of: this item, its like, its source, its topic, its maker."""

from __future__ import annotations

from typing import Final

import numpy as np

from reader.recommend.catalogue import TRAIT_KINDS
from reader.recommend.factors.relative import standardise, with_standardised_specs
from reader.recommend.factors.spec import Explained, Factors, FactorSpec, Moment

# How many of the last opened items count as recent; ours, untuned.
RECENT: Final = 20
MOST_PASSED: Final = 3.0
_KINDS: Final = ("source", "topic", "author", "creator", "sound")
_TRAITS: Final = [TRAIT_KINDS.index(kind) for kind in _KINDS]
_NEARNESS: Final = {
    "passed_mean": "mean cosine to the last 50 items passed by",
    "passed_best": "greatest cosine to the last 50 items passed by",
}
_PASSED_NEAR: Final = 50


class SaturationFamily:
    """Passed by without opening, itself or its like, and the share of like items among the last opened ones."""

    specs = with_standardised_specs(
        [
            FactorSpec(
                "saturation.passed",
                "saturation",
                "log count",
                0.0,
                MOST_PASSED,
                "min(3, log(1 + times seen unopened))",
                "ours",
                -0.15,
                {"measure": "passed"},
            ),
            *(
                FactorSpec(
                    f"saturation.{kind}",
                    "saturation",
                    "share",
                    0.0,
                    1.0,
                    f"share of the last {RECENT} opened items with the same {kind}",
                    "ours",
                    -0.1,
                    {"kind": kind},
                )
                for kind in _KINDS
            ),
            *(
                FactorSpec(
                    f"saturation.{name}", "saturation", "cosine", -1.0, 1.0, formula, "ours", axes={"measure": name}
                )
                for name, formula in _NEARNESS.items()
            ),
        ]
    )

    def fill(self, moment: Moment, out: Factors) -> tuple[Explained, ...]:
        """Write (16, candidates)."""
        values = out[: len(out) // 2]
        values[:] = 0.0
        passed, opened = moment.state.passed, moment.opened_counts(RECENT) / RECENT
        if passed:
            values[0] = np.minimum(MOST_PASSED, np.log1p([passed.get(item, 0) for item in moment.ids]))
        sums = moment.traits.sums(opened[moment.traits.features][:, None])[:, :, 0]
        np.minimum(1.0, sums[_TRAITS], out=values[1 : 1 + len(_KINDS)], casting="same_kind")
        near = moment.passed[:_PASSED_NEAR]
        if len(near) and len(moment.rows):
            cosines = moment.catalogue.vectors.values[near] @ moment.vectors.T
            values[-2:] = cosines.mean(axis=0), cosines.max(axis=0)
        standardise(values, out[len(values) :])
        return ()
