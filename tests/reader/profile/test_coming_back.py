"""Who comes back to an item and leaves at once has looked something up: that says nothing against it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from reader.clock import ManualClock
from reader.profile.packing import pack, unpack
from reader.profile.state import ReaderState
from reader.profile.steering import Steering
from reader.recommend.recommender import Recommender
from reader.types import Event
from tests.builders import ReadingStory
from tests.reader.conftest import NOW, MakeRecommender

ITEM = "demo-en-energy-01"
OTHER = "demo-en-music-01"


def reading(minutes: float, *, item: str = ITEM, seconds: float) -> list[Event]:
    """An opening so many minutes ago: of 15 seconds a paragraph, or a glance."""
    story = ReadingStory(item, view=f"v{minutes}", at=NOW - timedelta(minutes=minutes))
    return list(story.read(0, 1, 2, seconds=seconds).close().events) if seconds > 1 else list(story.close().events)


@pytest.fixture
def recommender(make: MakeRecommender) -> Recommender:
    return make()


def folded(recommender: Recommender, *readings: list[Event]) -> ReaderState:
    state = recommender.readers.new("ann", Steering())
    for event in (event for told in readings for event in told):
        state.apply(event)
    return state


def minuses(state: ReaderState) -> set[str]:
    """Return the items that something is held against."""
    traces = (trace for own in state.portrait.interests.traces.values() for trace in own)
    return {trace.act.item for trace in traces if trace.act.signal == "implicit_minus"}


def test_a_glance_at_what_was_read_takes_nothing_off(recommender: Recommender, clock: ManualClock) -> None:
    read, glance = reading(60, seconds=15), reading(30, seconds=0)

    state = folded(recommender, read, glance)

    assert minuses(state) == set()
    assert minuses(folded(recommender, glance)) == {ITEM}  # else the test would say nothing


def test_it_stays_so_when_the_views_are_settled(recommender: Recommender, clock: ManualClock) -> None:
    later = reading(5, item=OTHER, seconds=15)
    state = folded(recommender, reading(600, seconds=15), reading(500, seconds=0), later)

    assert ITEM not in {event.item for own in state.open_views.values() for event in own}
    assert minuses(state) == set()


def test_it_stays_so_when_the_reader_is_put_away_and_taken_up(recommender: Recommender, clock: ManualClock) -> None:
    state = folded(recommender, reading(600, seconds=15), reading(30, seconds=0))
    again = recommender.readers.new("ann", Steering())

    unpack(pack(state), again, [ITEM, OTHER])

    assert minuses(again) == set()


def test_who_leaves_at_once_twice_is_counted_once(recommender: Recommender, clock: ManualClock) -> None:
    state = folded(recommender, reading(60, seconds=0), reading(30, seconds=0))

    acts = {trace.act.at for own in state.portrait.interests.traces.values() for trace in own}
    assert acts == {NOW - timedelta(minutes=60)}
