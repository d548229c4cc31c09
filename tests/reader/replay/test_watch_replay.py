"""A simulated log of watching, replayed: the profile finds what readers like, and no clip wins by its length."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.stats import spearmanr

from nlp.analysis import Analyser
from reader.clock import Clock, ManualClock
from reader.recommend.recommender import Recommender
from reader.recommend.requests import Request
from reader.replay.log import read_log
from reader.replay.policies import ablated
from reader.replay.result import replay
from reader.replay.simulator import WatchSimulationSettings, simulate_watching, write_simulation
from reader.replay.truth import read_truth
from reader.settings import Settings
from reader.storage.memory import MemoryStorage
from reader.types import Event, Watch
from reader.wiring import make_recommender
from tests.reader.replay.simulator.watching.worlds import clips

SETTINGS = WatchSimulationSettings(readers=16, days=10, lists_a_day=2.0)


def lengths() -> dict[str, float]:
    return {clip.id: clip.duration_s for clip in clips() if clip.duration_s is not None}


def rank_correlation(scores: Iterable[float], seconds: Iterable[float]) -> float:
    return float(spearmanr(list(scores), list(seconds)).statistic)


@pytest.mark.slow
def test_profile_beats_popularity_and_chance_on_a_feed(tmp_path: Path, remembering: Analyser) -> None:
    simulation = simulate_watching(clips(), SETTINGS, 3)
    write_simulation(simulation, tmp_path)

    def make(clock: Clock, ablation: str | None) -> Recommender:
        settings = ablated(Settings(), ablation)
        return make_recommender(settings=settings, clock=clock, storage=MemoryStorage(), analyser=remembering)

    log = read_log(tmp_path / "events.jsonl", [tmp_path / "items.jsonl"], tmp_path)
    policies = ("profile", "popular", "watched", "random")
    result: dict[str, Any] = replay(log, policies, make, seed=3, truth=read_truth(tmp_path / "truth.jsonl"))

    assert not result["problems"]
    assert not result["notices"]
    # What was watched of a small log is a matter of luck to a good part; what is worth watching is known here.
    better = result["comparisons"]["profile"]
    assert all(better[other]["true_value"]["ci95"][0] > 0 for other in ("popular", "watched", "random")), better
    assert better["random"]["auc"]["ci95"][0] > 0


def test_no_clip_wins_by_its_length(remembering: Analyser) -> None:
    """Ranked for each reader, clips stand about as high whether long or short.

    The same watches counted in seconds favour long clips, counted in shares short ones, both by much.
    """
    simulation = simulate_watching(clips(), SETTINGS, 3)
    events = sorted(simulation.events(), key=lambda event: event.at)
    clock = ManualClock(events[-1].at)
    recommender = make_recommender(clock=clock, storage=MemoryStorage(), analyser=remembering)
    recommender.add_items(simulation.items)
    recommender.storage.append_events(events)
    recommender.catch_up()

    ranked = [_scores(recommender, life.watcher.user) for life in simulation.lives()]

    by_reader = [rank_correlation((own[clip] for clip in lengths()), lengths().values()) for own in ranked]
    assert abs(float(np.mean(by_reader))) < 0.1, by_reader
    seconds, shares = _naive(events)
    known = [clip for clip in lengths() if clip in seconds]
    assert rank_correlation((seconds[clip] for clip in known), (lengths()[clip] for clip in known)) > 0.25
    assert rank_correlation((shares[clip] for clip in known), (lengths()[clip] for clip in known)) < -0.6


def _scores(recommender: Recommender, user: str) -> dict[str, float]:
    made = recommender.recommend(Request(user, candidates=tuple(lengths())))
    return {place.item: place.score for place in made.items}


def _naive(events: list[Event]) -> tuple[dict[str, float], dict[str, float]]:
    """Return the mean seconds and the mean share that each clip was played in a view."""
    views: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for event in events:
        if isinstance(event, Watch) and event.item in lengths():
            views[event.item or ""][event.view or ""] += event.to_s - event.from_s
    seconds = {clip: float(np.mean(list(own.values()))) for clip, own in views.items()}
    return seconds, {clip: value / lengths()[clip] for clip, value in seconds.items()}
