"""Looking for what is left of a reader."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from reader.privacy.traces import files_of, in_files, in_tables, marks_of
from reader.storage.memory import MemoryStorage
from reader.storage.sqlite import SqliteStorage
from tests.reader.storage.steps import FILLED, fill

USER = "u0123456789abcdef"


@pytest.mark.parametrize("user", [USER, "ada"])
def test_everything_is_found_before_and_nothing_after_an_erasure(tmp_path: Path, user: str) -> None:
    """In tables, and in the bytes of the files; another reader's rows are not taken for it."""
    db = tmp_path / "reread.db"
    with closing(SqliteStorage(db)) as storage:
        fill(storage, "adam")
        fill(storage, user)
        before = in_tables(storage, user)

        assert {kind: before[kind] for kind in FILLED if kind in before} == {
            kind: count for kind, count in FILLED.items() if kind in before
        }
        assert set(FILLED) - {"folders", "subscriptions"} <= before.keys()
        assert sum(in_files(files_of(db, ()), user).values()) >= 3

        storage.erase_user(user)

        assert in_tables(storage, user) == {}
        assert in_files(files_of(db, ()), user) == {}
        assert in_tables(storage, "adam")
        assert user not in storage.names()
        assert "adam" in storage.names()


def test_a_mark_across_two_blocks_is_counted_once(tmp_path: Path) -> None:
    path = tmp_path / "big"
    path.write_bytes(b"x" * ((1 << 20) - 5) + USER.encode() + b"x" * 99 + USER.encode())

    assert in_files([path, tmp_path / "none"], USER) == {"big": 2}


def test_short_ids_are_looked_for_with_what_stands_behind_them() -> None:
    assert marks_of("local") == (b"local20", b"local21")
    assert marks_of(USER) == (USER.encode(),)


def test_a_store_in_memory_is_looked_through_too() -> None:
    storage = MemoryStorage()
    fill(storage, "ada")
    assert in_tables(storage, "ada")["events"] == 3
    assert storage.names() == ["ada"]

    storage.erase_user("ada")

    assert in_tables(storage, "ada") == {}
    assert storage.names() == []
