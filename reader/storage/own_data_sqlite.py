"""What readers may do with their own data, in the SQLite file."""

from __future__ import annotations

from collections.abc import Collection

from sqlite_utils import Database

from reader.records import format_time, parse_time
from reader.storage.tables import Tables, columns, delete
from reader.types_privacy import Erasure

# Ids in one statement; SQLite takes 32,766 values by default, older builds 999.
_CHUNK = 500


class SqliteOwnData(Tables):
    """The part `OwnDataStorage` of the engine."""

    def erasures(self) -> int:
        with self._connections.reading() as db:
            return last_erasure(db)

    def erasure(self, erasure_id: str) -> Erasure | None:
        found = self._rows("SELECT id, at FROM erasures WHERE id = ?", (erasure_id,))
        return Erasure(found[0][0], parse_time(found[0][1])) if found else None

    def drop_some_events(self, user: str, ids: Collection[str]) -> int:
        chosen, count = list(ids), 0
        with self._connections.writing() as db:
            for start in range(0, len(chosen), _CHUNK):
                chunk = chosen[start : start + _CHUNK]
                where = f"user = ? AND id IN ({columns('?' * len(chunk))})"
                count += delete(db.table("events"), where, user, *chunk)
            if count:
                note_erasure(db, None)
        self._empty_log()
        return count

    def drop_parts(self) -> int:
        return self._delete("parts", "1")

    def _empty_log(self) -> None:
        """Else the write-ahead log would keep what was deleted until it is next overwritten."""
        with self._connections.reading() as db:
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()


def last_erasure(db: Database) -> int:
    """Return the number of the last erasure."""
    ((last,),) = db.execute("SELECT coalesce(max(seq), 0) FROM erasures").fetchall()
    return int(last)


def note_erasure(db: Database, erasure: Erasure | None) -> None:
    """Write down that something was erased; without an id there was no receipt."""
    noted = (None, None) if erasure is None else (erasure.id, format_time(erasure.at))
    db.execute("INSERT INTO erasures (id, at) VALUES (?, ?)", noted)
