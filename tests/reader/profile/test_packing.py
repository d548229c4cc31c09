"""What is known of one reader stays small however long they read, and is enough to go on with."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Any, cast

import numpy as np
import pytest
from numpy.typing import NDArray

from nlp.analysis import Analyser
from reader.clock import ManualClock
from reader.profile.acts import Act
from reader.profile.packing import pack, unpack
from reader.profile.state import ReaderState
from reader.profile.steering import Steering
from reader.recommend.recommender import Recommender
from reader.recommend.requests import Request
from reader.settings import RankingSettings, Settings
from reader.storage.memory import MemoryStorage
from reader.types import Event, Video
from reader.wiring import make_recommender
from tests.bench.synthetic import NOW, SyntheticAnalyser, make_item
from tests.builders import ReadingStory, WatchStory, act, impression
from tests.reader.conftest import NOW as NOW_S
from tests.reader.conftest import MakeRecommender

ITEMS, PARAGRAPHS, EVENTS = 1_500, 9, 10_000
LIMIT_BYTES = 64 * 1024
BEGAN = NOW + timedelta(minutes=1)


def history(count: int) -> Iterator[Event]:
    """A reader gets a list of twenty every two hours, sees a dozen cards, reads three articles and likes one.

    Keywords, articles and ways of reading are drawn anew each time, so that as much as possible is to be known.
    """
    rng = random.Random(0)
    made = 0
    for number in range(count):
        at = BEGAN + timedelta(hours=2 * number)
        items = [f"i{n}" for n in rng.sample(range(ITEMS), 20)]
        events: list[Event] = [impression(f"l{number}", *items, at=at)]
        events += [act("viewable", item, at=at, list=f"l{number}") for item in items[:12]]
        for place, item in enumerate(items[:3]):
            events += read(item, f"v{number}-{place}", at + timedelta(minutes=1 + 5 * place), rng)
        events.append(act("like", items[0], at=at + timedelta(minutes=20), list=f"l{number}"))
        for event in events:
            yield event
            made += 1
            if made == count:
                return


def read(item: str, view: str, at: datetime, rng: random.Random) -> Iterator[Event]:
    story = ReadingStory(item, view=view, at=at)
    for paragraph in range(rng.randint(1, PARAGRAPHS)):
        story.visit(paragraph, seconds=rng.uniform(1, 30), rest_ms=rng.uniform(0, 1000), focus_ms=rng.uniform(0, 1000))
    return iter(story.close())


@pytest.fixture(scope="module")
def recommender() -> Recommender:
    settings = Settings(ranking=RankingSettings(exploring_every=1000))
    clock = ManualClock(BEGAN + timedelta(days=60))
    made = make_recommender(
        settings=settings, clock=clock, storage=MemoryStorage(), analyser=cast(Analyser, SyntheticAnalyser())
    )
    made.add_items([make_item(number, PARAGRAPHS) for number in range(ITEMS)])
    events = list(history(EVENTS))
    clock.at = events[-1].at
    for start in range(0, EVENTS, 500):
        assert not made.observe(events[start : start + 500]).rejected
    return made


def test_a_state_stays_within_64_kib_after_ten_thousand_events(recommender: Recommender) -> None:
    state = recommender.state("ann")
    own = recommender.learner.size("ann")

    packed = pack(state)

    assert len(state.opened) > 500
    kept = recommender.settings.interests.features_kept
    assert kept <= len(state.base.interests) <= 2 * kept
    assert own > 1000
    assert len(packed) + own <= LIMIT_BYTES


def test_a_reader_goes_on_from_what_was_packed(recommender: Recommender) -> None:
    """Scores after that are those of the whole log, to the three digits that are kept."""
    state = recommender.state("ann")
    order = Request("ann", list_id="same", candidates=tuple(f"i{number}" for number in range(200)))
    before = scores(recommender, order)

    again = recommender.readers.new("ann", Steering())
    unpack(pack(state), again, [f"i{number}" for number in range(ITEMS)])
    recommender.readers.states["ann"] = again
    try:
        restored = scores(recommender, order)
        for event in read("i7", "later", recommender.clock(), random.Random(1)):
            state.apply(event)
            again.apply(event)
        assert again.portrait.interests.features == state.portrait.interests.features
        after = scores(recommender, order)
        recommender.readers.states["ann"] = state
        expected = scores(recommender, order)
    finally:
        recommender.readers.states["ann"] = state

    assert list(again.opened) == list(state.opened)
    assert again.steering == state.steering
    assert len(state.steering.credited) > 30
    assert np.abs(restored - before).max() < 0.02 * np.ptp(before)
    assert np.abs(after - expected).max() < 0.02 * np.ptp(expected)


def scores(recommender: Recommender, order: Request) -> NDArray[np.float64]:
    return np.array([place.score for place in sorted(recommender.recommend(order).items, key=lambda place: place.item)])


def test_who_opens_nothing_is_known_no_better(recommender: Recommender) -> None:
    """A hundred lists scrolled through: the minus on keywords is trimmed, too."""
    state = recommender.readers.new("bob", Steering())
    for number in range(1200):
        state.apply(act("viewable", f"i{number}", user="bob", at=BEGAN + timedelta(minutes=number)))

    assert len(state.base.interests) <= 2 * recommender.settings.interests.features_kept
    assert len(pack(state)) <= LIMIT_BYTES / 2


def test_cards_passed_by_are_kept_up_to_a_limit(recommender: Recommender) -> None:
    state = recommender.state("ann")
    known = state.opened.keys() | state.passed.keys() | state.attended | state.steering.liked

    assert len(state.passed) <= recommender.settings.interests.passed_kept
    assert state.readers_before.keys() <= known


def test_how_clips_were_watched_and_which_parts_were_replayed_is_packed_too(make: MakeRecommender) -> None:
    made: dict[str, Any] = {"title": "A clip", "creator": "Pan", "transcript": "Salt and wind. " * 9}
    clips = [Video(id=f"v{n}", duration_s=30.0, **made) for n in range(3)]
    recommender = make(items=tuple(clips))
    shown = impression("feed", "v0", "v1", at=NOW_S - timedelta(minutes=9))
    feed = replace(shown, kinds=("video",))
    story = WatchStory("v0", at=NOW_S - timedelta(minutes=8)).play(0, 20).play(10, 16, sound_on=True).close()
    skipped = WatchStory("v1", view="w2", at=NOW_S - timedelta(minutes=7)).play(0, 1).close()
    later = WatchStory("v2", view="w3", at=NOW_S + timedelta(hours=3)).play(0, 9).close()
    recommender.observe([feed, *story, *(replace(event, list="feed") for event in skipped)])
    recommender.clock.at = NOW_S + timedelta(hours=4)  # type: ignore[attr-defined]  # a clock set by hand
    recommender.observe(list(later))
    state = recommender.state("ann")
    assert state.base.watched.keys() == {"v0", "v1"}

    again = recommender.readers.new("ann", Steering())
    unpack(pack(state), again, [clip.id for clip in clips])

    assert set(again.portrait.left) == set(state.portrait.left) == {"v1"}
    assert again.feeds == state.feeds == {"feed": None}
    for item, watched in state.base.watched.items():
        assert asdict(again.base.watched[item]) == pytest.approx(asdict(watched), rel=1e-3)
    parts, kept = ({act.part for act in _acts(each)} for each in (state, again))
    assert parts == kept == {None, (10.0, 16.0)}
    assert {act.makers_only for act in _acts(again)} == {False, True}
    assert again.portrait.watched.keys() == {"v0", "v1", "v2"}


def _acts(state: ReaderState) -> list[Act]:
    return [trace.act for traces in state.base.interests.traces.values() for trace in traces]
