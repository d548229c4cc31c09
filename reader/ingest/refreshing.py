"""Feeds fetched by several threads and stored by one.

What belongs here: threads, batches, order of storing. What does not: one try (`asking`), who is next (`hosts`).
"""

from __future__ import annotations

import queue
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from reader.clock import Clock
from reader.ingest.asking import Asker, Brought
from reader.ingest.fetch import Fetcher
from reader.ingest.hosts import HostQueue, host_of
from reader.ingest.schedule import is_due, put_off
from reader.ingest.sources import Problem
from reader.ingest.trouble import OF_HOSTS
from reader.settings import Settings
from reader.storage.protocol import Storage
from reader.types import AnyItem
from reader.types_feeds import Feed

AddItems = Callable[[Sequence[AnyItem]], None]
# How often a round that waits for an answer looks for feeds that came due meanwhile, in seconds; ours.
_LOOK_S: Final = 0.5


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What a round did. feeds: asked; failed: of them; put_off: not asked since their host was in trouble."""

    feeds: int = 0
    items: int = 0
    unchanged: int = 0
    failed: int = 0
    put_off: int = 0
    problems: tuple[Problem, ...] = ()


class Refresher:
    """Fetches feeds and stores what they bring. One round at a time.

    add_items: analyses and stores, and takes its locks for one batch at a time; stop: set, it ends a round early.
    """

    def __init__(
        self,
        storage: Storage,
        add_items: AddItems,
        settings: Settings,
        clock: Clock,
        *,
        stop: threading.Event | None = None,
        fetcher: Fetcher | None = None,
    ) -> None:
        self._storage = storage
        self._add_items = add_items
        self._settings = settings.feeds
        self._clock = clock
        self._stop = stop or threading.Event()
        chosen = fetcher or Fetcher(settings, clock=clock, pause=lambda wait_s: void(self._stop.wait(wait_s)))
        self._asker = Asker(storage, chosen, settings, clock)

    def due(self) -> list[Feed]:
        """Return the feeds that somebody follows, or that are shared, and that are due; those never fetched first."""
        followed = {one.feed for one in self._storage.subscriptions() if one.ended_at is None}
        now = self._clock()
        found = [feed for feed in self._storage.feeds() if (feed.shared or feed.url in followed) and is_due(feed, now)]
        return sorted(found, key=lambda feed: feed.fetched_at is not None)

    def refresh(
        self,
        feeds: Iterable[Feed],
        *,
        more: Callable[[], Iterable[Feed]] | None = None,
        progress: Callable[[int], None] | None = None,
    ) -> Refreshed:
        """Fetch feeds and store what is new. more: asked now and then for feeds to be fetched in the same round.

        progress: told the number of feeds done. Raises StorageError if nothing can be stored.
        """
        whole = {one.feed for one in self._storage.subscriptions() if one.full_text and one.ended_at is None}
        return _Round(self, whole, more or (lambda: ()), progress or void).run(feeds)


def void(_: object) -> None:
    """Do nothing."""


class _Round:
    """Workers ask; the thread that runs the round stores."""

    def __init__(
        self,
        refresher: Refresher,
        whole: set[str],
        more: Callable[[], Iterable[Feed]],
        progress: Callable[[int], None],
    ) -> None:
        self._of = refresher
        self._whole = whole
        self._more = more
        self._progress = progress
        self._hosts = HostQueue()
        self._results: queue.Queue[Brought] = queue.Queue()
        self._failures: Counter[str] = Counter()
        self._left = 0
        self._done = 0
        self._counts: Counter[str] = Counter()
        self._problems: list[Problem] = []

    def run(self, feeds: Iterable[Feed]) -> Refreshed:
        self._left = self._hosts.add(feeds)
        count = self._of._settings.workers
        workers = [threading.Thread(target=self._work, name=f"feeds-{n}", daemon=True) for n in range(count)]
        for worker in workers:
            worker.start()
        try:
            self._collect()
        finally:
            self._hosts.close()
        if not self._of._stop.is_set():  # else nobody waits for an answer that may take its full time
            for worker in workers:
                worker.join()
        return Refreshed(**self._counts, problems=tuple(self._problems))

    # --- in the workers -----------------------------------------------------------------------------

    def _work(self) -> None:
        while not self._of._stop.is_set() and (feed := self._hosts.take()) is not None:
            brought = self._ask(feed)
            for other in self._spared(brought):
                self._results.put(Brought(other.url, put_off(other, brought.feed.next_at), tried=False))
            self._hosts.give_back(feed)
            self._results.put(brought)

    def _ask(self, feed: Feed) -> Brought:
        """Return what became of a feed, whatever is raised: a feed without a result would keep the round for ever."""
        try:
            return self._of._asker.ask(feed, whole=feed.url in self._whole)
        except Exception as error:
            words = f"it could not be dealt with: {error!r:.200}"
            now, wait = self._of._clock(), timedelta(seconds=self._of._settings.longest_s)
            failed = replace(feed, fetched_at=now, next_at=now + wait, failures=feed.failures + 1)
            return Brought(feed.url, replace(failed, trouble="other", error=words), problems=(words,))

    def _spared(self, brought: Brought) -> list[Feed]:
        """Return the other feeds of a host that is not to be asked any more in this round."""
        host, trouble = host_of(brought.asked), brought.feed.trouble
        self._failures[host] = self._failures[host] + 1 if trouble in OF_HOSTS else 0
        too_often = trouble == "too often"
        tired = self._failures[host] >= self._of._settings.host_failures
        return self._hosts.drop_host(host) if too_often or tired else []

    # --- in the thread that stores --------------------------------------------------------------------

    def _collect(self) -> None:
        while self._left > 0 and not self._of._stop.is_set():
            batch = self._next_batch()
            if batch:
                self._store(batch)
                self._left -= len(batch)
                self._done += len(batch)
                self._progress(self._done)
            self._left += self._hosts.add(self._more())

    def _next_batch(self) -> list[Brought]:
        """Return what has come, until there is enough to be analysed at once."""
        batch: list[Brought] = []
        try:
            batch.append(self._results.get(timeout=_LOOK_S))
            while sum(len(one.items) for one in batch) < self._of._settings.batch_items:
                batch.append(self._results.get_nowait())
        except queue.Empty:
            pass
        return batch

    def _store(self, batch: list[Brought]) -> None:
        storage = self._of._storage
        # Who brought an item before the item: else it would be everybody's for a moment. What nobody follows any more
        # brings nothing.
        known = {one.asked for one in batch if storage.bring(one.asked, one.published)}
        batch = self._without_given(batch)
        items = list({item.id: item for one in batch if one.asked in known for item in one.items}.values())
        size = self._of._settings.batch_items
        for start in range(0, len(items), size):
            self._of._add_items(items[start : start + size])
        # The feed after its items: if this process dies in between, the next fetch brings them again.
        for one in batch:
            storage.put_fetched(one.asked, one.feed, [item.id for item in one.items], self._of._clock())
            self._count(one)

    def _without_given(self, batch: list[Brought]) -> list[Brought]:
        """Leave out what was given for everybody before: what one reader's feed says instead is not for everybody."""
        given = self._of._storage.given_items([item.id for one in batch for item in one.items])
        return [
            replace(one, items=tuple(item for item in one.items if item.id not in given)) if given else one
            for one in batch
        ]

    def _count(self, one: Brought) -> None:
        self._counts["put_off"] += not one.tried
        self._counts["feeds"] += one.tried
        self._counts["items"] += len(one.items)
        self._counts["unchanged"] += one.unchanged
        self._counts["failed"] += one.tried and bool(one.feed.trouble)
        self._problems += [Problem(one.asked, 0, "", text) for text in one.problems]
