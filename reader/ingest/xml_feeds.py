"""RSS, Atom and RDF -> entries, through feedparser. Enclosures and Media RSS become clips."""

from __future__ import annotations

import calendar
import io
import re
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import urljoin

import feedparser  # type: ignore[import-untyped]  # has no types

from reader.errors import InvalidInputError
from reader.ingest.entries import Clip, Entry, text_blocks
from reader.ingest.html import blocks, plain
from reader.ingest.items import is_web_url

_NUMBERED: Final = re.compile(rb"&#(?:[xX]([0-9a-fA-F]+)|([0-9]+));?")
_MAX_DIGITS: Final = 12  # more than any character needs, leading zeros included
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_CLOCK_TIME: Final = re.compile(r"(?:(\d{1,3}):)?(\d{1,3}):(\d{1,2}(?:\.\d+)?)", re.ASCII)
_ADDRESS_AND_NAME: Final = re.compile(r"[^\s@]{1,100}@[^\s@]{1,200}\s{1,9}\((.{1,200})\)")
_SECONDS: Final = re.compile(r"\d{1,9}(?:\.\d+)?", re.ASCII)


def parse_xml(content: bytes, url: str, content_type: str) -> Mapping[str, Any]:
    """Return what feedparser finds; it loads nothing, and drops declarations of entities.

    It cleans no HTML and follows no relative links within it: `reader.ingest.html` does the one and has no use for the
    other. Raises InvalidInputError where feedparser breaks.
    """
    headers = {"content-location": url} | ({"content-type": content_type} if content_type else {})
    # In a stream, since feedparser would take bytes that happen to name a file or a URL for that.
    stream = io.BytesIO(_NUMBERED.sub(_sound, content))
    try:
        result: Mapping[str, Any] = feedparser.parse(
            stream, response_headers=headers, sanitize_html=False, resolve_relative_uris=False
        )
    except (ValueError, OverflowError, RecursionError, AssertionError) as error:
        raise InvalidInputError("feed", f"{url} is too damaged to be read ({error})", "get the feed anew") from error
    return result


def _sound(reference: re.Match[bytes]) -> bytes:
    """Return a reference to a character, U+FFFD where it names none: feedparser breaks off at the whole feed there."""
    digits = reference[1] or reference[2]
    code = int(digits, 16 if reference[1] else 10) if len(digits) < _MAX_DIGITS else 0
    is_character = 0 < code <= sys.maxunicode and not 0xD800 <= code <= 0xDFFF
    return reference[0] if is_character else b"&#xFFFD;"


def xml_entry(found: Mapping[str, Any], feed: Mapping[str, Any], url: str) -> Entry:
    """Return one entry of feedparser's. feed: what it says of the whole; url: of the feed, base of relative links."""
    link = urljoin_or_empty(url, _text(found, "link"))
    return Entry(
        guid=_text(found, "id"),
        url=link,
        title=plain(_text(found, "title")),
        paragraphs=_paragraphs(found),
        author=_author(found) or _author(feed),
        topics=tuple(_text(tag, "term") or _text(tag, "label") for tag in _maps(found, "tags")),
        published_at=_published(found),
        language=_language(found) or _text(feed, "language"),
        source=plain(_text(_map(found, "source"), "title") or _text(feed, "title")),
        clip=_clip(found, link),
    )


def urljoin_or_empty(base: str, link: str) -> str:
    """Return the whole address of a link; "" if it is none."""
    try:
        return urljoin(base, link.strip()) if link.strip() else ""
    except ValueError:
        return ""


def seconds(text: str) -> float | None:
    """Read a duration: seconds, or a clock time.

    >>> seconds("62.5"), seconds("1:02"), seconds("1:00:02"), seconds("long")
    (62.5, 62.0, 3602.0, None)
    """
    text = text.strip()
    if _SECONDS.fullmatch(text):
        return float(text)
    match = _CLOCK_TIME.fullmatch(text)
    return int(match[1] or 0) * 3600 + int(match[2]) * 60 + float(match[3]) if match else None


def _get(values: Mapping[str, Any], name: str) -> Any:
    # Past feedparser's own look-up, which puts one field in place of another, and warns that it does.
    return dict.get(values, name) if isinstance(values, dict) else None


def _text(values: Mapping[str, Any], name: str) -> str:
    value = _get(values, name)
    return value.strip() if isinstance(value, str) else ""


def _map(values: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = _get(values, name)
    return value if isinstance(value, Mapping) else {}


def _maps(values: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    value = _get(values, name)
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []


def _paragraphs(found: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the longest of the texts: feeds put the whole into one element and a teaser into another."""
    texts = [*_maps(found, "content"), _map(found, "summary_detail")]
    return max(map(_blocks, texts), key=lambda parts: sum(map(len, parts)))


def _blocks(text: Mapping[str, Any]) -> tuple[str, ...]:
    value = _text(text, "value")
    return tuple(blocks(value)) if _text(text, "type") == "application/xhtml+xml" else text_blocks(value)


def _author(values: Mapping[str, Any]) -> str:
    raw = _text(values, "author")
    # RSS wants "address (name)"; feedparser knows no top-level domain of more than four letters in it.
    if match := _ADDRESS_AND_NAME.fullmatch(raw):
        return plain(match[1])
    names = [_text(author, "name") for author in _maps(values, "authors")]
    return plain(", ".join(dict.fromkeys(name for name in names if name)) or raw)


def _language(found: Mapping[str, Any]) -> str:
    details = [*_maps(found, "content"), _map(found, "summary_detail"), _map(found, "title_detail")]
    return next((tag for tag in (_text(detail, "language") for detail in details) if tag), "")


def _published(found: Mapping[str, Any]) -> datetime | None:
    parsed = _get(found, "published_parsed") or _get(found, "updated_parsed") or _get(found, "created_parsed")
    try:
        return _EPOCH + timedelta(seconds=calendar.timegm(parsed)) if parsed else None
    except (ValueError, OverflowError):
        return None


def _clip(found: Mapping[str, Any], link: str) -> Clip | None:
    video = next(_videos(found), None)
    is_youtube = bool(_text(found, "yt_videoid"))
    if video is None and not (is_youtube and is_web_url(link)):
        return None
    poster = next((_text(picture, "url") for picture in _maps(found, "media_thumbnail")), "")
    duration = _text(video or {}, "duration") or _text(found, "itunes_duration")
    media_url = "" if video is None else _address(video)
    return Clip(media_url=media_url, poster_url=poster, duration_s=seconds(duration))


def _videos(found: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield what plays in a browser, Media RSS first, since it knows durations."""
    enclosures = (link for link in _maps(found, "links") if _text(link, "rel") == "enclosure")
    for medium in (*_maps(found, "media_content"), *enclosures):
        is_video = _text(medium, "type").lower().startswith("video/")
        if (is_video or (_text(medium, "medium") == "video" and not _text(medium, "type"))) and _address(medium):
            yield medium


def _address(medium: Mapping[str, Any]) -> str:
    return next((url for url in (_text(medium, "url"), _text(medium, "href")) if is_web_url(url)), "")
