"""The real clips of KuaiRand-Pure with simulated watching on them, replayed: what the profile is worth there.

A small version of what docs/evaluation.md reports, with a seed of its own.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from nlp.analysis import Analyser
from reader.clock import Clock
from reader.recommend.recommender import Recommender
from reader.records import item_from_record
from reader.replay.importers import import_log
from reader.replay.log import read_log
from reader.replay.policies import ablated
from reader.replay.result import replay
from reader.replay.simulator import WatchSimulationSettings, simulate_watching, write_simulation
from reader.replay.truth import read_truth
from reader.settings import Settings
from reader.storage.memory import MemoryStorage
from reader.wiring import make_recommender

READERS = WatchSimulationSettings(readers=80, days=8, lists_a_day=1.5)
SEED = 5
PLAIN = ("popular", "watched", "random")


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory, remembering: Analyser) -> dict[str, Any]:
    """Import all clips, simulate watching on them, replay it."""
    beside = Path(__file__).resolve().parents[4] / "shared" / "data"
    data = Path(os.environ.get("REREAD_TEST_DATA", beside)) / "kuairand_pure_items"
    if not data.is_dir():
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(f"{data} is missing")
    folder = tmp_path_factory.mktemp("kuairand")
    import_log("kuairand", [data], folder / "clips")
    lines = (folder / "clips" / "items.jsonl").read_text(encoding="utf-8").splitlines()
    clips = [item_from_record(json.loads(line)) for line in lines]
    write_simulation(simulate_watching(clips, READERS, SEED), folder)

    def make(clock: Clock, ablation: str | None) -> Recommender:
        settings = ablated(Settings(), ablation)
        return make_recommender(settings=settings, clock=clock, storage=MemoryStorage(), analyser=remembering)

    log = read_log(folder / "events.jsonl", [folder / "items.jsonl"], folder)
    truth = read_truth(folder / "truth.jsonl")
    return replay(log, ("profile", *PLAIN), make, seed=SEED, truth=truth)


@pytest.mark.data
@pytest.mark.slow
@pytest.mark.parametrize("figure", ["auc", "ndcg@10"])
def test_by_what_was_watched_profile_beats_the_plain_policies_with_intervals_apart(
    result: dict[str, Any], figure: str
) -> None:
    assert not result["problems"]
    assert not result["notices"]

    profile, *plain = (result["policies"][name]["ci95"][figure] for name in ("profile", *PLAIN))

    assert all(high < profile[0] for _, high in plain), (profile, plain)


@pytest.mark.data
@pytest.mark.slow
def test_by_what_was_worth_watching_profile_beats_them_too(result: dict[str, Any]) -> None:
    """What readers would watch validly is known here; the difference is list by list, so readers vary no more."""
    better = result["comparisons"]["profile"]

    assert all(better[other]["true_value"]["ci95"][0] > 0 for other in PLAIN), better
