"""Numbers -> what a template draws as SVG. Pure.

A drawing has no text in it: it is stretched to the width of the page, and words stand in the page itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from reader.recommend.timeline import Course, Timeline

# Units of the drawing, whatever its size on the page.
WIDTH: Final = 1000
HEIGHT: Final = 100
# Columns of the table beside it; ours.
COLUMNS: Final = 5
# Weights nearer to each other than this all the way are one line: 3 px of 200. Ours.
APART: Final = 0.015
# What an interest is made of: class of the bar -> signals, in the order in which they are drawn.
PARTS: Final = {
    "back": ("reread",),
    "read": ("read", "finish", "open"),
    "watch": ("watch",),
    "word": ("plus",),
}


@dataclass(frozen=True, slots=True)
class Line:
    """Interests that moved alike as one line.

    labels: what they are called; points: of a polyline; weights: its cells in the table.
    """

    labels: tuple[str, ...]
    points: str
    weights: tuple[float, ...]

    @property
    def now(self) -> float:
        """The weight at the end."""
        return self.weights[-1]


@dataclass(frozen=True, slots=True)
class Lines:
    """A drawing of several lines. moments: of the columns of its table; zero: height of the axis, units from above."""

    lines: tuple[Line, ...]
    moments: tuple[datetime, ...]
    zero: float


def draw_timeline(timeline: Timeline, count: int) -> Lines | None:
    """Return the drawing, of `count` lines at most; None with less than two moments, since nothing has moved then."""
    if len(timeline.moments) < 2 or not timeline.courses:
        return None
    groups = _alike(timeline.courses)[:count]
    least = min(0.0, *(min(group[0].weights) for group in groups))
    columns = _columns(len(timeline.moments))
    lines = tuple(
        Line(
            tuple(course.label for course in group),
            _points(timeline.moments, group[0].weights, least),
            tuple(group[0].weights[column] for column in columns),
        )
        for group in groups
    )
    return Lines(lines, tuple(timeline.moments[column] for column in columns), _height(0.0, least))


def _alike(courses: Sequence[Course]) -> list[list[Course]]:
    """Gather courses that lie on each other all the way, in their order."""
    groups: list[list[Course]] = []
    for course in courses:
        group = next((group for group in groups if _lie_together(group[0], course)), None)
        if group is None:
            groups.append([course])
        else:
            group.append(course)
    return groups


def _lie_together(one: Course, other: Course) -> bool:
    return all(abs(a - b) < APART for a, b in zip(one.weights, other.weights, strict=True))


def _columns(count: int) -> list[int]:
    """Return the moments for the table: evenly spread, the first and the last among them.

    >>> _columns(9), _columns(3)
    ([0, 2, 4, 6, 8], [0, 1, 2])
    """
    shown = min(count, COLUMNS)
    return [round(number * (count - 1) / (shown - 1)) for number in range(shown)]


def _points(moments: Sequence[datetime], weights: Iterable[float], least: float) -> str:
    whole_s = (moments[-1] - moments[0]).total_seconds()
    across = (WIDTH * (at - moments[0]).total_seconds() / whole_s for at in moments)
    return " ".join(f"{x:.1f},{_height(weight, least):.1f}" for x, weight in zip(across, weights, strict=True))


def _height(weight: float, least: float) -> float:
    """Return units from above: 1 stands at the top, the least weight (0 or below) at the bottom.

    >>> _height(1, 0), _height(0, 0), _height(0, -1)
    (0.0, 100.0, 50.0)
    """
    return HEIGHT * (1 - weight) / (1 - least)


@dataclass(frozen=True, slots=True)
class Piece:
    """One stretch of a bar, in hundredths of its length. part: a name of PARTS, "set" or "less"."""

    part: str
    start: float
    length: float


def draw_bar(weight: float, parts: Iterable[tuple[str, float]], *, edited: bool = False) -> tuple[Piece, ...]:
    """Return the stretches of a bar as long as the weight, parted as what speaks for it came together.

    >>> [(piece.part, piece.start, piece.length) for piece in draw_bar(0.5, [("reread", 3.0), ("open", 1.0)])]
    [('back', 0.0, 37.5), ('read', 37.5, 12.5)]
    """
    whole = 100 * min(1.0, abs(weight))
    brought = dict(parts)
    amounts = {name: sum(max(0.0, brought.get(one, 0.0)) for one in signals) for name, signals in PARTS.items()}
    total = sum(amounts.values())
    if weight < 0 or edited or not total:
        return (Piece("less" if weight < 0 else "set", 0.0, round(whole, 2)),)
    pieces, start = [], 0.0
    for name, amount in amounts.items():
        if length := round(whole * amount / total, 2):
            pieces.append(Piece(name, start, length))
            start = round(start + length, 2)
    return tuple(pieces)
