"""Timing a call many times, and what a figure is: median, spread, budget, peers, verdict.

What belongs here: values and arithmetic. What does not: what is measured (bench_*.py) and how it is shown (`tables`).
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

import numpy as np

T = TypeVar("T")
# Calls before those that count: they fill caches as a server's first requests do.
WARM_UP = 2

Better = Literal["less", "more"]


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds of every call: of the processor (all threads of the process) and by the wall clock."""

    cpu_s: tuple[float, ...]
    wall_s: tuple[float, ...]


def time_calls(call: Callable[[T], object], arrange: Callable[[], T], runs: int, *, warm_up: int = WARM_UP) -> Timing:
    """Time `call(arrange())`, the arranging apart, `runs` times after some calls that do not count."""
    cpu_s, wall_s = [], []
    for run in range(-warm_up, runs):
        prepared = arrange()
        wall, cpu = time.perf_counter(), time.process_time()
        call(prepared)
        if run >= 0:
            cpu_s.append(time.process_time() - cpu)
            wall_s.append(time.perf_counter() - wall)
    return Timing(tuple(cpu_s), tuple(wall_s))


def time_again(call: Callable[[], object], runs: int, *, warm_up: int = WARM_UP) -> Timing:
    """Time a call that needs no arranging."""
    return time_calls(lambda _: call(), lambda: None, runs, warm_up=warm_up)


@dataclass(frozen=True, slots=True)
class Budget:
    """What DESIGN section 7 asks for. limit: of the figure; spread_limit: of the spread, where there is one."""

    limit: float
    spread_limit: float | None = None
    better: Better = "less"


@dataclass(frozen=True, slots=True)
class Peer:
    """Another program at the same work in the same run; figure: in the unit of the row."""

    name: str
    figure: float


@dataclass(frozen=True, slots=True)
class Row:
    """One figure. Of times: the median of processor time, spread the 95th percentile, wall the median by the clock.

    Of rates: the median, spread the rate that 95 % of the runs reach. spread and wall are None where they mean nothing.
    """

    name: str
    figure: float
    unit: str
    runs: int = 1
    spread: float | None = None
    wall: float | None = None
    budget: Budget | None = None
    peers: tuple[Peer, ...] = ()
    note: str = ""


def time_row(
    name: str,
    timing: Timing,
    *,
    budget: Budget | None = None,
    peers: Sequence[Peer] = (),
    note: str = "",
) -> Row:
    """Return the row of a timed call, in milliseconds."""
    cpu_ms = [1000 * seconds for seconds in timing.cpu_s]
    return Row(
        name,
        float(np.median(cpu_ms)),
        "ms",
        len(cpu_ms),
        spread=float(np.percentile(cpu_ms, 95)),
        wall=1000 * float(np.median(timing.wall_s)),
        budget=budget,
        peers=tuple(peers),
        note=note,
    )


def rate_row(name: str, timing: Timing, things: int, unit: str, *, budget: Budget | None = None, note: str = "") -> Row:
    """Return the row of a timed call that does `things` things, as a rate a second."""
    rates = [things / seconds for seconds in timing.cpu_s]
    wall = things / float(np.median(timing.wall_s))
    spread = float(np.percentile(rates, 5))
    return Row(name, float(np.median(rates)), unit, len(rates), spread=spread, wall=wall, budget=budget, note=note)


def median_ms(timing: Timing) -> float:
    """Return the median of the processor time, in milliseconds."""
    return 1000 * float(np.median(timing.cpu_s))


def verdict(row: Row) -> str:
    """Say in words whether a row keeps its budget; empty if it has none.

    >>> verdict(Row("x", 3.0, "ms", budget=Budget(5.0))), verdict(Row("x", 9.0, "ms", budget=Budget(5.0)))
    ('met', 'over: 1.80 times the budget')
    """
    budget = row.budget
    if budget is None:
        return ""
    excess = max(_excess(row.figure, budget.limit, budget), _excess(row.spread, budget.spread_limit, budget))
    if math.isnan(row.figure):
        return "not measured"
    if excess > 1 and budget.better == "less":
        return f"over: {excess:.2f} times the budget" if budget.limit else "over"
    if excess > 1:
        return f"short: {1 / excess:.2f} of the budget"
    if _excess(row.wall, budget.limit, budget) > 1:
        return "met by processor time, not by the wall clock"
    return "met"


def _excess(figure: float | None, limit: float | None, budget: Budget) -> float:
    """Return how many times a figure is beyond its limit; at most 1 if it is not, 0 if there is nothing to compare."""
    if figure is None or limit is None:
        return 0.0
    beyond, base = (figure, limit) if budget.better == "less" else (limit, figure)
    return beyond / base if base > 0 else (math.inf if beyond > 0 else 0.0)
