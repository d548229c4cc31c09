"""How near a candidate is to what the reader opened last: in meaning, and by topic.

Only openings count of which nothing else is known: from readers who do not let their attention be noted, and in logs of
titles and clicks. What was read or watched counts by the attention that it got, through the interest match.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from reader.recommend.catalogue import TRAIT_KINDS
from reader.recommend.factors.relative import with_standardised, with_standardised_specs
from reader.recommend.factors.spec import Computed, FactorSpec, Moment

# Openings that are looked back on; ours.
WINDOWS: Final = (1, 5, 20, 50)
# Openings after which one counts a third of the newest, for the recent mean; ours.
RECENT_SCALE: Final = 10.0
# Sharpness with which the pooled cosine attends to the nearest openings; ours.
ATTENTION: Final = 10.0
# Weights of the standardised factors, in the score's unit. An even mix of mean, three best and topic share was best of
# the simple ones on news impressions; the size, against the interest match, is ours.
_Z_WEIGHTS: Final = {"history.mean.50": 0.15, "history.best3.50": 0.15, "history.topics.50": 0.15}
_FORMULAS: Final = {
    "mean": "mean cosine to the last {} items of which only the opening is known",
    "topics": "sum over the item's topics of their share in the last {} items of which only the opening is known",
    "best": "greatest cosine to the last {} items of which only the opening is known",
    "best3": "mean of the three greatest cosines to the last {} items of which only the opening is known",
    "recent": "mean cosine to the last {} items of which only the opening is known, one n back weighing exp(-n / 10)",
    "pooled": "mean cosine to the last {} items of which only the opening is known, one at cosine c weighing exp(10 c)",
}


def _measures(window: int) -> tuple[str, ...]:
    """Return the measures of a window; of a single opening all cosines are the same."""
    return tuple(_FORMULAS)[: 2 if window == 1 else None]


def _spec(measure: str, window: int) -> FactorSpec:
    return FactorSpec(
        f"history.{measure}.{window}",
        "history",
        "share" if measure == "topics" else "cosine",
        0.0 if measure == "topics" else -1.0,
        8.0 if measure == "topics" else 1.0,
        _FORMULAS[measure].format(window),
        "ours",
        axes={"measure": measure, "openings": str(window)},
    )


class HistoryFamily:
    """20 measures, each as it is and standardised within the list."""

    specs = with_standardised_specs(
        [_spec(measure, window) for window in WINDOWS for measure in _measures(window)], _Z_WEIGHTS
    )

    def compute(self, moment: Moment) -> Computed:
        """Compute (40, candidates); 0 for a reader who has opened nothing."""
        if not len(moment.clicked) or not len(moment.rows):
            return Computed(np.zeros((len(self.specs), len(moment.rows)), dtype=np.float32))
        topics = topic_shares(moment)
        parts = [part for index, window in enumerate(WINDOWS) for part in _of_window(moment, window, topics[:, index])]
        return Computed(with_standardised(np.array(parts)))


def _of_window(moment: Moment, window: int, topics: NDArray[np.float64]) -> list[NDArray[np.floating]]:
    """Return the measures of the last `window` openings, each (candidates,)."""
    cosines = moment.cosines[-window:]
    mean = cosines.mean(axis=0)
    if window == 1:
        return [mean, topics]
    best = -np.partition(-cosines, min(2, len(cosines) - 1), axis=0)[:3]
    recent = np.exp(-np.arange(len(cosines))[::-1] / RECENT_SCALE).astype(np.float32)
    attention = np.exp(np.float32(ATTENTION) * cosines)
    pooled = np.einsum("hn,hn->n", cosines, attention) / attention.sum(axis=0)
    return [mean, topics, best.max(axis=0), best.mean(axis=0), recent @ cosines / recent.sum(), pooled]


def topic_shares(moment: Moment) -> NDArray[np.float64]:
    """Return (candidates, windows): the sum over the item's topics of their share in each window."""
    counts = [moment.trait_counts(moment.clicked[-window:]) / len(moment.clicked[-window:]) for window in WINDOWS]
    sums = moment.traits.sums(np.array(counts).T[moment.traits.features])
    topics: NDArray[np.float64] = sums[TRAIT_KINDS.index("topic")]
    return topics
