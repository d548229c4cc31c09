"""In a feed a clip opens by itself: that says nothing; what was watched validly does, once the view has settled."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from reader.clock import ManualClock
from reader.recommend.recommender import Recommender
from reader.recommend.requests import Request
from reader.types import Event, ItemKind, Video
from tests.builders import WatchStory, act, impression
from tests.reader.conftest import NOW, MakeRecommender

CLIPS = tuple(Video(id=f"v{number}", title="A clip", creator=f"c{number}", duration_s=40.0) for number in range(4))
SHOWN_AT = NOW - timedelta(hours=4)


def session(kinds: tuple[ItemKind, ...], at: datetime = SHOWN_AT) -> list[Event]:
    """Ann is shown three clips: one is watched for long, one shortly, one is left at once."""
    events: list[Event] = [replace(impression("l", "v0", "v1", "v2", at=at), kinds=kinds)]
    for number, seconds in enumerate((38.0, 5.0, 0.9)):
        story = WatchStory(f"v{number}", view=f"w{number}", at=at + timedelta(minutes=number + 1))
        events += [replace(event, list="l") for event in story.play(0, seconds).close()]
    return events


def world(make: MakeRecommender, kinds: tuple[ItemKind, ...]) -> Recommender:
    recommender = make(items=CLIPS)
    assert recommender.observe(session(kinds)).rejected == ()
    # Whatever is done hours later settles the views.
    recommender.observe([act("open", "v3", user="bo", at=NOW, view="later")])
    return recommender


def openings(recommender: Recommender) -> list[float]:
    rows = recommender.catalogue.rows_of(clip.id for clip in CLIPS[:3])
    return [recommender.catalogue.popularity.readers(int(row)) for row in rows]


def test_only_what_was_watched_validly_is_opened_from_a_feed(make: MakeRecommender) -> None:
    feed, choice = world(make, ("video",)), world(make, ())

    assert openings(feed) == [1.0, 0.0, 0.0]
    assert openings(choice) == [1.0, 1.0, 1.0]
    assert feed.population.co_opening.readers("v0") == 1
    assert feed.population.co_opening.readers("v1") == 0


def test_before_it_has_settled_it_is_not_known(make: MakeRecommender, clock: ManualClock) -> None:
    recommender = make(items=CLIPS)

    recommender.observe(session(("video",), NOW - timedelta(minutes=30)))

    assert openings(recommender) == [0.0, 0.0, 0.0]


def test_opening_by_itself_earns_no_credit(make: MakeRecommender) -> None:
    """What was chosen from a list has a plus for that; a feed leaves what the watch itself says."""
    feed, choice = (
        {i.target.value: i.weight for i in world(make, kinds).interests("ann") if i.target.kind == "creator"}
        for kinds in (("video",), ())
    )

    assert 0 < feed["c0"] < choice["c0"]
    assert 0 < feed["c1"] < choice["c1"]
    assert feed["c2"] == pytest.approx(choice["c2"])
    assert feed["c2"] < 0


def test_clips_of_a_feed_are_no_clicks_of_which_nothing_else_is_known(make: MakeRecommender) -> None:
    opened = [act("open", "v3", at=NOW, view="x", list="f")]
    recommender = make(items=CLIPS)
    feed = replace(impression("f", "v3", at=NOW - timedelta(minutes=1)), kinds=("video",))

    recommender.observe([feed, *opened])

    assert "v3" in recommender.state("ann").attended


def listed(recommender: Recommender, *kinds: ItemKind) -> set[str]:
    return {place.item for place in recommender.recommend(Request("ann", kinds=kinds)).items}


def flick(item: str, list_id: str, at: datetime) -> list[Event]:
    """Go on before the clip has come to playing."""
    story = WatchStory(item, view=f"{list_id}-{item}", at=at).wait(0.4).close()
    return [replace(event, list=list_id) for event in story]


def test_what_was_left_at_once_comes_again_after_all_that_was_not_opened(make: MakeRecommender) -> None:
    """Once its view has settled, and in a feed alone; what was watched, if only shortly, does not."""
    recommender = world(make, ("video",))

    assert listed(recommender, "video") == {"v3"}
    recommender.observe([replace(impression("m", "v3", at=NOW), kinds=("video",)), *flick("v3", "m", NOW)])
    assert listed(recommender, "video") == {"v2", "v3"}
    assert listed(recommender) == set()
    assert listed(world(make, ()), "video") == {"v3"}


def test_what_came_again_and_was_watched_comes_no_more(make: MakeRecommender, clock: ManualClock) -> None:
    recommender = world(make, ("video",))
    recommender.observe([replace(impression("m", "v3", "v2", at=NOW), kinds=("video",)), *flick("v3", "m", NOW)])
    story = WatchStory("v2", view="again", at=NOW).play(0, 30).close()

    recommender.observe([replace(event, list="m") for event in story])

    assert listed(recommender, "video") == {"v3"}


@pytest.mark.parametrize("said", [act("hide", "v2", at=NOW), act("mark_read", "v2", at=NOW), act("like", "v2", at=NOW)])
def test_the_readers_word_keeps_it_away(make: MakeRecommender, said: Event) -> None:
    recommender = world(make, ("video",))

    recommender.observe([replace(impression("m", "v3", at=NOW), kinds=("video",)), *flick("v3", "m", NOW), said])

    assert listed(recommender, "video") == {"v3"}


def test_after_a_reset_it_comes_again_too(make: MakeRecommender) -> None:
    recommender = world(make, ("video",))
    feed = replace(impression("m", "v3", at=NOW), kinds=("video",))

    recommender.observe([feed, *flick("v3", "m", NOW), act("reset", at=NOW + timedelta(minutes=1))])

    assert listed(recommender, "video") == {"v2", "v3"}
