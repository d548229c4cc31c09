"""Opening the SQLite file, one connection a thread, and its errors as `StorageError`.

What belongs here: files, settings of a connection, threads, transactions, migrations at opening. What does not:
questions to the tables (`reader.storage.sqlite`).
"""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from sqlite_utils import Database

from reader.errors import StorageError
from reader.storage.migrations import known_names, migrations

# Pause between two attempts to switch a new file to WAL, in seconds. Ours, untuned.
WAL_RETRY_S = 0.01

# What the user can put right, by SQLite's primary result code. Any other error is a bug and stays as it is.
REMEDIES = {
    sqlite3.SQLITE_BUSY: "another process is writing; wait for it or stop it",
    sqlite3.SQLITE_LOCKED: "another process is writing; wait for it or stop it",
    sqlite3.SQLITE_READONLY: "make the file and its folder writable for this user",
    sqlite3.SQLITE_CANTOPEN: "make sure that it is a file in a folder that this user may write to",
    sqlite3.SQLITE_PERM: "make the file and its folder writable for this user",
    sqlite3.SQLITE_AUTH: "make the file and its folder writable for this user",
    sqlite3.SQLITE_IOERR: "check the disk and, on a network drive, move the file to a local one",
    sqlite3.SQLITE_FULL: "the disk is full; free some space",
    sqlite3.SQLITE_NOTADB: "it is not a SQLite file; name another path",
    sqlite3.SQLITE_CORRUPT: "the file is damaged; restore a backup",
}


@dataclass(slots=True, eq=False)
class _Opened:
    """A connection of one thread. lock: held while the thread uses it, so that `close` never pulls it away."""

    db: Database
    thread: threading.Thread
    lock: threading.Lock = field(default_factory=threading.Lock)
    closed: bool = False


class Connections:
    """The connections to one file.

    Not for use across a fork: a child process makes its own. Each thread gets one connection at its first call; it is
    closed by `close`, or when a new thread comes after this one has ended.
    """

    def __init__(self, path: Path, *, timeout_s: float) -> None:
        self.path = path
        self.timeout_s = timeout_s
        self._local = threading.local()
        self._opened: list[_Opened] = []
        self._registry = threading.Lock()
        # Writers of one process queue here, in order of arrival; at the file lock they would have to poll.
        self._writer = threading.Lock()
        create_file(path)
        try:
            with self.reading() as db:
                migrate(db, path, timeout_s=timeout_s)
        except BaseException:
            self.close()
            raise

    @contextmanager
    def reading(self) -> Iterator[Database]:
        """Lend the connection of this thread."""
        with naming_errors(self.path):
            opened = self._acquire()
            try:
                yield opened.db
            finally:
                opened.lock.release()

    @contextmanager
    def writing(self) -> Iterator[Database]:
        """Lend the connection inside a transaction: kept at the end, undone if anything is raised."""
        if not self._writer.acquire(timeout=self.timeout_s):
            raise StorageError(f"{self.path}: locked for {self.timeout_s:g} s by another thread; try again later")
        try:
            with self.reading() as db, immediate(db):
                yield db
        finally:
            self._writer.release()

    def close(self) -> None:
        """Close every connection, after the call that is using it; the next call opens a new one."""
        with self._registry:
            gone, self._opened = self._opened, []
        for opened in gone:
            _close(opened)

    def _acquire(self) -> _Opened:
        opened: _Opened | None = getattr(self._local, "opened", None)
        if opened is not None:
            opened.lock.acquire()
            if not opened.closed:
                return opened
            opened.lock.release()
        opened = _Opened(connect(self.path, timeout_s=self.timeout_s), threading.current_thread())
        opened.lock.acquire()
        self._local.opened = opened
        self._register(opened)
        return opened

    def _register(self, opened: _Opened) -> None:
        with self._registry:
            ended = [other for other in self._opened if not other.thread.is_alive()]
            self._opened = [other for other in self._opened if other.thread.is_alive()] + [opened]
        for other in ended:
            _close(other)


def _close(opened: _Opened) -> None:
    with opened.lock:
        opened.closed = True
        opened.db.close()


def create_file(path: Path) -> None:
    """Create the file, readable by its owner alone, and the folders above it; an existing file is left as it is."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with suppress(FileExistsError):
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except OSError as error:
        raise StorageError(f"{path}: {error.strerror}; choose a folder that this user may write to") from error


def connect(path: Path, *, timeout_s: float) -> Database:
    """Open one connection to an existing file."""
    # The file exists by now; mode=rw keeps SQLite from making a new one, with other rights, if it was moved away since.
    uri = f"{path.absolute().as_uri()}?mode=rw"
    conn = sqlite3.connect(uri, uri=True, timeout=timeout_s, isolation_level=None, check_same_thread=False)
    try:
        # NORMAL keeps what was committed when the process dies; only a loss of power may take the last commits.
        # Overwriting what is deleted makes erasure real.
        for pragma in ("foreign_keys=ON", "synchronous=NORMAL", "secure_delete=ON"):
            conn.execute(f"PRAGMA {pragma}")
        # Without plugins: the store must not depend on what else is installed.
        return Database(conn, execute_plugins=False)
    except BaseException:
        conn.close()
        raise


def migrate(db: Database, path: Path, *, timeout_s: float) -> None:
    """Bring the file to the present shape; safe when several processes do so at once."""
    check_origin(db, path)
    # A restored copy is of the present shape and has no log yet.
    if db.journal_mode != "wal":
        enable_wal(db, timeout_s=timeout_s)
    if not migrations.pending(db):
        return
    with immediate(db):
        check_origin(db, path)
        migrations.apply(db)


def check_origin(db: Database, path: Path) -> None:
    """StorageError if a newer version or another program wrote the file."""
    applied = {migration.name for migration in migrations.applied(db)}
    unknown = ", ".join(sorted(applied - known_names()))
    if unknown:
        raise StorageError(f"{path}: written by a newer version (it has {unknown}); upgrade, or name another path")
    if not applied and db.table_names():
        raise StorageError(f"{path}: a database of another program; name another path")


def enable_wal(db: Database, *, timeout_s: float) -> None:
    """Let readers and the writer work side by side. The file remembers it.

    If another connection is writing, SQLite gives up at once here, whatever the time-out; so the waiting is ours.
    """
    db.execute("PRAGMA busy_timeout=0")
    for _ in range(int(timeout_s / WAL_RETRY_S)):
        with suppress(sqlite3.OperationalError):
            db.execute("PRAGMA journal_mode=WAL")
            break
        time.sleep(WAL_RETRY_S)
    else:
        db.execute("PRAGMA journal_mode=WAL")
    db.execute(f"PRAGMA busy_timeout={int(timeout_s * 1000)}")


@contextmanager
def immediate(db: Database) -> Iterator[None]:
    """Hold the write lock from the start: what is read inside stays true, and commits come in the order of `seq`."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
        db.commit()
    except BaseException:
        db.rollback()
        raise


@contextmanager
def naming_errors(path: Path) -> Iterator[None]:
    """Turn errors of SQLite that a user can put right into StorageError; others are bugs and pass."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        remedy = REMEDIES.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)
        if remedy is None:
            raise
        raise StorageError(f"{path}: {error}; {remedy}") from error
