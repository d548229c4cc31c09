"""The same promise for clips: playing a part again changes the next list, says why, and can be undone."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from reader.clock import ManualClock
from reader.recommend.recommender import Recommender
from reader.recommend.requests import Request
from reader.records import item_from_record
from reader.settings import RankingSettings, Settings
from reader.types import AnyItem, Event, RecommendationList, Video
from tests.builders import ReadingStory, WatchStory, act
from tests.reader.conftest import DEMO, NOW, MakeRecommender, demo_items

# "Tidal power, driven by the Moon", 9 s; the last third of its transcript is about salt, barnacles and storms.
TIDES, SALTY_S = "demo-video-energy-02", (6.0, 8.5)
SPOKEN = 1
ON_SALT = "demo-en-food-02"
LITHIUM, ON_LITHIUM = "demo-video-energy-01", "demo-en-energy-01"
SEEN_AT = NOW - timedelta(minutes=10)
PLAIN = Settings(ranking=RankingSettings(exploring_every=1000))


def clips() -> tuple[AnyItem, ...]:
    lines = (DEMO / "videos.jsonl").read_text("utf-8").splitlines()
    return tuple(item_from_record(json.loads(line)) for line in lines)


def world(make: MakeRecommender, events: list[Event]) -> Recommender:
    recommender = make(items=(*demo_items(), *clips()), settings=PLAIN)
    assert recommender.observe(events).rejected == ()
    return recommender


def watched(item: str = TIDES, **fields: str) -> WatchStory:
    return WatchStory(item, at=SEEN_AT, view=f"view-{item}", **fields).play(0, 8.8)


def replayed() -> WatchStory:
    return watched().play(*SALTY_S).close()


def listed(recommender: Recommender, *kinds: str) -> RecommendationList:
    return recommender.recommend(Request("ann", kinds=kinds))  # type: ignore[arg-type]  # kinds of items


def position(made: RecommendationList, item: str) -> int:
    return next(place.position for place in made.items if place.item == item)


def score(made: RecommendationList, item: str) -> float:
    return next(place.score for place in made.items if place.item == item)


def test_article_about_the_replayed_part_rises_and_says_why(make: MakeRecommender) -> None:
    again, once = world(make, list(replayed())), world(make, list(watched().close()))

    made = listed(again)

    assert position(made, ON_SALT) < position(listed(once), ON_SALT)
    reason = next(place for place in made.items if place.item == ON_SALT).reasons[0]
    assert reason.code == "reread"
    assert reason.label.startswith("You replayed 0:06–0:08 of “Tidal power, driven by the Moon” today: ")
    assert "salt" in reason.label
    evidence = reason.evidence[0]
    assert (evidence.item, evidence.paragraph, evidence.from_s, evidence.to_s) == (TIDES, SPOKEN, *SALTY_S)


def test_two_parts_that_are_told_alike_are_one_reason(make: MakeRecommender) -> None:
    """A blink apart, in two views; the sentence is there once, with the share of both."""
    later = WatchStory(TIDES, at=SEEN_AT + timedelta(minutes=4), view="later").play(0, 8.8).play(6.3, 8.2).close()
    made = listed(world(make, [*replayed(), *later]))

    for place in made.items:
        told = [reason.label.split(": ")[0] for reason in place.reasons]
        assert len(told) == len(set(told))
    assert any(label.startswith("You replayed 0:06–0:08") for label in [place.reasons[0].label for place in made.items])


def test_only_words_of_the_part_get_the_credit(make: MakeRecommender) -> None:
    again, once = world(make, list(replayed())), world(make, list(watched().close()))

    weights, before = (
        {interest.label: interest.weight for interest in each.interests("ann") if interest.target.kind == "keyword"}
        for each in (again, once)
    )

    assert weights["barnacles"] > 1.5 * before["barnacles"]
    assert weights["Wind forecasts"] == pytest.approx(before["Wind forecasts"], abs=0.02)


def test_part_is_noticed_and_forgetting_it_undoes_it(make: MakeRecommender) -> None:
    again, once = world(make, list(replayed())), world(make, list(watched().close()))
    (notice,) = again.noticed("ann")
    assert (notice.item, notice.paragraph, notice.from_s, notice.to_s) == (TIDES, SPOKEN, *SALTY_S)
    assert "barnacles" in notice.terms

    again.observe([act("forget_paragraph", TIDES, paragraph=SPOKEN, at=NOW)])

    assert again.noticed("ann") == ()
    assert score(listed(again), ON_SALT) == pytest.approx(score(listed(once), ON_SALT), abs=1e-6)


def test_keeping_it_ends_the_notice_and_changes_nothing_else(make: MakeRecommender) -> None:
    again = world(make, list(replayed()))
    before = again.interests("ann")

    again.observe([act("keep_paragraph", TIDES, paragraph=SPOKEN, at=NOW)])

    assert again.noticed("ann") == ()
    assert again.interests("ann") == before


def test_what_was_read_ranks_clips(make: MakeRecommender) -> None:
    """Through shared words, topics and meaning: the clip about what the article was about comes first."""
    story = ReadingStory(ON_LITHIUM, at=SEEN_AT).read(*range(4), seconds=20).close()

    made = listed(world(make, list(story)), "video")

    first = made.items[0]
    assert first.item == LITHIUM
    assert any(reason.evidence and reason.evidence[0].item == ON_LITHIUM for reason in first.reasons)
    assert {place.item for place in made.items} <= {clip.id for clip in clips()}


def test_what_was_watched_ranks_articles(make: MakeRecommender) -> None:
    fresh, recommender = world(make, []), world(make, list(watched(LITHIUM).close()))

    made = listed(recommender, "article")

    assert position(made, ON_LITHIUM) < position(listed(fresh, "article"), ON_LITHIUM)
    assert position(made, ON_LITHIUM) <= 2
    place = next(place for place in made.items if place.item == ON_LITHIUM)
    assert any(reason.evidence and reason.evidence[0].item == LITHIUM for reason in place.reasons)


def test_a_clip_that_was_seen_to_its_end_is_not_said_to_be_read(make: MakeRecommender) -> None:
    made = listed(world(make, list(watched().close())), "video")

    reasons = [reason for place in made.items for reason in place.reasons]
    said = {reason.label.partition(":")[0] for reason in reasons if reason.code == "finish"}
    assert said == {"You finished “Tidal power, driven by the Moon” today"}


def test_quick_skip_counts_against_creator_sound_and_topic(make: MakeRecommender) -> None:
    skipped = WatchStory(LITHIUM, at=SEEN_AT).play(0, 0.8).close()

    weights = {i.target.value: i.weight for i in world(make, list(skipped)).interests("ann")}

    for value in ("Halden Labs", "Copper Kettle Arpeggio", "energy"):
        assert weights[value] < 0


def test_sound_turned_on_speaks_for_sound_and_creator_alone(make: MakeRecommender) -> None:
    loud = WatchStory(LITHIUM, at=SEEN_AT).play(0, 3).play(3, 7, sound_on=True).close()
    silent = WatchStory(LITHIUM, at=SEEN_AT).play(0, 3).play(3, 7).close()

    after, before = (
        {i.target.value: i.weight for i in world(make, list(each)).interests("ann")} for each in (loud, silent)
    )

    assert after["Copper Kettle Arpeggio"] > before["Copper Kettle Arpeggio"]
    assert after["Halden Labs"] > before["Halden Labs"]
    assert after["energy"] == pytest.approx(before["energy"])


def test_order_of_arrival_changes_nothing(make: MakeRecommender) -> None:
    events = list(replayed())

    forward, backward = (listed(world(make, order)) for order in (events, events[::-1]))

    assert [place.item for place in forward.items] == [place.item for place in backward.items]
    assert [place.score for place in forward.items] == pytest.approx([place.score for place in backward.items])


def test_all_readers_teach_how_much_is_watched_once_their_views_settle(
    make: MakeRecommender, clock: ManualClock
) -> None:
    recommender = world(make, [])
    shares = recommender.population.watch_shares
    for number in range(20):
        story = WatchStory(TIDES, user=f"reader {number}", view=f"v{number}", at=SEEN_AT).play(0, 2.7).close()
        recommender.observe(list(story))
    assert shares.observed == 0

    clock.at = NOW + timedelta(hours=3)
    recommender.observe(list(WatchStory(TIDES, user="bo", at=clock.at - timedelta(minutes=1)).play(0, 5).close()))

    assert shares.observed == 20
    assert shares.quantile(9.0, 0.5) > 0.6


def test_watches_of_clips_that_do_not_tell_their_length_teach_as_well(
    make: MakeRecommender, clock: ManualClock
) -> None:
    recommender = make(items=(Video(id="v", title="A clip of unknown length"),))
    for number in range(20):
        story = WatchStory("v", user=f"reader {number}", view=f"v{number}", at=SEEN_AT).play(0, 4).play(1, 4).close()
        recommender.observe(list(story))

    clock.at = NOW + timedelta(hours=3)
    recommender.observe([act("open", "v", user="bo", at=clock.at, view="later")])

    shares = recommender.population.watch_shares
    assert shares.observed == 20
    # Four seconds of it were played, however often: by the prior a short watch, here the usual one.
    assert shares.quantile_of_time(3.5) < 0.2 < 0.3 < shares.quantile_of_time(4.0) < 0.5 < shares.quantile_of_time(4.5)


def test_reading_the_transcript_counts_beside_watching(make: MakeRecommender) -> None:
    """On the page of a clip both can be done, and neither hides the other."""
    reading = ReadingStory(TIDES, view=f"view-{TIDES}", at=SEEN_AT).read(0, SPOKEN, seconds=20).events[1:]
    both = world(make, [*watched().close(), *reading])

    signals = {evidence.signal for interest in both.interests("ann") for evidence in interest.evidence}

    assert {"watch", "read"} <= signals
