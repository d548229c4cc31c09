"""Whatever a person names as a source -> items: the thin shell around the parsers.

A source is a file (JSON lines, a feed, a page, by its name and content), a folder of such, or an http(s) URL. OPML and
storing are not its affair.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from reader.clock import Clock, system_clock
from reader.errors import FetchError, InvalidInputError, RereadError
from reader.ingest.feeds import ParsedFeed, parse_feed
from reader.ingest.fetch import Fetched, Fetcher
from reader.ingest.jsonl import BadLine, read_items
from reader.ingest.pages import parse_page
from reader.ingest.sniffing import sniff
from reader.types import AnyItem
from reader.types_feeds import Feed

_LINE_SUFFIXES: Final = (".jsonl", ".ndjson", ".jsonl.gz", ".ndjson.gz")
_FEED_SUFFIXES: Final = (".xml", ".rss", ".atom", ".rdf", ".json")
_PAGE_SUFFIXES: Final = (".html", ".htm", ".xhtml")
SUFFIXES: Final = (*_LINE_SUFFIXES, *_FEED_SUFFIXES, *_PAGE_SUFFIXES)


@dataclass(frozen=True, slots=True)
class Problem:
    """What of a source was not taken, and why. line: from 1, 0 if it has none; field: "" if it is about the whole."""

    source: str
    line: int
    field: str
    detail: str

    def __str__(self) -> str:
        """Return the whole as one line of a message."""
        place = f"{self.source}:{self.line}" if self.line else self.source
        return f"{place}: {self.field}: {self.detail}" if self.field else f"{place}: {self.detail}"


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a source gave. feed: to be stored, if the source is the URL of a feed; unchanged: it has nothing new."""

    items: tuple[AnyItem, ...]
    problems: tuple[Problem, ...]
    feed: Feed | None = None
    unchanged: bool = False


def load_source(
    source: str, fetcher: Fetcher, storage_feeds: Callable[[], Iterable[Feed]], *, clock: Clock = system_clock
) -> Loaded:
    """Read all items of a source. storage_feeds: gives the known feeds, for a conditional GET.

    What is wrong within the source, or with the network, is told in `problems`, and the rest is taken; a known feed
    that could not be had comes back with its `error`. Raises InvalidInputError if there is no such source.
    """
    if source.lower().startswith(("http://", "https://")):
        known = {feed.url: feed for feed in storage_feeds()}
        return _load_url(source, fetcher, known.get(source), clock)
    path = Path(source)
    if path.is_dir():
        return _load_folder(path, clock)
    if not path.is_file():
        raise InvalidInputError(
            "source", f"{source!r} is no file, folder or http(s) address", "check how it is written"
        )
    if not path.name.lower().endswith(SUFFIXES):
        raise InvalidInputError("source", f"{source!r} is of no known kind", f"give a file in {', '.join(SUFFIXES)}")
    return _load_file(path, clock)


def _load_url(url: str, fetcher: Fetcher, known: Feed | None, clock: Clock) -> Loaded:
    try:
        fetched = fetcher.fetch(
            url, etag=known.etag if known else "", last_modified=known.last_modified if known else ""
        )
    except FetchError as error:
        return _failed(url, error, known, clock)
    if fetched.not_modified:
        return Loaded((), (), _well(known or Feed(url=url), clock), unchanged=True)
    try:
        return _load_fetched(url, fetched, known, clock)
    except RereadError as error:
        return _failed(url, error, known, clock)


def _failed(url: str, error: RereadError, known: Feed | None, clock: Clock) -> Loaded:
    feed = replace(known, fetched_at=clock(), error=str(error)) if known else None
    return Loaded((), (_problem(url, error),), feed)


def _problem(source: str, error: RereadError) -> Problem:
    if isinstance(error, InvalidInputError):
        return Problem(source, 0, error.field, f"{error.detail}; {error.remedy}" if error.remedy else error.detail)
    return Problem(source, 0, "", error.cause if isinstance(error, FetchError) else str(error))


def _load_fetched(url: str, fetched: Fetched, known: Feed | None, clock: Clock) -> Loaded:
    if known is None and sniff(fetched.content) == "a web page (HTML)":
        page = parse_page(fetched.content, fetched.url, content_type=fetched.content_type, clock=clock)
        return Loaded((page,), ())
    # Under the address that was given: what it redirects to today may differ tomorrow.
    origin = (known.origin if known else "") or url
    parsed = parse_feed(fetched.content, fetched.url, content_type=fetched.content_type, clock=clock, origin=origin)
    feed = replace(known or Feed(url=url), title=parsed.title, etag=fetched.etag, last_modified=fetched.last_modified)
    return Loaded(parsed.items, _skipped(url, parsed), _well(feed, clock))


def _well(feed: Feed, clock: Clock) -> Feed:
    """Return the feed without the trouble it may have been in, due when it is next looked for."""
    now = clock()
    return replace(feed, fetched_at=now, succeeded_at=now, next_at=None, failures=0, trouble="", error="")


def _skipped(source: str, parsed: ParsedFeed) -> tuple[Problem, ...]:
    return tuple(Problem(source, 0, "", sentence) for sentence in parsed.skipped)


def _load_folder(folder: Path, clock: Clock) -> Loaded:
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name.lower().endswith(SUFFIXES))
    if not files:
        raise InvalidInputError(
            "source", f"{str(folder)!r} holds no file of a known kind", f"give {', '.join(SUFFIXES)}"
        )
    return _together([_load_file(path, clock) for path in files])


def _together(parts: Sequence[Loaded]) -> Loaded:
    return Loaded(
        tuple(item for part in parts for item in part.items),
        tuple(problem for part in parts for problem in part.problems),
    )


def _load_file(path: Path, clock: Clock) -> Loaded:
    try:
        if path.name.lower().endswith(_LINE_SUFFIXES):
            return _from_lines(read_items(path, clock=clock))
        return _from_content(path, path.read_bytes(), clock)
    except OSError as error:
        return Loaded((), (Problem(str(path), 0, "", f"cannot be read: {error.strerror or error}"),))
    except RereadError as error:
        return Loaded((), (_problem(str(path), error),))


def _from_lines(found: Iterable[AnyItem | BadLine]) -> Loaded:
    items: list[AnyItem] = []
    problems: list[Problem] = []
    for one in found:
        if isinstance(one, BadLine):
            problems.append(Problem(one.file, one.line, one.field, one.detail))
        else:
            items.append(one)
    return Loaded(tuple(items), tuple(problems))


def _from_content(path: Path, content: bytes, clock: Clock) -> Loaded:
    # The whole path, since it goes into ids, and many folders hold an index.html.
    url = path.resolve().as_uri()
    if path.name.lower().endswith(_PAGE_SUFFIXES):
        return Loaded((parse_page(content, url, clock=clock),), ())
    parsed = parse_feed(content, url, clock=clock)
    return Loaded(parsed.items, _skipped(str(path), parsed))
