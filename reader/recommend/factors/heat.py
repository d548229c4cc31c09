"""What all readers together do with an item: how often, how lately, at what rate, and how sure that is."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from reader.recommend.factors.relative import standardised, standardised_spec
from reader.recommend.factors.spec import Computed, FactorSpec, Moment
from reader.recommend.popularity import HEAT_ACTS, HEAT_HALF_LIVES_S

# Count at which heat is 1; ours, untuned.
FULL_HEAT: Final = 100.0
# Impressions that the catalogue's mean rate is worth against the item's own; ours, untuned.
RATE_PRIOR: Final = 20.0
_COUNT_WEIGHTS: Final = {"impression": 0.0, "viewable": 0.0, "open": 0.15, "like": 0.2, "save": 0.2}
_RATE_WEIGHT: Final = 0.2
# Weights of the open rates standardised within the list; ours. Together twice a content cue of `history`.
_Z_WEIGHTS: Final = {"2h": 0.0, "12h": 0.05, "3d": 0.1, "30d": 0.15}
_SOURCE: Final = "Toutiao's heat class (Cao 2018); ours"


class HeatFamily:
    """5 acts x 4 half-lives of counts, and 4 open rates, as they are and standardised within the list."""

    specs = tuple(
        FactorSpec(
            name=f"heat.{act}.{half_life}",
            family="heat",
            unit="log share",
            low=0.0,
            high=1.0,
            formula="min(1, log(1 + decayed count) / log(1 + 100))",
            source=_SOURCE,
            weight=_COUNT_WEIGHTS[act],
        )
        for act in HEAT_ACTS
        for half_life in HEAT_HALF_LIVES_S
    ) + tuple(
        FactorSpec(
            name=f"heat.open_rate.{half_life}",
            family="heat",
            unit="half log ratio",
            low=-1.0,
            high=1.0,
            formula="clip(log(smoothed open rate / mean open rate) / 2, -1, 1)",
            source=_SOURCE,
            weight=_RATE_WEIGHT,
        )
        for half_life in HEAT_HALF_LIVES_S
    )
    specs += tuple(
        standardised_spec(spec, weight) for spec, weight in zip(specs[-4:], _Z_WEIGHTS.values(), strict=True)
    )

    def compute(self, moment: Moment) -> Computed:
        """Compute (28, candidates)."""
        popularity = moment.catalogue.popularity
        counts = popularity.counts_at(moment.rows, moment.at_s)
        heat = np.minimum(1.0, np.log1p(counts) / np.log1p(FULL_HEAT))
        rates = _log_rates(counts, popularity.totals_at(moment.at_s))
        by_row = heat.reshape(len(moment.rows), len(HEAT_ACTS) * len(HEAT_HALF_LIVES_S)).T
        return Computed(np.concatenate([by_row, rates.T, standardised(rates.T)]).astype(np.float32))


def _log_rates(counts: NDArray[np.float64], totals: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return (candidates, half-lives): log of the smoothed open rate over the mean, halved and clipped."""
    shown, opened = HEAT_ACTS.index("impression"), HEAT_ACTS.index("open")
    mean = (totals[opened] + 1.0) / (totals[shown] + totals[opened] + RATE_PRIOR)
    rate = (counts[:, opened] + RATE_PRIOR * mean) / (counts[:, shown] + RATE_PRIOR)
    ratio: NDArray[np.float64] = np.clip(np.log(rate / mean) / 2.0, -1.0, 1.0)
    return ratio


class UncertaintyFamily:
    """How little is known of an item yet: a small bonus for what has hardly been shown."""

    specs = tuple(
        FactorSpec(
            name=f"uncertainty.shown.{half_life}",
            family="uncertainty",
            unit="standard error",
            low=0.0,
            high=1.0,
            formula="1 / sqrt(1 + decayed impressions)",
            source="UCB (Auer et al. 2002), simplified",
            weight=0.02,
        )
        for half_life in HEAT_HALF_LIVES_S
    )

    def compute(self, moment: Moment) -> Computed:
        """Compute (4, candidates)."""
        shown = moment.catalogue.popularity.counts_at(moment.rows, moment.at_s)[:, HEAT_ACTS.index("impression")]
        return Computed((1.0 / np.sqrt(1.0 + shown)).T.astype(np.float32))
