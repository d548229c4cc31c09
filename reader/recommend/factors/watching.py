"""How clips like a candidate are watched: by all readers (`video`), and by this one (`watch`).

Like it: the clip itself, those of its creator, those with its sound, those of its length. A rate is what watches of
them have more than all watches have on average, shrunk toward 0 where they are few; finishing counts beyond what is
usual at the length, so that neither long clips nor short ones win. What a reader credits to creators and sounds is in
the interest match.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from reader.behaviour.watch_shares import BUCKETS_S
from reader.recommend.catalogue import Rows
from reader.recommend.decayed import Sums
from reader.recommend.factors.relative import standardise, with_standardised_specs
from reader.recommend.factors.spec import Explained, Factors, FactorSpec, Moment
from reader.recommend.watch_heat import MAKERS, MEASURES, WINDOWS, WINDOWS_S, makers_of, measures_of

# Watches that the mean of all is worth against those of one clip or maker, and the same of one reader's. Ours, untuned.
RATE_PRIOR: Final = 5.0
OWN_PRIOR: Final = 2.0
# Count at which log counts are 1; ours, untuned.
FULL_COUNT: Final = 100.0
FULL_DAYS: Final = 20.0
_DAY_S: Final = 86_400.0
# Clips are alike in length up to twice as long: a reader's watches are few.
_LENGTHS_S: Final = BUCKETS_S[::2]
_SCOPES: Final = ("item", *MAKERS)
_OWN_SCOPES: Final = (*MAKERS, "length")
_PAIRS: Final = tuple(pairwise(WINDOWS))
_STRETCH: Final = WINDOWS_S[1:] / WINDOWS_S[:-1]
_WHAT: Final = {
    "valid": "valid watch",
    "finished": "finishing beyond what is usual at the length",
    "replayed": "rate of replays",
    "skipped": "rate of skips",
    "loud": "rate of turning sound on",
}
_COUNTS: Final = {
    "count": "min(1, log(1 + decayed watches) / log(101))",
    "days": "min(1, log(1 + days with a watch, decayed) / log(21))",
    "recent": "2^(-time since the last watch / half-life)",
}
_SOURCE: Final = "D2Q (Zhan et al., KDD 2022); ours"
# Edge statistics of recency, days and decayed counts.
_COUNT_SOURCE: Final = "after X's home-mixer, 2023; ours"
# Hand-set; ours, by a simulated log of watching (docs/evaluation.md).
_WEIGHTS: Final = {
    "video.item.valid.21d": 0.6,
    "video.item.skipped.21d": -0.2,
    "video.creator.valid.21d": 0.3,
    "video.sound.valid.21d": 0.2,
    "watch.creator.valid.21d": 1.0,
    "watch.creator.skipped.21d": -0.3,
    "watch.sound.valid.21d": 0.6,
    "watch.sound.skipped.21d": -0.2,
    "watch.length.valid.21d": 0.2,
    "watch.follow.creator.3d": 0.6,
    "watch.follow.sound.3d": 0.4,
}


def _spec(name: str, unit: str, low: float, formula: str, source: str, **axes: str) -> FactorSpec:
    return FactorSpec(name, name.split(".")[0], unit, low, 1.0, formula, source, _WEIGHTS.get(name, 0.0), axes)


def _rate_specs(family: str, scopes: tuple[str, ...], of: str, prior: float) -> Iterator[FactorSpec]:
    for scope in scopes:
        for measure, what in _WHAT.items():
            for window in WINDOWS:
                like = "the clip" if scope == "item" else f"clips of the same {scope}"
                formula = f"mean {what} of {of} watches of {like}, less that of all, within 1; prior {prior:g} watches"
                axes = {"scope": scope, "measure": measure, "half_life": window}
                yield _spec(f"{family}.{scope}.{measure}.{window}", "rate", -1.0, formula, _SOURCE, **axes)


def _video_specs() -> Iterator[FactorSpec]:
    yield from _rate_specs("video", _SCOPES, "all", RATE_PRIOR)
    for scope in _SCOPES:
        for short, long in _PAIRS:
            formula = "clip(log((1 + valid watches short * long / short) / (1 + valid watches long)) / 3, -1, 1)"
            axes = {"scope": scope, "short": short, "long": long}
            name = f"video.{scope}.trend.{short}.{long}"
            yield _spec(name, "third log ratio", -1.0, formula, "Toutiao's heat class (Cao 2018); ours", **axes)


def _watch_specs() -> Iterator[FactorSpec]:
    yield from _rate_specs("watch", _OWN_SCOPES, "the reader's last", OWN_PRIOR)
    for maker in MAKERS:
        for measure, formula in _COUNTS.items():
            for window in WINDOWS:
                axes = {"scope": maker, "measure": measure, "half_life": window}
                whole = f"{formula}, of the {maker}, by the reader"
                yield _spec(f"watch.{maker}.{measure}.{window}", "log share", 0.0, whole, _COUNT_SOURCE, **axes)
    for maker in MAKERS:
        for window in WINDOWS:
            formula = f"whether the reader follows the {maker} x 2^(-age of the clip / half-life)"
            axes = {"measure": "follow", "scope": maker, "half_life": window}
            yield _spec(f"watch.follow.{maker}.{window}", "share", 0.0, formula, "ours", **axes)


class WatchedVideoFamily:
    """How all readers watch: 3 scopes x (5 rates x 4 windows, 3 trends), as they are and standardised."""

    specs = with_standardised_specs(tuple(_video_specs()))

    def fill(self, moment: Moment, out: Factors) -> tuple[Explained, ...]:
        """Write (138, candidates)."""
        heat = moment.watch_heat
        if heat is None or not heat.knows_any or not len(moment.rows):
            out[:] = 0.0
            return ()
        makers = makers_of(moment.catalogue, moment.rows)
        sums = [heat.of_items(moment.rows, moment.at_s), *(heat.of_makers(own, moment.at_s) for own in makers)]
        total = heat.of_all(moment.at_s)
        rates = [_rates(own, total, RATE_PRIOR) for own in sums]
        _write(out, *rates, *map(_trends, sums))
        return ()


class WatchFamily:
    """How the reader watched: 3 scopes x 5 rates, 2 makers x (3 counts, follow), x 4 windows, and standardised."""

    specs = with_standardised_specs(tuple(_watch_specs()))

    def fill(self, moment: Moment, out: Factors) -> tuple[Explained, ...]:
        """Write (184, candidates)."""
        if not len(moment.rows) or not (moment.portrait.watched or moment.state.steering.followed):
            out[:] = 0.0
            return ()
        own, makers = _OwnWatches(moment), makers_of(moment.catalogue, moment.rows)
        kinds = (*makers, _lengths(moment, moment.rows))
        groups = [_Groups(of, kind) for of, kind in zip(own.kinds, kinds, strict=True)]
        rates = [_rates(group.sums(own.faded), own.total, OWN_PRIOR) for group in groups]
        counts = [own.counts(group) for group in groups[: len(MAKERS)]]
        _write(out, *rates, *counts, _follows(moment, makers))
        return ()


def _write(out: Factors, *parts: NDArray[np.float64]) -> None:
    """Write parts, each (factors, candidates), as they are and standardised."""
    plain, z = np.split(out, 2)
    np.concatenate(parts, out=plain, casting="same_kind")
    standardise(plain, z)


def _rates(sums: Sums, total: Sums, prior: float) -> NDArray[np.float64]:
    """Return (measures * windows, candidates): shrunken means less the mean of all."""
    usual = total[1:] / np.maximum(total[:1], 1e-12)
    means = (sums[:, 1:] + prior * usual) / (sums[:, :1] + prior) - usual
    return np.clip(means, -1.0, 1.0).reshape(len(sums), len(MEASURES) * len(WINDOWS)).T


def _trends(sums: Sums) -> NDArray[np.float64]:
    """Return (pairs of windows, candidates): how valid watches grow."""
    valid = sums[:, 1 + MEASURES.index("valid")]
    growth: NDArray[np.float64] = np.log((1.0 + valid[:, :-1] * _STRETCH) / (1.0 + valid[:, 1:])) / 3.0
    return np.clip(growth, -1.0, 1.0).T


def _follows(moment: Moment, makers: Rows) -> NDArray[np.float64]:
    """Return (makers * windows, candidates)."""
    age_s = np.maximum(0.0, moment.at_s - moment.catalogue.published_s.values[moment.rows])
    fresh = np.exp2(-age_s / WINDOWS_S[:, None])
    numbers = moment.catalogue.traits.numbers(moment.state.steering.followed)
    numbers = numbers[numbers >= 0]
    return np.concatenate([np.isin(own, numbers) * fresh for own in makers])


class _Groups:
    """Watches of one kind, such as of one creator each, and which of the kinds each candidate is of."""

    def __init__(self, watches: Rows, candidates: Rows) -> None:
        """watches: (w,) their kinds; candidates: (n,) theirs; -1 is of none."""
        self.watches = watches
        self._kinds, self._group = np.unique(watches, return_inverse=True)
        place = np.minimum(np.searchsorted(self._kinds, candidates), max(0, len(self._kinds) - 1))
        known = candidates >= 0 if len(self._kinds) else np.zeros(len(candidates), dtype=np.bool_)
        known[known] = self._kinds[place[known]] == candidates[known]
        self._place = np.where(known, place, len(self._kinds))

    def sums(self, values: NDArray[np.float64]) -> Sums:
        """Return (candidates, …): the sum over the watches of a candidate's kind. values: (w, …)."""
        total = np.zeros((len(self._kinds) + 1, *values.shape[1:]))
        np.add.at(total, self._group, values)
        return total[self._place]

    def latest(self, at_s: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return (candidates,): the latest time of a watch of a candidate's kind, -inf if there is none."""
        last = np.full(len(self._kinds) + 1, -np.inf)
        np.maximum.at(last, self._group, at_s)
        return last[self._place]


class _OwnWatches:
    """The reader's last watches as arrays, oldest first.

    kinds: for each of `_OWN_SCOPES` (w,); faded: (w, 1 + measures, windows).
    """

    def __init__(self, moment: Moment) -> None:
        found = [(moment.catalogue.row(item), watched) for item, watched in moment.portrait.watched.items()]
        known = [(row, watched) for row, watched in found if row is not None]
        rows = np.array([row for row, _ in known], dtype=np.int64)
        self.kinds = (*makers_of(moment.catalogue, rows), _lengths(moment, rows))
        self._now_s = moment.at_s
        self._at_s = np.array([watched.at_s for _, watched in known])
        self._fading = self._fade(self._at_s)
        amounts = np.array([(1.0, *measures_of(watched)) for _, watched in known]).reshape(
            len(known), 1 + len(MEASURES)
        )
        self.faded = amounts[:, :, None] * self._fading[:, None, :]

    @property
    def total(self) -> Sums:
        """All of them together, (1 + measures, windows)."""
        total: Sums = self.faded.sum(axis=0)
        return total

    def counts(self, group: _Groups) -> NDArray[np.float64]:
        """Return (counts * windows, candidates): how many, on how many days, how lately."""
        count = np.log1p(group.sums(self._fading)) / np.log1p(FULL_COUNT)
        days = np.log1p(group.sums(self._fading * self._is_last_of_its_day(group.watches)[:, None]))
        recent = self._fade(group.latest(self._at_s))
        parts = [count, days / np.log1p(FULL_DAYS), recent]
        counts: NDArray[np.float64] = np.minimum(1.0, np.concatenate(parts, axis=1)).T
        return counts

    def _fade(self, at_s: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return (times, windows): what is left by now of what came at some times."""
        fading: NDArray[np.float64] = np.exp2(-np.maximum(0.0, self._now_s - at_s)[:, None] / WINDOWS_S)
        return fading

    def _is_last_of_its_day(self, makers: Rows) -> NDArray[np.bool_]:
        """Return (w,): whether a watch is the maker's last on that day (UTC), so that each day counts once."""
        days = (self._at_s // _DAY_S).astype(np.int64)
        last = {pair: place for place, pair in enumerate(zip(makers.tolist(), days.tolist(), strict=True))}
        mask = np.zeros(len(makers), dtype=np.bool_)
        mask[list(last.values())] = True
        return mask


def _lengths(moment: Moment, rows: Rows) -> Rows:
    """Return (rows,): the bucket of length of each clip, -1 of what has none."""
    durations = moment.catalogue.duration_s.values[rows]
    return np.where(durations > 0, np.searchsorted(_LENGTHS_S, durations, side="right"), -1)
