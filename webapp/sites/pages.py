"""Which item a page of a site is; and the pages that were seen for the first time, fetched one after the other.

A page is named by its reader's browser, so little is believed: the server fetches only addresses of the site's own
origins, keeps only what says of itself that it is an article, and does so not too often.
"""

from __future__ import annotations

import queue
import threading
from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import structlog

from reader.clock import Clock
from reader.errors import FetchError, RereadError
from reader.ingest.fetch import Fetcher
from reader.ingest.json_ld import declares_article
from reader.ingest.site_items import page_address, parse_site_page
from reader.ingest.sniffing import decode
from reader.origins import origin_of
from reader.types_sites import Site
from webapp.sites.shelf import Shelf

# Pages that wait at a time, over all sites; pages fetched for one site in an hour; how long a page is not tried again.
# Ours: a large newsroom publishes a few hundred articles a day.
MAX_WAITING: Final = 50
MAX_AN_HOUR: Final = 60
TRIED_AGAIN_AFTER: Final = timedelta(hours=6)
# Pages that are remembered as tried.
MAX_TRIED: Final = 10_000
HOUR: Final = timedelta(hours=1)
_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Proposed:
    """A page that somebody reads and of which nothing is known."""

    site: Site
    address: str


class Proposals:
    """Fetches proposed pages in a thread of its own, which begins with the first."""

    def __init__(self, shelf: Shelf, fetcher: Fetcher, clock: Clock) -> None:
        self._shelf = shelf
        self._fetcher = fetcher
        self._clock = clock
        self._waiting: queue.Queue[Proposed] = queue.Queue(MAX_WAITING)
        self._tried: dict[tuple[str, str], datetime] = {}
        self._fetched: dict[str, deque[datetime]] = {}
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()

    def propose(self, site: Site, address: str) -> bool:
        """Have a page fetched; False if it was tried lately, or too many are."""
        with self._lock:
            if not self._may(site, address):
                return False
            try:
                self._waiting.put_nowait(Proposed(site, address))
            except queue.Full:
                return False
            self._note(site, address)
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="proposals", daemon=True)
                self._thread.start()
        return True

    def settle(self) -> None:
        """Return when nothing waits any more."""
        self._waiting.join()

    def _may(self, site: Site, address: str) -> bool:
        now = self._clock()
        at = self._tried.get((site.id, address))
        recent = self._fetched.setdefault(site.id, deque())
        while recent and now - recent[0] > HOUR:
            recent.popleft()
        return (at is None or now - at > TRIED_AGAIN_AFTER) and len(recent) < MAX_AN_HOUR

    def _note(self, site: Site, address: str) -> None:
        now = self._clock()
        self._fetched[site.id].append(now)
        self._tried.pop((site.id, address), None)
        self._tried[site.id, address] = now
        while len(self._tried) > MAX_TRIED:
            del self._tried[next(iter(self._tried))]

    def _work(self) -> None:
        while True:
            proposed = self._waiting.get()
            try:
                self._take(proposed)
            except RereadError as error:
                _log.info("a page was not taken", site=proposed.site.name, reason=str(error))
            except Exception:
                _log.exception("a page could not be taken", site=proposed.site.name)
            finally:
                self._waiting.task_done()

    def _take(self, proposed: Proposed) -> None:
        fetched = self._fetcher.fetch(proposed.address)
        origins = proposed.site.origins
        if origin_of(fetched.url) not in origins:  # before anything of a stranger's page is looked into
            raise FetchError(fetched.url, "leads off the site")
        if not declares_article(decode(fetched.content, fetched.content_type)):
            _log.info("a page was not taken", site=proposed.site.name, reason="it does not say that it is an article")
            return
        found = parse_site_page(
            fetched.content, fetched.url, origins, content_type=fetched.content_type, clock=self._clock
        )
        self._shelf.recommender(proposed.site).add_items([found])


def address_on(site: Site, url: str) -> str:
    """Return the address of a page, "" if it is not on the site."""
    address = page_address(url)
    return address if origin_of(address) in site.origins else ""
