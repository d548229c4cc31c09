"""Verdicts, spreads and the Markdown table: what the figures of docs/benchmarks.md are made with."""

from __future__ import annotations

import json
import math

import pytest

from tests.bench.measuring import Budget, Peer, Row, Timing, rate_row, time_calls, time_row, verdict
from tests.bench.tables import markdown, row_record

MORE = Budget(3_000, better="more")
CASES = [
    (Row("x", 5.0, "ms", budget=Budget(5.0)), "met"),
    (Row("x", 7.5, "ms", budget=Budget(5.0)), "over: 1.50 times the budget"),
    (Row("x", 20.0, "ms", spread=90.0, budget=Budget(25.0, 60.0)), "over: 1.50 times the budget"),
    (Row("x", 4.0, "ms", wall=9.0, budget=Budget(5.0)), "met by processor time, not by the wall clock"),
    (Row("x", 1_500.0, "events/s", budget=MORE), "short: 0.50 of the budget"),
    (Row("x", 3_100.0, "events/s", wall=2_000.0, budget=MORE), "met by processor time, not by the wall clock"),
    (Row("x", 3_100.0, "events/s", wall=3_050.0, budget=MORE), "met"),
    (Row("x", 0.0, "", budget=Budget(0.0)), "met"),
    (Row("x", 1.0, "", budget=Budget(0.0)), "over"),
    (Row("x", math.nan, "", budget=Budget(1e-9)), "not measured"),
    (Row("x", 1.0, "ms"), ""),
]


@pytest.mark.parametrize(("row", "expected"), CASES)
def test_verdict_says_how_far_from_the_budget(row: Row, expected: str) -> None:
    assert verdict(row) == expected


def test_times_are_medians_and_95th_percentiles_in_milliseconds() -> None:
    row = time_row("x", Timing(cpu_s=(0.001, 0.002, 0.003, 0.004, 0.100), wall_s=(0.01, 0.02, 0.03, 0.04, 0.05)))

    assert (row.figure, row.runs) == (3.0, 5)
    assert row.spread == pytest.approx(80.8)
    assert row.wall == pytest.approx(30.0)


def test_rates_have_their_slow_end_as_spread() -> None:
    row = rate_row("x", Timing(cpu_s=(0.01,) * 19 + (0.1,), wall_s=(0.05,) * 20), 100, "events/s")

    assert row.figure == pytest.approx(10_000)
    assert row.spread is not None
    assert row.spread < row.figure
    assert row.wall == pytest.approx(2_000)


def test_warm_up_and_arranging_are_not_timed() -> None:
    arranged: list[int] = []
    called: list[int] = []

    def arrange() -> int:
        arranged.append(sum(range(200_000)))
        return len(arranged)

    timing = time_calls(called.append, arrange, 3, warm_up=2)

    assert called == [1, 2, 3, 4, 5]
    assert len(timing.cpu_s) == len(timing.wall_s) == 3
    # The sum alone takes longer.
    assert max(timing.cpu_s) < 0.001


def test_the_markdown_table_tells_what_the_json_says() -> None:
    timed = Row("a call", 2.0, "ms", 30, 3.0, 2.5, Budget(5.0), (Peer("other", 8.0),), "a | note")
    record = json.loads(json.dumps({"benchmarks": {"calls": [row_record(timed)]}}))

    assert list(markdown(record)) == [
        "| **calls** | | | | |",
        "| a call (a \\| note) | ≤ 5 ms | 2 ms (p95 3, wall 2.5, 30 runs) | other 8 ms (4 x ours) | met |",
    ]
