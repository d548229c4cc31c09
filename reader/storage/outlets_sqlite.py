"""Lists that programs fetch by a secret address, in the SQLite file."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from reader.records import format_time, parse_time
from reader.storage.tables import Tables, columns
from reader.types_outlets import Outlet

_COLUMNS = ("digest", "user", "kind", "name", "created_at", "folder", "full_text", "used_at", "list")
_OUTLETS = f"SELECT {columns(_COLUMNS)} FROM outlets"


class SqliteOutlets(Tables):
    """The part `OutletStorage` of the engine."""

    def put_outlet(self, outlet: Outlet) -> None:
        self._put("outlets", _COLUMNS, _row(outlet))

    def touch_outlet(self, digest: str, at: datetime, list_id: str) -> None:
        with self._connections.writing() as db:
            db.execute("UPDATE outlets SET used_at = ?, list = ? WHERE digest = ?", (format_time(at), list_id, digest))

    def outlet(self, digest: str) -> Outlet | None:
        found = self._rows(f"{_OUTLETS} WHERE digest = ?", (digest,))
        return _outlet(found[0]) if found else None

    def outlets(self, user: str) -> list[Outlet]:
        return [_outlet(row) for row in self._rows(f"{_OUTLETS} WHERE user = ? ORDER BY created_at, digest", (user,))]

    def drop_outlet(self, user: str, digest: str) -> bool:
        return self._delete("outlets", "user = ? AND digest = ?", user, digest) == 1


def _row(one: Outlet) -> tuple[Any, ...]:
    folder, created_at = json.dumps(one.folder, ensure_ascii=False), format_time(one.created_at)
    used_at = None if one.used_at is None else format_time(one.used_at)
    return (one.digest, one.user, one.kind, one.name, created_at, folder, int(one.full_text), used_at, one.list)


def _outlet(row: Sequence[Any]) -> Outlet:
    digest, user, kind, name, created_at, folder, full_text, used_at, list_id = row
    used = None if used_at is None else parse_time(used_at)
    path = tuple(json.loads(folder))
    return Outlet(digest, user, kind, name, parse_time(created_at), path, bool(full_text), used, list_id)
