"""Lists that a replay scores a minute, with one process and with two, on a simulated log of lists of 40 candidates."""

from __future__ import annotations

import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from nlp.analysis import Analyser
from reader.clock import ManualClock
from reader.recommend.recommender import Recommender
from reader.replay.log import Log, read_log
from reader.replay.policies import ablated
from reader.replay.result import replay
from reader.replay.simulator import SimulationSettings, simulate, write_simulation
from reader.settings import Settings
from reader.storage.sqlite import SqliteStorage
from reader.wiring import make_recommender
from tests.bench.measuring import Budget, Row
from tests.bench.synthetic import SyntheticAnalyser, make_item
from tests.bench.world import World

ITEMS = 2_000
SIMULATION = SimulationSettings(readers=150, days=5, lists_a_day=3.0, candidates=40)
LISTS_A_MINUTE = Budget(2_000.0, better="more")


@dataclass(frozen=True)
class SyntheticMaker:
    """Makes empty recommenders for the synthetic catalogue, in whatever process it is sent to."""

    folder: Path

    def __call__(self, clock: ManualClock, ablation: str | None) -> Recommender:
        """Return one with a store of its own on disk, as the command has it."""
        store = SqliteStorage(Path(tempfile.mkdtemp(dir=self.folder)) / "replay.db")
        settings = ablated(Settings(), ablation)
        analyser = cast(Analyser, SyntheticAnalyser())
        return make_recommender(settings=settings, clock=clock, storage=store, analyser=analyser)


def bench_replay(world: World) -> list[Row]:
    """Replay the same log with each number of processes."""
    with tempfile.TemporaryDirectory(dir=world.folder) as name:
        folder = Path(name)
        items = [make_item(number, world.options.paragraphs) for number in range(ITEMS)]
        write_simulation(simulate(items, SIMULATION, seed=1), folder)
        log = read_log(folder / "events.jsonl", [folder / "items.jsonl"], folder)
        return [_row(log, SyntheticMaker(folder), workers) for workers in (1, 2)]


def _row(log: Log, make: SyntheticMaker, workers: int) -> Row:
    begun = time.perf_counter()
    result = replay(log, ["profile"], make, workers=workers)
    minutes = (time.perf_counter() - begun) / 60
    note = f"{log.impressions} lists, {log.events} events; by the wall clock"
    unit = "lists/min"
    # Lists with propensities are scored whether or not something was opened from them.
    assert result["policies"]["profile"]["off_policy"]["places"] == 40 * log.impressions
    name = f"lists of 40 scored by profile, {workers} process{'es' if workers > 1 else ''}"
    return Row(name, log.impressions / minutes, unit, budget=LISTS_A_MINUTE, note=note)
