"""A log in which everything happens: simulated readers, and by hand what they do not do."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache

import numpy as np
from numpy.typing import NDArray

from reader.clock import ManualClock
from reader.recommend.factors.spec import Moment
from reader.recommend.recommender import Recommender
from reader.records import item_from_record
from reader.replay.simulator import SimulationSettings, simulate
from reader.types import AnyItem, Article, Event, Video, Watch
from tests.builders import ReadingStory, WatchStory, act, impression
from tests.reader.conftest import DEMO, demo_items
from tests.reader.conftest import MakeRecommender as Make

SETTINGS = SimulationSettings(readers=6, days=5, lists_a_day=4.0, candidates=12)


@cache
def items() -> tuple[AnyItem, ...]:
    """The demo articles, with authors and all sorts of titles, and the demo clips, some longer, one untold."""
    lines = (DEMO / "videos.jsonl").read_text("utf-8").splitlines()
    clips = [item for line in lines if isinstance(item := item_from_record(json.loads(line)), Video)]
    authored = [
        replace(item, author=f"Author {number % 4}", title=item.title + ("", " in 2026", "?")[number % 3])
        if isinstance(item, Article)
        else item
        for number, item in enumerate(demo_items())
    ]
    long = [replace(clip, duration_s=24.0) if number % 3 == 1 else clip for number, clip in enumerate(clips[:-1])]
    long[0] = replace(long[0], duration_s=None)
    return (*authored, *long, replace(clips[-1], duration_s=58.0))


@cache
def log() -> tuple[tuple[AnyItem, ...], tuple[Event, ...]]:
    """The items as simulated, and all events in order of time."""
    simulation = simulate(items(), SETTINGS, 1)
    events = sorted(simulation.events(), key=lambda event: event.at)
    return simulation.items, tuple(sorted((*events, *_by_hand(simulation.items, events)), key=lambda event: event.at))


def _by_hand(known: tuple[AnyItem, ...], events: list[Event]) -> Iterator[Event]:
    """Yield what simulated readers do not do: read transcripts, go back to them, and all that is rare."""
    at, user = events[len(events) // 2].at, "hand"
    early = [item for item in known if item.published_at is None or item.published_at < at]
    clips = [item for item in early if item.kind == "video" and item.paragraphs][:4]
    texts = [item for item in early if item.kind == "article"]
    for number, clip in enumerate(clips):
        story = ReadingStory(clip.id, user=user, view=f"t{number}", at=at + timedelta(minutes=number))
        story.read(*range(len(clip.paragraphs)), seconds=30).go_back(0, seconds=40)
        yield from story.read(len(clip.paragraphs) - 1, seconds=30).close()
    for number, item in enumerate((*clips[:3], *texts[:3])):
        for type in ("like", "save", "hide") if number % 2 else ("like",):
            yield act(type, item.id, user=user, at=at + timedelta(minutes=6, seconds=number))
    for number, item in enumerate((*clips[2:], *texts[3:9])):
        yield impression(f"h{number}", item.id, user=user, at=at + timedelta(minutes=7, seconds=number))
        yield act("viewable", item.id, user=user, at=at + timedelta(minutes=8, seconds=number))
    for number, item in enumerate(texts[9:12]):
        yield act("open", item.id, user="clicks", at=at + timedelta(minutes=9, seconds=number), view=f"c{number}")
    yield from _watched_by_hand([item for item in early if item.kind == "video"], at + timedelta(minutes=20))
    for number, item in enumerate((*clips[:2], texts[9])):
        started = at + timedelta(minutes=10 + number)
        yield act("open", item.id, user=user, at=started, view=f"q{number}")
        yield Watch(
            id=f"w{number}",
            type="watch",
            at=started + timedelta(seconds=1),
            user=user,
            item=item.id,
            view=f"q{number}",
            from_s=0.0,
            to_s=0.5 + 20 * number,
        )


def _watched_by_hand(clips: list[AnyItem], at: datetime) -> Iterator[Event]:
    """Yield watches that simulated readers do not make: parts played again, sound turned on, and follows of makers."""
    for number, clip in enumerate(clips):
        story = WatchStory(clip.id, user="hand", view=f"s{number}", at=at + timedelta(minutes=number))
        story.play(0, 5)
        if number % 2:
            story.play(2, 4)
        if number % 3:
            story.play(5, 6, sound_on=True)
        yield from story.close()
    newest = max(clips, key=lambda clip: clip.published_at or at)
    assert isinstance(newest, Video)
    for kind, value in (("creator", newest.creator), ("sound", newest.sound)):
        yield act("follow", user="hand", at=at + timedelta(minutes=30), target=(kind, value))


def moment_of(recommender: Recommender, user: str, at: datetime, rows: NDArray[np.int64] | None = None) -> Moment:
    """Return the moment of a reader with all items that are published as candidates."""
    catalogue, state = recommender.catalogue, recommender.state(user)
    if rows is None:
        rows = np.flatnonzero(catalogue.is_current.values & (catalogue.published_s.values <= at.timestamp()))
    return recommender.population.moment(state, rows, at.timestamp())


def stream(make: Make, clock: ManualClock, every: int) -> Iterator[tuple[Recommender, str, datetime, int]]:
    """Feed the log; yield the recommender, a reader and the time, and the number of events fed, every so many."""
    known, events = log()
    clock.at = events[0].at
    recommender = make(items=known)
    for number, event in enumerate(events, start=1):
        clock.at = max(clock.at, event.at)
        recommender.storage.append_events([event])
        if number % every == 0 or event.user in ("hand", "clicks"):
            recommender.catch_up()
            yield recommender, event.user, event.at, number
