"""RSS, Atom and RDF -> entries, through feedparser. What of an entry is a video's alone is read in `clips`."""

from __future__ import annotations

import calendar
import io
import re
import sys
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import feedparser  # type: ignore[import-untyped]  # has no types

from reader.errors import InvalidInputError
from reader.ingest.clips import is_youtube, lost_video, xml_audio, xml_clip
from reader.ingest.entries import Entry, text_body
from reader.ingest.fields import get_map, get_maps, get_text, get_value, urljoin_or_empty
from reader.ingest.html import Body, body_of, plain

_NUMBERED: Final = re.compile(rb"&#(?:[xX]([0-9a-fA-F]+)|([0-9]+));?")
_MAX_DIGITS: Final = 12  # more than any character needs, leading zeros included
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_ADDRESS_AND_NAME: Final = re.compile(r"[^\s@]{1,100}@[^\s@]{1,200}\s{1,9}\((.{1,200})\)")


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
    """Return one entry of feedparser's. feed: what it says of the whole; url: of the feed, base of relative links.

    Raises InvalidItemError if it is to be a video and names none.
    """
    link = urljoin_or_empty(url, get_text(found, "link"))
    clip = xml_clip(found, feed, url)
    author = _author(found) or _author(feed)
    return Entry(
        guid=get_text(found, "id"),
        url=link,
        title=plain(get_text(found, "title")),
        body=_body(found),
        author=author or (plain(get_text(feed, "title")) if is_youtube(found, feed) else ""),
        topics=tuple(get_text(tag, "term") or get_text(tag, "label") for tag in get_maps(found, "tags")),
        published_at=_published(found),
        language=_language(found) or get_text(feed, "language"),
        source=plain(get_text(get_map(found, "source"), "title") or get_text(feed, "title")),
        clip=clip,
        audio_url=xml_audio(found, url),
        losses=clip.losses if clip else lost_video(found, url),
    )


def _body(found: Mapping[str, Any]) -> Body:
    """Return the longest of the texts: feeds put the whole into one element and a teaser into another."""
    texts = [*get_maps(found, "content"), get_map(found, "summary_detail")]
    return max(map(_body_of, texts), key=lambda body: body.length)


def _body_of(text: Mapping[str, Any]) -> Body:
    value = get_text(text, "value")
    return body_of(value) if get_text(text, "type") == "application/xhtml+xml" else text_body(value)


def _author(values: Mapping[str, Any]) -> str:
    raw = get_text(values, "author")
    # RSS wants "address (name)"; feedparser knows no top-level domain of more than four letters in it.
    if match := _ADDRESS_AND_NAME.fullmatch(raw):
        return plain(match[1])
    names = [get_text(author, "name") for author in get_maps(values, "authors")]
    return plain(", ".join(dict.fromkeys(name for name in names if name)) or raw)


def _language(found: Mapping[str, Any]) -> str:
    details = [*get_maps(found, "content"), get_map(found, "summary_detail"), get_map(found, "title_detail")]
    return next((tag for tag in (get_text(detail, "language") for detail in details) if tag), "")


def _published(found: Mapping[str, Any]) -> datetime | None:
    parsed = (
        get_value(found, "published_parsed") or get_value(found, "updated_parsed") or get_value(found, "created_parsed")
    )
    try:
        return _EPOCH + timedelta(seconds=calendar.timegm(parsed)) if parsed else None
    except (ValueError, OverflowError):
        return None
