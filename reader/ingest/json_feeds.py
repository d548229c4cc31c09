"""JSON Feed 1.0 and 1.1 (jsonfeed.org) -> entries."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from nlp.paragraphs import split_paragraphs
from reader.ingest.durations import duration_or_loss
from reader.ingest.entries import Clip, Entry, Loss
from reader.ingest.fields import get_map, get_maps, get_text, urljoin_or_empty
from reader.ingest.html import Body, body_of
from reader.ingest.items import is_web_url, show
from reader.ingest.players import creator_of_address, is_peertube_page
from reader.records import parse_time


def json_entry(found: Mapping[str, Any], feed: Mapping[str, Any], url: str) -> Entry:
    """Return one member of `items`. feed: the whole document; url: of the feed, base of relative links."""
    link = urljoin_or_empty(url, get_text(found, "url") or get_text(found, "external_url"))
    clip = _clip(found, feed, url)
    return Entry(
        guid=_id(found),
        url=link,
        title=get_text(found, "title"),
        body=_body(found),
        author=_author(found) or _author(feed),
        topics=tuple(tag for tag in _tags(found) if isinstance(tag, str)),
        published_at=_time(get_text(found, "date_published") or get_text(found, "date_modified")),
        language=get_text(found, "language") or get_text(feed, "language"),
        source=get_text(feed, "title"),
        clip=clip,
        audio_url=_audio(found, url),
        losses=clip.losses if clip else _lost_video(found),
    )


def _id(found: Mapping[str, Any]) -> str:
    # Version 1.0 asks to take numbers as well.
    value = found.get("id")
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else get_text(found, "id")


def _tags(found: Mapping[str, Any]) -> list[Any]:
    value = found.get("tags")
    return value if isinstance(value, list) else []


def _body(found: Mapping[str, Any]) -> Body:
    if html := get_text(found, "content_html"):
        return body_of(html)
    return Body(tuple(split_paragraphs(get_text(found, "content_text") or get_text(found, "summary"))))


def _author(values: Mapping[str, Any]) -> str:
    names = (get_text(author, "name") for author in _authors(values))
    return ", ".join(dict.fromkeys(name for name in names if name))


def _authors(values: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    # 1.1 has `authors`; 1.0 had `author`.
    one = get_map(values, "author")
    return [*get_maps(values, "authors"), *([one] if one else [])]


def _time(value: str) -> datetime | None:
    try:
        return parse_time(value.upper())
    except (ValueError, OverflowError):
        return None


def _clip(found: Mapping[str, Any], feed: Mapping[str, Any], url: str) -> Clip | None:
    files = [one for one in get_maps(found, "attachments") if get_text(one, "mime_type").lower().startswith("video/")]
    good = [file for file in files if is_web_url(urljoin_or_empty(url, get_text(file, "url")))]
    if not good:
        return None
    duration_s, losses = _duration(good[0])
    poster = urljoin_or_empty(url, get_text(found, "image"))
    return Clip(
        media_url=urljoin_or_empty(url, get_text(good[0], "url")),
        poster_url=poster if is_web_url(poster) else "",
        duration_s=duration_s,
        creator_id=_creator_id(found, feed),
        losses=losses,
    )


def _audio(found: Mapping[str, Any], url: str) -> str:
    files = (one for one in get_maps(found, "attachments") if get_text(one, "mime_type").lower().startswith("audio/"))
    addresses = (urljoin_or_empty(url, get_text(file, "url")) for file in files)
    return next((address for address in addresses if is_web_url(address)), "")


def _lost_video(found: Mapping[str, Any]) -> tuple[Loss, ...]:
    files = (one for one in get_maps(found, "attachments") if get_text(one, "mime_type").lower().startswith("video/"))
    return tuple(Loss("media_url", f"{show(get_text(file, 'url'))} is no http(s) address") for file in files)[:1]


def _duration(attachment: Mapping[str, Any]) -> tuple[float | None, tuple[Loss, ...]]:
    value = attachment.get("duration_in_seconds")
    return duration_or_loss([] if value is None else [value if isinstance(value, str) else json.dumps(value)])


def _creator_id(found: Mapping[str, Any], feed: Mapping[str, Any]) -> str:
    author = next((one for values in (found, feed) for one in _authors(values)), {})
    return creator_of_address(get_text(author, "url"), is_peertube=is_peertube_page(get_text(found, "url")))
