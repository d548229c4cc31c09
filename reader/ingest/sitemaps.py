"""Sitemaps (sitemaps.org, and Google's news sitemaps) -> addresses of pages, newest first."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from reader.errors import InvalidInputError
from reader.ingest.fields import urljoin_or_empty

# The protocol's own limit for one file, uncompressed, in bytes; and of addresses in it.
MAX_BYTES: Final = 52_428_800
MAX_ENTRIES: Final = 50_000
_GZIP: Final = b"\x1f\x8b"
_BEGINNING: Final = 2_000


@dataclass(frozen=True, slots=True)
class Listed:
    """One address of a sitemap. at: when the page was published or last changed, None if it does not say."""

    url: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Sitemap:
    """Pages and further sitemaps, each newest first; those without a date last, as they stand."""

    pages: tuple[Listed, ...]
    sitemaps: tuple[Listed, ...]


def is_sitemap(content: bytes) -> bool:
    """Tell whether the content begins like a sitemap, plain or gzipped."""
    beginning = _unzipped(content, _BEGINNING)[:_BEGINNING]
    return b"<urlset" in beginning or b"<sitemapindex" in beginning


def parse_sitemap(content: bytes, url: str) -> Sitemap:
    """Return what a sitemap lists; what cannot be read in it is left out. InvalidInputError if it is none."""
    if not is_sitemap(content):
        raise InvalidInputError("sitemap", f"{url} is no sitemap", "give the address of an XML sitemap")
    root = _root(_unzipped(content, MAX_BYTES))
    if root is None:
        raise InvalidInputError("sitemap", f"{url} is too damaged to be read", "get the sitemap anew")
    return Sitemap(_listed(root, "url", url), _listed(root, "sitemap", url))


def _unzipped(content: bytes, length: int) -> bytes:
    """Return the first `length` bytes of what may be gzipped."""
    if not content.startswith(_GZIP):
        return content[:length]
    try:
        return zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(content, length)
    except zlib.error:
        return b""


def _root(content: bytes) -> Any:
    from lxml import etree  # type: ignore[import-untyped]  # has no types; comes with trafilatura

    # Entities stay unexpanded and nothing is loaded.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True, huge_tree=False)
    try:
        return etree.fromstring(content, parser)
    except etree.XMLSyntaxError:  # there are things that even recovering gives nothing of
        return None


def _listed(root: Any, name: str, url: str) -> tuple[Listed, ...]:
    found: list[Listed] = []
    for element in root.iterfind(f"{{*}}{name}"):
        if len(found) == MAX_ENTRIES:
            break
        address = urljoin_or_empty(url, _text(element, "loc"))
        if address:
            found.append(Listed(address, _newest(_times(element))))
    return newest_first(found)


def newest_first(listed: Iterable[Listed]) -> tuple[Listed, ...]:
    """Return them newest first, those without a date last; equals stay as they stand."""
    never = datetime.min.replace(tzinfo=UTC)
    return tuple(sorted(listed, key=lambda one: one.at or never, reverse=True))


def _times(element: Any) -> Iterable[datetime | None]:
    yield _time(_text(element, "publication_date"))
    yield _time(_text(element, "lastmod"))


def _newest(times: Iterable[datetime | None]) -> datetime | None:
    return max((at for at in times if at is not None), default=None)


def _text(element: Any, name: str) -> str:
    found = element.find(f".//{{*}}{name}")
    return (found.text or "").strip() if found is not None else ""


def _time(text: str) -> datetime | None:
    """Read a W3C date: with or without time, and where there is no zone, UTC."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    try:
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except OverflowError:
        return None
