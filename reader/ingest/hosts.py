"""Which feed is asked next: hosts take turns, and of one host one feed is asked at a time."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable
from urllib.parse import urlsplit

from reader.types_feeds import Feed


def host_of(url: str) -> str:
    """Return the host with its port, "" if the address is none."""
    try:
        return urlsplit(url).netloc.lower()
    except ValueError:
        return ""


class HostQueue:
    """Hands out feeds to any number of threads. A feed that is in it, or being asked, is not taken in again."""

    def __init__(self) -> None:
        self._waiting: dict[str, deque[Feed]] = {}
        self._ready: deque[str] = deque()
        self._asked: set[str] = set()
        self._urls: set[str] = set()
        self._closed = False
        self._changed = threading.Condition()

    def add(self, feeds: Iterable[Feed]) -> int:
        """Take in feeds; return how many were not in it yet."""
        with self._changed:
            new = list({feed.url: feed for feed in feeds if feed.url not in self._urls}.values())
            for feed in new:
                self._urls.add(feed.url)
                self._waiting.setdefault(host_of(feed.url), deque()).append(feed)
            for host in dict.fromkeys(host_of(feed.url) for feed in new):
                if host not in self._asked and host not in self._ready:
                    self._ready.append(host)
            self._changed.notify_all()
        return len(new)

    def take(self) -> Feed | None:
        """Wait for a feed whose host is not being asked; None once the queue is closed."""
        with self._changed:
            self._changed.wait_for(lambda: self._ready or self._closed)
            if self._closed:
                return None
            host = self._ready.popleft()
            self._asked.add(host)
            return self._waiting[host].popleft()

    def give_back(self, feed: Feed) -> None:
        """Say that a feed was asked; its host may be asked again, after the others."""
        host = host_of(feed.url)
        with self._changed:
            self._urls.discard(feed.url)
            self._asked.discard(host)
            if self._waiting.get(host):
                self._ready.append(host)
            else:
                self._waiting.pop(host, None)
            self._changed.notify_all()

    def drop_host(self, host: str) -> list[Feed]:
        """Take out what waits for a host."""
        with self._changed:
            gone = list(self._waiting.get(host, ()))
            if gone:
                self._waiting[host].clear()
            self._urls -= {feed.url for feed in gone}
            if host in self._ready:
                self._ready.remove(host)
            return gone

    def close(self) -> None:
        """Let nobody wait any longer."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
