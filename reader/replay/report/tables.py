"""The tables of the report: numbers as they are printed, in the order in which they stand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from reader.replay.report.definitions import BY_NAME, COUNTS, Metric, metric
from reader.replay.report.typeset import count, digits, interval, minute, number, signed

Policies = Mapping[str, Mapping[str, Any]]
ESTIMATORS: Final = {"ips": "IPS", "snips": "SNIPS", "doubly_robust": "doubly robust", "replay": "replay"}
DIMENSIONS: Final = {"reader": "Readers", "language": "Languages", "kind": "Kinds of item"}


@dataclass(frozen=True, slots=True)
class Cell:
    """value and, below it, a line each for its interval and what it stands on.

    mark: best, above or below 0, refused; empty where nothing stands out.
    """

    value: str = ""
    notes: tuple[str, ...] = ()
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    metric: Metric
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """columns: names of policies, or what else stands at the head; groups: rows under a title of their own."""

    columns: tuple[str, ...]
    groups: tuple[tuple[str, tuple[Row, ...]], ...] = ()
    first: str = ""


@dataclass(frozen=True, slots=True)
class Grid:
    """A plain table: rows of a head and its cells."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Cell, ...]], ...]
    title: str = ""
    name: str = ""


def found(kinds: Mapping[str, int]) -> list[tuple[str, str]]:
    """Return the kinds of problem or notice that occur, with how often."""
    return [(kind, count(times)) for kind, times in kinds.items() if times]


def policies(result: Mapping[str, Any]) -> Table | None:
    """Return metrics down, policies across; None if no policy has a metric."""
    known: Policies = result["policies"]
    rows = [_metric_row(each, known) for each in _metrics(known.values())]
    counts = [_count_row(name, known) for name in COUNTS if any(figures.get(name) for figures in known.values())]
    return Table(tuple(known), (("", tuple(counts)), *_grouped(rows))) if rows else None


def differences(result: Mapping[str, Any]) -> Table | None:
    """Return metrics down, the other policies across; None if nothing was compared."""
    for first, others in result.get("comparisons", {}).items():
        rows = [_difference_row(each, others) for each in _metrics(others.values())]
        if rows:
            return Table(tuple(others), _grouped(rows), first)
    return None


def curve(result: Mapping[str, Any], name: str) -> Grid | None:
    """Return stretches of time down, policies across; None without a curve."""
    points = {
        policy: {(point["from"], point["to"]): point for point in figures.get("curve", ()) if name in point}
        for policy, figures in result["policies"].items()
    }
    known = {policy: by_stretch for policy, by_stretch in points.items() if by_stretch}
    stretches = sorted({stretch for by_stretch in known.values() for stretch in by_stretch})
    decimals = digits(point[name] for by_stretch in known.values() for point in by_stretch.values())
    rows = [
        (
            f"{minute(start)} to {minute(end)}",
            tuple(_point(known[policy].get((start, end)), name, decimals) for policy in known),
        )
        for start, end in stretches
    ]
    return Grid(tuple(known), tuple(rows)) if rows else None


def segments(result: Mapping[str, Any], name: str) -> list[Grid]:
    """Return a table for each way to part the lists, policies down, segments across."""
    known: Policies = result["policies"]
    dimensions = dict.fromkeys(each for figures in known.values() for each in figures.get("segments", {}))
    grids = [_segment_grid(known, dimension, name) for dimension in dimensions]
    return [grid for grid in grids if grid.rows]


def off_policy(result: Mapping[str, Any]) -> Grid | None:
    """Return policies down, estimators across; None without propensities in the log."""
    known = {
        policy: figures["off_policy"] for policy, figures in result["policies"].items() if figures.get("off_policy")
    }
    names = [name for name in ESTIMATORS if any(name in estimates for estimates in known.values())]
    rows = [
        (policy, (_places(estimates), *(_estimate(estimates.get(name)) for name in names)))
        for policy, estimates in known.items()
    ]
    return Grid(("as logged", *(ESTIMATORS[name] for name in names)), tuple(rows)) if rows else None


def _metrics(figures: Iterable[Mapping[str, Any]]) -> list[Metric]:
    """Return the metrics that occur: known ones in their order, then others by name."""
    present = {name for each in figures for name in each if name not in COUNTS and _is_figure(each[name])}
    return [each for each in BY_NAME.values() if each.name in present] + [
        metric(name) for name in sorted(present - BY_NAME.keys())
    ]


def _is_figure(value: object) -> bool:
    """Whether it is a number, or the difference of two."""
    return (isinstance(value, int | float) and not isinstance(value, bool)) or (
        isinstance(value, Mapping) and "difference" in value
    )


def _grouped(rows: Sequence[Row]) -> tuple[tuple[str, tuple[Row, ...]], ...]:
    return tuple((group, tuple(members)) for group, members in groupby(rows, key=lambda row: row.metric.group))


def _count_row(name: str, known: Policies) -> Row:
    cells = tuple(Cell(count(figures[name])) if name in figures else Cell() for figures in known.values())
    return Row(Metric(name, COUNTS[name], "", "neither", ""), cells)


def _metric_row(each: Metric, known: Policies) -> Row:
    values = [figures[each.name] for figures in known.values() if each.name in figures]
    decimals, best = digits(values), _best(each, values)
    cells = [_figure_cell(figures, each.name, decimals, best) for figures in known.values()]
    return Row(each, tuple(cells))


def _best(each: Metric, values: Sequence[float]) -> float | None:
    """Return the value to mark: none where there is nothing to compare, or no way is better."""
    if len(set(values)) < 2 or each.better == "neither":
        return None
    return max(values) if each.better == "higher" else min(values)


def _figure_cell(figures: Mapping[str, Any], name: str, decimals: int, best: float | None = None) -> Cell:
    if name not in figures:
        return Cell()
    ends = figures.get("ci95", {}).get(name)
    notes = (interval(ends, decimals),) if ends else ()
    return Cell(number(figures[name], decimals), notes, "best" if figures[name] == best else "")


def _difference_row(each: Metric, others: Mapping[str, Mapping[str, Any]]) -> Row:
    # One decimal more than a value has: a difference is small beside it.
    decimals = digits(other[each.name]["difference"] for other in others.values() if each.name in other)
    cells = (
        _difference_cell(other.get(each.name), max(decimals, 4) if decimals > 1 else 1) for other in others.values()
    )
    return Row(each, tuple(cells))


def _difference_cell(difference: Mapping[str, Any] | None, decimals: int) -> Cell:
    if difference is None:
        return Cell()
    low, high = difference["ci95"]
    mark = "above" if low > 0 else "below" if high < 0 else ""
    return Cell(signed(difference["difference"], decimals), (interval((low, high), decimals),), mark)


def _point(point: Mapping[str, Any] | None, name: str, decimals: int) -> Cell:
    return Cell() if point is None else Cell(number(point[name], decimals), _lists(point))


def _lists(figures: Mapping[str, Any]) -> tuple[str, ...]:
    if "lists" not in figures:
        return ()
    return (f"{count(figures['lists'])} {'list' if figures['lists'] == 1 else 'lists'}",)


def _segment_grid(known: Policies, dimension: str, name: str) -> Grid:
    parted = {policy: figures.get("segments", {}).get(dimension, {}) for policy, figures in known.items()}
    columns = tuple(
        dict.fromkeys(segment for by in parted.values() for segment, figures in by.items() if name in figures)
    )
    decimals = digits(by[segment][name] for by in parted.values() for segment in columns if name in by.get(segment, {}))
    rows = tuple(
        (policy, tuple(_segment_cell(by.get(segment, {}), name, decimals) for segment in columns))
        for policy, by in parted.items()
        if any(name in figures for figures in by.values())
    )
    return Grid(columns, rows, DIMENSIONS.get(dimension, dimension), dimension)


def _segment_cell(figures: Mapping[str, Any], name: str, decimals: int) -> Cell:
    cell = _figure_cell(figures, name, decimals)
    return Cell(cell.value, (*cell.notes, *_lists(figures))) if cell.value else cell


def _places(estimates: Mapping[str, Any]) -> Cell:
    value = estimates.get("logged_value")
    places = (f"{count(estimates['places'])} places",) if "places" in estimates else ()
    return Cell("" if value is None else number(value, digits([value])), places)


def _estimate(estimate: Mapping[str, Any] | None) -> Cell:
    if estimate is None:
        return Cell()
    size = estimate.get("effective_sample_size")
    sample = () if size is None else (f"effective sample {count(size)}",)
    if "refused" in estimate:
        return Cell("no figure", (estimate["refused"], *sample), "refused")
    decimals = digits([estimate["value"]])
    ends = (interval(estimate["ci95"], decimals),) if "ci95" in estimate else ()
    return Cell(number(estimate["value"], decimals), (*ends, *sample))
