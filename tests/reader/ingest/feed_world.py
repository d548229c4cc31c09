"""A store that follows feeds on loopback, and what refreshes them."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence

from reader.clock import ManualClock
from reader.ingest.fetch import Fetcher
from reader.ingest.refreshing import Refreshed, Refresher
from reader.ingest.subscriptions import Subscriptions
from reader.settings import Settings
from reader.settings_feeds import FeedSettings
from reader.storage.memory import MemoryStorage
from reader.types import AnyItem
from reader.types_feeds import Feed
from tests.reader.ingest.conftest import make_fetcher

TEXT = "The salt roads of the Alps carried more than salt, as the ledgers of the tolls show. " * 3


def rss(*guids: str, title: str = "Salt", text: str = "A teaser.", extra: str = "") -> bytes:
    items = "".join(
        f"<item><title>{guid}</title><guid isPermaLink='false'>{guid}</guid><link>/page/{guid}</link>"
        f"<description>{text}</description></item>"
        for guid in guids
    )
    return f"<rss version='2.0'><channel><title>{title}</title><link>/</link>{extra}{items}</channel></rss>".encode()


class World:
    """A store, what is added to it, and a refresher."""

    def __init__(self, clock: ManualClock, fetcher: Fetcher | None = None, **settings: object) -> None:
        self.storage = MemoryStorage()
        self.clock = clock
        self.batches: list[list[str]] = []
        self.own = Subscriptions(self.storage, clock)
        self.stop = threading.Event()
        chosen = Settings(fetch_private_addresses=True, feeds=FeedSettings(jitter=0, **settings))  # type: ignore[arg-type]
        self.refresher = Refresher(
            self.storage, self._add, chosen, clock, stop=self.stop, fetcher=fetcher or make_fetcher(clock=clock)
        )

    def _add(self, items: Sequence[AnyItem]) -> None:
        self.batches.append([item.title for item in items])
        self.storage.put_items(items)

    def follow(self, *urls: str) -> None:
        for url in urls:
            self.own.follow("ada", url)

    def refresh(self, feeds: Iterable[Feed] | None = None) -> Refreshed:
        return self.refresher.refresh(self.refresher.due() if feeds is None else feeds)

    def feed(self, url: str) -> Feed:
        found = self.storage.feed(url)
        assert found is not None
        return found

    @property
    def titles(self) -> list[str]:
        return sorted(item.title for _, item in self.storage.items_after(0))
