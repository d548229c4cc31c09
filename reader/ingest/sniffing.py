"""What bytes of unknown origin are, by their beginning. Names in messages are in plain words, so they serve as both."""

from __future__ import annotations

import codecs
import re
from typing import Final, Literal

Form = Literal[
    "nothing at all",
    "a feed",
    "a JSON feed",
    "JSON",
    "XML that is no feed",
    "a web page (HTML)",
    "plain text",
    "a PDF",
    "binary data",
]

# Enough for comments, licences and style sheets before the first telling tag; in bytes, ours.
_LOOK_AT: Final = 4_096
_FEED_ROOT: Final = re.compile(r"<(?:\w+:)?(?:rss|feed|rdf|channel)[\s>/]", re.IGNORECASE)
_HTML: Final = re.compile(
    r"<!doctype\s+html|<(?:html|head|body|title|meta|script|div|p|h1|article|main)[\s>/]", re.IGNORECASE
)
_ROOT: Final = re.compile(r"<([a-zA-Z][\w:.-]*)")
_JSON_FEED: Final = re.compile(r"jsonfeed\.org\\?/version")
_COMMENT: Final = re.compile(r"<!--.*?(?:-->|$)", re.DOTALL)
_CHARSET: Final = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE | re.ASCII)
_FEED_LINK: Final = re.compile(
    r"<link\b[^>]{0,500}application/(?:rss|atom|feed)\+(?:xml|json)[^>]{0,500}>", re.IGNORECASE
)
_HREF: Final = re.compile(r"""href\s*=\s*["']?([^"'\s>]+)""", re.IGNORECASE)
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def sniff(content: bytes) -> Form:
    """Return what the content is.

    >>> sniff(b"<html><p>Hi"), sniff(b'<?xml version="1.0"?><rss><channel/></rss>'), sniff(b"%PDF-1.7 ...\\x00")
    ('a web page (HTML)', 'a feed', 'a PDF')
    """
    start = decode(content[:_LOOK_AT]).strip("\ufeff \t\r\n")
    if not start:
        return "nothing at all"
    if start.startswith("%PDF-"):
        return "a PDF"
    if "\x00" in start:
        return "binary data"
    if start[0] in "{[":
        return "a JSON feed" if _JSON_FEED.search(start) or _JSON_FEED.search(_end(content)) else "JSON"
    return _markup(_COMMENT.sub(" ", start))


def decode(content: bytes, content_type: str = "") -> str:
    """Return HTML bytes as text; never fails. The order is that of browsers: byte order mark, header, meta, a guess."""
    for bom, encoding in _BOMS:
        if content.startswith(bom):
            return content.decode(encoding, "replace")
    named = _CHARSET.search(content_type) or _CHARSET.search(content[:_LOOK_AT].decode("latin-1"))
    for encoding in ([named[1]] if named else []) + ["utf-8"]:
        try:
            return content.decode(encoding)
        except (LookupError, UnicodeError, ValueError):
            continue
    # Browsers take what is not UTF-8 for windows-1252, and so it mostly is, unless more of it is UTF-8 than not.
    text = content.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    foreign = len(text) - len(text.encode("ascii", "ignore")) - broken
    return text if foreign > broken else content.decode("cp1252", "replace")


def feed_links(html: str) -> list[str]:
    """Return the addresses of feeds that a page names, as written."""
    found = (_HREF.search(link) for link in _FEED_LINK.findall(html))
    return [match[1] for match in found if match]


def _end(content: bytes) -> str:
    return content[-_LOOK_AT:].decode("utf-8", "replace")


def _markup(start: str) -> Form:
    feed, page = _FEED_ROOT.search(start), _HTML.search(start)
    if feed and (not page or feed.start() < page.start()):
        return "a feed"
    root = _ROOT.search(start)
    is_xml = start.startswith("<?xml") and root is not None and root[1].lower() != "html"
    if page and not is_xml:
        return "a web page (HTML)"
    return "XML that is no feed" if start.startswith("<") else "plain text"
