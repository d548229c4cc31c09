"""Entries, items and feeds as the JSON of this API. Pure but for addresses of our own pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any
from urllib.parse import urlsplit

from flask import url_for

from reader.ingest.markup import looks_of
from reader.ingest.subscriptions import Followed
from reader.types import AnyItem, Article, Video
from webapp.greader import names
from webapp.greader.entries import Entry
from webapp.makers import author_of

Json = dict[str, Any]


def reference(entry: Entry) -> Json:
    """Return an entry as items/ids lists it."""
    return {
        "id": str(entry.number),
        "directStreamIds": [f"{names.FEED}{feed}" for feed in entry.feeds],
        "timestampUsec": str(entry.usec),
    }


def content(entry: Entry, item: AnyItem, followed: Mapping[str, Followed]) -> Json:
    """Return an entry with its text."""
    link = address_of(item)
    return {
        "id": names.long_id(entry.number),
        "crawlTimeMsec": str(entry.usec // 1000),
        "timestampUsec": str(entry.usec),
        "published": entry.usec // 1_000_000,
        "updated": entry.usec // 1_000_000,
        "title": item.title,
        "author": author_of(item),
        "canonical": [{"href": link}],
        "alternate": [{"href": link, "type": "text/html"}],
        "categories": _categories(entry),
        "origin": _origin(entry, item, followed),
        "summary": {"direction": "ltr", "content": html_of(item)},
    }


def address_of(item: AnyItem) -> str:
    """Return where an item can be read: its own address, else its page here."""
    return item.url or url_for("pages.article", item_id=item.id, _external=True)


def html_of(item: AnyItem) -> str:
    """Return the text of an item as HTML made here: paragraphs, and the medium of a clip."""
    text = "".join(look or f"<p>{escape(paragraph)}</p>" for paragraph, look in looks_of(item))
    if isinstance(item, Article) and item.audio_url.startswith(("http://", "https://")):
        text += f'<p><audio controls src="{escape(item.audio_url)}"></audio></p>'
    if isinstance(item, Video) and item.media_url.startswith(("http://", "https://")):
        text += f'<p><video controls src="{escape(item.media_url)}"></video></p>'
    return text


def _categories(entry: Entry) -> list[str]:
    states = ((bool(entry.feeds), names.READING_LIST), (entry.is_read, names.READ), (entry.is_starred, names.STARRED))
    return [name for holds, name in states if holds] + [f"{names.LABEL}{label}" for label in sorted(entry.labels)]


def _origin(entry: Entry, item: AnyItem, followed: Mapping[str, Followed]) -> Json:
    one = followed.get(entry.feeds[0]) if entry.feeds else None
    if one is not None:
        return {"streamId": f"{names.FEED}{one.feed.url}", "title": one.name, "htmlUrl": one.feed.site_url}
    parts = urlsplit(item.url)
    site = f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""
    return {"streamId": f"{names.FEED}{site}", "title": item.source, "htmlUrl": site}


def subscription(one: Followed) -> Json:
    """Return a feed that the reader follows."""
    added_at = one.subscription.added_at
    return {
        "id": f"{names.FEED}{one.feed.url}",
        "title": one.name,
        "categories": [_folder(names.label_of(folder)) for folder in one.folders],
        "url": one.feed.url,
        "htmlUrl": one.feed.site_url,
        "iconUrl": "",
        "firstitemmsec": str(round(added_at.timestamp() * 1000)) if added_at else "0",
    }


def _folder(label: str) -> Json:
    return {"id": f"{names.LABEL}{label}", "label": label, "type": "folder"}


def tags(labels: Iterable[str]) -> list[Json]:
    """Return the star, and the reader's folders."""
    return [{"id": names.STARRED}, *({"id": f"{names.LABEL}{label}", "type": "folder"} for label in labels)]


def unread_counts(entries: Iterable[Entry]) -> list[Json]:
    """Return for each feed, folder and for all together how many are unread, and when the newest of them came."""
    counts: dict[str, tuple[int, int]] = {}
    for entry in entries:
        if entry.is_read or not entry.feeds:
            continue
        streams = [f"{names.FEED}{feed}" for feed in entry.feeds] + [f"{names.LABEL}{one}" for one in entry.labels]
        for stream in (names.READING_LIST, *streams):
            count, newest = counts.get(stream, (0, 0))
            counts[stream] = (count + 1, max(newest, entry.usec))
    return [
        {"id": stream, "count": count, "newestItemTimestampUsec": str(newest)}
        for stream, (count, newest) in sorted(counts.items())
    ]
