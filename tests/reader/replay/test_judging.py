"""Off-policy estimates from real logs: simulated ones, whose truth is known, and the product's own."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from nlp.analysis import Analyser
from reader.clock import ManualClock
from reader.recommend.recommender import Recommender
from reader.recommend.requests import Request
from reader.replay.draws import find_draws, is_shuffled, judge_shuffled
from reader.replay.log import prepare
from reader.replay.policies import ablated
from reader.replay.result import replay
from reader.replay.rewards import RewardModel
from reader.replay.simulator import SimulationSettings
from reader.settings import Settings
from reader.storage.memory import MemoryStorage
from reader.types import Impression, Shown
from reader.wiring import make_recommender
from tests.builders import START, act, tune
from tests.reader.conftest import NOW, MakeRecommender, demo_items
from tests.reader.recommend.test_stories import reports
from tests.reader.replay.simulated import covered, replay_simulation, titles_only

SIMULATION = SimulationSettings(readers=60, days=4, lists_a_day=3.0, candidates=12)
SEEDS = 8


@pytest.fixture
def make_empty(remembering: Analyser) -> Any:
    def made(clock: ManualClock, ablation: str | None) -> Recommender:
        settings = ablated(Settings(), ablation)
        return make_recommender(settings=settings, clock=clock, storage=MemoryStorage(), analyser=remembering)

    return made


def shuffled(list_id: str, *items: str) -> Impression:
    shown = tuple(Shown(item, position, 1 / len(items)) for position, item in enumerate(items, start=1))
    return Impression(id=list_id, type="impression", at=START, user="ann", list=list_id, items=shown)


def test_a_shuffled_list_is_judged_place_by_place() -> None:
    """The log showed a, b, c with a third each; the policy would show a, c, b: it agrees on the first place only."""
    event = shuffled("l", "a", "b", "c")
    draws = find_draws(event, [True, False, True])

    judged = judge_shuffled(draws, ["a", "c", "b"], RewardModel())

    assert is_shuffled(event, draws)
    assert [(draw.weight, draw.reward) for draw in judged] == [(pytest.approx(3), 1), (0, 0), (0, 1)]


def test_a_list_with_one_drawn_place_is_not_shuffled() -> None:
    shown = (Shown("a", 1, 1.0), Shown("b", 2, 0.1), Shown("c", 3, None))
    event = Impression(id="i", type="impression", at=START, user="ann", list="l", items=shown)

    draws = find_draws(event, [False, True, False])

    assert [draw.shown.item for draw in draws] == ["b"]
    assert not is_shuffled(event, draws)


def test_the_reward_model_learns_places_and_items_from_the_past() -> None:
    model = RewardModel()
    before = model.expected("a", 1)
    for number in range(400):
        opened = act("open", "a", at=START, view=f"v{number}", list=f"l{number}")
        model.learn([shuffled(f"l{number}", "a", "b"), opened])

    assert model.expected("a", 1) > 0.9 > before
    assert model.expected("b", 2) < before / 2
    assert 0 <= model.expected("never seen", 7) <= 1


def test_exploring_places_of_the_products_own_lists_are_judged_from_the_same_pool(
    make: MakeRecommender, make_empty: Any, clock: ManualClock, tmp_path: Path
) -> None:
    """Live, ann gets lists with an exploring place each and opens what stands there; replay finds each pool again."""
    live = make()
    for minute in range(0, 50, 10):
        clock.at = NOW + timedelta(minutes=minute)
        made = live.recommend(Request("ann", limit=10))
        explored = next(place for place in made.items if place.exploration)
        clock.at += timedelta(minutes=1)
        opened = act("open", explored.item, at=clock.at, view=f"v{minute}", list=made.id, position=explored.position)
        assert live.observe([opened]).accepted == 1

    log = prepare(demo_items(), live.storage.iter_events(), tmp_path)
    result = replay(log, ["profile", "random"], make_empty)

    assert result["notices"] == {"impression: its order was not drawn evenly, and openings may follow it": 5}
    for figures in result["policies"].values():
        assert figures["off_policy"]["places"] == 5
        assert figures["off_policy"]["logged_value"] == 1.0
        assert "refused" in figures["off_policy"]["ips"]


@pytest.mark.slow
def test_intervals_hold_the_known_truth(make_empty: Any, tmp_path: Path) -> None:
    """Of ten intervals nine are to hold the true value. Eight seeds here; `make bench` does a hundred."""
    held: list[bool] = []
    for seed in range(SEEDS):
        folder = tmp_path / str(seed)
        folder.mkdir()
        items = titles_only(demo_items())
        result = replay_simulation(items, SIMULATION, seed, ["popular", "latest"], make_empty, folder)
        held += [is_held for _, _, is_held in covered(result) if is_held is not None]

    assert len(held) > 7 * SEEDS
    assert sum(held) >= 0.9 * len(held)


@pytest.mark.slow
def test_replay_ranks_policies_as_the_known_truth_does(make_empty: Any, tmp_path: Path) -> None:
    """Where the interval of a difference in truth leaves out 0, nDCG@10 says the same; in the rest nothing is said."""
    simulation = SimulationSettings(readers=40, days=8, lists_a_day=3.0, candidates=16)
    policies = ["profile", "embedding", "popular", "latest", "random"]
    result = replay_simulation(demo_items(), simulation, 1, policies, make_empty, tmp_path)
    figures, against = result["policies"], result["comparisons"]["profile"]

    sure = [name for name in policies[1:] if against[name]["true_value"]["ci95"][0] > 0]
    assert "random" in sure
    assert "latest" in sure
    for name in sure:
        assert against[name]["ndcg@10"]["difference"] > 0, name
    assert figures["popular"]["true_value"] > figures["random"]["true_value"]
    assert figures["popular"]["ndcg@10"] > figures["random"]["ndcg@10"]


def test_pools_are_found_again_with_stories_and_caps(
    make: MakeRecommender, make_empty: Any, clock: ManualClock, tmp_path: Path
) -> None:
    """Reports of one story share a place, sources wait: what could be drawn follows from the log all the same.

    A reader who wants to be surprised has every fifth place drawn. Replay finds each pool, of the size that was
    logged.
    """
    items = tuple(item for item, _ in reports())
    live = make(items=items)
    live.observe([tune(1.0, at=NOW), act("mute", target=("source", "Morgenpfad"), at=NOW)])
    explored, shown = 0, 0
    for minute in range(0, 60, 10):
        clock.at = NOW + timedelta(minutes=minute)
        made = live.recommend(Request("ann", limit=20))
        drawn = [place for place in made.items[:20] if place.propensity < 1]
        explored += len(drawn)
        shown += len(made.items)
        clock.at += timedelta(minutes=1)
        live.observe([act("open", drawn[0].item, at=clock.at, view=f"v{minute}", list=made.id, position=5)])

    log = prepare(items, live.storage.iter_events(), tmp_path)
    result = replay(log, ["profile"], make_empty)

    assert explored > 6 * 3
    assert shown < 6 * len(items)
    assert "impression: exploring place whose pool was another" not in result["notices"]
    assert result["policies"]["profile"]["off_policy"]["places"] == explored
