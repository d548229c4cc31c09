"""How near a candidate is to what the reader opened last: in meaning, and by topic.

Only openings count of which nothing else is known: from readers who do not let their attention be noted, and in logs of
titles and clicks. What was read or watched counts by the attention that it got, through the interest match; what was
left at once counts against, there.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from reader.recommend.catalogue import TRAIT_KINDS
from reader.recommend.factors.relative import standardise, standardised_spec, with_standardised_specs
from reader.recommend.factors.spec import Explained, Factors, FactorSpec, Moment
from reader.recommend.popularity import HEAT_ACTS

_TOPIC: Final = TRAIT_KINDS.index("topic")
_OPEN: Final = HEAT_ACTS.index("open")
# Openings that are looked back on; ours.
WINDOWS: Final = (1, 5, 20, 50)
# Openings after which one counts a third of the newest, for the recent mean; ours.
RECENT_SCALE: Final = 10.0
# Sharpness with which the pooled cosine attends to the nearest openings; ours.
ATTENTION: Final = 10.0
# Weights of the standardised factors, in the score's unit. An even mix of mean, three best and topic share was best of
# the simple ones on news impressions; the size is ours: on a made-up log of news 0.15 was 0.003 to 0.005 of AUC below
# all from 0.19 to 0.3.
_Z_WEIGHTS: Final = {"history.mean.50": 0.2, "history.best3.50": 0.2, "history.topics.50": 0.2}
# What is known of a reader grows with their openings: so many are worth as much as no knowledge; ours.
SURE_PRIOR: Final = 5.0
_SURE: Final = tuple(_Z_WEIGHTS)
# Openings like everybody's that a reader is taken to have had besides their own; ours.
LIFT_PRIOR: Final = 5.0
# Beyond e^3 = 20 times the usual share, one topic more or less says nothing; ours.
LIFT_LIMIT: Final = 3.0
_FORMULAS: Final = {
    "mean": "mean cosine to the last {} items of which only the opening is known",
    "topics": "sum over the item's topics of their share in the last {} items of which only the opening is known",
    "lift": "mean over the topics of log((n + 5 s) / ((m + 5) s)), n of the last m <= {} such items with the topic,"
    " s the topic's share of all readers' openings",
    "best": "greatest cosine to the last {} items of which only the opening is known",
    "best3": "mean of the three greatest cosines to the last {} items of which only the opening is known",
    "recent": "mean cosine to the last {} items of which only the opening is known, one n back weighing exp(-n / 10)",
    "pooled": "mean cosine to the last {} items of which only the opening is known, one at cosine c weighing exp(10 c)",
}


_UNITS: Final = {"topics": ("share", 0.0, 8.0), "lift": ("log ratio", -LIFT_LIMIT, LIFT_LIMIT)}


def _measures(window: int) -> tuple[str, ...]:
    """Return the measures of a window; of a single opening all cosines are the same."""
    return tuple(_FORMULAS)[: 3 if window == 1 else None]


def _spec(measure: str, window: int) -> FactorSpec:
    unit, low, high = _UNITS.get(measure, ("cosine", -1.0, 1.0))
    return FactorSpec(
        f"history.{measure}.{window}",
        "history",
        unit,
        low,
        high,
        _FORMULAS[measure].format(window),
        "ours",
        axes={"measure": measure, "openings": str(window)},
    )


_PLAIN: Final = tuple(_spec(measure, window) for window in WINDOWS for measure in _measures(window))
_PLACE: Final = {spec.name: row for row, spec in enumerate(_PLAIN)}


def _sure_spec(name: str) -> FactorSpec:
    """Return the spec of a standardised factor that counts by how much is known of the reader."""
    spec = standardised_spec(_PLAIN[_PLACE[name]])
    formula = f"{spec.formula}, times m / (m + {SURE_PRIOR:g}), m the openings known, at most {WINDOWS[-1]}"
    return replace(spec, name=f"{name}.sure", formula=formula, axes={**_PLAIN[_PLACE[name]].axes, "scale": "sure"})


class HistoryFamily:
    """24 measures, each as it is and standardised within the list, and 3 that count by how much is known."""

    specs = (*with_standardised_specs(_PLAIN, _Z_WEIGHTS), *(_sure_spec(name) for name in _SURE))

    def fill(self, moment: Moment, out: Factors) -> tuple[Explained, ...]:
        """Write (51, candidates); 0 for a reader who has opened nothing."""
        if not len(moment.clicked) or not len(moment.rows):
            out[:] = 0.0
            return ()
        counts = _window_counts(moment)
        topics, lifts = _topic_shares(moment, counts), _topic_lifts(moment, counts)
        plain, z, sure = np.split(out, [len(_PLAIN), 2 * len(_PLAIN)])
        plain[:] = [
            part
            for index, window in enumerate(WINDOWS)
            for part in _of_window(moment, window, topics[:, index], lifts[:, index])
        ]
        standardise(plain, z)
        known = len(moment.clicked) / (len(moment.clicked) + SURE_PRIOR)
        np.multiply(z[[_PLACE[name] for name in _SURE]], np.float32(known), out=sure)
        return ()


def _of_window(
    moment: Moment, window: int, topics: NDArray[np.float64], lifts: NDArray[np.float64]
) -> list[NDArray[np.floating]]:
    """Return the measures of the last `window` openings, each (candidates,)."""
    cosines = moment.cosines[-window:]
    mean = cosines.mean(axis=0)
    if window == 1:
        return [mean, topics, lifts]
    best = -np.partition(-cosines, min(2, len(cosines) - 1), axis=0)[:3]
    recent = np.exp(-np.arange(len(cosines))[::-1] / RECENT_SCALE).astype(np.float32)
    attention = np.exp(np.float32(ATTENTION) * cosines)
    pooled = np.einsum("hn,hn->n", cosines, attention) / attention.sum(axis=0)
    return [mean, topics, lifts, best.max(axis=0), best.mean(axis=0), recent @ cosines / recent.sum(), pooled]


def _window_counts(moment: Moment) -> NDArray[np.float64]:
    """Return (e, windows): how many items of each window have each of the candidates' traits."""
    counts = np.array([moment.trait_counts(moment.clicked[-window:]) for window in WINDOWS])
    per_trait: NDArray[np.float64] = counts.T[moment.traits.features]
    return per_trait


def _sizes(moment: Moment) -> NDArray[np.float64]:
    return np.array([len(moment.clicked[-window:]) for window in WINDOWS], dtype=np.float64)


def _topic_shares(moment: Moment, counts: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return (candidates, windows): the sum over the item's topics of their share in each window."""
    topics: NDArray[np.float64] = moment.traits.sums(counts / _sizes(moment))[_TOPIC]
    return topics


def _topic_lifts(moment: Moment, counts: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return (candidates, windows): by how much the item's topics are the reader's rather than all's, mean log."""
    opened = moment.trait_acts[:, _OPEN, -1]
    total = moment.heat_of_all[_OPEN, -1]
    share = (opened + 1.0) / (total + 1.0 + LIFT_PRIOR)
    own = (counts + LIFT_PRIOR * share[:, None]) / ((_sizes(moment) + LIFT_PRIOR) * share[:, None])
    ones = moment.traits.sums(np.ones((len(share), 1)))[_TOPIC]
    sums = moment.traits.sums(np.log(own))[_TOPIC]
    lifts: NDArray[np.float64] = np.clip(sums / np.maximum(1.0, ones), -LIFT_LIMIT, LIFT_LIMIT)
    return lifts
