"""Simulated watching: the same for the same seed, true to the format, and no length liked for itself."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from statistics import fmean
from typing import Any, cast

import numpy as np
import pytest

from reader.behaviour.events import parse_event
from reader.behaviour.views import derive_view
from reader.behaviour.watch_shares import WatchShares, bucket_of
from reader.behaviour.watching import Watching, derive_watching
from reader.errors import InvalidInputError
from reader.records import event_record
from reader.replay.simulator import WatchSimulationSettings, simulate_watching, write_simulation
from reader.replay.simulator.watching.readers import draw_watcher
from reader.replay.simulator.watching.settings import WatchHabitSettings
from reader.replay.simulator.watching.staying import mean_stay_s, staying
from reader.replay.truth import read_truth
from reader.settings import WatchSettings
from reader.types import Article, Event, Impression, Watch
from tests.reader.replay.simulator.watching.worlds import clips, lives, simulation


def watchings() -> Iterator[Watching]:
    """Go through all views as the product sees them."""
    lengths = {clip.id: clip.duration_s or 0.0 for clip in clips()}
    views: dict[str, list[Event]] = defaultdict(list)
    for life in lives(24):
        for event in life.events:
            if event.view is not None:
                views[event.view].append(event)
    for events in views.values():
        view = derive_view(events)
        if view.stretches:
            yield derive_watching(view, lengths[view.item], WatchShares(WatchSettings()), WatchSettings())


def test_the_same_seed_gives_the_same_bytes_and_another_gives_others(tmp_path: Path) -> None:
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        write_simulation(simulate_watching(clips(), WatchSimulationSettings(readers=2, days=2), seed), tmp_path / name)

    files = ("events.jsonl", "items.jsonl", "truth.jsonl")
    a, b, c = ([(tmp_path / name / file).read_bytes() for file in files] for name in "abc")
    assert a == b
    assert a[0] != c[0]


def test_a_reader_does_the_same_alone_and_among_others() -> None:
    alone = next(simulate_watching(clips(), WatchSimulationSettings(readers=1, days=7), 1).lives())

    assert alone.events == lives()[0].events


def test_events_have_the_public_form_and_come_in_order() -> None:
    for life in lives():
        assert [event.at for event in life.events] == sorted(event.at for event in life.events)
        assert all(parse_event(json.loads(json.dumps(event_record(event)))) for event in life.events)
        assert len({event.id for event in life.events}) == len(life.events)
        for event in life.events:
            if isinstance(event, Watch):
                length_s = next(clip.duration_s for clip in clips() if clip.id == event.item) or 15.0
                assert 0 <= event.from_s < event.to_s <= length_s + 1e-3


def test_lists_are_feeds_in_random_order_without_what_was_seen() -> None:
    for life in lives():
        seen: set[str] = set()
        for event in life.events:
            if isinstance(event, Impression):
                assert event.is_feed
                items = [place.item for place in event.items]
                assert len(set(items)) == len(items)
                assert not seen & set(items)
                assert {place.propensity for place in event.items} == {1 / len(items)}
            elif event.type == "open":
                seen.add(event.item or "")


def test_every_clip_that_comes_on_screen_is_opened_one_after_the_other() -> None:
    for life in lives():
        opened: dict[str, list[int]] = defaultdict(list)
        for event in life.events:
            if event.type == "open":
                opened[event.list or ""].append(event.position or 0)
        assert all(places == list(range(1, len(places) + 1)) for places in opened.values())


def test_all_that_is_told_apart_comes_about() -> None:
    found = list(watchings())

    assert any(one.skipped for one in found)
    assert any(one.replays for one in found)
    assert any(one.loops for one in found)
    assert any(one.sound_switched_on for one in found)
    assert any(one.completed for one in found)
    types = {event.type for life in lives(24) for event in life.events}
    assert {"viewable", "like", "follow"} <= types


def test_interest_knows_tags_creators_and_sounds_and_no_length() -> None:
    world, settings = simulation().world, simulation().settings
    watcher = draw_watcher(1, world, settings, 1)
    creator, tag = next(iter(watcher.likes["creator"])), next(iter(watcher.likes["tag"]))
    plain = replace(world.clips[0], appeal=0.0, tags=(), creator="", sound="")

    interest = watcher.interest(plain, settings.taste)

    assert watcher.interest(replace(plain, length_s=1_000.0), settings.taste) == interest
    assert watcher.interest(replace(plain, tags=(tag,)), settings.taste) > interest
    assert watcher.interest(replace(plain, creator=creator), settings.taste) > interest
    disliked = next(trait for trait, strength in watcher.likes["tag"].items() if strength < 0)
    assert watcher.interest(replace(plain, tags=(disliked,)), settings.taste) < interest
    assert watcher.interest(replace(plain, tags=(disliked, tag)), settings.taste) > interest


def test_staying_falls_with_time_and_grows_with_interest() -> None:
    habits = WatchHabitSettings()

    assert staying(0.0, 0.5, habits) == pytest.approx(1.0)
    assert staying(10.0, 0.9, habits) > staying(10.0, 0.1, habits) > staying(20.0, 0.1, habits)
    assert mean_stay_s(0.5, habits) == pytest.approx((4 * 60) ** 0.5)
    draws = np.random.default_rng(0).exponential(mean_stay_s(1.0, habits), 50_000)
    assert staying(30.0, 1.0, habits) == pytest.approx(float((draws > 30).mean()), abs=0.01)


def test_a_valid_watch_has_an_even_chance_at_every_length() -> None:
    """The truth by which a feed is judged: keen readers have more of it, long or short clips have not."""
    valid, settings = simulation(24).valid, simulation(24).settings
    # Two buckets are taken together: in one are too few clips for their appeal to even out.
    by_length: dict[int, list[float]] = defaultdict(list)
    for life in lives(24):
        for record in life.lists:
            for item, chance in cast(dict[str, float], record["relevance"]).items():
                length = next(clip.duration_s for clip in clips() if clip.id == item)
                by_length[(bucket_of(length or settings.habits.clip_s) + 1) // 2].append(chance)

    assert len(by_length) == 8
    assert [fmean(own) for own in by_length.values()] == pytest.approx([0.5] * len(by_length), abs=0.05)
    assert valid.chance(0.9, 60.0) > 1.5 * valid.chance(0.1, 60.0)


def test_truth_is_read_by_replay(tmp_path: Path) -> None:
    written = write_simulation(simulation(2), tmp_path)

    truth = read_truth(tmp_path / "truth.jsonl")

    assert len(truth.lists) == written.lists
    head, reader, *_ = ((json.loads(line)) for line in (tmp_path / "truth.jsonl").read_text("utf-8").splitlines())
    assert (head["type"], head["of"], reader["type"]) == ("simulation", "watching", "reader")
    assert set(reader) == {"type", "user", "tags", "creators", "sounds"}


def test_what_makes_no_world_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="there is no clip"):
        simulate_watching([Article(id="a", title="Salt")])
    bad: dict[str, Any] = {"readers": 0, "familiar": 1.5, "lists_a_day": float("nan")}
    for name, value in bad.items():
        with pytest.raises(InvalidInputError, match=name):
            WatchSimulationSettings(**{name: value})


def test_one_bare_clip_is_world_enough() -> None:
    """Without tags, makers, length and date."""
    bare = replace(clips()[0], tags=(), creator="", creator_id="", sound="", published_at=None)

    (life,) = simulate_watching([bare], WatchSimulationSettings(readers=1, days=3), 1).lives()

    assert [event.type for event in life.events].count("open") == 1
