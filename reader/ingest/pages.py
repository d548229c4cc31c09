"""Bytes of a web page -> one article, through trafilatura."""

from __future__ import annotations

import re
from datetime import datetime
from html import unescape
from typing import Any, Final
from urllib.parse import urlsplit

from reader.clock import Clock, system_clock
from reader.errors import InvalidInputError
from reader.ingest.entries import Entry, entry_item
from reader.ingest.fields import urljoin_or_empty
from reader.ingest.html import Body, body_of
from reader.ingest.items import is_web_url
from reader.ingest.sniffing import decode, feed_links, sniff
from reader.records import parse_time
from reader.types import Article

# trafilatura's names for structure, and those of HTML.
_HTML_NAMES: Final = {
    "head": "h2",
    "list": "ul",
    "item": "li",
    "quote": "blockquote",
    "lb": "br",
    "code": "pre",
    "row": "tr",
    "cell": "td",
}
_LANGUAGE: Final = re.compile(r"<html\b[^>]{0,500}?\blang\s*=\s*[\"']?([\w-]+)", re.IGNORECASE)
_PUBLISHED: Final = re.compile(
    r"(?:article:published_time\"?[^>]{0,100}?content=\"|\"datePublished\"\s*:\s*\")([^\"]{10,40})\"", re.IGNORECASE
)
_TITLE: Final = re.compile(r"<title\b[^>]{0,200}>([^<]{1,1000})", re.IGNORECASE)
# Less than this is a menu, a consent dialogue or an error; in characters, ours, untuned.
MIN_TEXT: Final = 100

# trafilatura's time grows faster than the number of tags: 60,000 take it some twenty seconds at worst. The longest
# pages of encyclopedias come near that.
MAX_TAGS: Final = 60_000


def parse_page(content: bytes, url: str, *, content_type: str = "", clock: Clock = system_clock) -> Article:
    """Return the article of a page: title, author, date, language and paragraphs, without what stands around it.

    content_type: the header, which may name the charset. A date without a time counts from midnight UTC.

    Raises InvalidInputError if the content is no page, or there is nothing to read in it.
    """
    form = sniff(content)
    if form != "a web page (HTML)":
        raise InvalidInputError(
            "page", f"{url} is no web page but looks like {form}", "give the address of an HTML page"
        )
    html = decode(content, content_type)
    if html.count("<") > MAX_TAGS:
        raise InvalidInputError(
            "page", f"{url} has more than {MAX_TAGS:,} tags", "give the address of a single article"
        )
    document = _extracted(html, url)
    body = body_of(_as_html(document.body)) if document is not None else Body()
    if body.length < MIN_TEXT:
        raise InvalidInputError("page", f"nothing to read was found at {url}", _remedy(html, url))
    return _article(document, body, html, url, clock)


def _extracted(html: str, url: str) -> Any:
    # Imported here, since it takes half a second, and few commands need it.
    from trafilatura import bare_extraction

    document: Any = bare_extraction(html, url=url, include_comments=False, with_metadata=True)
    if document is not None:
        _drop_title(document.body, _text(document.title))
    return document


def _drop_title(body: Any, title: str) -> None:
    """Take the first heading out if it repeats the title."""
    heading = next(body.iter("head"), None)
    if heading is not None and " ".join("".join(heading.itertext()).split()) == " ".join(title.split()):
        heading.getparent().remove(heading)


def _as_html(body: Any) -> str:
    """Return trafilatura's tree, an lxml element, as HTML."""
    from lxml.etree import tostring  # type: ignore[import-untyped]  # has no types; comes with trafilatura

    for element in body.iter():
        if isinstance(element.tag, str):  # comments have a function there
            element.tag = _HTML_NAMES.get(element.tag, element.tag)
    return str(tostring(body, encoding="unicode", method="html"))


def _article(document: Any, body: Body, html: str, url: str, clock: Clock) -> Article:
    language = _LANGUAGE.search(html)
    entry = Entry(
        guid=url,
        url=url if is_web_url(url) else _text(document.url),
        title=_text(document.title).strip("\0 ") or _head_title(html),
        body=body,
        author=_text(document.author),
        topics=tuple(filter(None, map(_text, document.tags or ()))),
        published_at=_published(html, _text(document.date)),
        language=language[1] if language else "",
        source=_text(document.sitename) or urlsplit(url).hostname or "",
    )
    item = entry_item(entry, url, prefix="page", clock=clock)
    assert isinstance(item, Article)  # an entry without a clip is one
    return item


def _head_title(html: str) -> str:
    found = _TITLE.search(html)
    return unescape(found[1]) if found else ""


def _text(value: Any) -> str:
    """Return the value if it is a text: a page may declare numbers and lists where trafilatura expects words."""
    return value if isinstance(value, str) else ""


def _published(html: str, date: str) -> datetime | None:
    """Return when the page says it was published, to the second if it says so. date: what trafilatura found."""
    exact = _PUBLISHED.search(html)
    for text in ([exact[1]] if exact else []) + [f"{date}T00:00:00Z"]:
        try:
            return parse_time(text)
        except (ValueError, OverflowError):
            continue
    return None


def _remedy(html: str, url: str) -> str:
    links = [urljoin_or_empty(url, link) for link in feed_links(html)]
    return f"give its feed instead: {', '.join(links[:3])}" if links else "give the address of a single article"
