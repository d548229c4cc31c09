"""Feed, sitemap or page of a publisher's site -> its items: the thin shell around the parsers.

Only what is on the site's own origins is taken. What is known with its whole text is not fetched again unless asked.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from reader.clock import Clock
from reader.errors import FetchError, RereadError
from reader.ingest.feeds import parse_feed
from reader.ingest.fetch import Fetched, Fetcher
from reader.ingest.site_items import is_summary, on_site, page_address, page_id, parse_site_page
from reader.ingest.sitemaps import is_sitemap, newest_first, parse_sitemap
from reader.ingest.sniffing import sniff
from reader.ingest.sources import Problem
from reader.origins import origin_of
from reader.types import AnyItem

# Sitemaps that an index leads to, newest first; ours.
MAX_SITEMAPS: Final = 20
Known = Callable[[Sequence[str]], Mapping[str, AnyItem]]


@dataclass(frozen=True, slots=True)
class SiteSources:
    """How sources of one site are read. known: the items of some ids; again: fetch what is known, too."""

    origins: Collection[str]
    fetcher: Fetcher
    known: Known
    clock: Clock
    again: bool = False

    def load(self, source: str, limit: int) -> Iterator[AnyItem | Problem]:
        """Yield the items of a feed, a sitemap or a page, and what could not be taken. limit: of pages fetched."""
        try:
            fetched = self._fetch(source)
            if is_sitemap(fetched.content):
                urls, problems = self._of_sitemap(fetched)
                yield from problems
                yield from self._pages(urls, limit)
            elif sniff(fetched.content) == "a web page (HTML)":
                yield self._parsed(fetched)
            else:
                yield from self._of_feed(fetched, limit)
        except RereadError as error:
            yield _problem(source, error)

    def _fetch(self, url: str) -> Fetched:
        if origin_of(url) not in self.origins:
            raise FetchError(url, f"is not on the site; its origins are {', '.join(self.origins)}")
        return self.fetcher.fetch(url)

    def _of_sitemap(self, fetched: Fetched) -> tuple[list[str], list[Problem]]:
        """Return the pages, newest first, and which sitemaps of an index could not be had."""
        sitemap = parse_sitemap(fetched.content, fetched.url)
        found, problems = list(sitemap.pages), []
        for listed in [one for one in sitemap.sitemaps if origin_of(one.url) in self.origins][:MAX_SITEMAPS]:
            try:
                inner = self._fetch(listed.url)
                found += parse_sitemap(inner.content, inner.url).pages
            except RereadError as error:
                problems.append(_problem(listed.url, error))
        return [one.url for one in newest_first(found)], problems

    def _of_feed(self, fetched: Fetched, limit: int) -> Iterator[AnyItem | Problem]:
        """Yield the entries; where they are summaries, their pages, and the summary if there is no reading those."""
        parsed = parse_feed(fetched.content, fetched.url, content_type=fetched.content_type, clock=self.clock)
        yield from (Problem(fetched.url, 0, "", sentence) for sentence in parsed.skipped)
        entries = {item.id: item for one in parsed.items if (item := on_site(one, self.origins)) is not None}
        yield from (item for item in entries.values() if not is_summary(item))
        short = {key: item for key, item in entries.items() if is_summary(item)}
        had = self.known(list(short))
        yield from (item for key, item in short.items() if key not in had)
        yield from self._pages([item.url for item in short.values()], limit)

    def _pages(self, urls: Sequence[str], limit: int) -> Iterator[AnyItem | Problem]:
        addresses = dict.fromkeys(page_address(url) for url in urls)
        wanted = [address for address in addresses if origin_of(address) in self.origins]
        had = {} if self.again else self.known([page_id(address) for address in wanted])
        full = {key for key, item in had.items() if not is_summary(item)}
        for address in [one for one in wanted if page_id(one) not in full][:limit]:
            try:
                yield self._parsed(self._fetch(address))
            except RereadError as error:
                yield _problem(address, error)

    def _parsed(self, fetched: Fetched) -> AnyItem:
        return parse_site_page(
            fetched.content, fetched.url, self.origins, content_type=fetched.content_type, clock=self.clock
        )


def _problem(source: str, error: RereadError) -> Problem:
    return Problem(source, 0, "", error.cause if isinstance(error, FetchError) else str(error))
