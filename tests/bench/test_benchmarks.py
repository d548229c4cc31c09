"""The benchmarks still run: on few items, one run each. Those that need models or data sets are left out."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.console import Console

from nlp.analysis import Analysis
from tests.bench.bench_collaborative import bench_collaborative
from tests.bench.bench_events import bench_events
from tests.bench.bench_fresh import bench_fresh
from tests.bench.bench_serving import bench_serving
from tests.bench.bench_shaping import bench_shaping
from tests.bench.bench_tracker import bench_tracker
from tests.bench.measuring import Row
from tests.bench.synthetic import draw_terms, make_analysis, make_item
from tests.bench.world import Options, World

ITEMS = 600


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(Options(tmp_path, items=ITEMS, runs=1), tmp_path, Console(file=io.StringIO()))


@pytest.mark.slow
@pytest.mark.parametrize(
    "bench",
    [bench_serving, bench_shaping, bench_collaborative, bench_events, bench_fresh, bench_tracker],
    ids=lambda b: b.__name__,
)
def test_benchmark_gives_figures(world: World, bench: Callable[[World], list[Row]]) -> None:
    rows = bench(world)

    assert [row.name for row in rows if not row.figure >= 0] == []
    assert any(row.budget or row.peers for row in rows)


def test_an_item_is_the_same_whenever_it_is_made() -> None:
    """The store of one process is opened by another."""
    first, second = make_analysis(7, 4), make_analysis(7, 4)

    assert make_item(7, 4) == make_item(7, 4)
    assert first.to_bytes() == second.to_bytes()
    assert Analysis.from_bytes(first.to_bytes()).to_bytes() == first.to_bytes()
    assert len(first.paragraphs) == len(make_item(7, 4).paragraphs) == 4
    assert first.terms == draw_terms(7, 4)
