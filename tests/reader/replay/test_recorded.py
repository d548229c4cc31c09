"""Sessions recorded in a real browser, replayed: the same lists, and the same going-back.

`make recordings` writes them anew; they hold ids, times and counts, no text.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from reader.behaviour.events import parse_event
from reader.behaviour.signals import find_scroll_backs
from reader.behaviour.views import derive_view
from reader.clock import ManualClock
from reader.records import parse_time
from reader.replay.run import relive
from reader.settings import RankingSettings, ReadingSettings, Settings
from reader.storage.memory import MemoryStorage
from reader.types import Event
from reader.wiring import make_recommender
from webapp.demo import demo_items, load_demo

LOGS = Path(__file__).parents[3] / "fixtures" / "logs"
ARTICLE, PARAGRAPH = "demo-en-energy-01", 3
# As in tests/browser/test_loop.py: no exploring slots.
SETTINGS = Settings(ranking=RankingSettings(exploring_every=1000))


def recorded(name: str) -> list[Event]:
    lines = (LOGS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [parse_event(json.loads(line)) for line in lines]


def test_the_recorded_going_back_is_found_and_reading_on_has_none() -> None:
    def returned_to(name: str) -> set[int]:
        view = derive_view(event for event in recorded(name) if event.item == ARTICLE and event.view)
        return {back.paragraph for back in find_scroll_backs(view.visits, ReadingSettings())}

    assert PARAGRAPH in returned_to("went-back")
    assert returned_to("read-on") == set()


@pytest.mark.parametrize("name", ["went-back", "read-on"])
def test_live_equals_replay_for_a_recorded_session(name: str) -> None:
    """Item by item: what the browser was shown is what its log gives."""
    loaded_at = parse_time(json.loads((LOGS / f"{name}.json").read_text())["loaded_at"])
    clock = ManualClock(loaded_at)
    recommender = make_recommender(clock=clock, settings=SETTINGS, storage=MemoryStorage())
    load_demo(recommender, demo_items(loaded_at))

    relived = list(relive(recorded(name), recommender, clock))

    assert len(relived) >= 3
    for logged, made in relived:
        assert [place.item for place in made.items][: len(logged.items)] == [shown.item for shown in logged.items]
