"""Data grants in the SQLite file."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from reader.records import format_time, parse_time
from reader.storage.tables import Tables, columns, delete, insert
from reader.types_grants import Grant, GrantEntry, Terms

_TERMS = ("classes", "recipient", "contact", "purpose", "ends_at", "price", "records_from", "records_to")
_COLUMNS = ("id", "user", *_TERMS, "granted_at", "signed", "key_digest", "ended_at")
_LEDGER_COLUMNS = ("grant_id", "user", "at", "act", "actor", "rows", "digest")
_GRANTS = f"SELECT {columns(_COLUMNS)} FROM grants"
_TIMES = ("ends_at", "records_from", "records_to", "granted_at", "ended_at")


class SqliteGrants(Tables):
    """The part `GrantStorage` of the engine."""

    def add_grant(self, grant: Grant, entry: GrantEntry) -> None:
        row, line = _row(grant), _line(entry)
        with self._connections.writing() as db:
            db.execute(insert("grants", _COLUMNS), row)
            db.execute(insert("grant_ledger", _LEDGER_COLUMNS), line)

    def grants(self, user: str) -> list[Grant]:
        return [_grant(row) for row in self._rows(f"{_GRANTS} WHERE user = ? ORDER BY granted_at DESC, id", (user,))]

    def grant(self, grant_id: str, *, user: str) -> Grant | None:
        found = self._rows(f"{_GRANTS} WHERE id = ? AND user = ?", (grant_id, user))
        return _grant(found[0]) if found else None

    def grant_by_key(self, key_digest: str) -> Grant | None:
        found = self._rows(f"{_GRANTS} WHERE key_digest = ?", (key_digest,)) if key_digest else []
        return _grant(found[0]) if found else None

    def end_grant(self, entry: GrantEntry) -> bool:
        sql = "UPDATE grants SET ended_at = ? WHERE id = ? AND user = ? AND ended_at IS NULL RETURNING id"
        with self._connections.writing() as db:
            ended = db.execute(sql, (format_time(entry.at), entry.grant, entry.user)).fetchall()
            if ended:
                db.execute(insert("grant_ledger", _LEDGER_COLUMNS), _line(entry))
        return bool(ended)

    def note_export(self, entry: GrantEntry) -> bool:
        is_open = "id = ? AND user = ? AND ended_at IS NULL"
        with self._connections.writing() as db:
            if not db.table("grants").count_where(is_open, (entry.grant, entry.user)):
                return False
            db.execute(insert("grant_ledger", _LEDGER_COLUMNS), _line(entry))
        return True

    def grant_ledger(self, grant_id: str, *, user: str) -> list[GrantEntry]:
        sql = f"SELECT {columns(_LEDGER_COLUMNS)} FROM grant_ledger WHERE grant_id = ? AND user = ? ORDER BY seq"
        return [_entry(row) for row in self._rows(sql, (grant_id, user))]

    def grants_over(self, at: datetime, *, user: str) -> list[Grant]:
        sql = f"{_GRANTS} WHERE user = ? AND ended_at IS NULL AND ends_at <= ? ORDER BY granted_at DESC, id"
        return [_grant(row) for row in self._rows(sql, (user, format_time(at)))]


def erase_grants(db: Database, user: str) -> dict[str, int]:
    """Delete a reader's grants with their ledger; return counts by kind."""
    return {name: delete(db.table(name), "user = ?", user) for name in ("grants", "grant_ledger")}


def _row(grant: Grant) -> tuple[Any, ...]:
    terms = grant.terms
    whole = {name: getattr(terms, name) for name in _TERMS} | {"classes": json.dumps(terms.classes)}
    whole |= {name: getattr(grant, name) for name in _COLUMNS if name not in _TERMS}
    return tuple(_written(whole[name]) for name in _COLUMNS)


def _written(value: Any) -> Any:
    return format_time(value) if isinstance(value, datetime) else value


def _grant(row: Sequence[Any]) -> Grant:
    whole = dict(zip(_COLUMNS, row, strict=True))
    whole |= {name: parse_time(whole[name]) for name in _TIMES if whole[name] is not None}
    whole["classes"] = tuple(json.loads(whole["classes"]))
    terms = Terms(**{name: whole.pop(name) for name in _TERMS})
    return Grant(terms=terms, **whole)


def _line(entry: GrantEntry) -> tuple[Any, ...]:
    rows = json.dumps(dict(entry.rows))
    return (entry.grant, entry.user, format_time(entry.at), entry.act, entry.actor, rows, entry.digest)


def _entry(row: Sequence[Any]) -> GrantEntry:
    grant, user, at, act, actor, rows, digest = row
    return GrantEntry(grant, user, parse_time(at), act, actor, json.loads(rows), digest)
