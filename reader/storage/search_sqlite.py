"""Searching in the SQLite file: an FTS5 table beside the items, written in the same transactions.

Its rows are named by the items' `seq`; a trigger takes them away with their items. FTS5 keeps its own copy of the text:
a table without one cannot delete before SQLite 3.43.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence

from sqlite_utils import Database

from reader.storage import rows
from reader.storage.search import written
from reader.storage.tables import Tables, columns, rows_of
from reader.types import AnyItem
from reader.types_search import SEARCH_FIELDS, WRITTEN_FIELDS, SearchQuery, SearchWords, Sought

# Items whose rows are made anew in one transaction: others may write in between.
_REBUILT_AT_ONCE = 500
_COLUMNS = ("rowid", *SEARCH_FIELDS)
_PUT = f"INSERT OR REPLACE INTO search ({columns(_COLUMNS)}) VALUES ({columns('?' * len(_COLUMNS))})"
_ITEM = f"seq, {columns(rows.ITEM_COLUMNS)}"


class SqliteSearch(Tables):
    """The part `SearchStorage` of the engine. is_searched: whether texts are indexed at all."""

    is_searched: bool

    def search(self, query: SearchQuery, weights: Sequence[float]) -> list[tuple[int, float]]:
        text = all_of(query.all_of)
        if not text:
            return []
        ranks = columns([f"{weight:.6f}" for weight in weights])
        sql, values = f"SELECT rowid, -bm25(search, {ranks}) FROM search WHERE search MATCH ?", [text]
        if query.none_of:
            # Not by NOT: within one expression SQLite 3.40 leaves phrases out of the relevance that are there.
            sql += " AND rowid NOT IN (SELECT rowid FROM search WHERE search MATCH ?)"
            values.append(any_of(query.none_of))
        found = self._rows(sql, values)
        return sorted((seq, max(relevance, 0.0)) for seq, relevance in found)

    def unworded(self, ids: Sequence[str]) -> list[str]:
        if not self.is_searched or not self._rows("SELECT seq FROM search_gaps LIMIT 1"):
            return []
        with self._connections.reading() as db:
            found = rows_of(db, "SELECT id FROM items JOIN search_gaps USING (seq) WHERE id", ids)
            return sorted(item for (item,) in found)

    def put_words(self, words: Mapping[str, SearchWords]) -> None:
        with self._connections.writing() as db:
            found = rows_of(db, f"SELECT {_ITEM} FROM items WHERE id", words)
            put_rows(db, [(seq, rows.item_from_row(row)) for seq, *row in found], words)

    def check_search(self) -> list[str]:
        with self._connections.writing() as db:
            return list(_troubles(db))

    def rebuild_search(self) -> None:
        with self._connections.writing() as db:
            # A damaged table cannot be emptied, but dropped.
            made_by = db.execute("SELECT sql FROM sqlite_master WHERE name = 'search'").fetchone()[0]
            for sql in ("DROP TABLE search", made_by, "INSERT OR IGNORE INTO search_gaps SELECT seq FROM items"):
                db.execute(sql)
        seq: int | None = 0
        while seq is not None:
            seq = self._rebuild_after(seq)

    def _rebuild_after(self, seq: int) -> int | None:
        """Write the rows of the next items; return the last seq, None at the end. Rows of what came in since stay."""
        with self._connections.writing() as db:
            sql = f"SELECT {_ITEM} FROM items WHERE seq > ? ORDER BY seq LIMIT ?"
            found = [(at, rows.item_from_row(row)) for at, *row in db.execute(sql, (seq, _REBUILT_AT_ONCE))]
            there = {at for (at,) in db.execute("SELECT id FROM search_docsize WHERE id > ?", (seq,))}
            put_rows(db, [(at, item) for at, item in found if at not in there], {})
        return found[-1][0] if found else None


def put_rows(db: Database, items: Iterable[tuple[int, AnyItem]], words: Mapping[str, SearchWords]) -> None:
    """Write what items are found by, by seq; where base forms are not given, a gap is noted."""
    for seq, item in items:
        forms = words.get(item.id)
        db.execute(_PUT, (seq, *written(item), *((forms.title, forms.text) if forms else ("", ""))))
        if forms:
            db.execute("DELETE FROM search_gaps WHERE seq = ?", (seq,))
        else:
            db.execute("INSERT OR IGNORE INTO search_gaps (seq) VALUES (?)", (seq,))


def all_of(groups: Iterable[Sequence[Sought]]) -> str:
    """Return, in the language of FTS5, that each group has one that is there; "" if nothing is asked for.

    >>> all_of([(Sought(("salt",)), Sought(("brine",), is_prefix=True)), (), (Sought(("sea", "bed")),)])
    '("salt" OR "brine" *) AND ("sea bed")'
    """
    return " AND ".join(f"({any_of(group)})" for group in groups if group)


def any_of(group: Iterable[Sought]) -> str:
    """Return that one of a group is there. Every word is quoted, so none is an operator."""
    return " OR ".join(map(_sought, group))


def _sought(one: Sought) -> str:
    # A NUL would end the statement.
    words = " ".join(one.words).replace('"', '""').replace("\0", " ")
    quoted = f'"{words}"' + (" *" if one.is_prefix else "")
    return f"{{{' '.join(WRITTEN_FIELDS)}}} : {quoted}" if one.as_written else quoted


def _troubles(db: Database) -> Iterable[str]:
    try:
        db.execute("INSERT INTO search (search) VALUES ('integrity-check')")
    except sqlite3.DatabaseError as error:
        yield f"the index of words is damaged ({error})"
    missing = "SELECT count(*) FROM items WHERE seq NOT IN (SELECT id FROM search_docsize)"
    left = "SELECT count(*) FROM search_docsize WHERE id NOT IN (SELECT seq FROM items)"
    gaps = "SELECT count(*) FROM search_gaps"
    for sql, what in ((missing, "are not in the index"), (left, "in the index are gone"), (gaps, "lack base forms")):
        count = db.execute(sql).fetchone()[0]
        if count:
            yield f"{count:,} items {what}"
