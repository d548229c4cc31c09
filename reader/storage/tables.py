"""What all questions to the tables of the SQLite engine share: columns, inserting, deleting, reading rows."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any, Final

from sqlite_utils import Database
from sqlite_utils.db import Table

from reader.storage import rows
from reader.storage.connections import Connections

# SQLite takes 32,766 values in one statement by default, older builds 999.
_VALUES_AT_ONCE: Final = 500


def columns(names: Sequence[str]) -> str:
    """Return names for SQL."""
    return ", ".join(names)


def insert(table: str, names: Sequence[str]) -> str:
    """Return the statement that inserts one row."""
    return f"INSERT INTO {table} ({columns(names)}) VALUES ({columns('?' * len(names))})"


def put_row(db: Database, table: str, names: Sequence[str], row: rows.Row) -> None:
    """Insert a row, in the place of one of the same key."""
    db.table(table).insert(dict(zip(names, row, strict=True)), replace=True)


def delete(table: Table, where: str, *values: Any) -> int:
    """Delete rows; return how many."""
    return table.db.execute(f"DELETE FROM [{table.name}] WHERE {where}", values).rowcount


def portions(keys: Collection[str]) -> Iterator[tuple[str, list[str]]]:
    """Yield `IN (?, …)` with its values, for as many statements as it takes to ask for all keys.

    >>> list(portions(("a", "b")))
    [('IN (?, ?)', ['a', 'b'])]
    """
    left = list(keys)
    for start in range(0, len(left), _VALUES_AT_ONCE):
        chunk = left[start : start + _VALUES_AT_ONCE]
        yield f"IN ({columns('?' * len(chunk))})", chunk


def rows_of(db: Database, select: str, keys: Collection[str], rest: str = "") -> Iterator[tuple[Any, ...]]:
    """Yield the rows whose key is among `keys`. select: ends with the column of the key; rest: what follows it."""
    for among, chunk in portions(keys):
        yield from db.execute(f"{select} {among} {rest}", chunk)


class Tables:
    """Reading and replacing rows over the connections of an engine."""

    _connections: Connections

    def _rows(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        with self._connections.reading() as db:
            return db.execute(sql, values).fetchall()

    def _put(self, table: str, names: Sequence[str], row: rows.Row) -> None:
        with self._connections.writing() as db:
            put_row(db, table, names, row)

    def _delete(self, table: str, where: str, *values: Any) -> int:
        with self._connections.writing() as db:
            return delete(db.table(table), where, *values)
