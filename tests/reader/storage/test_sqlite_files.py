"""Files that a store may find: wrong ones, of other programs, of older and newer versions."""

from __future__ import annotations

import os
import tempfile
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlite_utils import Database

from reader.errors import StorageError
from reader.storage.connections import create_file
from reader.storage.feed_rows import FEED_COLUMNS, feed_row
from reader.storage.migrations import migrations
from reader.storage.protocol import Appended
from reader.storage.rows import ACCOUNT_COLUMNS, EVENT_COLUMNS, account_row, event_row
from reader.storage.sqlite import SqliteStorage
from reader.types_feeds import Feed, Subscription
from tests.reader.storage.builders import make_account, make_event
from tests.reader.storage.processes import finish, integrity, start


def test_a_file_that_is_no_sqlite_file_is_refused_and_left_alone(path: Path) -> None:
    path.write_bytes(b"Dear diary, " * 1000)

    with pytest.raises(StorageError, match=r"reread\.db: file is not a database; .*name another path"):
        SqliteStorage(path)
    assert path.read_bytes() == b"Dear diary, " * 1000


def test_a_database_of_another_program_is_refused_and_left_alone(path: Path) -> None:
    with closing(Database(path)) as other:
        other.table("recipes").insert({"name": "soup"})
    before = path.read_bytes()

    with pytest.raises(StorageError, match=r"reread\.db: a database of another program; name another path"):
        SqliteStorage(path)
    assert path.read_bytes() == before


def test_clips_of_an_older_version_are_found_by_creator_and_sound(path: Path) -> None:
    """The migration fills what it adds; whatever it cannot read stays as it was."""
    create_file(path)
    with closing(Database(path)) as old:
        migrations.apply(old, stop_before="m003_creators_and_sounds")
        bodies = {"v1": '{"creator":"Pan","sound":"wind"}', "v2": '{"duration_s":Infinity}', "v3": "{}"}
        old.table("items").insert_all(
            {"id": id, "kind": "video", "title": "Salt", "body": body} for id, body in bodies.items()
        )
    with closing(SqliteStorage(path)) as storage:
        until = datetime(2026, 11, 20, tzinfo=UTC)

        assert [item.id for item in storage.items_of("creator", "Pan", until=until, limit=9)] == ["v1"]
        assert [item.id for item in storage.items_of("sound", "wind", until=until, limit=9)] == ["v1"]
        assert storage.item_count() == 3


def test_the_log_of_an_older_version_is_kept_and_its_ids_become_the_readers_own(path: Path) -> None:
    """Every event keeps its seq, none is given again though the newest was erased, and the file stays whole."""
    create_file(path)
    with closing(Database(path)) as old:
        migrations.apply(old, stop_before="m005_events_per_reader")
        names = ("seq", *EVENT_COLUMNS)
        kept = [(seq, *event_row(make_event(f"e{seq}", user="ada" if seq % 2 else "bob"))) for seq in (2, 5, 9, 12)]
        old.table("events").insert_all(dict(zip(names, row, strict=True)) for row in kept)
        old.table("events").delete(12)

    with closing(SqliteStorage(path)) as storage:
        assert [(seq, event.id, event.user) for seq, event in storage.events_after(0)] == [
            (2, "e2", "bob"),
            (5, "e5", "ada"),
            (9, "e9", "ada"),
        ]
        assert [event.id for event in storage.iter_events(user="ada")] == ["e5", "e9"]
        assert storage.append_events([make_event("e2"), make_event("e5")]) == Appended(("e2",), ("e5",))
        assert storage.last_event_seq() > 12
    assert integrity(path) == [("ok",)]


@pytest.mark.parametrize("accounts", [False, True])
def test_feeds_of_an_older_version_are_still_fetched(path: Path, accounts: bool) -> None:
    """The local reader follows them; where there are accounts, they are for all."""
    create_file(path)
    with closing(Database(path)) as old:
        migrations.apply(old, stop_before="m006_subscriptions")
        blank = {"title": "", "etag": "", "last_modified": "", "error": ""}
        old.table("feeds").insert_all({"url": url, **blank} for url in ("https://b/", "https://a/"))
        if accounts:
            old.table("accounts").insert(dict(zip(ACCOUNT_COLUMNS, account_row(make_account("ada")), strict=True)))
    with closing(SqliteStorage(path)) as storage:
        assert storage.feeds() == [Feed("https://a/", shared=accounts), Feed("https://b/", shared=accounts)]
        local = [Subscription("local", "https://a/"), Subscription("local", "https://b/")]
        assert storage.subscriptions() == ([] if accounts else local)


def test_addresses_that_dropped_feeds_left_behind_are_blanked(path: Path) -> None:
    create_file(path)
    with closing(Database(path)) as old:
        migrations.apply(old, stop_before="m011_left_addresses")
        old.table("feeds").insert(dict(zip(FEED_COLUMNS, feed_row(Feed("https://a/")), strict=True)))
        brought = [("", "x"), ("https://gone/?key=secret", "x"), ("https://gone/?key=secret", "y"), ("https://a/", "z")]
        at = "2026-11-20T00:00:00.000Z"
        old.table("feed_items").insert_all({"feed": feed, "item": item, "at": at} for feed, item in brought)

    with closing(SqliteStorage(path)) as storage:
        assert storage.feeds_of_items(["x", "y", "z"]) == {"x": [""], "y": [""], "z": ["https://a/"]}
    assert b"secret" not in path.read_bytes()


def test_a_store_of_a_newer_version_is_refused(storage: SqliteStorage, path: Path) -> None:
    """The message names the file, what is unknown and the remedy."""
    with closing(Database(path)) as other:
        other.table("_sqlite_migrations").insert(
            {"migration_set": "reread", "name": "m999_from_the_future", "applied_at": "2030-01-01"}
        )

    with pytest.raises(StorageError, match=r"reread\.db: .*newer version \(it has m999_from_the_future\); upgrade"):
        SqliteStorage(path)


def test_a_folder_in_place_of_the_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="unable to open database file; make sure that it is a file"):
        SqliteStorage(tmp_path)


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(StorageError, match=r"reread\.db: .*; choose a folder that this user may write to"):
        SqliteStorage(tmp_path / "file" / "reread.db")


def test_a_read_only_folder_is_refused() -> None:
    """In a process without root's rights, which pass over those of a folder."""
    script = """
import os
if os.geteuid() == 0:
    os.setuid(65534)
try:
    SqliteStorage(path)
except StorageError as error:
    print(error)
"""
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o555)
        path = Path(folder) / "reread.db"
        output = finish(start(script, path))
        os.chmod(folder, 0o755)

    assert output.strip() == f"{path}: Permission denied; choose a folder that this user may write to"


@pytest.mark.parametrize("name", ["", ":memory:"])
def test_a_store_in_memory_is_another_engine(name: str) -> None:
    with pytest.raises(StorageError, match="use MemoryStorage"):
        SqliteStorage(name)
