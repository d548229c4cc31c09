"""Looking for what may be left of a reader after an erasure: in every table, and in the bytes of every file.

What the files are searched for are the reader's rows as SQLite writes them, in free pages and in the write-ahead log,
too: the id, and the time that stands behind it. An id of a few letters alone would be found in texts of articles.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from reader.storage.protocol import Storage

# Ids of accounts have 17 random characters: by themselves they can be nobody else's.
_TELLING = 12
_CENTURIES = (b"20", b"21")
_BLOCK = 1 << 20


def in_tables(storage: Storage, user: str) -> dict[str, int]:
    """Return how many rows of each table name a reader, without those that have none."""
    return {table: count for table, count in storage.traces(user).items() if count}


def in_files(paths: Iterable[Path], user: str) -> dict[str, int]:
    """Return how often each file, by name, holds the bytes of a reader's rows; files that are not there hold none."""
    found = {path.name: _count(path, marks_of(user)) for path in paths if path.exists()}
    return {name: count for name, count in found.items() if count}


def marks_of(user: str) -> tuple[bytes, ...]:
    """Return the bytes to look for."""
    name = user.encode("utf-8", "surrogatepass")
    return (name,) if len(user) >= _TELLING else tuple(name + century for century in _CENTURIES)


def _count(path: Path, marks: tuple[bytes, ...]) -> int:
    longest, kept, count = max(map(len, marks)), b"", 0
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            text = kept + block
            count += sum(text.count(mark) for mark in marks)
            # What may begin at the end of this block; shorter than a mark, so that none is counted twice.
            kept = text[len(text) - longest + 1 :] if longest > 1 else b""
    return count


def files_of(db: Path, others: Iterable[Path]) -> list[Path]:
    """Return the files that may hold something: the database, what SQLite keeps beside it, and others."""
    return [db, *(db.with_name(db.name + ending) for ending in ("-wal", "-shm", "-journal")), *others]


def say(traces: Mapping[str, int], of: str) -> str:
    """Return what was found in words."""
    if not traces:
        return f"nothing in {of}"
    return f"in {of}: " + ", ".join(f"{name} {count}" for name, count in traces.items())
