"""What all readers together do with an item and with its like: how often, how lately, at what rate, how fast growing.

Where a log lacks an act, its factors are constant and say nothing; rates per viewable fall back on impressions.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from reader.recommend.catalogue import TRAIT_KINDS
from reader.recommend.factors.relative import (
    ranked,
    ranked_spec,
    standardise,
    with_standardised_specs,
)
from reader.recommend.factors.spec import Explained, Factors, FactorSpec, Moment
from reader.recommend.popularity import HEAT_ACTS, HEAT_HALF_LIVES_S, HeatAct

# Count at which heat is 1; ours, untuned.
FULL_HEAT: Final = 100.0
# Impressions that the catalogue's mean rate is worth against the item's own: about two clicks of a usual list. Ours.
RATE_PRIOR: Final = 50.0
# The same in clicks, where an item's clicks stand against those that its places were due. Ours.
WORTH_PRIOR: Final = 2.0
_COUNT_WEIGHTS: Final = {"impression": 0.0, "viewable": 0.0, "open": 0.12, "click": 0.0, "like": 0.16, "save": 0.16}
_RATE_WEIGHT: Final = 0.16
# Weights of the click rates standardised within the list; ours. Together half as much again as a content cue of
# `history`, since the factors of heat that are not standardised count for as much.
_Z_WEIGHTS: Final = {"heat.worth.48h": 0.15, "heat.rate.impression.30d": 0.15}
# Spread of heat between candidates that says nothing yet, of which an item shown a few times in vain is a fraction.
# Without it, looking at a list on a new installation would turn it over. Ours.
DOUBT: Final = 0.2
_SOURCE: Final = "Toutiao's heat class (Cao 2018); ours"
_HALF_LIVES: Final = tuple(HEAT_HALF_LIVES_S)
_PAIRS: Final = tuple(pairwise(_HALF_LIVES))
_STRETCH: Final = np.array([HEAT_HALF_LIVES_S[long] / HEAT_HALF_LIVES_S[short] for short, long in _PAIRS])
_OPEN: Final = HEAT_ACTS.index("open")
_CLICK: Final = HEAT_ACTS.index("click")
_DUE: Final = HEAT_ACTS.index("due")
# What is counted by ones, each with its columns.
_COUNTED: Final[tuple[HeatAct, ...]] = ("impression", "viewable", "open", "click", "like", "save")
_COUNTS: Final = [HEAT_ACTS.index(act) for act in _COUNTED]
_TRAIT_SCOPES: Final = ("topic", "source", "author")

Counts = NDArray[np.float64]


def count_spec(prefix: str, act: str, half_life: str, weight: float = 0.0) -> FactorSpec:
    """Return the spec of a count. prefix: family and scope, with dots."""
    formula = "min(1, log(1 + decayed count) / log(1 + 100))"
    axes = {"act": act, "half_life": half_life}
    name = f"{prefix}.{act}.{half_life}"
    return FactorSpec(name, prefix.split(".")[0], "log share", 0.0, 1.0, formula, _SOURCE, weight, axes)


def rate_spec(prefix: str, shown: str, half_life: str, weight: float = 0.0) -> FactorSpec:
    """Return the spec of a click rate per impression or viewable."""
    formula = f"clip(log(smoothed clicks per {shown} / mean rate) / 2, -1, 1), prior {RATE_PRIOR:g} {shown}s"
    axes = {"per": shown, "half_life": half_life}
    name = f"{prefix}.rate.{shown}.{half_life}"
    return FactorSpec(name, prefix.split(".")[0], "half log ratio", -1.0, 1.0, formula, _SOURCE, weight, axes)


def worth_spec(half_life: str) -> FactorSpec:
    """Return the spec of clicks against those that were due."""
    prior = f"{WORTH_PRIOR:g}"
    formula = (
        f"clip(log((clicks + {prior}) / (clicks due + {prior})) / 2, -1, 1), a list's clicks due to its places alike"
    )
    axes = {"per": "worth", "half_life": half_life}
    return FactorSpec(f"heat.worth.{half_life}", "heat", "half log ratio", -1.0, 1.0, formula, _SOURCE, axes=axes)


def growth_spec(prefix: str, short: str, long: str) -> FactorSpec:
    """Return the spec of the growth of openings."""
    formula = "clip(log((1 + opens short * long / short) / (1 + opens long)) / 3, -1, 1), half-lives short and long"
    axes = {"short": short, "long": long}
    name = f"{prefix}.growth.{short}.{long}"
    return FactorSpec(name, prefix.split(".")[0], "third log ratio", -1.0, 1.0, formula, _SOURCE, 0.0, axes)


def scope_specs(prefix: str) -> tuple[FactorSpec, ...]:
    """Return the specs of `scope_values`: 5 counts of openings, 5 rates, 4 growths."""
    return (
        *(count_spec(prefix, "open", half_life) for half_life in _HALF_LIVES),
        *(rate_spec(prefix, "impression", half_life) for half_life in _HALF_LIVES),
        *(growth_spec(prefix, short, long) for short, long in _PAIRS),
    )


def scope_values(moment: Moment, kinds: tuple[str, ...]) -> NDArray[np.float64]:
    """Return (14 * kinds, candidates): the heat of the candidates' traits of each kind, all of one kind pooled."""
    found = moment.trait_heat[[TRAIT_KINDS.index(kind) for kind in kinds]]
    # All kinds at once: there are few candidates, and what costs is the number of calls.
    counts = found.reshape(-1, *found.shape[2:])
    opens, rates = counts[:, _OPEN], log_rates(counts, moment.heat_of_all, "impression")
    parts = np.concatenate([_log_share(opens), rates, _growth(opens)], axis=1)
    by_kind = parts.reshape(len(kinds), len(moment.rows), parts.shape[1]).transpose(0, 2, 1)
    return by_kind.reshape(len(kinds) * parts.shape[1], len(moment.rows))


_ITEM: Final = (
    *(count_spec("heat", act, half_life, _COUNT_WEIGHTS[act]) for act in _COUNTED for half_life in _HALF_LIVES),
    *(rate_spec("heat", "impression", half_life, _RATE_WEIGHT) for half_life in _HALF_LIVES),
    *(rate_spec("heat", "viewable", half_life) for half_life in _HALF_LIVES),
    *(growth_spec("heat", short, long) for short, long in _PAIRS),
    *(worth_spec(half_life) for half_life in _HALF_LIVES),
)
_MEANING: Final = tuple(
    FactorSpec(
        f"heat.meaning.{act}.{half_life}",
        "heat",
        "cosine",
        -1.0,
        1.0,
        f"cosine to the decayed sum of the vectors of all items, each as often as it had the act {act}",
        _SOURCE,
        axes={"act": act, "half_life": half_life},
    )
    for act in ("open", "impression")
    for half_life in _HALF_LIVES
)
# Openings, the click rates per impression, and clicks against those due.
_RANKED: Final = [
    *(row for row, spec in enumerate(_ITEM) if spec.axes.get("act") == "open"),
    *range(len(_COUNTED) * len(_HALF_LIVES), (len(_COUNTED) + 1) * len(_HALF_LIVES)),
    *range(len(_ITEM) - len(_HALF_LIVES), len(_ITEM)),
]


class HeatFamily:
    """Counts, rates and growth of the item, of its topics, its source and author, and of its place in meaning."""

    specs = (
        *with_standardised_specs(
            (*_ITEM, *(spec for kind in _TRAIT_SCOPES for spec in scope_specs(f"heat.{kind}")), *_MEANING), _Z_WEIGHTS
        ),
        *(ranked_spec(_ITEM[row]) for row in _RANKED),
    )

    def fill(self, moment: Moment, out: Factors) -> tuple[Explained, ...]:
        """Write (217, candidates)."""
        values = np.concatenate([self._of_item(moment), scope_values(moment, _TRAIT_SCOPES), _of_meaning(moment)])
        plain, z, ranks = np.split(out, [len(values), 2 * len(values)])
        plain[:] = values
        standardise(plain, z, DOUBT)
        ranks[:] = ranked(values[_RANKED])
        return ()

    def _of_item(self, moment: Moment) -> NDArray[np.float64]:
        counts, totals = moment.heat, moment.heat_of_all
        parts = (
            _log_share(counts[:, _COUNTS].reshape(len(counts), len(_COUNTS) * len(_HALF_LIVES))),
            log_rates(counts, totals, "impression"),
            log_rates(counts, totals, "viewable"),
            _growth(counts[:, _OPEN]),
            log_worths(counts, totals),
        )
        return np.concatenate(parts, axis=1).T


def _log_share(counts: Counts) -> NDArray[np.float64]:
    share: NDArray[np.float64] = np.minimum(1.0, np.log1p(counts) / np.log1p(FULL_HEAT))
    return share


def _growth(opens: Counts) -> NDArray[np.float64]:
    """Return (candidates, pairs). opens: (candidates, half-lives)."""
    growth = np.log((1.0 + opens[:, :-1] * _STRETCH) / (1.0 + opens[:, 1:])) / 3.0
    clipped: NDArray[np.float64] = np.clip(growth, -1.0, 1.0)
    return clipped


def smoothed_rates(counts: Counts, totals: Counts, act: HeatAct) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return (candidates, half-lives) click rates per act, and (half-lives,) the mean rate.

    A click is an opening from a list, so that openings from elsewhere do not pass for a rate. Without any viewables in
    the log, impressions stand for them.
    """
    act = act if totals[HEAT_ACTS.index(act)].any() else "impression"
    shown = HEAT_ACTS.index(act)
    mean = (totals[_CLICK] + 1.0) / (totals[shown] + totals[_CLICK] + RATE_PRIOR)
    return (counts[:, _CLICK] + RATE_PRIOR * mean) / (counts[:, shown] + RATE_PRIOR), mean


def log_rates(counts: Counts, totals: Counts, act: HeatAct) -> NDArray[np.float64]:
    """Return (candidates, half-lives): log of the smoothed click rate over the mean, halved and clipped."""
    rate, mean = smoothed_rates(counts, totals, act)
    ratio: NDArray[np.float64] = np.clip(np.log(rate / mean) / 2.0, -1.0, 1.0)
    return ratio


def log_worths(counts: Counts, totals: Counts) -> NDArray[np.float64]:
    """Return (candidates, half-lives): log of clicks over those due, smoothed, halved and clipped.

    A list has as many clicks as lists have on average: how many it will have is not known when it is shown.
    """
    a_list = (totals[_CLICK] + 1.0) / (totals[_DUE] + 1.0)
    worth = (counts[:, _CLICK] + WORTH_PRIOR) / (counts[:, _DUE] * a_list + WORTH_PRIOR)
    ratio: NDArray[np.float64] = np.clip(np.log(worth) / 2.0, -1.0, 1.0)
    return ratio


def _of_meaning(moment: Moment) -> NDArray[np.float64]:
    """Return (acts * half-lives, candidates)."""
    popularity = moment.catalogue.popularity
    acts: tuple[HeatAct, ...] = ("open", "impression")
    sums = np.concatenate([popularity.meaning_at(act, moment.at_s) for act in acts])
    norms = np.linalg.norm(sums, axis=1, keepdims=True)
    # What has faded away is too small to have a direction.
    units = np.divide(sums, norms, out=np.zeros_like(sums), where=norms > 1e-9)
    cosines: NDArray[np.float64] = (units.astype(np.float32) @ moment.vectors.T).astype(np.float64)
    return cosines


class UncertaintyFamily:
    """How little is known yet of an item and of its like: a small bonus for what has hardly been shown."""

    _names: Mapping[str, tuple[str, float, str]] = {
        "shown": ("standard error", 0.016, "1 / sqrt(1 + decayed impressions)"),
        "deviation": ("rate", 0.0, "sqrt(p (1 - p) / (51 + decayed impressions)), p the smoothed click rate within 1"),
        "bound": ("rate", 0.0, "p + deviation"),
        **{kind: ("standard error", 0.0, f"1 / sqrt(1 + impressions of its {kind})") for kind in _TRAIT_SCOPES},
    }
    specs = tuple(
        FactorSpec(
            f"uncertainty.{name}.{half_life}",
            "uncertainty",
            unit,
            0.0,
            2.0,
            formula,
            "UCB (Auer et al. 2002), simplified",
            weight,
            {"measure": name, "half_life": half_life},
        )
        for name, (unit, weight, formula) in _names.items()
        for half_life in _HALF_LIVES
    )

    def fill(self, moment: Moment, out: Factors) -> tuple[Explained, ...]:
        """Write (30, candidates)."""
        impression = HEAT_ACTS.index("impression")
        shown = moment.heat[:, impression]
        rate = np.clip(smoothed_rates(moment.heat, moment.heat_of_all, "impression")[0], 0.0, 1.0)
        deviation = np.sqrt(rate * (1.0 - rate) / (1.0 + RATE_PRIOR + shown))
        of_traits = moment.trait_heat[[TRAIT_KINDS.index(kind) for kind in _TRAIT_SCOPES], :, impression]
        parts = [1.0 / np.sqrt(1.0 + shown), deviation, rate + deviation, *(1.0 / np.sqrt(1.0 + of_traits))]
        out[:] = np.concatenate(parts, axis=1).T
        return ()
