"""How near a candidate is to what the reader opened last: in meaning, and by topic.

Only openings count of which nothing else is known: from readers who do not let their attention be noted, and in logs of
titles and clicks. What was read or watched counts by the attention that it got, through the interest match.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from reader.profile.state import ReaderState
from reader.recommend.factors.relative import standardised, standardised_spec
from reader.recommend.factors.spec import Computed, FactorSpec, Moment

# Openings that are looked back on; ours.
LENGTH: Final = 50
# Openings after which one counts a third of the newest, for the recent mean; ours.
RECENT_SCALE: Final = 10.0
# Sharpness with which the pooled cosine attends to the nearest openings; ours.
ATTENTION: Final = 10.0
# Weights of the standardised factors, in the score's unit. An even mix of mean, three best and topic share was best of
# the simple ones on news impressions; the size, against the interest match, is ours.
_Z_WEIGHTS: Final = {"mean": 0.15, "best3": 0.15, "topics": 0.15}
_FORMULAS: Final = {
    "mean": "mean cosine to the last 50 items of which nothing is known but their opening",
    "best": "greatest cosine to them",
    "best3": "mean of the three greatest cosines to them",
    "recent": "mean cosine, an opening n back weighing exp(-n / 10)",
    "pooled": "mean cosine, an opening at cosine c weighing exp(10 c)",
    "topics": "sum over the item's topics of their share in them",
}


class HistoryFamily:
    """6 measures, each as it is and standardised within the list."""

    _plain = tuple(
        FactorSpec(
            f"history.{name}", "history", "cosine" if name != "topics" else "share", -1.0, 4.0, formula, "ours", 0.0
        )
        for name, formula in _FORMULAS.items()
    )
    specs = _plain + tuple(
        standardised_spec(spec, _Z_WEIGHTS.get(name, 0.0)) for spec, name in zip(_plain, _FORMULAS, strict=True)
    )

    def compute(self, moment: Moment) -> Computed:
        """Compute (12, candidates); 0 for a reader who has opened nothing."""
        last = _last_opened(moment.state)
        plain = np.concatenate([_nearness(moment, last), _topic_shares(moment, last)])
        return Computed(np.concatenate([plain.astype(np.float32), standardised(plain)]))


def _last_opened(state: ReaderState) -> list[str]:
    """Return the ids of the openings that count, oldest first."""
    reset_at, opened = state.steering.reset_at, state.opened
    counted = [
        item for item, at in opened.items() if item not in state.attended and (reset_at is None or at > reset_at)
    ]
    return sorted(counted, key=lambda item: (opened[item], item))[-LENGTH:]


def _nearness(moment: Moment, last: list[str]) -> NDArray[np.float64]:
    """Return (5, candidates). last: ids, oldest first."""
    catalogue = moment.catalogue
    rows = catalogue.rows_of(last)
    if not len(rows) or not len(moment.rows):
        return np.zeros((5, len(moment.rows)))
    vectors = catalogue.vectors.values
    cosines = (vectors[moment.rows] @ vectors[rows].T).astype(np.float64)
    best = -np.sort(-cosines, axis=1)[:, :3]
    recent = np.exp(-np.arange(len(rows))[::-1] / RECENT_SCALE)
    attention = np.exp(ATTENTION * cosines)
    return np.array(
        [
            cosines.mean(axis=1),
            best[:, 0],
            best.mean(axis=1),
            cosines @ recent / recent.sum(),
            (cosines * attention).sum(axis=1) / attention.sum(axis=1),
        ]
    )


def _topic_shares(moment: Moment, last: list[str]) -> NDArray[np.float64]:
    """Return (1, candidates)."""
    catalogue = moment.catalogue
    shares = np.zeros((1, len(moment.rows)))
    position = catalogue.positions(moment.rows)
    counts: dict[str, int] = {}
    for item in last:
        content = catalogue.content(item)
        for topic in content.item.topics if content else ():
            counts[topic] = counts.get(topic, 0) + 1
    for topic, count in counts.items():
        places = position[catalogue.postings(("topic", topic))[0]]
        shares[0, places[places >= 0]] += count / len(last)
    return shares
