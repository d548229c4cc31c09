"""What a reader has, out of store and profile, as entries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from reader.ingest.subscriptions import Followed
from reader.profile.state import ReaderState
from webapp.greader.entries import Entry
from webapp.greader.names import label_of
from webapp.services import services

# Where an item does not say when it was published, and no feed either.
_LONG_AGO = datetime(1970, 1, 2, tzinfo=UTC)


def entries_of(user: str) -> list[Entry]:
    """Return all that the feeds of a reader brought, and all that the reader has starred."""
    return entries_among(user, services().subscriptions.of(user))


def entries_among(user: str, followed: Sequence[Followed]) -> list[Entry]:
    """The same, where it is known already what the reader follows."""
    storage, state = services().recommender.storage, services().recommender.state(user)
    brought = brought_by(user, followed)
    others = state.steering.saved.keys() - {entry.item for entry in brought}
    starred = storage.items(sorted(others)).values()
    return [*brought, *(_entry(one.id, one.published_at or _LONG_AGO, None, (), {}, state) for one in starred)]


def brought_by(user: str, followed: Sequence[Followed]) -> list[Entry]:
    """Return what some feeds brought, newest first."""
    recommender = services().recommender
    state = recommender.state(user)
    labels = {one.feed.url: frozenset(map(label_of, one.folders)) for one in followed}
    feeds, at = defaultdict[str, list[str]](list), dict[str, datetime]()
    for item, feed, published_at in recommender.storage.items_of_feeds(list(labels)):
        feeds[item].append(feed)
        at.setdefault(item, published_at)
    came = recommender.storage.arrivals(list(labels))
    return [_entry(item, moment, came.get(item), feeds[item], labels, state) for item, moment in at.items()]


def _entry(
    item: str,
    at: datetime,
    came_at: datetime | None,
    feeds: Sequence[str],
    labels: Mapping[str, frozenset[str]],
    state: ReaderState,
) -> Entry:
    steering = state.steering
    return Entry(
        item=item,
        at=at,
        came_at=came_at,
        feeds=tuple(feeds),
        labels=frozenset().union(*(labels[feed] for feed in feeds)),
        is_read=state.has_read(item),
        is_starred=item in steering.saved,
        is_liked=item in steering.liked,
    )
