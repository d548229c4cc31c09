"""Sites of publishers in the SQLite file."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from reader.records import format_time, parse_time
from reader.storage.tables import Tables, columns
from reader.types_sites import Site

_COLUMNS = ("id", "name", "key", "origins", "created_at")


class SqliteSites(Tables):
    """The part `SiteStorage` of the engine."""

    def put_site(self, site: Site) -> bool:
        row = dict(zip(_COLUMNS, _row(site), strict=True))
        with self._connections.writing() as db:
            if db.table("sites").count_where("id <> ? AND (name = ? OR key = ?)", (site.id, site.name, site.key)):
                return False
            db.table("sites").insert(row, replace=True)
        return True

    def sites(self) -> list[Site]:
        return [_site(row) for row in self._rows(f"SELECT {columns(_COLUMNS)} FROM sites ORDER BY name")]

    def drop_site(self, site_id: str) -> bool:
        return self._delete("sites", "id = ?", site_id) == 1


def _row(site: Site) -> tuple[str, ...]:
    return (site.id, site.name, site.key, json.dumps(site.origins), format_time(site.created_at))


def _site(row: Sequence[Any]) -> Site:
    site_id, name, key, origins, created_at = row
    return Site(site_id, name, key, tuple(json.loads(origins)), parse_time(created_at))
