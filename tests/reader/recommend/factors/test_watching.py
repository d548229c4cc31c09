"""How clips of the same creator, sound and length were watched, by hand-worked numbers."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest

from reader.clock import ManualClock
from reader.recommend.factors.registry import Registry
from reader.recommend.factors.watching import WatchedVideoFamily, WatchFamily
from reader.recommend.recommender import Recommender
from reader.recommend.requests import Request
from reader.types import Event, Video
from tests.builders import WatchStory, act
from tests.reader.conftest import NOW, MakeRecommender
from tests.reader.recommend.factors.worlds import moment_of

DAY = timedelta(days=1)


def clip(id: str, days_ago: float = 1.0, duration_s: float | None = 30.0, **fields: Any) -> Video:
    published = NOW - days_ago * DAY
    return Video(id=id, title="A clip", published_at=published, language="en", duration_s=duration_s, **fields)


CLIPS = (
    clip("ann1", 3, creator="Ann", sound="harp"),
    clip("ann2", 2, creator="Ann", sound="drum"),
    clip("bob1", 3, 200.0, creator="Bob", sound="harp"),
    clip("bob2", 6, 200.0, creator="Bob", sound="drum"),
    clip("eve", 1, None),
)
IDS = [each.id for each in CLIPS]


def world(make: MakeRecommender, *stories: Any) -> Recommender:
    recommender = make(items=CLIPS)
    assert recommender.observe([event for story in stories for event in story]).rejected == ()
    return recommender


def factor(recommender: Recommender, name: str, user: str = "zoe") -> dict[str, float]:
    family = WatchFamily() if name.startswith("watch") else WatchedVideoFamily()
    rows = recommender.catalogue.rows_of(IDS)
    values = Registry((family,)).compute(moment_of(recommender, user, NOW, rows)).values
    (row,) = np.flatnonzero([spec.name == name for spec in family.specs])
    return dict(zip(IDS, values[row].tolist(), strict=True))


def watched(item: str, seconds: float, at: datetime = NOW - timedelta(minutes=30), **fields: Any) -> WatchStory:
    return WatchStory(item, user=fields.pop("user", "zoe"), view=f"{item} {at}", at=at).play(0, seconds).close()


def test_own_rate_is_that_of_alike_clips_less_that_of_all_shrunk(make: MakeRecommender) -> None:
    """One skip of Ann's, one long watch of Bob's: mean rate 1/2; (1 + 2/2) / (1 + 2) - 1/2 and (0 + 1) / 3 - 1/2."""
    recommender = world(make, watched("ann1", 1), watched("bob1", 150))

    skipped = factor(recommender, "watch.creator.skipped.180d")

    assert skipped == pytest.approx(
        {"ann1": 1 / 6, "ann2": 1 / 6, "bob1": -1 / 6, "bob2": -1 / 6, "eve": 0.0}, abs=1e-3
    )
    assert factor(recommender, "watch.sound.skipped.180d") == pytest.approx(
        {"ann1": 0.0, "bob1": 0.0, "ann2": 0.0, "bob2": 0.0, "eve": 0.0}, abs=1e-3
    )
    lengths = factor(recommender, "watch.length.skipped.180d")
    assert lengths["ann2"] > 0 > lengths["bob2"]
    assert lengths["eve"] == 0.0


def test_counts_tell_how_often_on_how_many_days_and_how_lately(make: MakeRecommender, clock: ManualClock) -> None:
    stories = [watched("ann1", 9, NOW - 3 * DAY), watched("ann2", 9, NOW - 3 * DAY), watched("bob1", 9, NOW - DAY)]
    recommender = world(make, *stories)

    fading = {days: 0.5 ** (days / 21) for days in (1, 3)}
    assert factor(recommender, "watch.creator.count.21d")["ann1"] == pytest.approx(
        math.log1p(2 * fading[3]) / math.log(101), abs=1e-4
    )
    assert factor(recommender, "watch.creator.days.21d")["ann1"] == pytest.approx(
        math.log1p(fading[3]) / math.log(21), abs=1e-4
    )
    assert factor(recommender, "watch.creator.recent.21d") == pytest.approx(
        {"ann1": fading[3], "ann2": fading[3], "bob1": fading[1], "bob2": fading[1], "eve": 0.0}, abs=1e-4
    )
    assert factor(recommender, "watch.sound.recent.21d")["bob2"] == pytest.approx(fading[3], abs=1e-4)


def test_follow_lifts_new_clips_of_creator_and_sound(make: MakeRecommender) -> None:
    follows = [act("follow", user="zoe", at=NOW, target=target) for target in (("creator", "Ann"), ("sound", "drum"))]
    recommender = world(make, follows)

    assert factor(recommender, "watch.follow.creator.3d") == pytest.approx(
        {"ann1": 0.5, "ann2": 0.5 ** (2 / 3), "bob1": 0.0, "bob2": 0.0, "eve": 0.0}
    )
    assert factor(recommender, "watch.follow.sound.3d") == pytest.approx(
        {"ann1": 0.0, "ann2": 0.5 ** (2 / 3), "bob1": 0.0, "bob2": 0.25, "eve": 0.0}
    )


def test_what_all_readers_do_counts_once_it_has_settled(make: MakeRecommender, clock: ManualClock) -> None:
    others: list[Event] = []
    for number in range(8):
        others += list(watched("ann1", 1, NOW - timedelta(hours=5), user=f"reader {number}"))
        others += list(watched("bob1", 150, NOW - timedelta(hours=5), user=f"reader {number}"))
    recommender = world(make, others[:-1])
    assert set(factor(recommender, "video.item.skipped.21d").values()) == {0.0}

    recommender.observe([act("like", "eve", user="someone", at=NOW)])
    recommender.observe(list(watched("eve", 9, NOW - timedelta(minutes=1), user="someone")))

    item, creator = (factor(recommender, f"video.{scope}.skipped.21d") for scope in ("item", "creator"))
    assert item["ann1"] > 0.2
    assert item["ann2"] == item["eve"] == 0.0
    assert creator["ann2"] == pytest.approx(creator["ann1"])
    assert creator["bob2"] < 0


def test_articles_and_readers_who_never_watched_have_nothing(make: MakeRecommender) -> None:
    recommender = world(make)
    families = WatchFamily(), WatchedVideoFamily()

    assert not Registry(families).compute(moment_of(recommender, "zoe", NOW)).values.any()


def test_skips_and_watches_move_the_next_list_before_anything_was_learned(make: MakeRecommender) -> None:
    """The hand-set weights: creator and sound of what was watched rise, those of what was skipped fall."""
    recommender = world(make, watched("ann1", 30), watched("bob1", 0.9))

    made = recommender.recommend(Request("zoe", kinds=("video",)))

    scores = {place.item: place.score for place in made.items}
    assert scores["ann2"] > scores["bob2"]
    assert next(place for place in made.items if place.item == "ann2").contributions["watch"] > 0
    assert next(place for place in made.items if place.item == "bob2").contributions["watch"] < 0
