"""What all lists are worth together: tallies -> the figures of a replay result (DESIGN 3.5), with 95 % intervals.

Everything goes through readers in order of their names, so that the same lists give the same digits whoever scored
them. A figure that the log leaves undefined is left out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

import numpy as np

from reader.records import format_time
from reader.replay import metrics, off_policy
from reader.replay.draws import JudgedDraw
from reader.replay.scoring import ListScore, Tally, WorstList

# What segments, curves and comparisons are given for: the main figures of both ways of scoring.
MAIN_METRICS: Final = ("auc", "ndcg@10", "catalogue_hit@10", "catalogue_mrr")
COMPARED_METRICS: Final = (*MAIN_METRICS, "mrr", "ndcg@5", "hit@10")
# Stretches of time that a curve has at most; ours.
CURVE_POINTS: Final = 20
ByReader = Mapping[str, Sequence[ListScore]]


def figures(tally: Tally, catalogue: int, seed: int) -> dict[str, Any]:
    """Return the figures of one policy. catalogue: how many items were known in the end."""
    scored = [score for user in sorted(tally.lists) for score in tally.lists[user]]
    own = sum(score.labels is not None for score in scored)
    found: dict[str, Any] = {"impressions": own, "catalogue_opens": len(scored) - own}
    intervals: dict[str, Sequence[float]] = {}
    for name in sorted({name for score in scored for name in score.values}):
        values = values_of(tally.lists, name)
        found[name] = _mean(values)
        intervals[name] = metrics.bootstrap_ci95(values, seed)
    ranked = {user: _ranked(tally.lists[user]) for user in sorted(tally.lists)}
    _put(found, "gauc", lambda: metrics.gauc(ranked))
    _put(intervals, "gauc", lambda: metrics.gauc_ci95(ranked, seed))
    for name in sorted(tally.truths):
        found[name] = _mean(tally.truths[name])
        intervals[name] = metrics.bootstrap_ci95(tally.truths[name], seed)
    _put(found, "calibration_error", lambda: metrics.calibration_error(_in_time(scored)))
    adaptations = [tally.adaptations[user] for user in sorted(tally.adaptations)]
    _put(found, "time_to_adapt", lambda: metrics.median_time_to_adapt(adaptations))
    _put(found, "adapted", lambda: metrics.adapted_share(adaptations))
    found["coverage@10"] = len(tally.shown) / catalogue if catalogue else 0.0
    taken_up, more_intervals = _taken_up(tally, seed)
    return rounded({**found, **taken_up, "ci95": {**intervals, **more_intervals}}) | _drawn(tally.draws, seed)


def segments(lists: ByReader, seed: int) -> dict[str, Any]:
    """Return the main figures for each kind of reader, language and kind of item."""
    found: dict[str, Any] = {}
    for dimension in ("reader", "language", "kind"):
        parts: dict[str, dict[str, list[ListScore]]] = defaultdict(lambda: defaultdict(list))
        for user in sorted(lists):
            for score in lists[user]:
                parts[getattr(score.segment, dimension)][user].append(score)
        found[dimension] = {name: _segment(parts[name], seed) for name in sorted(parts) if name}
    return found


def _segment(lists: ByReader, seed: int) -> dict[str, Any]:
    values = {name: values_of(lists, name) for name in MAIN_METRICS}
    present = {name: by_reader for name, by_reader in values.items() if by_reader}
    means: dict[str, Any] = {name: _mean(by_reader) for name, by_reader in present.items()}
    intervals = {name: metrics.bootstrap_ci95(by_reader, seed) for name, by_reader in present.items()}
    return rounded({"lists": sum(map(len, lists.values())), **means, "ci95": intervals})


def curve(lists: ByReader) -> list[dict[str, Any]]:
    """Return the main figures over equal stretches of time, first list to last; those without a list are left out."""
    times_s = [score.at_s for scores in lists.values() for score in scores]
    start_s = min(times_s, default=0.0)
    length_s = max(1.0, max(times_s, default=0.0) - start_s) / CURVE_POINTS
    stretches: dict[int, list[ListScore]] = defaultdict(list)
    for user in sorted(lists):
        for score in lists[user]:
            stretches[min(CURVE_POINTS - 1, int((score.at_s - start_s) / length_s))].append(score)
    return [_point(start_s + place * length_s, length_s, stretches[place]) for place in sorted(stretches)]


def _point(start_s: float, length_s: float, scores: list[ListScore]) -> dict[str, Any]:
    values = {name: [score.values[name] for score in scores if name in score.values] for name in MAIN_METRICS}
    means = {name: float(np.mean(found)) for name, found in values.items() if found}
    return {"from": _time(start_s), "to": _time(start_s + length_s), "lists": len(scores), **rounded(means)}


def worst(found: Iterable[WorstList], titles: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the worst lists, with titles to read."""
    return [
        {
            "user": one.user,
            "list": one.list,
            "at": _time(one.at_s),
            "candidates": one.candidates,
            "auc": round(one.auc, 6),
            "opened": [{"item": item, "title": titles.get(item, ""), "rank": rank} for item, rank in one.opened],
            "top": [{"item": item, "title": titles.get(item, ""), "opened": is_open} for item, is_open in one.top],
        }
        for one in found
    ]


def comparisons(tallies: Mapping[str, Tally], seed: int) -> dict[str, Any]:
    """Return the differences of the first policy from the others, list by list, with intervals."""
    first, *others = tallies
    return {first: {other: _differences(tallies[first], tallies[other], seed) for other in others}}


def _differences(first: Tally, other: Tally, seed: int) -> dict[str, Any]:
    pairs = {name: (values_of(first.lists, name), values_of(other.lists, name)) for name in COMPARED_METRICS}
    pairs |= {name: (first.truths[name], other.truths[name]) for name in sorted(first.truths)}
    for sign, by_reader in first.taken_up.items():
        for name, within in metrics.TAKEN_UP_WITHIN.items():
            pairs[f"{sign}_{name}"] = (
                metrics.presences(by_reader, within),
                metrics.presences(other.taken_up[sign], within),
            )
    return {name: difference_of(*pair, seed) for name, pair in pairs.items() if pair[0]}


def _taken_up(tally: Tally, seed: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return how new interests were taken up and the intervals, if the truth of the log tells of any."""
    figures: dict[str, Any] = {}
    intervals: dict[str, Any] = {}
    for sign, by_reader in sorted(tally.taken_up.items()):
        values, ends = metrics.taken_up(by_reader, seed)
        figures |= {f"{sign}_{name}": value for name, value in values.items()}
        intervals |= {f"{sign}_{name}": value for name, value in ends.items()}
    return figures, intervals


def difference_of(
    first: Mapping[str, Sequence[float]], other: Mapping[str, Sequence[float]], seed: int
) -> dict[str, Any]:
    """Return the mean of first - other with its interval. Both map reader -> values of the same lists."""
    difference, interval = metrics.paired_difference_ci95(first, other, seed)
    return rounded({"difference": difference, "ci95": interval})


def _drawn(draws: Mapping[str, Sequence[JudgedDraw]], seed: int) -> dict[str, Any]:
    """Return the off-policy estimates, if chance had a hand in any place."""
    places = places_of(draws)
    if not len(places.reader):
        return {}
    return {"off_policy": off_policy.as_json(places, off_policy.estimate(places, seed))}


def places_of(draws: Mapping[str, Sequence[JudgedDraw]]) -> off_policy.Places:
    """Return the drawn places of all readers, in the order of their names."""
    rows = [(index, draw) for index, user in enumerate(sorted(draws)) for draw in draws[user]]
    return off_policy.Places(
        reader=np.array([index for index, _ in rows], dtype=np.int64),
        weight=np.array([draw.weight for _, draw in rows]),
        reward=np.array([draw.reward for _, draw in rows]),
        expected_logged=np.array([draw.expected_logged for _, draw in rows]),
        expected_chosen=np.array([draw.expected_chosen for _, draw in rows]),
    )


def values_of(lists: ByReader, name: str) -> dict[str, list[float]]:
    """Return a metric's values by reader; readers without any are left out."""
    values = {user: [score.values[name] for score in lists[user] if name in score.values] for user in sorted(lists)}
    return {user: found for user, found in values.items() if found}


def _ranked(scores: Iterable[ListScore]) -> list[tuple[Any, Any]]:
    return [(score.labels, score.scores) for score in scores if score.labels is not None]


def _in_time(scored: Iterable[ListScore]) -> list[tuple[Any, Any]]:
    return _ranked(sorted(scored, key=lambda score: (score.at_s, score.list)))


def _mean(values: Mapping[str, Sequence[float]]) -> float:
    return float(np.mean([value for user in sorted(values) for value in values[user]]))


def _put(found: dict[str, Any], name: str, figure: Callable[[], Any]) -> None:
    try:
        found[name] = figure()
    except ValueError:  # the log leaves it undefined
        return


def _time(at_s: float) -> str:
    return format_time(datetime.fromtimestamp(at_s, UTC))


def rounded(found: Mapping[str, Any]) -> dict[str, Any]:
    """Round to six digits: more would differ between machines without meaning anything."""
    return {name: _rounded(value) for name, value in found.items()}


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 6)
    if isinstance(value, Mapping):
        return rounded(value)
    return [_rounded(part) for part in value] if isinstance(value, Sequence) and not isinstance(value, str) else value
