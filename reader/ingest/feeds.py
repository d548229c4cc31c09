"""Bytes of a feed -> its items. Says of what is no feed what it looks like; the dialects are read elsewhere."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final
from urllib.parse import urlsplit

from reader.clock import Clock, system_clock
from reader.errors import InvalidInputError, InvalidItemError
from reader.ingest.entries import Entry, entry_item, language_or_empty, shortened
from reader.ingest.fields import get_text, urljoin_or_empty
from reader.ingest.html import plain
from reader.ingest.items import MAX_NAME, is_web_url, show
from reader.ingest.json_feeds import json_entry
from reader.ingest.sniffing import decode, feed_links, sniff
from reader.ingest.xml_feeds import parse_xml, xml_entry
from reader.types import AnyItem

# Entries taken from one feed, the first in its order; ours. Feeds of the wild carry 10 to 100.
MAX_ENTRIES: Final = 1_000
# feedparser takes some 100 µs a tag, at worst more: ten seconds for so many. The longest feeds in use have a third.
MAX_TAGS: Final = 100_000
_ENTRY: Final = re.compile(rb"<(?:[a-z][a-z0-9]{0,20}:)?(?:item|entry)[\s/>]", re.IGNORECASE)
# How a feed ends, by how it begins.
_ENDS: Final = {b"<rdf:rdf": b"</rdf:RDF>", b"<feed": b"</feed>", b"<rss": b"</channel></rss>"}
# feedparser's reports on feeds that it nevertheless read without loss.
_HARMLESS: Final = ("CharacterEncodingOverride", "NonXMLContentType")


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """What a feed holds. language: ISO 639-1 or ""; skipped: a sentence for each entry that gave no item, for what an
    entry was taken without, and for damage to the whole; site_url: the page that it is the feed of, "" if not told."""

    title: str
    language: str
    items: tuple[AnyItem, ...]
    skipped: tuple[str, ...]
    site_url: str = ""


def parse_feed(
    content: bytes, url: str, *, content_type: str = "", clock: Clock = system_clock, origin: str = ""
) -> ParsedFeed:
    """Return the items of an RSS, Atom, RDF or JSON feed.

    url: of the feed: base of its links; origin: the address it was first known by ("": url), part of the ids of entries
    that have no id for the whole world; content_type: the header, which may name the charset. Entries with a video in
    an enclosure, in Media RSS or an attachment become videos, all others articles. Of a damaged feed all that can be
    read is taken.

    Raises InvalidInputError if the content is no feed.
    """
    form = sniff(content)
    if form in ("a JSON feed", "JSON"):
        return _json_feed(content, url, origin or url, clock)
    if form != "a feed":
        raise InvalidInputError("feed", f"{url} is no feed but looks like {form}", _remedy(form, content, url))
    return _xml_feed(content, url, origin or url, content_type, clock)


def _remedy(form: str, content: bytes, url: str) -> str:
    if form != "a web page (HTML)":
        return "give the address of an RSS, Atom or JSON feed"
    links = [urljoin_or_empty(url, link) for link in feed_links(decode(content))]
    named = f"; the page names {', '.join(links[:3])}" if links else ""
    return f"give the address of its feed{named}"


def _json_feed(content: bytes, url: str, origin: str, clock: Clock) -> ParsedFeed:
    try:
        feed = json.loads(content.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError) as error:
        raise InvalidInputError("feed", f"{url} is broken JSON ({error})", "give a whole JSON feed") from error
    if not isinstance(feed, Mapping) or not isinstance(feed.get("items"), list):
        raise InvalidInputError("feed", f"{url} is JSON but no JSON feed: it has no list of items", "see jsonfeed.org")
    found = [one for one in feed["items"] if isinstance(one, Mapping)]
    notes = [f"{show(one)} is no entry" for one in feed["items"] if not isinstance(one, Mapping)]
    title, language = get_text(feed, "title"), get_text(feed, "language")
    parsed = _parsed(found, partial(json_entry, feed=feed, url=url), origin, title, language, notes, clock)
    return replace(parsed, site_url=_site_url(url, get_text(feed, "home_page_url")))


def _xml_feed(content: bytes, url: str, origin: str, content_type: str, clock: Clock) -> ParsedFeed:
    content, beyond = _first_entries(content)
    if content.count(b"<") > MAX_TAGS:
        raise InvalidInputError("feed", f"{url} has more than {MAX_TAGS:,} tags", "ask its owner for a shorter one")
    result = parse_xml(content, url, content_type)
    feed, found = result["feed"], result["entries"]
    if not (found or result.get("version")):
        raise InvalidInputError(
            "feed", f"{url} is XML that is no feed", "give the address of an RSS, Atom or JSON feed"
        )
    title, language = plain(str(feed.get("title") or "")), str(feed.get("language") or "")
    notes = _damage(result) + ([_beyond(beyond)] if beyond else [])
    parsed = _parsed(found, partial(xml_entry, feed=feed, url=url), origin, title, language, notes, clock)
    return replace(parsed, site_url=_site_url(url, get_text(feed, "link")))


def _first_entries(content: bytes) -> tuple[bytes, int]:
    """Return XML with the first MAX_ENTRIES entries, closed where it was cut, and how many there were beyond them."""
    starts = [match.start() for match in _ENTRY.finditer(content)]
    if len(starts) <= MAX_ENTRIES:
        return content, 0
    root = next((end for start, end in _ENDS.items() if start in content[: starts[0]].lower()), b"</channel></rss>")
    return content[: starts[MAX_ENTRIES]] + root, len(starts) - MAX_ENTRIES


def _beyond(count: int) -> str:
    return f"{count:,} entries beyond the first {MAX_ENTRIES:,}"


def _site_url(url: str, link: str) -> str:
    site = urljoin_or_empty(url, link)
    return site if is_web_url(site) else ""


def _damage(result: Mapping[str, Any]) -> list[str]:
    error = result.get("bozo_exception")
    if not result.get("bozo") or error is None or type(error).__name__ in _HARMLESS:
        return []
    return [f"the feed is damaged ({error}); what could be read was taken"]


def _parsed(
    found: Sequence[Mapping[str, Any]],
    to_entry: Callable[[Mapping[str, Any]], Entry],
    url: str,
    title: str,
    language: str,
    notes: list[str],
    clock: Clock,
) -> ParsedFeed:
    items: dict[str, AnyItem] = {}
    skipped = list(notes)
    for number, one in enumerate(found[:MAX_ENTRIES], start=1):
        try:
            entry = to_entry(one)
            item = entry_item(entry if entry.source else replace(entry, source=_host(url)), url, clock=clock)
        except InvalidItemError as error:
            skipped.append(f"{_named(number, one)}: {error}")
        else:
            # Feeds list the newest first.
            items.setdefault(item.id, item)
            skipped += [f"{_named(number, one)}: {loss}" for loss in entry.losses]
    if len(found) > MAX_ENTRIES:
        skipped.append(_beyond(len(found) - MAX_ENTRIES))
    return ParsedFeed(shortened(title, MAX_NAME), language_or_empty(language), tuple(items.values()), tuple(skipped))


def _named(number: int, found: Mapping[str, Any]) -> str:
    """Return how an entry is called in a message: its place, and its title, address or id."""
    names = (get_text(found, name) for name in ("title", "link", "url", "id"))
    return f"entry {number} ({shortened(plain(next((name for name in names if name), '')), 80)!r})"


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
