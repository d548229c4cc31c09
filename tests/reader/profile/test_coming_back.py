"""Who comes back to an item and leaves at once has looked something up: that says nothing against it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from reader.clock import ManualClock
from reader.profile.axes import SIGNAL_INDEX
from reader.profile.packing import pack, unpack
from reader.profile.state import ReaderState
from reader.profile.steering import Steering
from reader.recommend.recommender import Recommender
from reader.types import Event, Video
from tests.builders import ReadingStory, act, impression
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


def opened(minutes: float, view: str = "") -> list[Event]:
    """An opening so many minutes ago of which no more is known."""
    return [act("open", ITEM, at=NOW - timedelta(minutes=minutes), view=view or f"v{minutes}")]


def credit(state: ReaderState) -> float:
    """Return what openings have come to, decayed to now, of the topic of the item by the longest half-life."""
    interests = state.portrait.interests
    row = interests.features.index(("topic", "energy"))
    return float(interests.credit_at(NOW.timestamp())[row, SIGNAL_INDEX["open"], -1])


@pytest.mark.parametrize("minutes", [0.1, 29])
def test_a_page_loaded_again_is_no_further_opening(recommender: Recommender, minutes: float) -> None:
    once = folded(recommender, opened(60))
    again = folded(recommender, opened(60), opened(60 - minutes), opened(60 - 1.5 * minutes))

    assert credit(again) == credit(once) > 0


def test_who_comes_back_later_has_opened_it_twice(recommender: Recommender) -> None:
    once, later = folded(recommender, opened(60)), folded(recommender, opened(29))

    assert credit(folded(recommender, opened(60), opened(29))) == pytest.approx(credit(once) + credit(later))


def test_what_is_read_of_a_page_loaded_again_counts(recommender: Recommender) -> None:
    reread = folded(recommender, opened(31), reading(30, seconds=15))

    traces = (trace for own in reread.portrait.interests.traces.values() for trace in own)
    assert "read" in {trace.act.signal for trace in traces}
    assert credit(reread) == credit(folded(recommender, opened(31)))


def test_an_opening_told_twice_of_one_view_is_one_opening(recommender: Recommender) -> None:
    """By a program that does not know whether it was heard, under another id."""
    told = opened(60, view="v")

    assert credit(folded(recommender, told, opened(60, view="v"))) == credit(folded(recommender, told)) > 0


def test_repeats_stay_so_when_the_reader_is_put_away_and_taken_up(recommender: Recommender) -> None:
    state = folded(recommender, opened(60), opened(59))
    again = recommender.readers.new("ann", Steering())

    unpack(pack(state), again, [ITEM])

    assert credit(again) == pytest.approx(credit(state), rel=1e-2)


def test_what_was_left_at_once_and_opened_again_is_opened(recommender: Recommender) -> None:
    """What was left at once earned nothing as an opening, so that the next is no repeat of one that did."""
    glanced = folded(recommender, reading(32, seconds=0), opened(31), opened(30))

    assert credit(glanced) == pytest.approx(credit(folded(recommender, opened(31)))) != 0


def test_a_clip_that_opened_by_itself_can_be_chosen_at_once(recommender: Recommender) -> None:
    recommender.add_items([Video(id="clip", title="A pump in the cellar", tags=("energy",))])
    feed = replace(impression("feed", "clip"), kinds=("video",))
    by_itself = act("open", "clip", at=NOW - timedelta(minutes=32), list="feed", view="by itself")
    chosen = act("open", "clip", at=NOW - timedelta(minutes=31), view="chosen")

    after = folded(recommender, [feed, by_itself, chosen])

    assert credit(after) == pytest.approx(credit(folded(recommender, [chosen]))) != 0


def test_what_is_opened_again_after_a_reset_is_opened(recommender: Recommender) -> None:
    anew = [act("reset", at=NOW - timedelta(minutes=32)), *opened(31)]

    assert credit(folded(recommender, opened(33), anew)) == pytest.approx(credit(folded(recommender, opened(31)))) != 0
