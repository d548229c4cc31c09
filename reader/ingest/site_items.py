"""Items of a publisher's site: pages, and entries of its feeds, under ids that follow from their addresses alone.

So a page finds its item without asking by anything else, and one article is one item, whether it came by feed, by
sitemap, or because somebody opened it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit

from reader.clock import Clock, system_clock
from reader.errors import InvalidInputError
from reader.ingest.entries import Entry, entry_item
from reader.ingest.fields import urljoin_or_empty
from reader.ingest.html import Body
from reader.ingest.json_ld import Declared, declared_article
from reader.ingest.pages import MIN_TEXT, parse_page
from reader.ingest.sniffing import decode
from reader.origins import origin_of
from reader.records import parse_time
from reader.types import AnyItem, Article

# Where somebody came from, not where they are.
_TRACKING: Final = re.compile(r"utm_\w+|fbclid|gclid|dclid|msclkid|mc_[ce]id|igshid|_ga|_gl", re.IGNORECASE)
_CANONICAL: Final = re.compile(
    r"<link\b(?=[^>]{0,500}?\brel=[\"']?canonical\b)[^>]{0,500}?\bhref=[\"']?([^\"'\s>]{1,2000})", re.IGNORECASE
)
_DIGEST_LENGTH: Final = 24
# A text of a feed that is shorter is taken for a summary, and its page is fetched; characters, ours.
SUMMARY_LENGTH: Final = 600


def page_address(url: str) -> str:
    """Return the address of a page without fragment and tracking, "" if it is none of the web.

    >>> page_address("https://News.example/salt?id=5&utm_source=x#end"), page_address("https://news.example")
    ('https://news.example/salt?id=5', 'https://news.example/')
    """
    origin = origin_of(url)
    if not origin:
        return ""
    parts = urlsplit(url)
    kept = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if not _TRACKING.fullmatch(pair[0])]
    return f"{origin}{parts.path or '/'}" + (f"?{urlencode(kept)}" if kept else "")


def page_id(address: str) -> str:
    """Return the id of the item at an address (`page_address`)."""
    return f"page-{hashlib.sha256(address.encode('utf-8', 'surrogatepass')).hexdigest()[:_DIGEST_LENGTH]}"


def on_site(item: AnyItem, origins: Collection[str]) -> AnyItem | None:
    """Return the item under the id of its address, None if that is not on the site."""
    address = page_address(item.url)
    return replace(item, id=page_id(address), url=address) if origin_of(address) in origins else None


def is_summary(item: AnyItem) -> bool:
    """Tell whether so little of a text is known that its page is likely to hold more."""
    return isinstance(item, Article) and sum(map(len, item.paragraphs)) < SUMMARY_LENGTH


def parse_site_page(
    content: bytes, url: str, origins: Collection[str], *, content_type: str = "", clock: Clock = system_clock
) -> Article:
    """Return the article of a page of the site, under the address that the page gives itself if that is on the site.

    What the page declares in JSON-LD counts before what is found in it; its text there is taken where none is found.
    Raises InvalidInputError if there is nothing to read, or the address is of another site.
    """
    html = decode(content, content_type)
    declared = declared_article(html) or Declared()
    address = _own_address(html, url, origins)
    if origin_of(address) not in origins:
        raise InvalidInputError("page", f"{url} is not on the site", "give one of its own pages")
    try:
        found = parse_page(content, url, content_type=content_type, clock=clock)
    except InvalidInputError:
        if sum(map(len, declared.paragraphs)) < MIN_TEXT:
            raise
        found = _from_declared(declared, url, clock)
    return replace(_overlaid(found, declared, url, clock), id=page_id(address), url=address)


def _own_address(html: str, url: str, origins: Collection[str]) -> str:
    link = _CANONICAL.search(html)
    canonical = page_address(urljoin_or_empty(url, link[1].replace("&amp;", "&"))) if link else ""
    return canonical if origin_of(canonical) in origins else page_address(url)


def _overlaid(found: Article, declared: Declared, url: str, clock: Clock) -> Article:
    """Return the article with what the page declares of it."""
    said = _from_declared(replace(declared, title=declared.title or found.title), url, clock)
    given = {name: getattr(said, name) for name in ("title", "author", "published_at", "source", "topics")}
    kept = {name: value for name, value in given.items() if value and getattr(declared, name)}
    if len(said.paragraphs) > len(found.paragraphs) and _unspaced(said) == _unspaced(found):
        kept |= {"paragraphs": said.paragraphs, "markup": ()}
    return replace(found, **kept)


def _unspaced(article: Article) -> str:
    return "".join("".join(article.paragraphs).split())


def _from_declared(declared: Declared, url: str, clock: Clock) -> Article:
    entry = Entry(
        guid=url,
        url=url,
        title=declared.title,
        body=Body(declared.paragraphs),
        author=declared.author,
        topics=declared.topics,
        published_at=_time(declared.published_at),
        language=declared.language,
        source=declared.source or (urlsplit(url).hostname or ""),
    )
    item = entry_item(entry, url, prefix="page", clock=clock)
    assert isinstance(item, Article)  # an entry without a clip is one
    return item


def _time(text: str) -> datetime | None:
    for written in (text, f"{text}T00:00:00Z"):
        try:
            return parse_time(written)
        except (ValueError, OverflowError):
            continue
    return None
