"""The whole catalogue ranked against a known truth: when, by whom, and what is noted."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from nlp.analysis import Analyser
from reader.clock import ManualClock
from reader.recommend.recommender import Recommender
from reader.replay.metrics import LISTS_AFTER
from reader.replay.oracle import make_oracle
from reader.replay.outcome import Outcome
from reader.replay.panel import Panel
from reader.replay.policies import ablated
from reader.replay.scoring import Tally
from reader.replay.simulator import SimulationSettings, simulate
from reader.replay.surveying import Survey
from reader.replay.truth import NewInterest, Sign, Truth, read_truth
from reader.settings import Settings
from reader.storage.memory import MemoryStorage
from reader.types import Impression
from reader.wiring import make_recommender
from tests.builders import ReadingStory, impression
from tests.reader.conftest import demo_items

FOOD = [item.id for item in demo_items() if item.topics[0] == "food"]
OTHERS = [item.id for item in demo_items() if item.topics[0] != "food"]
POLICIES = ("profile", "latest")
Make = Callable[[ManualClock, str | None], Recommender]


@pytest.fixture
def make_empty(remembering: Analyser) -> Make:
    def made(clock: ManualClock, ablation: str | None) -> Recommender:
        settings = ablated(Settings(), ablation)
        return make_recommender(settings=settings, clock=clock, storage=MemoryStorage(), analyser=remembering)

    return made


class World:
    """A panel with the demo's items, and what is noted of one reader's new interest."""

    def __init__(self, make: Make, clock: ManualClock, shown_in: dict[Sign, str]) -> None:
        self.clock = clock
        self.panel = Panel(POLICIES, make, clock)
        self.panel.add_items(demo_items())
        self.outcome = Outcome({name: Tally() for name in POLICIES})
        new = {"ann": [NewInterest(frozenset(FOOD[1:]), shown_in)]}
        self.survey = Survey(self.panel, Truth(new_interests=new), self.outcome)

    def show(self, number: int, user: str = "ann") -> None:
        """Let time pass and a list be shown."""
        self.clock.at += timedelta(hours=1)
        event = impression(f"{user}-l{number}", OTHERS[0], user=user, at=self.clock.at)
        assert isinstance(event, Impression)
        if self.survey.wants(event):
            self.survey.look(event)

    def read(self, item: str) -> None:
        """Let the reader read an item to the end."""
        words = next(one for one in demo_items() if one.id == item)
        story = ReadingStory(item, view=f"v-{item}", at=self.clock.at).read(*range(len(words.paragraphs)), seconds=20)
        self.clock.at += timedelta(minutes=10)
        self.panel.observe(list(story.close()))

    def seen(self, policy: str, sign: Sign = "opening") -> list[list[bool]]:
        return [one.is_there for one in self.outcome.tallies[policy].taken_up.get(sign, {}).get("ann", [])]


def test_the_product_takes_up_with_the_next_list_what_was_read_and_time_does_not_know_it(
    make_empty: Make, clock: ManualClock
) -> None:
    """Nothing is looked at before the list from which the interest shows; that one is ranked before it is known."""
    world = World(make_empty, clock, {"opening": "ann-l2"})
    world.read(OTHERS[0])
    world.show(1)
    assert world.seen("profile") == []

    world.show(2)
    world.read(FOOD[0])
    world.show(3)

    assert world.seen("profile")[0][1]
    before, after = world.seen("latest")[0]
    assert before == after


def test_at_most_ten_lists_are_looked_at_and_those_of_other_readers_never(make_empty: Make, clock: ManualClock) -> None:
    world = World(make_empty, clock, {"opening": "ann-l1"})
    for number in range(1, LISTS_AFTER + 5):
        world.show(number)
        world.show(number, user="bob")

    assert [len(seen) for seen in world.seen("latest")] == [LISTS_AFTER + 1]


def test_each_sign_is_counted_by_itself(make_empty: Make, clock: ManualClock) -> None:
    world = World(make_empty, clock, {"opening": "ann-l3", "scroll_back": "ann-l1"})
    for number in range(1, 5):
        world.show(number)

    assert [len(seen) for seen in world.seen("latest", "scroll_back")] == [4]
    assert [len(seen) for seen in world.seen("latest", "opening")] == [2]


def test_own_lists_are_worth_what_their_places_truly_bring(make_empty: Make, clock: ManualClock) -> None:
    """A list by time of publication: its first ten, each by the chance that it is looked at and opened."""
    simulation = simulate(demo_items(), SimulationSettings(readers=3, days=3), 2)
    oracle = make_oracle(json.loads(json.dumps(simulation.head())), simulation.items)
    clock.at = simulation.world.end
    panel = Panel(["latest"], make_empty, clock)
    panel.add_items(simulation.items)
    outcome = Outcome({"latest": Tally()})
    survey = Survey(panel, Truth(oracle), outcome)
    events = [replace(impression(f"l{number}", user="r0001", at=clock.at), list=f"l{number}") for number in range(60)]
    surveyed = [event for event in events if survey.wants(event)]
    for event in surveyed:
        survey.look(event)

    newest = sorted(simulation.items, key=lambda item: (item.published_at or clock.at, item.id), reverse=True)[:10]
    known = oracle.list_truth("r0001", clock.at, [item.id for item in newest])
    expected = sum(known.relevance[item.id] / place**0.7 for place, item in enumerate(newest, start=1)) / 10
    kept = sum(known.relevance[i.id] * known.stays[i.id] / place**0.7 for place, i in enumerate(newest, start=1)) / 10
    assert 5 < len(surveyed) < 25  # every fifth, by its name
    assert outcome.tallies["latest"].truths == {
        "true_list_value": {"r0001": pytest.approx([expected] * len(surveyed))},
        "true_list_stays": {"r0001": pytest.approx([kept] * len(surveyed))},
    }


def test_what_was_opened_is_no_candidate(make_empty: Make, clock: ManualClock) -> None:
    """An interest of which everything has been read is in no list any more."""
    world = World(make_empty, clock, {"opening": "ann-l1"})
    for item in FOOD[1:]:
        world.read(item)
    world.show(1)

    assert world.seen("profile") == [[False]]


def test_the_truth_names_signs_and_items(tmp_path: Path) -> None:
    lists = '{"type":"list","list":"l1","examination":[1.0,0.5],"relevance":{"a":0.5,"b":0.2},"stays":{"a":0.5}}'
    new = '{"type":"new_interest","user":"ann","topic":"food","items":["a"],"opened_in":"l1","returned_in":null}'
    (tmp_path / "truth.jsonl").write_text(f"{lists}\n{new}\n", encoding="utf-8")

    truth = read_truth(tmp_path / "truth.jsonl")

    assert truth.new_interests == {"ann": [NewInterest(frozenset({"a"}), {"opening": "l1"})]}
    assert truth.lists["l1"].values(["b", "a"]) == pytest.approx([0.2, 0.25])
    assert truth.lists["l1"].kept_values(["b", "a"]) == pytest.approx([0.2, 0.125])  # what is not told is stayed with
