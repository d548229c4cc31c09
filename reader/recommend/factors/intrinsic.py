"""What an item is, whoever reads it: its age, length, difficulty, form."""

from __future__ import annotations

from typing import Final

import numpy as np

from reader.recommend.factors.spec import Computed, FactorSpec, Moment
from reader.recommend.form import FORM

AGES_H: Final[dict[str, float]] = {"1h": 1, "6h": 6, "1d": 24, "3d": 72, "7d": 168, "30d": 720}
_AGE_WEIGHTS: Final = (0.05, 0.1, 0.15, 0.15, 0.1, 0.05)


class FreshnessFamily:
    """Six exponential kernels of age."""

    specs = tuple(
        FactorSpec(
            name=f"freshness.{name}",
            family="freshness",
            unit="share",
            low=0.0,
            high=1.0,
            formula="exp(-age / scale)",
            source="ours, untuned",
            weight=weight,
        )
        for name, weight in zip(AGES_H, _AGE_WEIGHTS, strict=True)
    )

    def compute(self, moment: Moment) -> Computed:
        """Compute (6, candidates)."""
        age_h = np.maximum(0.0, moment.at_s - moment.catalogue.published_s.values[moment.rows]) / 3600
        scales = np.array(list(AGES_H.values()))
        return Computed(np.exp(-age_h[None, :] / scales[:, None]).astype(np.float32))


class IntrinsicFamily:
    """Form and difficulty, as `reader.recommend.form` has them."""

    # Without data, no form is better than another: the weights are 0 until they are learned.
    specs = tuple(
        FactorSpec(f"intrinsic.{name}", "intrinsic", unit, 0.0, 1.0, formula, "ours", 0.0)
        for name, (unit, formula) in FORM.items()
    )

    def compute(self, moment: Moment) -> Computed:
        """Compute (8, candidates)."""
        return Computed(moment.catalogue.form.values[moment.rows].T)
