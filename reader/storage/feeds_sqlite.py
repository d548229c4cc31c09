"""Feeds and subscriptions in the SQLite file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from sqlite_utils import Database

from reader.records import format_time, parse_time
from reader.storage import feed_rows as rows
from reader.storage.feeds import merged
from reader.storage.tables import Tables, columns, delete, insert, put_row, rows_of
from reader.types_feeds import Feed, Folder, Subscription

_FEEDS = f"SELECT {columns(rows.FEED_COLUMNS)} FROM feeds"
_SUBSCRIPTIONS = f"SELECT {columns(rows.SUBSCRIPTION_COLUMNS)} FROM subscriptions"
_FOLDERS = f"SELECT {columns(rows.FOLDER_COLUMNS)} FROM folders"
_GIVEN = (
    "INSERT OR IGNORE INTO given_items SELECT id FROM items"
    " WHERE id = ? AND NOT EXISTS (SELECT 1 FROM feed_items WHERE item = ?)"
)
_WITHDRAWN = (
    "SELECT item, coalesce(came_at, at) FROM feed_items"
    " WHERE feed = '' AND NOT EXISTS (SELECT 1 FROM given_items WHERE item = feed_items.item) AND item"
)
_UNFOLLOWED = "shared = 0 AND NOT EXISTS (SELECT 1 FROM subscriptions WHERE feed = feeds.url)"


class SqliteFeeds(Tables):
    """The part `FeedStorage` of the engine."""

    def put_feed(self, feed: Feed) -> None:
        self._put("feeds", rows.FEED_COLUMNS, rows.feed_row(feed))

    def share_feed(self, url: str, shared: bool) -> bool:
        with self._connections.writing() as db:
            return bool(db.execute("UPDATE feeds SET shared = ? WHERE url = ?", (int(shared), url)).rowcount)

    def feed(self, url: str) -> Feed | None:
        with self._connections.reading() as db:
            return _feed(db, url)

    def feeds(self) -> list[Feed]:
        return [rows.feed_from_row(row) for row in self._rows(f"{_FEEDS} ORDER BY url")]

    def move_feed(self, url: str, target: str) -> None:
        if url == target:
            return
        with self._connections.writing() as db:
            _move_feed(db, url, target)

    def put_fetched(self, asked: str, feed: Feed, items: Collection[str], at: datetime) -> bool:
        with self._connections.writing() as db:
            before, known = _feed(db, asked), _feed(db, feed.url)
            if before is None:
                return False
            kept = merged(before, feed, known)
            if asked != feed.url:
                _move_feed(db, asked, feed.url)
            put_row(db, "feeds", rows.FEED_COLUMNS, rows.feed_row(kept))
            _note_arrivals(db, feed.url, items, at)
        return True

    def drop_unfollowed_feeds(self) -> list[str]:
        with self._connections.writing() as db:
            gone = [url for (url,) in db.execute(f"SELECT url FROM feeds WHERE {_UNFOLLOWED} ORDER BY url").fetchall()]
            for url in gone:
                _drop_feed(db, url)
        return gone

    def put_subscriptions(self, subscriptions: Sequence[Subscription]) -> None:
        names = columns([f"{name} = excluded.{name}" for name in rows.SUBSCRIPTION_COLUMNS[2:]])
        sql = f"{insert('subscriptions', rows.SUBSCRIPTION_COLUMNS)} ON CONFLICT (user, feed) DO UPDATE SET {names}"
        new = [rows.subscription_row(one) for one in subscriptions]
        with self._connections.writing() as db:
            db.conn.executemany(sql, new)

    def subscription(self, user: str, feed: str) -> Subscription | None:
        found = self._rows(f"{_SUBSCRIPTIONS} WHERE user = ? AND feed = ?", (user, feed))
        return rows.subscription_from_row(found[0]) if found else None

    def subscriptions(self, user: str | None = None) -> list[Subscription]:
        whose, values = ("", ()) if user is None else ("WHERE user = ?", (user,))
        return [rows.subscription_from_row(row) for row in self._rows(f"{_SUBSCRIPTIONS} {whose} ORDER BY seq", values)]

    def drop_subscriptions_ended_before(self, at: datetime) -> int:
        return self._delete("subscriptions", "ended_at < ?", format_time(at))

    def put_folders(self, user: str, folders: Sequence[Folder]) -> None:
        new = {folder.path: rows.folder_row(user, folder) for folder in folders}
        with self._connections.writing() as db:
            db.table("folders").delete_where("user = ?", (user,))
            db.conn.executemany(insert("folders", rows.FOLDER_COLUMNS), list(new.values()))

    def folders(self, user: str) -> list[Folder]:
        found = [rows.folder_from_row(row) for row in self._rows(f"{_FOLDERS} WHERE user = ?", (user,))]
        return sorted(found, key=lambda folder: (folder.position, folder.path))

    def bring(self, feed: str, items: Mapping[str, datetime]) -> bool:
        if not items:  # most feeds of most rounds: no reason to wait for whoever writes
            return self.feed(feed) is not None
        with self._connections.writing() as db:
            is_known = _feed(db, feed) is not None
            if is_known:
                _add_items(db, feed, items)
        return is_known

    def given_items(self, ids: Sequence[str]) -> frozenset[str]:
        with self._connections.reading() as db:
            return frozenset(item for (item,) in rows_of(db, "SELECT item FROM given_items WHERE item", ids))

    def withdraw_items(self, ids: Sequence[str], at: datetime) -> None:
        put = "INSERT OR REPLACE INTO feed_items (feed, item, at, came_at) SELECT '', id, ?, ? FROM items WHERE id = ?"
        with self._connections.writing() as db:
            db.conn.executemany("DELETE FROM given_items WHERE item = ?", [(item,) for item in ids])
            db.conn.executemany(put, [(format_time(at), format_time(at), item) for item in ids])
            _tell_anew(db, ids)

    def give_items(self, ids: Sequence[str]) -> None:
        with self._connections.writing() as db:
            withdrawn = [item for item, _ in rows_of(db, _WITHDRAWN, ids)]
            db.conn.executemany("INSERT INTO given_items (item) VALUES (?)", [(item,) for item in withdrawn])
            _tell_anew(db, withdrawn)

    def withdrawn_items(self, ids: Sequence[str]) -> dict[str, datetime]:
        with self._connections.reading() as db:
            return {item: parse_time(at) for item, at in rows_of(db, _WITHDRAWN, ids)}

    def arrivals(self, feeds: Sequence[str]) -> dict[str, datetime]:
        found: dict[str, str] = {}
        asked = "SELECT item, min(coalesce(came_at, at)) FROM feed_items WHERE feed"
        with self._connections.reading() as db:
            for item, at in rows_of(db, asked, feeds, "GROUP BY item"):
                found[item] = min(at, found.get(item, at))
        return {item: parse_time(at) for item, at in found.items()}

    def feed_items(self, feed: str, *, limit: int) -> list[str]:
        sql = "SELECT item FROM feed_items WHERE feed = ? ORDER BY at DESC, item LIMIT ?"
        return [item for (item,) in self._rows(sql, (feed, limit))]

    def items_of_feeds(self, feeds: Sequence[str]) -> list[tuple[str, str, datetime]]:
        with self._connections.reading() as db:
            found = sorted(rows_of(db, "SELECT item, feed, at FROM feed_items WHERE feed", feeds))
        found.sort(key=lambda row: row[2], reverse=True)
        return [(item, feed, parse_time(at)) for item, feed, at in found]

    def feed_items_after(self, seq: int) -> list[tuple[int, str, str]]:
        return self._rows("SELECT seq, feed, item FROM feed_items WHERE seq > ? ORDER BY seq", (seq,))

    def feeds_within_reach(self, users: Sequence[str]) -> frozenset[str]:
        followed = f"SELECT feed FROM subscriptions WHERE user IN ({columns('?' * len(users))}) AND ended_at IS NULL"
        return frozenset(url for (url,) in self._rows(f"SELECT url FROM feeds WHERE shared UNION {followed}", users))

    def feed_item_counts(self, since: datetime) -> dict[str, int]:
        sql = "SELECT feed, count(*) FROM feed_items WHERE at >= ? GROUP BY feed ORDER BY feed"
        return dict(self._rows(sql, (format_time(since),)))

    def feeds_of_items(self, ids: Sequence[str]) -> dict[str, list[str]]:
        found: defaultdict[str, list[str]] = defaultdict(list)
        with self._connections.reading() as db:
            for item, feed in rows_of(db, "SELECT item, feed FROM feed_items WHERE item", ids, "ORDER BY feed"):
                found[item].append(feed)
        return dict(found)


def erase_feeds(db: Database, user: str) -> dict[str, int]:
    """Delete a reader's subscriptions and folders, and the feeds that nobody else follows; return counts by kind.

    An address may hold a secret. So what such a feed brought stays known as brought by a feed, but not by which one.
    """
    ours = "url IN (SELECT feed FROM subscriptions WHERE user = ?)"
    own = [url for (url,) in db.execute(f"SELECT url FROM feeds WHERE {ours}", (user,)).fetchall()]
    counts = {name: delete(db.table(name), "user = ?", user) for name in ("subscriptions", "folders")}
    for url in own:
        _drop_feed(db, url)
    return counts


def _feed(db: Database, url: str) -> Feed | None:
    row = db.execute(f"{_FEEDS} WHERE url = ?", (url,)).fetchone()
    return rows.feed_from_row(row) if row else None


def _add_items(db: Database, feed: str, items: Mapping[str, datetime]) -> None:
    sql = insert("feed_items", ("feed", "item", "at")) + " ON CONFLICT DO NOTHING"
    db.conn.executemany(_GIVEN, [(item, item) for item in items])
    db.conn.executemany(sql, [(feed, item, format_time(at)) for item, at in items.items()])


def _note_arrivals(db: Database, feed: str, items: Iterable[str], at: datetime) -> None:
    sql = "UPDATE feed_items SET came_at = ? WHERE feed = ? AND item = ? AND came_at IS NULL"
    db.conn.executemany(sql, [(format_time(at), feed, item) for item in items])


def _move_feed(db: Database, url: str, target: str) -> None:
    for table, column in (("feeds", "url"), ("subscriptions", "feed")):
        db.execute(f"UPDATE OR IGNORE {table} SET {column} = ? WHERE {column} = ?", (target, url))
        db.table(table).delete_where(f"{column} = ?", (url,))
    _move_items(db, url, target)


def _drop_feed(db: Database, url: str) -> None:
    """Delete a feed if nobody follows it, and its address wherever it stands."""
    if delete(db.table("feeds"), f"url = ? AND {_UNFOLLOWED}", url):
        _move_items(db, url, "")


def _move_items(db: Database, url: str, target: str) -> None:
    """Have what a feed brought be another's. As new rows: whoever asks for what came last is told."""
    moved = "INSERT OR IGNORE INTO feed_items (feed, item, at, came_at) SELECT ?, item, at, came_at FROM feed_items"
    db.execute(f"{moved} WHERE feed = ? ORDER BY seq", (target, url))
    db.table("feed_items").delete_where("feed = ?", (url,))


def _tell_anew(db: Database, ids: Sequence[str]) -> None:
    """Have whoever asks for what came last look at some items once more, with all feeds that brought them."""
    told = list(rows_of(db, "SELECT feed, item, at, came_at FROM feed_items WHERE item", ids, "ORDER BY seq"))
    db.conn.executemany("DELETE FROM feed_items WHERE item = ?", [(item,) for item in ids])
    db.conn.executemany(insert("feed_items", ("feed", "item", "at", "came_at")), told)
