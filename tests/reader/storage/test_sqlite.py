"""The SQLite engine keeps the contract, and what a file adds to it: other processes, sudden death, wrong files."""

from __future__ import annotations

import json
import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from reader.errors import StorageError
from reader.records import list_record
from reader.storage.connections import connect, create_file, enable_wal
from reader.storage.protocol import Storage
from reader.storage.sqlite import SqliteStorage
from reader.types import Event
from reader.types_family import Child
from reader.types_feeds import Feed
from tests.reader.storage.builders import make_article, make_event, make_events, make_list
from tests.reader.storage.contract import StorageContract
from tests.reader.storage.processes import finish, integrity, start
from tests.reader.storage.steps import WRITES, erased, events_in, fill, poll

OPEN_FILES = Path("/proc/self/fd")


class TestSqliteStorage(StorageContract):
    """Every promise, in a file of its own for each store."""

    @contextmanager
    def fresh(self) -> Iterator[Storage]:
        with tempfile.TemporaryDirectory() as folder, closing(SqliteStorage(Path(folder) / "reread.db")) as storage:
            yield storage


# Other processes


def test_what_another_process_ingests_is_seen(storage: SqliteStorage, path: Path) -> None:
    """Without opening the store again."""
    storage.put_items([make_article("mine")])
    (mine,) = storage.items_after(0)

    finish(start("SqliteStorage(path).put_items([make_article('theirs')])", path))

    assert [item.id for _, item in storage.items_after(mine[0])] == ["theirs"]


def test_a_poller_misses_nothing_while_two_processes_write(storage: SqliteStorage, path: Path) -> None:
    """Commits come in the order of seq, so no event appears behind one that was seen."""
    script = """
storage = SqliteStorage(path)
for number in range(300):
    storage.append_events([make_event(f"{name}-{number}")])
"""
    writers = [start(script, path, name) for name in ("left", "right")]
    seen: list[tuple[int, Event]] = []
    while any(writer.poll() is None for writer in writers):
        poll(storage, seen)
    for writer in writers:
        finish(writer)
    poll(storage, seen)

    assert seen == storage.events_after(0)
    assert len(seen) == 600


def test_eight_processes_may_open_a_new_file_at_once(path: Path) -> None:
    """Each of them finds the tables and can write."""
    script = """
print("ready", flush=True)
sys.stdin.readline()
SqliteStorage(path).append_events([make_event(name)])
"""
    processes = [start(script, path, f"p{number}") for number in range(8)]
    for process in processes:
        assert process.stdout is not None
        process.stdout.readline()
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in processes:
        finish(process)

    with closing(SqliteStorage(path)) as storage:
        assert sorted(event.id for event in events_in(storage)) == [f"p{number}" for number in range(8)]


def test_the_switch_of_a_new_file_to_wal_waits_for_another_process(path: Path) -> None:
    """SQLite itself gives up at once here, whatever the time-out; the third attempt finds the other one done."""
    attempts: list[str] = []
    create_file(path)
    with closing(connect(path, timeout_s=30)) as db, closing(connect(path, timeout_s=30)) as other:
        other.execute("BEGIN IMMEDIATE")

        def end_the_other(sql: str, _: object) -> None:
            attempts.extend([sql] if "journal_mode" in sql else [])
            if len(attempts) == 3:
                other.rollback()

        with db.tracer(end_the_other):
            enable_wal(db, timeout_s=30)

        assert len(attempts) == 3
        assert db.journal_mode == "wal"
        assert db.execute("PRAGMA busy_timeout").fetchone() == (30_000,)


@pytest.mark.parametrize("lines", [1, 40, 150])
def test_killed_in_the_middle_of_writing_it_loses_nothing_that_was_acknowledged(path: Path, lines: int) -> None:
    """kill -9: what a call returned from is there, whole batches only, and the file is sound."""
    script = """
storage = SqliteStorage(path)
for number in range(1_000_000):
    storage.append_events([make_event(f"{number}-{part}") for part in range(10)])
    storage.put_items([make_article(str(number))])
    print(number, flush=True)
"""
    process = start(script, path)
    assert process.stdout is not None
    read = [process.stdout.readline() for _ in range(lines)]
    process.kill()
    rest, _ = process.communicate()
    acknowledged = [line.strip() for line in [*read, *rest.splitlines(keepends=True)] if line.endswith("\n")]

    with closing(SqliteStorage(path)) as storage:
        ids = {event.id for event in events_in(storage)}
        assert len(acknowledged) >= lines
        assert {f"{number}-{part}" for number in acknowledged for part in range(10)} <= ids
        assert len(ids) % 10 == 0
        assert storage.items(acknowledged).keys() == set(acknowledged)
    assert integrity(path) == [("ok",)]


# A batch is stored whole or not at all


def test_a_batch_that_cannot_be_stored_leaves_nothing_behind(storage: SqliteStorage) -> None:
    """A bug of the caller is not dressed as a StorageError, and the store goes on."""
    surrogate = make_event("\ud800")
    with pytest.raises(UnicodeEncodeError):
        storage.append_events([make_event("e1"), surrogate])

    assert events_in(storage) == []
    assert storage.append_events([make_event("e1")]).accepted == ("e1",)


# Locks


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES.keys())
def test_a_write_to_a_locked_store_says_so_after_the_time_out(path: Path, write: object) -> None:
    """It names the file and what to do, nothing is written, and reading goes on."""
    assert callable(write)
    with closing(SqliteStorage(path, timeout_s=0.01)) as storage, closing(sqlite3.connect(path)) as other:
        fill(storage, "ada")
        before = events_in(storage)
        other.execute("BEGIN IMMEDIATE")

        with pytest.raises(StorageError, match=r"reread\.db: database is locked; another process is writing"):
            write(storage)
        assert events_in(storage) == before

        other.rollback()
        write(storage)


def test_a_feed_that_brought_nothing_waits_for_no_lock(path: Path) -> None:
    """Most feeds of most rounds: to learn whether they are known is to read."""
    with closing(SqliteStorage(path, timeout_s=0.01)) as storage, closing(sqlite3.connect(path)) as other:
        storage.put_feed(Feed("https://a/"))
        other.execute("BEGIN IMMEDIATE")

        assert storage.bring("https://a/", {})
        assert not storage.bring("https://b/", {})


def test_opening_a_file_that_is_locked_says_so(path: Path) -> None:
    """Also if it is still empty."""
    with closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN EXCLUSIVE")

        with pytest.raises(StorageError, match=r"reread\.db: database is locked"):
            SqliteStorage(path, timeout_s=0.05)


@pytest.mark.parametrize(
    "ask",
    [
        lambda storage: storage.events_on("item-7", user="ada"),
        lambda storage: storage.oldest_event_at(),
    ],
)
def test_what_is_asked_often_goes_by_an_index(storage: SqliteStorage, ask: Callable[[SqliteStorage], object]) -> None:
    """Counted in steps of SQLite's machine: a scan takes at least one for each of the events."""
    steps = 0

    def count() -> int:
        nonlocal steps
        steps += 1
        return 0

    storage.append_events([replace(make_event(f"e{number}"), item=f"item-{number}") for number in range(1_000)])
    with storage._connections.reading() as db:
        db.conn.set_progress_handler(count, 1)
    found = ask(storage)
    with storage._connections.reading() as db:
        db.conn.set_progress_handler(None, 1)

    assert found
    assert 0 < steps < 100


# The file


def test_folders_are_made_and_the_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    """The log beside it too: it holds the same text. Odd characters in a path are no matter."""
    path = tmp_path / "new ünd" / "a?b#c%20" / "reread.db"
    with closing(SqliteStorage(str(path))) as storage:
        fill(storage, "ada")

        files = {file.name: file.stat().st_mode & 0o777 for file in path.parent.iterdir()}
    assert files == {"reread.db": 0o600, "reread.db-wal": 0o600, "reread.db-shm": 0o600}


def test_the_text_of_an_erased_reader_is_gone_from_the_files(storage: SqliteStorage, path: Path) -> None:
    """Deleting a row is not enough: SQLite would leave its bytes in free space and in the log."""
    for number in range(20):
        storage.append_events(make_events(f"e{number}", 50, user="bob"))
        storage.append_events(make_events(f"marker-{number}", 50, user="marker"))
    fill(storage, "marker")

    storage.erase_user("marker")

    assert erased(storage, "marker")
    assert [file.name for file in path.parent.iterdir() if b"marker" in file.read_bytes()] == []


@pytest.mark.skipif(not OPEN_FILES.exists(), reason="the system does not list open files there")
def test_a_guardian_leaves_traces_with_the_children(storage: SqliteStorage) -> None:
    storage.put_child(Child("kim", "ann", "", "guardian", "2031-04", datetime(2026, 11, 20, tzinfo=UTC)))

    assert {user: storage.traces(user)["children"] for user in ("ann", "kim", "ben")} == {"ann": 1, "kim": 1, "ben": 0}
    storage.erase_user("ann")
    assert not any(storage.traces("ann").values())


def test_connections_of_ended_threads_are_closed(storage: SqliteStorage) -> None:
    """A server that starts a thread for each request does not run out of files."""
    before = len(os.listdir(OPEN_FILES))
    for _ in range(50):
        with ThreadPoolExecutor(1) as pool:
            pool.submit(storage.last_event_seq).result()

    # A connection holds two files and the last thread's is still open.
    assert len(os.listdir(OPEN_FILES)) <= before + 4


# Backup


def test_the_numbers_of_a_list_may_be_those_of_numpy(storage: SqliteStorage) -> None:
    """To Python they are numbers as others, so that one is easily left in."""
    made = make_list("l1")
    place = replace(made.items[0], score=np.float64(0.5), contributions={"interest": np.float64(0.5)})

    storage.save_list(replace(made, items=(place,)))

    assert storage.load_list("l1") == made


def test_a_list_that_was_kept_without_what_is_empty_can_be_read(storage: SqliteStorage, path: Path) -> None:
    """As versions before wrote it."""
    made = make_list("l1")
    record = list_record(made)
    columns = [record.pop(name) for name in ("id", "user", "at")]
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("INSERT INTO lists (id, user, at, body) VALUES (?, ?, ?, ?)", [*columns, json.dumps(record)])

    assert "story" not in record["items"][0]
    assert storage.load_list("l1") == made


def test_a_backup_made_while_others_write_is_a_store(storage: SqliteStorage, tmp_path: Path) -> None:
    """It has all that was acknowledged before, only whole batches, and is for its owner alone."""
    copies = [tmp_path / f"copy{number}.db" for number in range(3)]
    storage.put_items([make_article("a1")])

    def write(name: str) -> None:
        for number in range(100):
            storage.append_events(make_events(f"{name}-{number}", 10))

    with ThreadPoolExecutor(2) as pool:
        writers = [pool.submit(write, name) for name in ("left", "right")]
        floors = []
        for copy in copies:
            floors.append(len(storage.events_after(0)))
            storage.backup(str(copy))
    assert [writer.exception() for writer in writers] == [None, None]

    whole = storage.events_after(0)
    for copy, floor in zip(copies, floors, strict=True):
        assert copy.stat().st_mode & 0o777 == 0o600
        assert integrity(copy) == [("ok",)]
        with closing(SqliteStorage(copy)) as restored:
            found = restored.events_after(0)
            assert found == whole[: len(found)]
            assert len(found) >= floor
            assert len(found) % 10 == 0
            assert restored.items_after(0) == storage.items_after(0)


def test_a_backup_never_replaces_a_file(storage: SqliteStorage, path: Path, tmp_path: Path) -> None:
    """Not even the store itself."""
    other = tmp_path / "other.txt"
    other.write_text("precious")

    for target in (other, path):
        with pytest.raises(StorageError, match="exists already; name a new file for the backup"):
            storage.backup(str(target))
    assert other.read_text() == "precious"
