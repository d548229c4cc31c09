"""What a view came to: read, finished, left at once; and where nothing is known, nothing is said."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import timedelta

import pytest

from reader.behaviour.views import derive_view
from reader.behaviour.watch_shares import WatchShares
from reader.behaviour.watching import derive_watching
from reader.clock import ManualClock
from reader.profile.outcomes import ViewOutcome, outcome_of_opening, outcome_of_watching
from reader.recommend.recommender import Recommender
from reader.settings import ReadingSettings, WatchSettings
from reader.types import Event, Watch
from tests.builders import ReadingStory, WatchStory, act
from tests.reader.conftest import NOW, MakeRecommender

ARTICLE = "demo-en-energy-01"
SETTINGS = ReadingSettings(bounce_s=5.0)
WATCHING = WatchSettings()


@pytest.fixture
def recommender(make: MakeRecommender) -> Recommender:
    return make()


def story() -> ReadingStory:
    return ReadingStory(ARTICLE, at=NOW - timedelta(minutes=10))


def outcome(recommender: Recommender, events: list[Event]) -> ViewOutcome:
    assert not recommender.observe(events).rejected
    found = recommender.state("ann").outcome("v1")
    assert found is not None
    return found


def test_reading_to_the_end(recommender: Recommender) -> None:
    paragraphs = range(len(recommender.item(ARTICLE).paragraphs))

    found = outcome(recommender, list(story().read(*paragraphs, seconds=20).close()))

    assert (found.valid, found.finished, found.bounced) == (True, True, False)
    assert 0.5 < found.dwell_share < 3.0


def test_reading_the_beginning_that_still_goes_on(recommender: Recommender) -> None:
    found = outcome(recommender, list(story().read(0, 1, seconds=20)))

    assert (found.valid, found.finished, found.bounced) == (True, False, None)


def test_leaving_at_once(recommender: Recommender) -> None:
    found = outcome(recommender, list(story().visit(0, seconds=2).close()))

    assert found == ViewOutcome(valid=False, finished=False, bounced=True)


def test_of_an_opening_alone_nothing_is_known(recommender: Recommender) -> None:
    assert outcome(recommender, story().events) == ViewOutcome()


def test_without_visits_only_the_time_is_known(recommender: Recommender) -> None:
    """As with a reader whose paragraphs are not tracked, but whose client tells when it closes."""
    stay = story()
    stay.clock_ms = 60_000

    assert outcome(recommender, list(stay.close())) == ViewOutcome(bounced=False)


def test_a_settled_view_and_an_unknown_one_are_not_known_any_more(recommender: Recommender, clock: ManualClock) -> None:
    outcome(recommender, list(story().read(0, seconds=20).close()))
    clock.at = NOW + timedelta(hours=3)
    recommender.observe([act("open", "demo-en-food-01", view="v2", at=clock.at)])

    assert recommender.state("ann").outcome("v1") is None
    assert recommender.state("ann").outcome("never") is None


def watch(story: WatchStory, duration_s: float) -> ViewOutcome:
    shares = WatchShares(WATCHING)
    return outcome_of_watching(derive_watching(derive_view(story), duration_s, shares, WATCHING))


@pytest.mark.parametrize(
    ("story", "expected"),
    [
        (WatchStory().play(0, 1.5).close(), ViewOutcome(valid=False, bounced=True)),
        (WatchStory().play(0, 9).close(), ViewOutcome(valid=False, bounced=False)),
        (WatchStory().play(0, 9), ViewOutcome(valid=None, bounced=False)),
        (WatchStory().play(0, 40).close(), ViewOutcome(valid=True, bounced=False)),
    ],
    ids=["skipped", "a part", "may go on", "more than most"],
)
def test_a_part_of_a_clip_counts_by_its_quantile(story: WatchStory, expected: ViewOutcome) -> None:
    found = watch(story, 60.0)

    assert replace(found, dwell_share=0.0) == expected
    if not expected.bounced:
        played_s = sum(event.to_s for event in story if isinstance(event, Watch))
        assert found.dwell_share == pytest.approx(WatchShares(WATCHING).quantile(60.0, played_s / 60.0))


def test_of_the_wholes_of_a_short_clip_some_count() -> None:
    """Three in four are there till the end, by the prior: two in three of them make a half of all."""
    found = [watch(WatchStory(view=f"v{number}").play(0, 9).close(), 9.0) for number in range(400)]

    whole = math.exp(-9 / 30)
    assert sum(bool(one.valid) for one in found) / len(found) == pytest.approx(0.5 / whole, abs=0.06)
    assert {one.finished for one in found} == {None}
    assert min(one.dwell_share for one in found) == pytest.approx(1 - whole, abs=0.01)
    assert max(one.dwell_share for one in found) == pytest.approx(1.0, abs=0.01)


def test_of_a_clip_that_never_played_only_the_time_is_known() -> None:
    left, seen = (derive_view(WatchStory().wait(seconds).close()) for seconds in (2, 20))

    assert outcome_of_opening(left, SETTINGS) == ViewOutcome(bounced=True)
    assert outcome_of_opening(seen, SETTINGS) == ViewOutcome(bounced=False)
