"""Curves and bars as figures for SVG, drawn by the templates; numbers in, numbers out."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from webapp.operating.history import KEPT, STEP, Step

WIDTH, HEIGHT = 480.0, 120.0
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of an hour. x, y, width, height in units of the drawing; value: what it stands for."""

    at: datetime
    value: int
    x: float
    y: float
    width: float
    height: float


def hours(steps: Sequence[Step], now: datetime, field: str) -> list[tuple[datetime, int]]:
    """Return the sums of a count over each of the last 24 hours, oldest first; `now` is in the last."""
    last = now.replace(minute=0, second=0, microsecond=0)
    begins = [last - number * HOUR for number in reversed(range(24))]
    return [(begin, sum(getattr(step, field) for step in steps if begin <= step.at < begin + HOUR)) for begin in begins]


def bars(counts: Sequence[tuple[datetime, int]]) -> list[Bar]:
    """Return a bar for each count; the greatest is as high as the drawing."""
    most = max((count for _, count in counts), default=0) or 1
    room = WIDTH / max(len(counts), 1)
    return [
        Bar(at, count, room * place + 1, HEIGHT * (1 - count / most), room - 2, HEIGHT * count / most)
        for place, (at, count) in enumerate(counts)
    ]


def curve(steps: Sequence[Step], now: datetime) -> list[list[tuple[float, float]]]:
    """Return the AUC of late as polylines over the last day, from 0 below to 1 above; a gap where there is none."""
    span, pieces = KEPT * STEP, list[list[tuple[float, float]]]()
    before: datetime | None = None
    for step in steps:
        if math.isnan(step.auc):
            before = None
            continue
        if before is None:
            pieces.append([])
        pieces[-1].append((WIDTH * (1 - (now - step.at) / span), HEIGHT * (1 - step.auc)))
        before = step.at
    return pieces


def quantile(share: float, counts: Sequence[tuple[float, float]]) -> float:
    """Return the value below which a share of observations lies, as Prometheus' histogram_quantile has it.

    counts: (upper bound, observations up to it), ascending, the last bound infinite. Within a bucket observations are
    taken to lie evenly; beyond the last finite bound that bound is returned, and NaN without any observation.

    >>> quantile(0.5, [(1.0, 2.0), (2.0, 4.0), (math.inf, 4.0)])
    1.0
    """
    wanted = share * counts[-1][1]
    if not wanted:
        return math.nan
    low, below = 0.0, 0.0
    for high, up_to in counts:
        if up_to >= wanted:
            return low if math.isinf(high) else low + (high - low) * (wanted - below) / (up_to - below)
        low, below = high, up_to
    return low
