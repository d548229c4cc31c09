"""Whole copies of a SQLite store: made while it is in use, checked, and put in its place again.

What belongs here: files of SQLite as a whole. What does not: their contents, and the files beside them.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from sqlite_utils import Database

from reader.errors import StorageError
from reader.storage.connections import check_origin, create_file, naming_errors

# Files that SQLite keeps beside a database in WAL mode.
_BESIDE = ("-wal", "-shm")


def copy_store(source: sqlite3.Connection, target: Path) -> None:
    """Write a consistent copy into a new file, while others read and write; StorageError if the file exists.

    The copy is one file, for its owner alone, and was looked through for damage.
    """
    if target.exists():
        raise StorageError(f"{target}: exists already; name a new file for the backup")
    create_file(target)
    try:
        _fill(source, target)
        check_copy(target)
    except BaseException:
        with suppress(OSError):
            os.unlink(target)
        raise


def _fill(source: sqlite3.Connection, target: Path) -> None:
    with naming_errors(target), closing(sqlite3.connect(target, isolation_level=None)) as copy:
        # SQLite's online backup, all pages in one step: one moment of the store; writers go on in their log.
        source.backup(copy)
        # Without a log of its own it is a single file, which can be read from where nothing can be written.
        copy.execute("PRAGMA journal_mode=DELETE")


def check_copy(path: Path) -> None:
    """StorageError if a file is no whole store of this version or an older one; it is not changed."""
    if not path.is_file():
        raise StorageError(f"{path}: there is no such file; name a backup")
    with naming_errors(path), closing(sqlite3.connect(_reading(path), uri=True)) as found:
        check_origin(Database(found, execute_plugins=False), path)
        trouble = [row[0] for row in found.execute("PRAGMA integrity_check(3)") if row[0] != "ok"]
    if trouble:
        raise StorageError(f"{path}: damaged ({'; '.join(trouble)}); take another backup")


def put_back(backup: Path, path: Path) -> Path | None:
    """Put a checked copy in the place of a store, whole or not at all; return where a damaged one is now.

    StorageError if a server or another process has the store open: it would go on with what is gone. Of a damaged one
    that cannot be told.
    """
    draft = path.with_name(f"{path.name}.restoring")
    with suppress(FileNotFoundError):
        os.unlink(draft)
    with naming_errors(backup), closing(sqlite3.connect(_reading(backup), uri=True)) as found:
        copy_store(found, draft)
    try:
        aside = _take_out_of_use(path) if path.exists() else None
        os.replace(draft, path)
        return aside
    finally:
        with suppress(FileNotFoundError):
            os.unlink(draft)


def erased_since(backup: Path, path: Path) -> list[str]:
    """Return who of a backup is no more in the store of a path, if readers were erased from it since; by their names.

    Nobody if the store tells nothing: it is not there, damaged, or of a version without erasures.
    """
    with suppress(sqlite3.Error):
        (before, kept), (erasures, left) = _readers(backup), _readers(path)
        return sorted(name for user, name in kept.items() if user not in left) if erasures > before else []
    return []


def _readers(path: Path) -> tuple[int, dict[str, str]]:
    """Return how many erasures a store has seen, and its readers: by id what to call them."""
    with closing(sqlite3.connect(_reading(path), uri=True)) as found:
        ((erasures,),) = found.execute("SELECT coalesce(max(seq), 0) FROM erasures")
        known = found.execute("SELECT user, user FROM events UNION SELECT user, user FROM consents")
        names = dict(known) | dict(found.execute("SELECT user, nickname FROM accounts"))
    return erasures, names


def _take_out_of_use(path: Path) -> Path | None:
    """Leave the log mode, which SQLite allows to the only user of a file alone; what was in the log is in the file.

    A damaged file is put aside; return where.
    """
    with naming_errors(path), closing(sqlite3.connect(path, isolation_level=None, timeout=0)) as own:
        try:
            own.execute("PRAGMA journal_mode=DELETE")
        except sqlite3.DatabaseError as error:
            code = error.sqlite_errorcode & 0xFF
            if code == sqlite3.SQLITE_BUSY:
                raise StorageError(f"{path}: in use; stop the server, then restore") from error
            if code not in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
                raise
            return _put_aside(path)
    for ending in _BESIDE:
        with suppress(FileNotFoundError):
            os.unlink(f"{path}{ending}")
    return None


def _put_aside(path: Path) -> Path:
    """Give a damaged store another name, with its log; it may hold what no backup has."""
    aside = path.with_name(f"{path.name}.damaged")
    if aside.exists():
        raise StorageError(f"{aside}: exists already; move or delete it, then restore")
    for ending in ("", *_BESIDE):
        with suppress(FileNotFoundError):
            os.rename(f"{path}{ending}", f"{aside}{ending}")
    return aside


def _reading(path: Path) -> str:
    # With a log beside it, it is a store in use and must be read with the log; else nothing beside it is needed.
    in_use = Path(f"{path}-wal").exists()
    return f"{path.absolute().as_uri()}?mode=ro" + ("" if in_use else "&immutable=1")
