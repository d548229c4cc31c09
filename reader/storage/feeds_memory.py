"""Feeds and subscriptions in memory."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from reader.storage.accounts_memory import kept_time
from reader.storage.feeds import merged
from reader.types import AnyItem
from reader.types_feeds import Feed, Folder, Subscription


class MemoryFeeds:
    """The part `FeedStorage` of the engine."""

    _lock: threading.Lock
    _items: dict[str, tuple[int, AnyItem]]

    def __init__(self) -> None:
        super().__init__()
        self._feeds: dict[str, Feed] = {}
        self._subscriptions: dict[tuple[str, str], Subscription] = {}
        self._folders: dict[str, list[Folder]] = {}
        self._feed_items: dict[tuple[str, str], datetime] = {}
        # What any feed has brought ever, and what of that was there before.
        self._brought: set[str] = set()
        self._given: set[str] = set()
        self._came_at: dict[tuple[str, str], datetime] = {}
        # What was brought, by seq - 1; None where it got another feed's address since.
        self._feed_item_log: list[tuple[str, str] | None] = []

    def put_feed(self, feed: Feed) -> None:
        with self._lock:
            self._put_feed(feed)

    def _put_feed(self, feed: Feed) -> None:
        times = {name: _kept(getattr(feed, name)) for name in ("fetched_at", "succeeded_at", "next_at")}
        self._feeds[feed.url] = replace(feed, **times)  # type: ignore[arg-type]  # the three are moments

    def share_feed(self, url: str, shared: bool) -> bool:
        with self._lock:
            if url in self._feeds:
                self._feeds[url] = replace(self._feeds[url], shared=shared)
            return url in self._feeds

    def feed(self, url: str) -> Feed | None:
        with self._lock:
            return self._feeds.get(url)

    def feeds(self) -> list[Feed]:
        with self._lock:
            return [self._feeds[url] for url in sorted(self._feeds)]

    def move_feed(self, url: str, target: str) -> None:
        if url == target:
            return
        with self._lock:
            self._move_feed(url, target)

    def _move_feed(self, url: str, target: str) -> None:
        if url in self._feeds:
            self._feeds.setdefault(target, replace(self._feeds.pop(url), url=target))
        for user, feed in [key for key in self._subscriptions if key[1] == url]:
            moved = replace(self._subscriptions[user, feed], feed=target)
            # In its place among the others, since they are told in the order in which they came.
            self._subscriptions = {
                (key if key != (user, feed) else (user, target)): (one if key != (user, feed) else moved)
                for key, one in self._subscriptions.items()
                if key != (user, feed) or (user, target) not in self._subscriptions
            }
        self._rename_items(url, target)

    def put_fetched(self, asked: str, feed: Feed, items: Collection[str], at: datetime) -> bool:
        with self._lock:
            before = self._feeds.get(asked)
            if before is None:
                return False
            kept = merged(before, feed, self._feeds.get(feed.url))
            if asked != feed.url:
                self._move_feed(asked, feed.url)
            self._put_feed(kept)
            self._note_arrivals(feed.url, items, at)
            return True

    def _rename_items(self, url: str, target: str) -> None:
        for feed, item in [key for key in self._feed_items if key[0] == url]:
            self._bring(target, item, self._feed_items.pop((feed, item)))
            self._came_at.setdefault((target, item), self._came_at.pop((feed, item)))
        self._feed_item_log = [None if pair and pair[0] == url else pair for pair in self._feed_item_log]

    def drop_unfollowed_feeds(self) -> list[str]:
        with self._lock:
            gone = sorted(url for url in self._feeds if self._is_unfollowed(url))
            for url in gone:
                self._drop_feed(url)
            return gone

    def _is_unfollowed(self, url: str) -> bool:
        return not self._feeds[url].shared and not any(feed == url for _, feed in self._subscriptions)

    def put_subscriptions(self, subscriptions: Sequence[Subscription]) -> None:
        with self._lock:
            for one in subscriptions:
                kept = replace(one, added_at=_kept(one.added_at), ended_at=_kept(one.ended_at))
                self._subscriptions[one.user, one.feed] = replace(kept, attributes=dict(one.attributes))

    def subscription(self, user: str, feed: str) -> Subscription | None:
        with self._lock:
            return self._subscriptions.get((user, feed))

    def subscriptions(self, user: str | None = None) -> list[Subscription]:
        with self._lock:
            return [one for one in self._subscriptions.values() if user is None or one.user == user]

    def drop_subscriptions_ended_before(self, at: datetime) -> int:
        with self._lock:
            last = kept_time(at)
            old = [key for key, one in self._subscriptions.items() if one.ended_at is not None and one.ended_at < last]
            for key in old:
                del self._subscriptions[key]
            return len(old)

    def put_folders(self, user: str, folders: Sequence[Folder]) -> None:
        with self._lock:
            by_path = {folder.path: replace(folder, attributes=dict(folder.attributes)) for folder in folders}
            self._folders[user] = sorted(by_path.values(), key=lambda folder: (folder.position, folder.path))

    def folders(self, user: str) -> list[Folder]:
        with self._lock:
            return list(self._folders.get(user, []))

    def bring(self, feed: str, items: Mapping[str, datetime]) -> bool:
        with self._lock:
            if feed not in self._feeds:
                return False
            self._given |= {item for item in items if item in self._items and item not in self._brought}
            for item, at in items.items():
                self._bring(feed, item, kept_time(at))
                self._came_at.setdefault((feed, item), kept_time(at))
            return True

    def _bring(self, feed: str, item: str, at: datetime) -> None:
        if (feed, item) not in self._feed_items:
            self._feed_items[feed, item] = at
            self._brought.add(item)
            self._feed_item_log.append((feed, item))

    def given_items(self, ids: Sequence[str]) -> frozenset[str]:
        with self._lock:
            return frozenset(self._given.intersection(ids))

    def withdraw_items(self, ids: Sequence[str], at: datetime) -> None:
        with self._lock:
            known = [item for item in ids if item in self._items]
            self._given.difference_update(known)
            for item in known:
                self._bring("", item, kept_time(at))
                self._feed_items["", item] = self._came_at["", item] = kept_time(at)
            self._tell_anew(known)

    def give_items(self, ids: Sequence[str]) -> None:
        with self._lock:
            withdrawn = [item for item in ids if self._is_withdrawn(item)]
            self._given.update(withdrawn)
            self._tell_anew(withdrawn)

    def withdrawn_items(self, ids: Sequence[str]) -> dict[str, datetime]:
        with self._lock:
            return {item: self._came_at["", item] for item in ids if self._is_withdrawn(item)}

    def _is_withdrawn(self, item: str) -> bool:
        return ("", item) in self._feed_items and item not in self._given

    def _tell_anew(self, ids: Sequence[str]) -> None:
        """Have whoever asks for what came last look at some items once more, with all feeds that brought them."""
        wanted = frozenset(ids)
        told = [pair for pair in self._feed_item_log if pair and pair[1] in wanted]
        self._feed_item_log = [None if pair and pair[1] in wanted else pair for pair in self._feed_item_log]
        self._feed_item_log += told

    def arrivals(self, feeds: Sequence[str]) -> dict[str, datetime]:
        wanted, found = set(feeds), dict[str, datetime]()
        with self._lock:
            for (feed, item), at in self._came_at.items():
                if feed in wanted:
                    found[item] = min(at, found.get(item, at))
        return found

    def feed_items(self, feed: str, *, limit: int) -> list[str]:
        with self._lock:
            own = sorted(item for brought_by, item in self._feed_items if brought_by == feed)
            own.sort(key=lambda item: self._feed_items[feed, item], reverse=True)
            return own[:limit]

    def items_of_feeds(self, feeds: Sequence[str]) -> list[tuple[str, str, datetime]]:
        wanted = set(feeds)
        with self._lock:
            found = sorted((item, feed, at) for (feed, item), at in self._feed_items.items() if feed in wanted)
        return sorted(found, key=lambda row: row[2], reverse=True)

    def _note_arrivals(self, feed: str, items: Iterable[str], at: datetime) -> None:
        for key in ((feed, item) for item in items):
            if self._came_at.get(key) == self._feed_items.get(key):
                self._came_at[key] = kept_time(at)

    def feed_items_after(self, seq: int) -> list[tuple[int, str, str]]:
        with self._lock:
            later = enumerate(self._feed_item_log[seq:], start=seq + 1)
            return [(number, *pair) for number, pair in later if pair is not None]

    def feeds_within_reach(self, users: Sequence[str]) -> frozenset[str]:
        with self._lock:
            followed = {one.feed for one in self._subscriptions.values() if one.user in users and one.ended_at is None}
            return frozenset(followed | {feed.url for feed in self._feeds.values() if feed.shared})

    def feed_item_counts(self, since: datetime) -> dict[str, int]:
        counts: defaultdict[str, int] = defaultdict(int)
        with self._lock:
            for (feed, _), at in self._feed_items.items():
                if at >= kept_time(since):
                    counts[feed] += 1
        return dict(sorted(counts.items()))

    def feeds_of_items(self, ids: Sequence[str]) -> dict[str, list[str]]:
        wanted = set(ids)
        found: defaultdict[str, list[str]] = defaultdict(list)
        with self._lock:
            for feed, item in sorted(self._feed_items):
                if item in wanted:
                    found[item].append(feed)
        return dict(found)

    def _erase_feeds(self, user: str) -> None:
        """Delete what is kept here about one reader; the caller holds the lock."""
        own = [feed for reader, feed in self._subscriptions if reader == user]
        self._subscriptions = {key: one for key, one in self._subscriptions.items() if key[0] != user}
        self._folders.pop(user, None)
        for url in own:
            if url in self._feeds and self._is_unfollowed(url):
                self._drop_feed(url)

    def _drop_feed(self, url: str) -> None:
        del self._feeds[url]
        self._rename_items(url, "")


def _kept(at: datetime | None) -> datetime | None:
    return None if at is None else kept_time(at)
