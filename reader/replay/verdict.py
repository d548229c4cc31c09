"""Whether a challenger has won: pure, from what both made of the same lists.

It serves only if nDCG@10 is surely better, and nothing else that was measured surely worse. "Surely" is the 95 %
interval of the paired difference, by resampling whole readers; where there are too few of these, whole days of readers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from reader.recommend.challenger.fitting import Fitted
from reader.replay import off_policy
from reader.replay.figures import difference_of, places_of, rounded, values_of
from reader.replay.scoring import ListScore, Tally
from reader.settings_challenger import ChallengerSettings

DECIDES: Final = "ndcg@10"
# What may not be surely worse.
VETOES: Final = ("auc", "doubly_robust")
_DAY_S = 86_400.0
ByReader = Mapping[str, Sequence[ListScore]]


@dataclass(frozen=True, slots=True)
class Verdict:
    """serves: whether the trees are to serve; why: in sentences; figures: what it rests on, by name."""

    serves: bool
    why: tuple[str, ...]
    figures: Mapping[str, Any] = field(default_factory=dict)


def judge(fitted: Fitted | None, tallies: Mapping[str, Tally], settings: ChallengerSettings, seed: int) -> Verdict:
    """Return the verdict. fitted: None if the fit never became due; tallies: of `challenger` and `champion`."""
    if fitted is None:
        return Verdict(False, ("the log ended before there was anything to compare on",))
    fit = {"lists": list(fitted.lists), "loss": fitted.loss, "rounds": fitted.rounds}
    if fitted.trees is None:
        return Verdict(False, (f"nothing was fitted: {fitted.reason}",), rounded({"fit": fit}))
    challenger, champion = tallies["challenger"], tallies["champion"]
    lists, unit = _clusters(challenger.lists, settings.least_clusters)
    count = sum(map(len, lists.values()))
    figures: dict[str, Any] = {
        "fit": fit | {"factors": len(fitted.trees.rows)},
        "judged": {"lists": count, "resampled": unit, "clusters": len(lists)},
    }
    why = _too_few(figures["judged"], settings)
    if count:
        figures |= _compare(challenger, champion, settings, seed)
    why += _objections(figures)
    return Verdict(not why, tuple(why or _praise(figures)), rounded(figures))


def _clusters(lists: ByReader, least: int) -> tuple[dict[str, list[ListScore]], str]:
    """Return logged lists by what is resampled, and its name: readers, or if these are too few their days (UTC)."""
    readers: dict[str, list[ListScore]] = {}
    days: dict[str, list[ListScore]] = {}
    for reader, scores in lists.items():
        for score in (score for score in scores if DECIDES in score.values):
            readers.setdefault(reader, []).append(score)
            days.setdefault(f"{reader}\0{int(score.at_s // _DAY_S)}", []).append(score)
    return (readers, "readers") if len(readers) >= least else (days, "days of readers")


def _compare(challenger: Tally, champion: Tally, settings: ChallengerSettings, seed: int) -> dict[str, Any]:
    first, _ = _clusters(challenger.lists, settings.least_clusters)
    other, _ = _clusters(champion.lists, settings.least_clusters)
    found: dict[str, Any] = {}
    for name in (DECIDES, "auc"):
        pair = values_of(first, name), values_of(other, name)
        found[name] = {"challenger": _mean(pair[0]), "champion": _mean(pair[1]), **difference_of(*pair, seed)}
    for name in sorted(challenger.truths):
        found[name] = difference_of(challenger.truths[name], champion.truths[name], seed)
    if challenger.draws:
        places = places_of(challenger.draws), places_of(champion.draws)
        found["doubly_robust"] = off_policy.entry(off_policy.doubly_robust_difference(*places, seed))
        for name, own in zip(("challenger", "champion"), places, strict=True):
            found["doubly_robust"][name] = off_policy.entry(off_policy.doubly_robust(own, seed))
            found["doubly_robust"][f"{name}_snips"] = off_policy.entry(off_policy.snips(own, seed))
    return found


def _mean(values: Mapping[str, Sequence[float]]) -> float:
    flat = [value for own in values.values() for value in own]
    return sum(flat) / len(flat)


def _too_few(judged: Mapping[str, Any], settings: ChallengerSettings) -> list[str]:
    few = []
    if judged["lists"] < settings.least_judged_lists:
        needed = f"{settings.least_judged_lists} (challenger.least_judged_lists)"
        few.append(f"{judged['lists']} lists to compare on; a comparison needs {needed}")
    if judged["clusters"] < settings.least_clusters:
        needed = f"{settings.least_clusters} (challenger.least_clusters)"
        few.append(f"{judged['clusters']} {judged['resampled']} to compare on; an interval needs {needed}")
    return few


def _objections(figures: Mapping[str, Any]) -> list[str]:
    found = []
    if DECIDES in figures and figures[DECIDES]["ci95"][0] <= 0:
        found.append(f"{DECIDES} is not surely better: {say(figures[DECIDES])}")
    worse = [name for name in VETOES if figures.get(name, {}).get("ci95", (0.0, 0.0))[1] < 0]
    return found + [f"{name} is surely worse: {say(figures[name])}" for name in worse]


def _praise(figures: Mapping[str, Any]) -> list[str]:
    return [f"{DECIDES} is surely better: {say(figures[DECIDES])}"]


def say(figure: Mapping[str, Any]) -> str:
    """Return a difference in words.

    >>> say({"difference": 0.01234, "ci95": [-0.001, 0.02]})
    '+0.0123 [-0.0010, +0.0200]'
    """
    low, high = figure["ci95"]
    return f"{figure.get('difference', figure.get('value')):+.4f} [{low:+.4f}, {high:+.4f}]"
