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


def put_back(backup: Path, path: Path) -> None:
    """Put a checked copy in the place of a store, whole or not at all.

    StorageError if a server or another process has the store open: it would go on with what is gone.
    """
    draft = path.with_name(f"{path.name}.restoring")
    with suppress(FileNotFoundError):
        os.unlink(draft)
    with naming_errors(backup), closing(sqlite3.connect(_reading(backup), uri=True)) as found:
        copy_store(found, draft)
    try:
        if path.exists():
            _take_out_of_use(path)
        os.replace(draft, path)
    finally:
        with suppress(FileNotFoundError):
            os.unlink(draft)


def _take_out_of_use(path: Path) -> None:
    """Leave the log mode, which SQLite allows to the only user of a file alone; what was in the log is in the file."""
    with naming_errors(path), closing(sqlite3.connect(path, isolation_level=None, timeout=0)) as own:
        try:
            own.execute("PRAGMA journal_mode=DELETE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise
            raise StorageError(f"{path}: in use; stop the server, then restore") from error
    for ending in _BESIDE:
        with suppress(FileNotFoundError):
            os.unlink(f"{path}{ending}")


def _reading(path: Path) -> str:
    # With a log beside it, it is a store in use and must be read with the log; else nothing beside it is needed.
    in_use = Path(f"{path}-wal").exists()
    return f"{path.absolute().as_uri()}?mode=ro" + ("" if in_use else "&immutable=1")
