"""Trees against the learner on logs whose truth is known: one that weights can follow, and one that they cannot.

The figures are of a simulator (docs/simulator.md): they say whether the machinery finds what is there, nothing about
people. Beside them: what trees cost when they serve.
"""

from __future__ import annotations

import random
import tempfile
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import numpy as np

from nlp.analysis import Analyser
from reader.clock import ManualClock
from reader.recommend.recommender import Recommender
from reader.replay.challenge import Challenged, challenge
from reader.replay.log import prepare
from reader.replay.simulator import SimulationSettings, simulate
from reader.replay.simulator.settings import TasteSettings
from reader.settings import Settings
from reader.storage.memory import MemoryStorage
from reader.wiring import make_recommender
from tests.bench.measuring import Budget, Row, time_again, time_row
from tests.bench.synthetic import NOW, SyntheticAnalyser, make_item
from tests.bench.world import World

ITEMS = 1_500
DAYS = 14
LENGTHS = (1, 2, 3, 4, 6, 9)
SIMULATION = SimulationSettings(readers=100, days=DAYS, lists_a_day=3.0, candidates=20)
WORLDS = {"a truth that weights can follow": 0.0, "a truth of length and age together": 3.0}
CANDIDATES, LISTED = 500, 60
# With 500 candidates; the list as a whole has 25 ms.
SCORES, PARTS = Budget(2.0), Budget(5.0)


@dataclass(frozen=True)
class _Maker:
    def __call__(self, clock: ManualClock, ablation: str | None) -> Recommender:
        analyser = cast(Analyser, SyntheticAnalyser())
        return make_recommender(settings=Settings(), clock=clock, storage=MemoryStorage(), analyser=analyser)


def bench_train(world: World) -> list[Row]:
    """Simulate, train and compare in each world; time the trees of the second."""
    rows: list[Row] = []
    for name, weight in WORLDS.items():
        found = _train(weight, world.folder)
        rows += _rows(name, found)
    return rows + _costs(found, world.options.runs)


def _train(weight: float, folder: Path) -> Challenged:
    settings = replace(SIMULATION, taste=TasteSettings(interplay_weight=weight))
    simulation = simulate(_items(), settings, seed=1)
    with tempfile.TemporaryDirectory(dir=folder) as name:
        log = prepare(simulation.items, simulation.events(), Path(name))
        return challenge(log, _Maker(), Settings().challenger)


def _items() -> list[Any]:
    rng = random.Random(1)
    return [
        replace(
            make_item(number, rng.choice(LENGTHS)),
            topics=(f"topic {number % 12}",),
            source=f"Source {number % 25}",
            published_at=NOW - timedelta(days=DAYS * rng.random()),
        )
        for number in range(ITEMS)
    ]


def _rows(name: str, found: Challenged) -> list[Row]:
    figures = found.verdict.figures
    lists = figures.get("judged", {}).get("lists", 0)
    served = "serves" if found.verdict.serves else "does not serve"
    rows = [Row(f"{name}: lists compared", lists, "lists", note=f"{served}: {'; '.join(found.verdict.why)}")]
    for metric in ("ndcg@10", "auc"):
        if metric in figures:
            low, high = figures[metric]["ci95"]
            note = f"[{low:+.4f}, {high:+.4f}], {figures[metric]['champion']:.4f} without trees"
            rows.append(Row(f"{name}: {metric} gained by trees", figures[metric]["difference"], "", note=note))
    return rows


def _costs(found: Challenged, runs: int) -> list[Row]:
    trees = found.trees
    if trees is None:
        return []
    factors = np.random.default_rng(0).normal(size=(len(found.layout.factors), CANDIDATES)).astype(np.float32)
    scored = time_again(lambda: trees.scores(factors), runs)
    told = time_again(lambda: trees.parts(factors[:, :LISTED]), runs)
    note = f"{trees.text.count('Tree=')} trees over {len(trees.rows)} factors"
    return [
        time_row(f"scores of {CANDIDATES} candidates by trees", scored, budget=SCORES, note=note),
        time_row(f"their parts by family for the {LISTED} that are listed", told, budget=PARTS, note=note),
    ]
