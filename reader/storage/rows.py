"""Values as rows of the SQLite tables, and back.

What belongs here: which field is a column and what goes into `body`. What does not: SQL, and the records themselves
(`reader.records`).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import orjson

from reader.records import (
    Record,
    event_from_record,
    event_record,
    format_time,
    item_from_record,
    item_record,
    list_from_record,
    parse_time,
)
from reader.types import (
    Account,
    AnyItem,
    Audited,
    Consent,
    Event,
    Invitation,
    Login,
    RecommendationList,
    Token,
    Video,
)

Row = tuple[Any, ...]

ITEM_COLUMNS = ("id", "kind", "title", "url", "published_at", "language", "source", "body")
# What clips are asked for by, apart from the record: ids of creator and sound.
ENTITY_COLUMNS = ("creator_key", "sound_key")
EVENT_COLUMNS = ("id", "user", "at", "type", "item", "view", "body")
LIST_COLUMNS = ("id", "user", "at", "body")
CONSENT_COLUMNS = ("user", "purpose", "granted", "at", "text_version", "level", "actor")
TOKEN_COLUMNS = ("digest", "user", "scopes", "created_at", "name")
ACCOUNT_COLUMNS = ("user", "nickname", "key", "password_hash", "role", "created_at", "disabled")
LOGIN_COLUMNS = ("digest", "user", "created_at", "seen_at")
INVITATION_COLUMNS = ("digest", "role", "created_at", "expires_at", "user")
AUDIT_COLUMNS = ("user", "at", "actor", "act")


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
    """Return the values of LIST_COLUMNS.

    The body has all fields, also empty ones: written as they are, which takes a quarter of the time of `list_record`.
    Its numbers are finite, and may be numpy's.
    """
    body = orjson.dumps(made, default=format_time, option=orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_SERIALIZE_NUMPY)
    return (made.id, made.user, format_time(made.at), body.decode())


def list_from_row(row: Sequence[Any]) -> RecommendationList:
    """Build the list from the values of LIST_COLUMNS."""
    return list_from_record(_record(row, LIST_COLUMNS))


def consent_row(consent: Consent) -> Row:
    """Return the values of CONSENT_COLUMNS."""
    answer = (consent.granted, format_time(consent.at), consent.text_version, consent.level, consent.actor)
    return (consent.user, consent.purpose, *answer)


def consent_from_row(row: Sequence[Any]) -> Consent:
    """Build the answer from the values of CONSENT_COLUMNS."""
    user, purpose, granted, at, text_version, level, actor = row
    return Consent(user, purpose, bool(granted), parse_time(at), text_version, level, actor)


def token_row(token: Token) -> Row:
    """Return the values of TOKEN_COLUMNS."""
    return (token.digest, token.user, _dumps(token.scopes), format_time(token.created_at), token.name)


def token_from_row(row: Sequence[Any]) -> Token:
    """Build the token from the values of TOKEN_COLUMNS."""
    digest, user, scopes, created_at, name = row
    return Token(digest, user, tuple(json.loads(scopes)), parse_time(created_at), name)


def account_row(account: Account) -> Row:
    """Return the values of ACCOUNT_COLUMNS."""
    made_at = format_time(account.created_at)
    secret = account.password_hash
    return (account.id, account.nickname, account.key, secret, account.role, made_at, account.disabled)


def account_from_row(row: Sequence[Any]) -> Account:
    """Build the account from the values of ACCOUNT_COLUMNS."""
    user, nickname, _, password_hash, role, created_at, disabled = row
    return Account(user, nickname, password_hash, role, parse_time(created_at), bool(disabled))


def login_row(login: Login) -> Row:
    """Return the values of LOGIN_COLUMNS."""
    return (login.digest, login.user, format_time(login.created_at), format_time(login.seen_at))


def login_from_row(row: Sequence[Any]) -> Login:
    """Build the login from the values of LOGIN_COLUMNS."""
    digest, user, created_at, seen_at = row
    return Login(digest, user, parse_time(created_at), parse_time(seen_at))


def invitation_row(invitation: Invitation) -> Row:
    """Return the values of INVITATION_COLUMNS."""
    times = (format_time(invitation.created_at), format_time(invitation.expires_at))
    return (invitation.digest, invitation.role, *times, invitation.user)


def invitation_from_row(row: Sequence[Any]) -> Invitation:
    """Build the invitation from the values of INVITATION_COLUMNS."""
    digest, role, created_at, expires_at, user = row
    return Invitation(digest, role, parse_time(created_at), parse_time(expires_at), user)


def audit_row(audited: Audited) -> Row:
    """Return the values of AUDIT_COLUMNS."""
    return (audited.user, format_time(audited.at), audited.actor, audited.act)


def audit_from_row(row: Sequence[Any]) -> Audited:
    """Build the entry from the values of AUDIT_COLUMNS."""
    user, at, actor, act = row
    return Audited(user, parse_time(at), actor, act)


def _row(record: Record, columns: tuple[str, ...]) -> Row:
    """Take the columns out of the record (NULL: not given); what is left becomes the body, which stands last."""
    values = [record.pop(name, None) for name in columns[:-1]]
    return (*values, _dumps(record))


def _record(row: Sequence[Any], columns: tuple[str, ...]) -> Record:
    *values, body = row
    given = {name: value for name, value in zip(columns[:-1], values, strict=True) if value is not None}
    return {**json.loads(body), **given}


def _dumps(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
