"""Feeds, subscriptions and folders as rows of the SQLite tables, and back."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from reader.records import format_time, parse_time
from reader.types_feeds import Feed, Folder, Place, Subscription

Row = tuple[Any, ...]

FEED_COLUMNS = (
    "url",
    "title",
    "etag",
    "last_modified",
    "fetched_at",
    "error",
    "site_url",
    "origin",
    "succeeded_at",
    "next_at",
    "failures",
    "trouble",
    "interval_s",
    "shared",
)
SUBSCRIPTION_COLUMNS = ("user", "feed", "title", "places", "full_text", "added_at", "ended_at", "attributes")
FOLDER_COLUMNS = ("user", "path", "position", "attributes")


def feed_row(feed: Feed) -> Row:
    """Return the values of FEED_COLUMNS."""
    return tuple(_plain(getattr(feed, name)) for name in FEED_COLUMNS)


def feed_from_row(row: Sequence[Any]) -> Feed:
    """Build the feed from the values of FEED_COLUMNS."""
    values = dict(zip(FEED_COLUMNS, row, strict=True))
    times = {name: _time(values[name]) for name in ("fetched_at", "succeeded_at", "next_at")}
    return Feed(**{**values, **times, "shared": bool(values["shared"])})


def subscription_row(one: Subscription) -> Row:
    """Return the values of SUBSCRIPTION_COLUMNS."""
    places = json.dumps([[list(place.folder), place.position] for place in one.places], ensure_ascii=False)
    times = (_plain(one.added_at), _plain(one.ended_at))
    return (one.user, one.feed, one.title, places, int(one.full_text), *times, _attributes(one.attributes))


def subscription_from_row(row: Sequence[Any]) -> Subscription:
    """Build the subscription from the values of SUBSCRIPTION_COLUMNS."""
    user, feed, title, places, full_text, added_at, ended_at, attributes = row
    where = tuple(Place(tuple(folder), position) for folder, position in json.loads(places))
    times = (_time(added_at), _time(ended_at))
    return Subscription(user, feed, title, where, bool(full_text), *times, json.loads(attributes))


def folder_row(user: str, folder: Folder) -> Row:
    """Return the values of FOLDER_COLUMNS."""
    path = json.dumps(folder.path, ensure_ascii=False)
    return (user, path, folder.position, _attributes(folder.attributes))


def folder_from_row(row: Sequence[Any]) -> Folder:
    """Build the folder from the values of FOLDER_COLUMNS."""
    _, path, position, attributes = row
    return Folder(tuple(json.loads(path)), position, json.loads(attributes))


def _attributes(values: Any) -> str:
    return json.dumps(dict(values), ensure_ascii=False)


def _plain(value: Any) -> Any:
    if isinstance(value, bool):
        return int(value)
    return format_time(value) if isinstance(value, datetime) else value


def _time(text: str | None) -> datetime | None:
    return None if text is None else parse_time(text)
