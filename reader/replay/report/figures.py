"""Which numbers of a result go into which figure. `plots` draws them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from reader.replay.report import plots
from reader.replay.report.definitions import metric
from reader.replay.report.plots import Group, Line, Mark
from reader.replay.report.typeset import count, digits, interval, moment, number, signed

# What chance reaches, as a line to compare with.
CHANCE: Final = {"auc": 0.5}


def draw(result: Mapping[str, Any], main: str) -> dict[str, str]:
    """Return the figures that a result has something for, as SVG by name, the parts of segments as segment-<name>."""
    axis = metric(main).label
    segments = {f"segment-{name}": groups for name, groups in _segments(result, main).items()}
    drawn = {
        "forest": plots.intervals(_forest(result, main), axis, "forest", reference=CHANCE.get(main)),
        "differences": plots.intervals(
            _differences(result, main), f"difference in {axis}", "differences", reference=0.0
        ),
        "curve": plots.curves(_lines(result, main), axis, "curve"),
        **{key: plots.bars(groups, axis, key, reference=CHANCE.get(main)) for key, groups in segments.items()},
    }
    return {name: svg for name, svg in drawn.items() if svg}


def _forest(result: Mapping[str, Any], main: str) -> list[Group]:
    return [Group("", _marks({policy: figures for policy, figures in result["policies"].items()}, result, main))]


def _marks(by_policy: Mapping[str, Mapping[str, Any]], result: Mapping[str, Any], main: str) -> tuple[Mark, ...]:
    series = {policy: place for place, policy in enumerate(result["policies"])}
    known = {policy: figures for policy, figures in by_policy.items() if main in figures}
    decimals = digits(figures[main] for figures in known.values())
    marks = []
    for policy, figures in known.items():
        value, ends = figures[main], figures.get("ci95", {}).get(main)
        printed = number(value, decimals) + (f" ({interval(ends, decimals)})" if ends else "")
        marks.append(Mark(policy, series[policy], value, tuple(ends) if ends else None, printed))
    return tuple(marks)


def _differences(result: Mapping[str, Any], main: str) -> list[Group]:
    series = {policy: place for place, policy in enumerate(result["policies"])}
    marks = []
    for first, others in result.get("comparisons", {}).items():
        for other, differences in others.items():
            if main in differences:
                value, ends = differences[main]["difference"], differences[main]["ci95"]
                printed = f"{signed(value, 4)} ({interval(ends, 4)})"
                marks.append(Mark(f"{first} − {other}", series.get(other, 0), value, tuple(ends), printed))
    return [Group("", tuple(marks))]


def _lines(result: Mapping[str, Any], main: str) -> list[Line]:
    lines = []
    for place, (policy, figures) in enumerate(result["policies"].items()):
        points = [point for point in figures.get("curve", ()) if main in point]
        if points:
            middles = tuple(moment(p["from"]) + (moment(p["to"]) - moment(p["from"])) / 2 for p in points)
            lines.append(Line(policy, place, middles, tuple(point[main] for point in points)))
    return lines


def _segments(result: Mapping[str, Any], main: str) -> dict[str, list[Group]]:
    """Return the groups of bars of each way to part the lists, one group a segment."""
    policies: Mapping[str, Mapping[str, Any]] = result["policies"]
    names = dict.fromkeys(
        (dimension, segment)
        for figures in policies.values()
        for dimension, by_segment in figures.get("segments", {}).items()
        for segment in by_segment
    )
    groups: dict[str, list[Group]] = {}
    for dimension, segment in names:
        by_policy = {
            policy: figures.get("segments", {}).get(dimension, {}).get(segment, {})
            for policy, figures in policies.items()
        }
        if marks := _marks(by_policy, result, main):
            lists = max(figures.get("lists", 0) for figures in by_policy.values())
            title = f"{segment} · {count(lists)} {'list' if lists == 1 else 'lists'}" if lists else segment
            groups.setdefault(dimension, []).append(Group(title, marks))
    return groups
