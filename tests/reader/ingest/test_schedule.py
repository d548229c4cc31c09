"""When a feed is asked next, worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.ingest.rhythm import Rhythm, parse_rhythm
from reader.ingest.schedule import after_failure, after_success, is_due, put_off, retry_after_s
from reader.settings_feeds import FeedSettings
from reader.types_feeds import Feed

NOW = datetime(2026, 11, 23, 12, 30, tzinfo=UTC)  # a Monday
STEADY = FeedSettings(jitter=0)
HOUR = 3_600.0
NO_DATE = "Tue, 24 Nov 99999999999999 00:00:00 GMT"  # larger than any date can be


FEED = Feed("https://a/")


def succeeded(feed: Feed = FEED, **given: Any) -> Feed:
    usual: dict[str, Any] = {"published": (), "rhythm": Rhythm(), "max_age_s": 0, "settings": STEADY, "seed": 0}
    return after_success(feed, NOW, **{**usual, **given})


def failed(feed: Feed = FEED, **given: Any) -> Feed:
    usual: dict[str, Any] = {"trouble": "server", "error": "500", "retry_after": "", "settings": STEADY, "seed": 0}
    return after_failure(feed, NOW, **{**usual, **given})


def wait_h(feed: Feed) -> float:
    assert feed.next_at is not None
    return (feed.next_at - NOW).total_seconds() / HOUR


def every(hours: float, count: int = 20, first_h: float = 0) -> list[datetime]:
    return [NOW - timedelta(hours=first_h + hours * number) for number in range(count)]


@pytest.mark.parametrize(
    ("published", "hours"),
    [
        ((), 1),  # nothing is known
        (every(4), 2),  # half of the usual gap
        (every(0.1), 0.25),  # at least a quarter of an hour
        (every(1, first_h=10), 5),  # silent for longer than usual
        (every(24 * 30), 24),  # at most a day
        (every(4, count=1, first_h=6), 3),  # one entry: its age
        ([*every(4), *every(1, first_h=-24, count=3)], 2),  # what is announced for later tells nothing
        (every(1, count=11) + every(0.01, count=90, first_h=500), 0.5),  # the newest tell
    ],
)
def test_the_next_try_follows_the_entries(published: Any, hours: float) -> None:
    assert wait_h(succeeded(published=published)) == pytest.approx(hours)


def test_an_answer_without_news_keeps_the_rhythm() -> None:
    assert wait_h(succeeded(Feed("https://a/", interval_s=7_200))) == 2


def test_success_ends_all_trouble() -> None:
    found = succeeded(Feed("https://a/", failures=4, trouble="server", error="500"))

    assert (found.failures, found.trouble, found.error, found.succeeded_at) == (0, "", "", NOW)


@pytest.mark.parametrize(
    ("given", "hours"),
    [
        ({"rhythm": Rhythm(least_s=3 * HOUR)}, 3),
        ({"max_age_s": 2 * HOUR}, 2),
        ({"max_age_s": 0.1 * HOUR}, 1),
        ({"rhythm": Rhythm(least_s=9_999 * HOUR)}, 24),  # nobody wants to wait for a year
    ],
)
def test_no_feed_is_asked_more_often_than_it_wants(given: Any, hours: float) -> None:
    assert wait_h(succeeded(**given)) == pytest.approx(hours)


@pytest.mark.parametrize(
    ("rhythm", "wanted"),
    [
        (Rhythm(skip_hours=frozenset({13, 14})), NOW.replace(hour=15, minute=0)),
        (Rhythm(skip_hours=frozenset({1})), NOW + timedelta(hours=1)),
        (Rhythm(skip_days=frozenset({0, 1})), datetime(2026, 11, 25, tzinfo=UTC)),
        (Rhythm(skip_hours=frozenset(range(23)), skip_days=frozenset({0})), datetime(2026, 11, 24, 23, tzinfo=UTC)),
    ],
)
def test_a_feed_is_left_alone_when_it_wants(rhythm: Rhythm, wanted: datetime) -> None:
    assert succeeded(rhythm=rhythm).next_at == wanted


def test_failures_are_tried_again_later_and_later_up_to_a_day() -> None:
    feed, waits = Feed("https://a/"), []
    for _ in range(9):
        feed = failed(feed)
        waits.append(wait_h(feed))

    assert waits == [0.25, 0.5, 1, 2, 4, 8, 16, 24, 24]
    assert (feed.failures, feed.trouble, feed.error) == (9, "server", "500")
    assert wait_h(failed(replace(feed, failures=10**6))) == 24


@pytest.mark.parametrize(
    ("header", "hours"),
    [
        ("7200", 2),
        ("10", 0.25),
        ("Mon, 23 Nov 2026 15:30:00 GMT", 3),
        ("99999999999", 7 * 24),
        ("soon", 0.25),
        (NO_DATE, 0.25),
    ],
)
def test_a_server_may_say_when(header: str, hours: float) -> None:
    assert wait_h(failed(retry_after=header, trouble="too often")) == pytest.approx(hours)


def test_what_is_gone_is_never_due_again() -> None:
    gone = failed(trouble="gone")

    assert gone.next_at is None
    assert not is_due(gone, NOW + timedelta(days=10_000))
    assert is_due(Feed("https://a/"), NOW)
    assert not is_due(put_off(Feed("https://a/"), NOW + timedelta(seconds=1)), NOW)
    assert is_due(put_off(Feed("https://a/"), NOW), NOW)


def test_feeds_that_came_due_together_part() -> None:
    """By at most a tenth, and the same seed gives the same."""
    feeds = [Feed(f"https://{number}.example/") for number in range(100)]
    first, again = ([wait_h(succeeded(feed, settings=FeedSettings())) for feed in feeds] for _ in range(2))

    assert first == again
    assert len(set(first)) == 100
    assert 0.9 <= min(first) < 0.95 < 1.05 < max(first) <= 1.1
    assert wait_h(succeeded(feeds[0], settings=FeedSettings(), seed=1)) != first[0]


@given(st.text(max_size=40))
def test_any_header_gives_a_wait(header: str) -> None:
    assert retry_after_s(header, NOW) >= 0


@given(st.binary(max_size=400))
def test_any_beginning_gives_a_rhythm(content: bytes) -> None:
    assert parse_rhythm(content).least_s >= 0


def test_rhythm_of_rss_and_of_its_module() -> None:
    rss = b"""<rss><channel><ttl> 60 </ttl>
      <skipHours><hour>0</hour><hour>24</hour><hour>23</hour><hour>x</hour></skipHours>
      <skipDays><day>Sunday</day><day>Noday</day></skipDays></channel></rss>"""
    rdf = b"<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>"

    assert parse_rhythm(rss) == Rhythm(3_600, frozenset({0, 23}), frozenset({6}))
    assert parse_rhythm(rdf) == Rhythm(21_600)
    assert (
        parse_rhythm(b"<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>0</sy:updateFrequency>").least_s
        == 86_400
    )


def test_whoever_forbids_every_hour_is_not_believed() -> None:
    hours = "".join(f"<hour>{hour}</hour>" for hour in range(24))

    assert parse_rhythm(f"<skipHours>{hours}</skipHours>".encode()) == Rhythm()
