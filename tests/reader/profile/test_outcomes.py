"""What a view came to: read, finished, left at once; and where nothing is known, nothing is said."""

from __future__ import annotations

from datetime import timedelta

import pytest

from reader.behaviour.views import View
from reader.behaviour.watch_shares import WatchShares
from reader.behaviour.watching import derive_watching
from reader.clock import ManualClock
from reader.profile.outcomes import ViewOutcome, outcome_of_watching
from reader.recommend.recommender import Recommender
from reader.settings import WatchSettings
from reader.types import Event, Watch
from tests.builders import START, ReadingStory, act
from tests.reader.conftest import NOW, MakeRecommender

ARTICLE = "demo-en-energy-01"
SETTINGS = WatchSettings(skip_s=2.0, valid_quantile=0.5)


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


def watch(*stretches: tuple[float, float]) -> ViewOutcome:
    played = tuple(
        Watch(id=str(n), type="watch", at=START, user="ann", item="c", from_s=start, to_s=stop)
        for n, (start, stop) in enumerate(stretches)
    )
    view = View("v", "ann", "c", START, stretches=played, active_s=sum(stop - start for start, stop in stretches))
    # Of clips of 20 s nothing is known yet: readers are taken to leave after 30 s on average.
    return outcome_of_watching(derive_watching(view, 20.0, WatchShares(SETTINGS), SETTINGS), SETTINGS)


@pytest.mark.parametrize(
    ("stretches", "expected"),
    [
        ([(0.0, 1.5)], ViewOutcome(valid=False, finished=False, bounced=True)),
        ([(0.0, 6.0)], ViewOutcome(valid=False, finished=False, bounced=False, dwell_share=0.3)),
        # Half of all are taken to see the whole of it, so that even nine tenths are less than usual.
        ([(0.0, 9.0), (10.0, 19.0)], ViewOutcome(valid=False, finished=False, bounced=False, dwell_share=0.9)),
        ([(0.0, 20.0)], ViewOutcome(valid=True, finished=True, bounced=False, dwell_share=1.0)),
    ],
    ids=["skipped", "a part", "most of it", "all of it"],
)
def test_a_clip_counts_by_where_the_watch_stands_among_watches_of_such_clips(
    stretches: list[tuple[float, float]], expected: ViewOutcome
) -> None:
    found = watch(*stretches)

    assert (found.valid, found.finished, found.bounced) == (expected.valid, expected.finished, expected.bounced)
    assert found.dwell_share == pytest.approx(expected.dwell_share)
