"""When a feed is fetched next. Pure: it follows from what came back, the settings, the moment and a seed."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from itertools import pairwise

from reader.ingest.rhythm import Rhythm
from reader.ingest.trouble import GONE
from reader.settings_feeds import FeedSettings
from reader.types_feeds import Feed

# Doubling stops here, long after `longest_s` has; a power of two for each failure would overflow one day.
_MAX_DOUBLINGS = 20


def is_due(feed: Feed, now: datetime) -> bool:
    """Tell whether a feed is to be fetched. One that is gone for good never is by itself."""
    return feed.trouble != GONE and (feed.next_at is None or feed.next_at <= now)


def after_success(
    feed: Feed,
    now: datetime,
    *,
    published: Sequence[datetime],
    rhythm: Rhythm,
    max_age_s: float,
    settings: FeedSettings,
    seed: int,
) -> Feed:
    """Return the feed with its next try. published: of the entries, in any order; empty: the rhythm of before holds.

    Half of the usual time between two entries, or since the last one if that is longer; never more often than the feed
    or the server ask for, nor at hours or on days at which the feed wants to be left alone.
    """
    interval_s = _interval_s(published, now, settings) if published else feed.interval_s or settings.usual_s
    asked_s = min(max(rhythm.least_s, max_age_s), settings.longest_s)
    wait_s = max(_jittered(interval_s, feed.url, now, settings, seed), asked_s)
    next_at = _outside(now + timedelta(seconds=wait_s), rhythm)
    return replace(feed, interval_s=interval_s, next_at=next_at, failures=0, trouble="", error="", succeeded_at=now)


def after_failure(
    feed: Feed, now: datetime, *, trouble: str, error: str, retry_after: str, settings: FeedSettings, seed: int
) -> Feed:
    """Return the feed with its next try: later with every failure in a row, and not before the server says."""
    failures = feed.failures + 1
    doubled_s = settings.failed_first_s * 2.0 ** min(failures - 1, _MAX_DOUBLINGS)
    wait_s = _jittered(min(doubled_s, settings.longest_s), feed.url, now, settings, seed)
    wait_s = max(wait_s, min(retry_after_s(retry_after, now), settings.retry_after_longest_s))
    next_at = None if trouble == GONE else now + timedelta(seconds=wait_s)
    return replace(feed, next_at=next_at, failures=failures, trouble=trouble, error=error)


def put_off(feed: Feed, until: datetime | None) -> Feed:
    """Return the feed untried, since its host is in trouble; not before `until`."""
    return replace(feed, next_at=until)


def retry_after_s(header: str, now: datetime) -> float:
    """Return seconds to wait after a Retry-After header (RFC 9110, 10.2.3); 0 if there is nothing to read in it.

    >>> retry_after_s("120", datetime(2026, 11, 24, tzinfo=UTC))
    120.0
    >>> retry_after_s("Tue, 24 Nov 2026 00:01:00 GMT", datetime(2026, 11, 24, tzinfo=UTC))
    60.0
    """
    text = header.strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return 0.0
    aware = at if at.tzinfo else at.replace(tzinfo=UTC)
    return max(0.0, (aware - now).total_seconds())


def _interval_s(published: Sequence[datetime], now: datetime, settings: FeedSettings) -> float:
    newest = sorted((at for at in published if at <= now), reverse=True)[: settings.gaps_seen + 1]
    if not newest:
        return settings.usual_s
    gaps = [(later - earlier).total_seconds() for later, earlier in pairwise(newest)]
    usual_s = sum(gaps) / len(gaps) if gaps else 0.0
    wait_s = settings.gap_share * max(usual_s, (now - newest[0]).total_seconds())
    return min(max(wait_s, settings.shortest_s), settings.longest_s)


def _jittered(wait_s: float, url: str, now: datetime, settings: FeedSettings, seed: int) -> float:
    draw = random.Random(f"{seed}/{url}/{now.isoformat()}").uniform(-1, 1)
    return wait_s * (1 + settings.jitter * draw)


def _outside(at: datetime, rhythm: Rhythm) -> datetime:
    """Return the first moment from `at` on at which the feed may be asked; a week has all hours of all days."""
    for _ in range(7 * 24):
        if at.hour not in rhythm.skip_hours and at.weekday() not in rhythm.skip_days:
            return at
        at = at.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return at
