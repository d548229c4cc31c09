"""One feed asked once: conditional GET, what is new in it, whole texts if wished, and when to come again.

What belongs here: everything about one try. What does not: which feed is next (`hosts`), threads and storing
(`refreshing`), the rules of time (`schedule`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from reader.clock import Clock
from reader.errors import FetchError, RereadError
from reader.ingest.feeds import ParsedFeed, parse_feed
from reader.ingest.fetch import Fetched, Fetcher
from reader.ingest.items import is_web_url
from reader.ingest.pages import parse_page
from reader.ingest.rhythm import Rhythm, parse_rhythm
from reader.ingest.schedule import after_failure, after_success
from reader.ingest.trouble import trouble_of
from reader.settings import Settings
from reader.storage.protocol import Storage
from reader.types import AnyItem, Article
from reader.types_feeds import Feed


@dataclass(frozen=True, slots=True)
class Brought:
    """What became of one feed. asked: the URL it was asked under; items: new or changed ones; published: of all in it.

    tried: whether it was asked at all, and not put off with its host.
    """

    asked: str
    feed: Feed
    items: tuple[AnyItem, ...] = ()
    published: Mapping[str, datetime] = field(default_factory=dict)
    problems: tuple[str, ...] = ()
    unchanged: bool = False
    tried: bool = True


class Asker:
    """Asks feeds, in any number of threads at once. Writes nothing."""

    def __init__(self, storage: Storage, fetcher: Fetcher, settings: Settings, clock: Clock) -> None:
        self._storage = storage
        self._fetcher = fetcher
        self._settings = settings
        self._clock = clock

    def ask(self, feed: Feed, *, whole: bool) -> Brought:
        """Ask one feed. whole: articles are to have the text of their pages. Whatever it sends, nothing is raised."""
        try:
            fetched = self._fetcher.fetch(feed.url, etag=feed.etag, last_modified=feed.last_modified)
            return self._unchanged(feed, fetched) if fetched.not_modified else self._read(feed, fetched, whole)
        except RereadError as error:
            return self._failed(feed, error)
        except Exception as error:  # what a stranger sends must not end the fetching of all others
            return self._failed(feed, FetchError(feed.url, f"what it sent could not be dealt with: {error!r:.200}"))

    def _failed(self, feed: Feed, error: RereadError) -> Brought:
        now, is_fetch = self._clock(), isinstance(error, FetchError)
        words = error.cause if isinstance(error, FetchError) else str(error)
        later = after_failure(
            replace(feed, fetched_at=now),
            now,
            trouble=trouble_of(error),
            error=words[:500],
            retry_after=error.retry_after if is_fetch else "",  # type: ignore[attr-defined]  # of a FetchError
            settings=self._settings.feeds,
            seed=self._settings.seed,
        )
        return Brought(feed.url, later, problems=(words,))

    def _unchanged(self, feed: Feed, fetched: Fetched) -> Brought:
        kept = replace(feed, etag=fetched.etag or feed.etag, last_modified=fetched.last_modified or feed.last_modified)
        return Brought(feed.url, self._succeeded(kept, fetched, (), Rhythm()), unchanged=True)

    def _read(self, feed: Feed, fetched: Fetched, whole: bool) -> Brought:
        origin = self._origin(feed, fetched)
        parsed = parse_feed(
            fetched.content, fetched.url, content_type=fetched.content_type, clock=self._clock, origin=origin
        )
        now = self._clock()
        dated = [item.published_at for item in parsed.items if item.published_at is not None]
        known = replace(feed, title=parsed.title or feed.title, site_url=parsed.site_url or feed.site_url)
        known = replace(known, etag=fetched.etag, last_modified=fetched.last_modified)
        items, notes = self._news(known, parsed, whole)
        return Brought(
            feed.url,
            self._succeeded(known, fetched, dated, parse_rhythm(fetched.content)),
            items,
            {item.id: min(item.published_at or now, now) for item in parsed.items},
            (*parsed.skipped, *notes),
        )

    def _origin(self, feed: Feed, fetched: Fetched) -> str:
        """Return the address that entries are named after: that of the feed it has moved onto, if that one is known.

        Else both would bring the same entries under two ids.
        """
        onto = self._storage.feed(fetched.moved_to) if fetched.moved_to else None
        named = onto or feed
        return named.origin or named.url

    def _succeeded(self, feed: Feed, fetched: Fetched, published: list[datetime] | tuple[()], rhythm: Rhythm) -> Feed:
        now = self._clock()
        moved = fetched.moved_to and fetched.moved_to != feed.url
        here = replace(feed, url=fetched.moved_to, origin=feed.origin or feed.url) if moved else feed
        return after_success(
            replace(here, fetched_at=now),
            now,
            published=published,
            rhythm=rhythm,
            max_age_s=fetched.max_age_s,
            settings=self._settings.feeds,
            seed=self._settings.seed,
        )

    def _news(self, feed: Feed, parsed: ParsedFeed, whole: bool) -> tuple[tuple[AnyItem, ...], list[str]]:
        """Return the items that the store has not, or has otherwise, in the order of the feed."""
        known = self._storage.items([item.id for item in parsed.items])
        new = [item for item in parsed.items if item.id not in known]
        if whole:
            # What is known has its whole text, which the feed's teaser must not replace.
            return self._whole(new)
        again = [_dated(item, known[item.id]) for item in parsed.items if item.id in known]
        changed = [item for item in again if known[item.id] != item]
        # Two feeds that tell the same entry differently would overwrite each other for ever.
        brought = self._storage.feeds_of_items([item.id for item in changed])
        own = [item for item in changed if {"", *brought.get(item.id, ())} <= {"", feed.url}]  # "": one that is gone
        return (*new, *own), []

    def _whole(self, items: list[AnyItem]) -> tuple[tuple[AnyItem, ...], list[str]]:
        found: list[AnyItem] = []
        notes: list[str] = []
        left = self._settings.feeds.full_text_pages
        for item in items:
            if isinstance(item, Article) and is_web_url(item.url) and left > 0:
                left -= 1
                try:
                    found.append(self._with_page(item))
                    continue
                except RereadError as error:
                    notes.append(f"{item.title!r:.80}: its page gave no text ({error}); taken as the feed has it")
            found.append(item)
        return tuple(found), notes

    def _with_page(self, item: Article) -> Article:
        fetched = self._fetcher.fetch(item.url)
        page = parse_page(fetched.content, fetched.url, content_type=fetched.content_type, clock=self._clock)
        if sum(map(len, page.paragraphs)) <= sum(map(len, item.paragraphs)):
            return item
        return replace(
            item,
            paragraphs=page.paragraphs,
            markup=page.markup,
            author=item.author or page.author,
            language=item.language or page.language,
        )


def _dated(item: AnyItem, known: AnyItem) -> AnyItem:
    """Return an entry without a date with the one that it got when it first came."""
    return item if item.published_at else replace(item, published_at=known.published_at)
