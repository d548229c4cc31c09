"""Drawings in SVG, to stand inside an HTML page: intervals, bars, curves.

Figures are made without pyplot and leave matplotlib's global settings as they were. Colours are handed on as CSS
variables of the page (--ink, --line, --s0 to --s6), so that a drawing follows its light and dark scheme. Lengths are
CSS pixels: a figure of 72 dots to the inch has a point for each.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import matplotlib
from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter, date2num
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

WIDTH_PX: Final = 680
ROW_PX: Final = 24
FOOT_PX: Final = 44
LETTER_PX: Final = 7.2
MAX_LABEL: Final = 34

INK: Final = "#1b1e23"
QUIET: Final = "#5a6069"
LINE: Final = "#d9dad5"
# Told apart by readers with any colour vision (after Okabe & Ito 2008), darkened to 3:1 against paper.
SERIES: Final = ("#0072b2", "#c85400", "#008f68", "#b0578d", "#8f6a00", "#4d5560", "#2b8fc9")
VARIABLES: Final = {INK: "--ink", QUIET: "--quiet", LINE: "--line"} | {
    colour: f"--s{place}" for place, colour in enumerate(SERIES)
}
DASHES: Final = ("-", "--", ":")

# Any: the type of its keys is a closed set that a plain dict does not meet.
STYLE: Final[Any] = {
    "svg.fonttype": "none",  # text stays text: small, and to be found and read aloud
    "svg.hashsalt": "reread",  # the same drawing gets the same ids
    "text.parse_math": False,  # a dollar in a name is a dollar
    "font.size": 12.0,
    "text.color": INK,
    "axes.edgecolor": LINE,
    "axes.labelcolor": QUIET,
    "xtick.color": QUIET,
    "ytick.color": QUIET,
    "axes.unicode_minus": True,
    "axes.axisbelow": True,
    "timezone": "UTC",
}


@dataclass(frozen=True, slots=True)
class Mark:
    """A value with its interval. series: number of the policy, which gives the colour; printed: the same in words."""

    label: str
    series: int
    value: float
    interval: tuple[float, ...] | None
    printed: str


@dataclass(frozen=True, slots=True)
class Group:
    """Marks under a title; an empty title takes no room."""

    title: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A curve: values at moments, both in order of time."""

    label: str
    series: int
    at: tuple[datetime, ...]
    values: tuple[float, ...]


def intervals(groups: Sequence[Group], axis: str, key: str, *, reference: float | None = None) -> str:
    """Draw a forest plot: a point and its interval for each mark. reference: a value to draw a line at.

    key: sets this drawing's ids apart from those of others in the page. Without marks the drawing is empty text.
    """
    marks = [mark for group in groups for mark in group.marks]
    if not marks:
        return ""
    with _style():
        figure, axes = _rows(groups, axis)
        if reference is not None:
            axes.axvline(reference, color=QUIET, linewidth=1, linestyle=(0, (3, 3)))
        for y, mark in _placed(groups):
            axes.plot([mark.value], [y], "o", color=colour(mark.series), markersize=7)
            _whisker(axes, y, mark)
        return _svg(figure, key)


def bars(groups: Sequence[Group], axis: str, key: str, *, reference: float | None = None) -> str:
    """Draw a bar from 0 and its interval for each mark; otherwise as `intervals`."""
    with _style():
        figure, axes = _rows(groups, axis)
        if reference is not None:
            axes.axvline(reference, color=QUIET, linewidth=1, linestyle=(0, (3, 3)))
        for y, mark in _placed(groups):
            axes.barh(y, mark.value, height=0.62, color=colour(mark.series), alpha=0.4)
            _whisker(axes, y, mark)
        axes.set_xlim(left=0)
        return _svg(figure, key)


def curves(lines: Sequence[Line], axis: str, key: str) -> str:
    """Draw values over time, each line named at its end; empty text without lines."""
    if not lines:
        return ""
    with _style():
        height = max(280, 20 * len(lines) + FOOT_PX + 20)
        figure, axes = _axes(height, left_px=58, right_px=_label_px([line.label for line in lines]) + 24, top_px=14)
        for line in lines:
            dash = DASHES[line.series // len(SERIES) % len(DASHES)]
            axes.plot(
                _days(line), line.values, dash, marker="o", markersize=3.5, linewidth=1.6, color=colour(line.series)
            )
        axes.grid(axis="y", color=LINE, linewidth=0.8)
        axes.set_ylabel(axis)
        axes.yaxis.set_major_locator(MaxNLocator(6))
        locator = AutoDateLocator(minticks=3, maxticks=7)  # type: ignore[no-untyped-call]  # matplotlib has no types for dates
        axes.xaxis.set_major_locator(locator)
        formatter = ConciseDateFormatter(locator)  # type: ignore[no-untyped-call]  # the same
        axes.xaxis.set_major_formatter(formatter)
        _name_ends(axes, lines, height - FOOT_PX - 14)
        return _svg(figure, key)


def colour(series: int) -> str:
    """Return the colour of a policy; they come round again after seven."""
    return SERIES[series % len(SERIES)]


def spread(wanted: Sequence[float], gap: float, height: float) -> list[float]:
    """Return places near the wanted ones, in the same order, no two closer than gap, all within 0 to height.

    They fit only if height >= (number - 1) * gap; otherwise they run over at the top.

    >>> spread([10.0, 11.0, 30.0, 50.0], 4.0, 50.0)
    [8.5, 12.5, 30.0, 50.0]
    """
    # Runs of labels that touch are joined and centred on the mean of what they wanted (pool adjacent violators).
    order = sorted(range(len(wanted)), key=lambda index: wanted[index])
    runs: list[tuple[float, int]] = []  # (sum of the starts that each member asks for, members)
    for index in order:
        total, members = wanted[index], 1
        while runs and runs[-1][0] / runs[-1][1] + runs[-1][1] * gap > total / members:
            before, others = runs.pop()
            total, members = before + total - members * others * gap, others + members
        runs.append((total, members))
    places = [total / members + step * gap for total, members in runs for step in range(members)]
    top = height - gap * (len(places) - 1)
    inside = [max(min(place, top + rank * gap), rank * gap) for rank, place in enumerate(places)]
    return [inside[order.index(index)] for index in range(len(wanted))]


@contextmanager
def _style() -> Iterator[None]:
    """Draw alike whatever the settings of this machine, and put those back."""
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(STYLE)
        yield


def _axes(height_px: float, *, left_px: float, right_px: float, top_px: float) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(WIDTH_PX / 72, height_px / 72))
    width, height = WIDTH_PX - left_px - right_px, height_px - FOOT_PX - top_px
    axes = figure.add_axes((left_px / WIDTH_PX, FOOT_PX / height_px, width / WIDTH_PX, height / height_px))
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.tick_params(length=0)
    return figure, axes


def _placed(groups: Sequence[Group]) -> Iterator[tuple[float, Mark]]:
    """Yield each mark with its row, counted from the top; a title takes a row."""
    row = 0
    for group in groups:
        row += bool(group.title)
        for mark in group.marks:
            yield row, mark
            row += 1


def _rows(groups: Sequence[Group], axis: str) -> tuple[Figure, Axes]:
    """Make axes with a row for each mark, its name at the left and its numbers at the right."""
    placed = list(_placed(groups))
    rows = int(placed[-1][0]) + 1
    left_px = _label_px([mark.label for _, mark in placed])
    printed_px = max(len(mark.printed) for _, mark in placed) * LETTER_PX + 12
    figure, axes = _axes(rows * ROW_PX + FOOT_PX, left_px=left_px, right_px=printed_px, top_px=0)
    axes.set_ylim(rows - 0.5, -0.5)
    axes.set_yticks([])
    axes.set_xlabel(axis)
    axes.xaxis.set_major_locator(MaxNLocator(5))
    axes.grid(axis="x", color=LINE, linewidth=0.8)
    for y, mark in placed:
        _beside(axes, y, _shortened(mark.label), 0, "right")
        _beside(axes, y, mark.printed, 1, "left")
    for y, title in _titles(groups):
        _beside(axes, y, title, 0, "left", weight="bold")
    return figure, axes


def _titles(groups: Sequence[Group]) -> Iterator[tuple[float, str]]:
    row = 0
    for group in groups:
        if group.title:
            yield row, group.title
        row += bool(group.title) + len(group.marks)


def _beside(axes: Axes, y: float, text: str, edge: int, align: str, **font: Any) -> None:
    """Write beside the axes (edge 0: left, 1: right), or at the left edge inside them."""
    shift = -10 if align == "right" else 10 if edge else 0
    place: dict[str, Any] = {"xy": (edge, y), "xycoords": axes.get_yaxis_transform(), "textcoords": "offset points"}
    axes.annotate(text, xytext=(shift, 0), ha=align, va="center_baseline", annotation_clip=False, **place, **font)


def _whisker(axes: Axes, y: float, mark: Mark) -> None:
    if mark.interval is not None:
        axes.plot(mark.interval, [y, y], "-", color=colour(mark.series), linewidth=2, marker="|", markersize=7)


def _days(line: Line) -> Any:
    return date2num(list(line.at))  # type: ignore[no-untyped-call]  # the same


def _name_ends(axes: Axes, lines: Sequence[Line], height_px: float) -> None:
    """Write each line's name at the right, level with its end as far as the others leave room."""
    low, high = axes.get_ylim()
    wanted = [(line.values[-1] - low) / (high - low) * height_px for line in lines]
    for line, y in zip(lines, spread(wanted, 17.0, height_px), strict=True):
        arrow = {"arrowstyle": "-", "color": colour(line.series), "linewidth": 0.8, "shrinkA": 0, "shrinkB": 3}
        axes.annotate(
            _shortened(line.label),
            (_days(line)[-1], line.values[-1]),
            xytext=(1.03, low + y / height_px * (high - low)),
            textcoords=axes.get_yaxis_transform(),
            va="center_baseline",
            arrowprops=arrow,
            annotation_clip=False,
        )


def _label_px(labels: Sequence[str]) -> float:
    return max(len(_shortened(label)) for label in labels) * LETTER_PX + 16


def _shortened(label: str) -> str:
    return label if len(label) <= MAX_LABEL else label[: MAX_LABEL - 1] + "…"


def _svg(figure: Figure, key: str) -> str:
    """Return the drawing as an element of an HTML page: no prolog, no ids but its own, colours of the page."""
    out = io.StringIO()
    nothing = {"Date": None, "Creator": None, "Format": None, "Type": None}
    figure.savefig(out, format="svg", metadata=nothing, transparent=True)
    svg = out.getvalue()
    body = svg[svg.index(">", svg.index("<svg")) + 1 :]
    body = re.sub(r"<style.*?</style>", "", body, count=1)
    body = re.sub(r'<g id="[^"]*"', "<g", body)
    body = re.sub(r'( id="|url\(#|xlink:href="#)', rf"\1{key}-", body)
    body = re.sub(r"font-family: [^;\"]*;? ?", "", body)
    body = re.sub("|".join(VARIABLES), lambda found: f"var({VARIABLES[found[0]]})", body)
    height = round(float(figure.get_figheight()) * 72)
    return f'<svg viewBox="0 0 {WIDTH_PX} {height}" aria-hidden="true">' + re.sub(r"\s*\n\s*", "\n", body)
