"""JSON Feed 1.0 and 1.1 (jsonfeed.org) -> entries."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from nlp.paragraphs import split_paragraphs
from reader.ingest.entries import Clip, Entry
from reader.ingest.html import blocks
from reader.ingest.items import is_web_url
from reader.ingest.xml_feeds import urljoin_or_empty
from reader.records import parse_time


def json_entry(found: Mapping[str, Any], feed: Mapping[str, Any], url: str) -> Entry:
    """Return one member of `items`. feed: the whole document; url: of the feed, base of relative links."""
    link = urljoin_or_empty(url, text(found, "url") or text(found, "external_url"))
    return Entry(
        guid=_id(found),
        url=link,
        title=text(found, "title"),
        paragraphs=_paragraphs(found),
        author=_author(found) or _author(feed),
        topics=tuple(tag for tag in _list(found, "tags") if isinstance(tag, str)),
        published_at=_time(text(found, "date_published") or text(found, "date_modified")),
        language=text(found, "language") or text(feed, "language"),
        source=text(feed, "title"),
        clip=_clip(found),
    )


def text(values: Mapping[str, Any], name: str) -> str:
    """Return a field if it is a text, else ""."""
    value = values.get(name)
    return value.strip() if isinstance(value, str) else ""


def _id(found: Mapping[str, Any]) -> str:
    # Version 1.0 asks to take numbers as well.
    value = found.get("id")
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else text(found, "id")


def _list(values: Mapping[str, Any], name: str) -> list[Any]:
    value = values.get(name)
    return value if isinstance(value, list) else []


def _paragraphs(found: Mapping[str, Any]) -> tuple[str, ...]:
    if html := text(found, "content_html"):
        return tuple(blocks(html))
    return tuple(split_paragraphs(text(found, "content_text") or text(found, "summary")))


def _author(values: Mapping[str, Any]) -> str:
    # 1.1 has `authors`; 1.0 had `author`.
    authors = [*_list(values, "authors"), values.get("author")]
    names = (text(author, "name") for author in authors if isinstance(author, Mapping))
    return ", ".join(dict.fromkeys(name for name in names if name))


def _time(value: str) -> datetime | None:
    try:
        return parse_time(value.upper())
    except (ValueError, OverflowError):
        return None


def _clip(found: Mapping[str, Any]) -> Clip | None:
    for one in _list(found, "attachments"):
        if (
            isinstance(one, Mapping)
            and text(one, "mime_type").lower().startswith("video/")
            and is_web_url(text(one, "url"))
        ):
            return Clip(media_url=text(one, "url"), poster_url=text(found, "image"), duration_s=_duration(one))
    return None


def _duration(attachment: Mapping[str, Any]) -> float | None:
    value = attachment.get("duration_in_seconds")
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
