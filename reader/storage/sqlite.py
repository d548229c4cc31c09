"""The default engine: one SQLite file, for one machine and any number of threads and processes.

What belongs here: the questions to the tables. What does not: their shape (`migrations`), the way values become rows
(`rows`), connections and transactions (`connections`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from reader.errors import StorageError
from reader.records import format_time
from reader.storage import rows
from reader.storage.accounts_sqlite import SqliteAccounts
from reader.storage.connections import Connections
from reader.storage.copies import copy_store
from reader.storage.family_sqlite import SqliteFamily, erase_family
from reader.storage.feeds_sqlite import SqliteFeeds, erase_feeds
from reader.storage.grants_sqlite import SqliteGrants, erase_grants
from reader.storage.outlets_sqlite import SqliteOutlets
from reader.storage.own_data_sqlite import SqliteOwnData, last_erasure, note_erasure
from reader.storage.protocol import Appended
from reader.storage.search_sqlite import SqliteSearch, put_rows
from reader.storage.sites_sqlite import SqliteSites
from reader.storage.tables import Tables, columns, delete, insert, rows_of
from reader.types import AnyItem, Consent, EntityKind, Event, RecommendationList
from reader.types_privacy import Erasure
from reader.types_search import SearchWords

# Events that `iter_events` holds at a time. Ours, untuned.
PAGE_SIZE = 1_000

# For SQLite, a negative limit is none.
NO_LIMIT = -1

# What `erase_user` counts and empties.
ABOUT_USERS = (
    "events",
    "lists",
    "consents",
    "tokens",
    "parts",
    "accounts",
    "logins",
    "invitations",
    "audits",
    "outlets",
)


ITEMS_BY_ID = f"SELECT {columns(rows.ITEM_COLUMNS)} FROM items WHERE id"


class SqliteStorage(
    SqliteAccounts,
    SqliteFamily,
    SqliteFeeds,
    SqliteGrants,
    SqliteOutlets,
    SqliteOwnData,
    SqliteSearch,
    SqliteSites,
    Tables,
):
    """A `Storage` in one SQLite file.

    path: created with its folders if missing, readable by its owner alone. timeout_s: how long a call waits for a lock
    before it raises StorageError. StorageError also if the file is no SQLite file, is of another program or of a newer
    version, or cannot be written. is_searched: whether items can be found by their words; off where nobody searches, as
    in a replay, it saves half of the time of storing.
    """

    def __init__(self, path: str | Path, *, timeout_s: float = 30.0, is_searched: bool = True) -> None:
        if str(path) in ("", ":memory:"):
            raise StorageError(f"{str(path)!r}: names no file; use MemoryStorage for a store in memory")
        self.path = Path(path)
        self.is_searched = is_searched
        self._connections = Connections(self.path, timeout_s=timeout_s)

    def put_items(self, items: Iterable[AnyItem], words: Mapping[str, SearchWords] | None = None) -> None:
        by_id = {item.id: item for item in items}
        new = {key: (rows.item_row(item), rows.entity_keys(item)) for key, item in by_id.items()}
        with self._connections.writing() as db:
            old = {row[0]: row for row in rows_of(db, ITEMS_BY_ID, list(new))}
            changed = [(*row, *keys) for key, (row, keys) in new.items() if row != old.get(key)]
            db.conn.executemany("DELETE FROM items WHERE id = ?", [(row[0],) for row in changed if row[0] in old])
            db.conn.executemany(insert("items", (*rows.ITEM_COLUMNS, *rows.ENTITY_COLUMNS)), changed)
            if self.is_searched:
                seqs = rows_of(db, "SELECT id, seq FROM items WHERE id", [row[0] for row in changed])
                put_rows(db, [(seq, by_id[key]) for key, seq in seqs], words or {})

    def items(self, ids: Sequence[str]) -> dict[str, AnyItem]:
        with self._connections.reading() as db:
            found = list(rows_of(db, ITEMS_BY_ID, ids))
        return {row[0]: rows.item_from_row(row) for row in found}

    def items_after(self, seq: int, *, limit: int | None = None) -> list[tuple[int, AnyItem]]:
        sql = f"SELECT seq, {columns(rows.ITEM_COLUMNS)} FROM items WHERE seq > ? ORDER BY seq LIMIT ?"
        found = self._rows(sql, (seq, NO_LIMIT if limit is None else limit))
        return [(row[0], rows.item_from_row(row[1:])) for row in found]

    def items_of(self, kind: EntityKind, entity: str, *, until: datetime, limit: int) -> list[AnyItem]:
        sql = (
            f"SELECT {columns(rows.ITEM_COLUMNS)} FROM items WHERE {kind}_key = ?"
            " AND (published_at <= ? OR published_at IS NULL) ORDER BY published_at DESC, id LIMIT ?"
        )
        return [rows.item_from_row(row) for row in self._rows(sql, (entity, format_time(until), limit))]

    def item_count(self) -> int:
        with self._connections.reading() as db:
            return db.table("items").count

    def put_analyses(self, analyses: Iterable[tuple[str, bytes]]) -> None:
        new = list(analyses)
        with self._connections.writing() as db:
            db.conn.executemany(insert("analyses", ("key", "value")) + " ON CONFLICT DO NOTHING", new)

    def analyses(self, keys: Sequence[str]) -> dict[str, bytes]:
        with self._connections.reading() as db:
            return dict(rows_of(db, "SELECT key, value FROM analyses WHERE key", keys))

    def append_events(self, events: Sequence[Event]) -> Appended:
        # Built before the lock is taken: others may write meanwhile.
        new = [(event.id, rows.event_row(event)) for event in events]
        accepted: list[str] = []
        duplicates: list[str] = []
        sql = insert("events", rows.EVENT_COLUMNS) + " ON CONFLICT (user, id) DO NOTHING"
        with self._connections.writing() as db:
            for event_id, row in new:
                (accepted if db.conn.execute(sql, row).rowcount else duplicates).append(event_id)
        return Appended(tuple(accepted), tuple(duplicates))

    def drop_events(self, user: str, types: Sequence[str]) -> int:
        with self._connections.writing() as db:
            where = f"user = ? AND type IN ({columns('?' * len(types))})"
            count = delete(db.table("events"), where, user, *types)
            for name in ("lists", "parts"):
                delete(db.table(name), "user = ?", user)
            if count:
                note_erasure(db, None)
        self._empty_log()
        return count

    def events_after(self, seq: int, *, user: str | None = None, limit: int | None = None) -> list[tuple[int, Event]]:
        whose, values = ("", (seq,)) if user is None else ("AND user = ?", (seq, user))
        sql = f"SELECT seq, {columns(rows.EVENT_COLUMNS)} FROM events WHERE seq > ? {whose} ORDER BY seq LIMIT ?"
        found = self._rows(sql, (*values, NO_LIMIT if limit is None else limit))
        return [(row[0], rows.event_from_row(row[1:])) for row in found]

    def events_on(self, item: str, *, user: str) -> list[Event]:
        sql = f"SELECT {columns(rows.EVENT_COLUMNS)} FROM events WHERE user = ? AND item = ? ORDER BY seq"
        return [rows.event_from_row(row) for row in self._rows(sql, (user, item))]

    def last_event_seq(self) -> int:
        ((last,),) = self._rows("SELECT coalesce(max(seq), 0) FROM events")
        return int(last)

    def users(self) -> list[str]:
        return [user for (user,) in self._rows("SELECT DISTINCT user FROM events ORDER BY user")]

    def save_list(self, made: RecommendationList) -> bool:
        row = rows.list_row(made)
        with self._connections.writing() as db:
            return db.execute(insert("lists", rows.LIST_COLUMNS) + " ON CONFLICT DO NOTHING", row).rowcount == 1

    def load_list(self, list_id: str, *, user: str | None = None) -> RecommendationList | None:
        sql = f"SELECT {columns(rows.LIST_COLUMNS)} FROM lists WHERE id = ? AND user = coalesce(?, user)"
        found = self._rows(sql, (list_id, user))
        return rows.list_from_row(found[0]) if found else None

    def drop_lists_before(self, at: datetime) -> int:
        with self._connections.writing() as db:
            return delete(db.table("lists"), "at < ?", format_time(at))

    def put_consent(self, consent: Consent) -> None:
        self._put("consents", rows.CONSENT_COLUMNS, rows.consent_row(consent))

    def consent(self, user: str, purpose: str) -> Consent | None:
        sql = f"SELECT {columns(rows.CONSENT_COLUMNS)} FROM consents WHERE user = ? AND purpose = ?"
        found = self._rows(sql + " ORDER BY at DESC, seq DESC LIMIT 1", (user, purpose))
        return rows.consent_from_row(found[0]) if found else None

    def consents(self, user: str) -> list[Consent]:
        sql = f"SELECT {columns(rows.CONSENT_COLUMNS)} FROM consents WHERE user = ? ORDER BY at, seq"
        return [rows.consent_from_row(row) for row in self._rows(sql, (user,))]

    def put_parts(self, parts: Mapping[str, bytes], *, erasures: int | None = None) -> None:
        with self._connections.writing() as db:
            if erasures not in (None, last_erasure(db)):
                return
            known = "WHERE EXISTS (SELECT 1 FROM events WHERE user = ?)"
            values = [(user, value, user) for user, value in parts.items()]
            db.conn.executemany(f"INSERT OR REPLACE INTO parts (user, value) SELECT ?, ? {known}", values)

    def parts(self) -> dict[str, bytes]:
        return dict(self._rows("SELECT user, value FROM parts ORDER BY user"))

    def erase_user(self, user: str, erasure: Erasure | None = None) -> dict[str, int]:
        with self._connections.writing() as db:
            family = erase_family(db, user)  # before the account, whose nickname stands in requests
            counts = {name: delete(db.table(name), "user = ?", user) for name in ABOUT_USERS}
            counts |= erase_feeds(db, user) | erase_grants(db, user) | family
            note_erasure(db, erasure)
        self._empty_log()
        return counts

    def backup(self, path: str) -> None:
        with self._connections.reading() as db:
            copy_store(db.conn, Path(path))

    def iter_events(self, *, user: str | None = None) -> Iterator[Event]:
        seq, last = 0, self.last_event_seq()
        while page := self.events_after(seq, user=user, limit=PAGE_SIZE):
            yield from (event for at, event in page if at <= last)
            seq = page[-1][0]
            if seq >= last:
                return

    def close(self) -> None:
        self._connections.close()
