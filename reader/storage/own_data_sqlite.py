"""What readers may do with their own data, in the SQLite file."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta

from sqlite_utils import Database

from reader.records import format_time, parse_time
from reader.storage import rows
from reader.storage.own_data import OldKind, parts_of
from reader.storage.tables import Tables, columns, delete, insert, portions
from reader.types import Event, RecommendationList
from reader.types_folding import FOLDED, Fold, Unfolded
from reader.types_privacy import Erasure

_NO_END = 2**62
# Where each kind lies, and the time that it goes by.
_TIMES: dict[OldKind, tuple[str, str]] = {
    "lists": ("lists", "at"),
    "logins": ("logins", "created_at"),
    "idle logins": ("logins", "seen_at"),
    "attempts": ("attempts", "at"),
    "invitations": ("invitations", "expires_at"),
    "audits": ("audits", "at"),
}
# Columns that say whom a row is about.
_NAMING = ("user", "actor", "guardian", "nickname", "key")


class SqliteOwnData(Tables):
    """The part `OwnDataStorage` of the engine."""

    def erasures(self) -> int:
        with self._connections.reading() as db:
            return last_erasure(db)

    def erasure(self, erasure_id: str) -> Erasure | None:
        found = self._rows("SELECT id, at FROM erasures WHERE id = ?", (erasure_id,))
        return Erasure(found[0][0], parse_time(found[0][1])) if found else None

    def last_erased_at(self) -> datetime | None:
        ((last,),) = self._rows("SELECT max(at) FROM erasures")
        return None if last is None else parse_time(last)

    def has_events_until(self, user: str, at: datetime) -> bool:
        sql = "SELECT EXISTS (SELECT 1 FROM events WHERE user = ? AND at <= ?)"
        return bool(self._rows(sql, (user, format_time(at)))[0][0])

    def drop_some_events(self, user: str, ids: Collection[str]) -> int:
        with self._connections.writing() as db:
            events = db.table("events")
            count = sum(delete(events, f"user = ? AND id {among}", user, *chunk) for among, chunk in portions(ids))
            if count:
                note_erasure(db, None)
        self._empty_log()
        return count

    def event_counts(self, user: str) -> dict[str, int]:
        return dict(self._rows("SELECT type, count(*) FROM events WHERE user = ? GROUP BY type ORDER BY type", (user,)))

    def newest_events(
        self, user: str, *, types: Sequence[str] = (), before: int | None = None, limit: int
    ) -> list[tuple[int, Event]]:
        of_types = f"AND type IN ({columns('?' * len(types))})" if types else ""
        sql = (
            f"SELECT seq, {columns(rows.EVENT_COLUMNS)} FROM events"
            f" WHERE user = ? AND seq < ? {of_types} ORDER BY seq DESC LIMIT ?"
        )
        found = self._rows(sql, (user, _NO_END if before is None else before, *types, limit))
        return [(row[0], rows.event_from_row(row[1:])) for row in found]

    def lists_of(self, user: str) -> list[RecommendationList]:
        sql = f"SELECT {columns(rows.LIST_COLUMNS)} FROM lists WHERE user = ? ORDER BY at DESC, id"
        return [rows.list_from_row(row) for row in self._rows(sql, (user,))]

    def traces(self, user: str) -> dict[str, int]:
        with self._connections.reading() as db:
            return {
                table: db.table(table).count_where(" OR ".join(f"{name} = ?" for name in named), [user] * len(named))
                for table, named in _naming_columns(db)
                if named
            }

    def drop_old(self, kind: OldKind, before: datetime, *, only_count: bool = False) -> int:
        table, column = _TIMES[kind]
        if not only_count:
            return self._delete(table, f"{column} < ?", format_time(before))
        ((count,),) = self._rows(f"SELECT count(*) FROM {table} WHERE {column} < ?", (format_time(before),))
        return int(count)

    def oldest_event_at(self) -> datetime | None:
        ((oldest,),) = self._rows("SELECT min(at) FROM events")
        return None if oldest is None else parse_time(oldest)

    def names(self) -> list[str]:
        with self._connections.reading() as db:
            tables = [table for table, named in _naming_columns(db) if "user" in named]
            every = " UNION ".join(f"SELECT user FROM {table}" for table in tables)
            return sorted(name for (name,) in db.execute(every).fetchall() if name)

    def old_events(self, types: Collection[str], before: datetime) -> int:
        where, values = _old(types, before)
        ((count,),) = self._rows(f"SELECT count(*) FROM events WHERE {where}", values)
        return int(count)

    def unfolded(self, types: Collection[str], before: datetime, lead: timedelta) -> Unfolded | None:
        where, values = _old(types, before)
        with self._connections.reading() as db:
            ends = db.execute(f"SELECT min(seq), max(seq) FROM events WHERE {where}", values).fetchone()
            if ends[0] is None:
                return None
            (latest,) = db.execute("SELECT max(at) FROM events WHERE seq <= ?", (ends[0],)).fetchone()
            since = format_time(parse_time(latest) - lead)
            first = db.execute("SELECT seq FROM events WHERE at > ? ORDER BY seq LIMIT 1", (since,)).fetchone()[0]
            ours = f"SELECT user, view FROM events WHERE {where} AND view IS NOT NULL"
            younger, since_then = _of_types(types, "at >= ?", before)
            both = f"{ours} INTERSECT SELECT user, view FROM events WHERE {younger}"
            young = db.execute(both, [*values, *since_then]).fetchall()
            sums = (
                f"SELECT {columns(rows.EVENT_COLUMNS)} FROM events"
                f" WHERE type = ? AND seq < ? AND (user, view) IN ({ours}) ORDER BY seq"
            )
            folded = [rows.event_from_row(row) for row in db.execute(sums, (FOLDED, first, *values)).fetchall()]
            resets = db.execute("SELECT user, at FROM events WHERE type = 'reset' AND seq < ? ORDER BY seq", (first,))
            return Unfolded(
                first,
                ends[1],
                frozenset((user, view) for user, view in young),
                parts_of(folded),
                {user: parse_time(at) for user, at in resets.fetchall()},
            )

    def drop_old_events(self, types: Collection[str], before: datetime) -> int:
        where, values = _old(types, before)
        with self._connections.writing() as db:
            count = delete(db.table("events"), where, *values)
            if count:
                note_erasure(db, None)
        if count:
            self._empty_log()
        return count

    def fold_events(self, user: str, folds: Sequence[Fold]) -> bool:
        gone = [seq for fold in folds for seq in fold.gone]
        new = [(fold.seq, *rows.event_row(fold.event)) for fold in folds]
        with self._connections.writing() as db:
            own = {seq for (seq,) in db.execute("SELECT seq FROM events WHERE user = ?", (user,)).fetchall()}
            if not own.issuperset(gone):
                return False
            db.conn.executemany("DELETE FROM events WHERE seq = ?", [(seq,) for seq in gone])
            db.conn.executemany(insert("events", ("seq", *rows.EVENT_COLUMNS)), new)
        self._empty_log()
        return True

    def drop_parts(self) -> int:
        return self._delete("parts", "1")

    def _empty_log(self) -> None:
        """Else the write-ahead log would keep what was deleted until it is next overwritten."""
        with self._connections.reading() as db:
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()


def _old(types: Collection[str], before: datetime) -> tuple[str, list[str]]:
    return _of_types(types, "at < ?", before)


def _of_types(types: Collection[str], when: str, at: datetime) -> tuple[str, list[str]]:
    """Return a condition with its values: events of some types, and of a time that stands so to `at`."""
    return f"{when} AND type IN ({columns('?' * len(types))})", [format_time(at), *types]


def _naming_columns(db: Database) -> Iterator[tuple[str, list[str]]]:
    """Go through all tables that are ours, with those of their columns that may name a reader."""
    for (table,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall():
        known = [column.name for column in db.table(table).columns]
        yield table, [name for name in _NAMING if name in known]


def last_erasure(db: Database) -> int:
    """Return the number of the last erasure."""
    ((last,),) = db.execute("SELECT coalesce(max(seq), 0) FROM erasures").fetchall()
    return int(last)


def note_erasure(db: Database, erasure: Erasure | None) -> None:
    """Write down that something was erased; without an id there was no receipt."""
    noted = (None, None) if erasure is None else (erasure.id, format_time(erasure.at))
    db.execute("INSERT INTO erasures (id, at) VALUES (?, ?)", noted)
