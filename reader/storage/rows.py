"""Values as rows of the SQLite tables, and back.

What belongs here: which field is a column and what goes into `body`. What does not: SQL, and the records themselves
(`reader.records`).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from reader.records import (
    Record,
    event_from_record,
    event_record,
    format_time,
    item_from_record,
    item_record,
    list_from_record,
    list_record,
    parse_time,
)
from reader.types import AnyItem, Consent, Event, Feed, RecommendationList, Token, Video

Row = tuple[Any, ...]

ITEM_COLUMNS = ("id", "kind", "title", "url", "published_at", "language", "source", "body")
# What clips are asked for by, apart from the record: ids of creator and sound.
ENTITY_COLUMNS = ("creator_key", "sound_key")
EVENT_COLUMNS = ("id", "user", "at", "type", "item", "view", "body")
LIST_COLUMNS = ("id", "user", "at", "body")
CONSENT_COLUMNS = ("user", "purpose", "granted", "at", "text_version")
TOKEN_COLUMNS = ("digest", "user", "scopes", "created_at", "name")
FEED_COLUMNS = ("url", "title", "etag", "last_modified", "fetched_at", "error")


def item_row(item: AnyItem) -> Row:
    """Return the values of ITEM_COLUMNS; equal items give equal rows."""
    return _row(item_record(item), ITEM_COLUMNS)


def entity_keys(item: AnyItem) -> Row:
    """Return the values of ENTITY_COLUMNS."""
    return (item.entity("creator") or None, item.entity("sound") or None) if isinstance(item, Video) else (None, None)


def item_from_row(row: Sequence[Any]) -> AnyItem:
    """Build the item from the values of ITEM_COLUMNS."""
    return item_from_record(_record(row, ITEM_COLUMNS))


def event_row(event: Event) -> Row:
    """Return the values of EVENT_COLUMNS."""
    return _row(event_record(event), EVENT_COLUMNS)


def event_from_row(row: Sequence[Any]) -> Event:
    """Build the event from the values of EVENT_COLUMNS."""
    return event_from_record(_record(row, EVENT_COLUMNS))


def list_row(made: RecommendationList) -> Row:
    """Return the values of LIST_COLUMNS."""
    return _row(list_record(made), LIST_COLUMNS)


def list_from_row(row: Sequence[Any]) -> RecommendationList:
    """Build the list from the values of LIST_COLUMNS."""
    return list_from_record(_record(row, LIST_COLUMNS))


def consent_row(consent: Consent) -> Row:
    """Return the values of CONSENT_COLUMNS."""
    return (consent.user, consent.purpose, consent.granted, format_time(consent.at), consent.text_version)


def consent_from_row(row: Sequence[Any]) -> Consent:
    """Build the answer from the values of CONSENT_COLUMNS."""
    user, purpose, granted, at, text_version = row
    return Consent(user, purpose, bool(granted), parse_time(at), text_version)


def token_row(token: Token) -> Row:
    """Return the values of TOKEN_COLUMNS."""
    return (token.digest, token.user, _dumps(token.scopes), format_time(token.created_at), token.name)


def token_from_row(row: Sequence[Any]) -> Token:
    """Build the token from the values of TOKEN_COLUMNS."""
    digest, user, scopes, created_at, name = row
    return Token(digest, user, tuple(json.loads(scopes)), parse_time(created_at), name)


def feed_row(feed: Feed) -> Row:
    """Return the values of FEED_COLUMNS."""
    fetched_at = None if feed.fetched_at is None else format_time(feed.fetched_at)
    return (feed.url, feed.title, feed.etag, feed.last_modified, fetched_at, feed.error)


def feed_from_row(row: Sequence[Any]) -> Feed:
    """Build the feed from the values of FEED_COLUMNS."""
    url, title, etag, last_modified, fetched_at, error = row
    return Feed(url, title, etag, last_modified, _parse_optional(fetched_at), error)


def _parse_optional(text: str | None) -> datetime | None:
    return None if text is None else parse_time(text)


def _row(record: Record, columns: tuple[str, ...]) -> Row:
    """Take the columns out of the record (NULL: not given); what is left becomes the body, which stands last."""
    values = [record.pop(name, None) for name in columns[:-1]]
    return (*values, _dumps(record))


def _record(row: Sequence[Any], columns: tuple[str, ...]) -> Record:
    *values, body = row
    given = {name: value for name, value in zip(columns[:-1], values, strict=True) if value is not None}
    return {**given, **json.loads(body)}


def _dumps(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
