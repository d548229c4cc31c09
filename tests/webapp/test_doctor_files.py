"""What the doctor says of a database on the disk, well and ill."""

from __future__ import annotations

from pathlib import Path

import pytest

from reader.storage.sqlite import SqliteStorage
from webapp.commands import doctor_files
from webapp.commands.doctor_files import look_at_files


@pytest.fixture
def db(tmp_path: Path) -> Path:
    storage = SqliteStorage(tmp_path / "reread.db")
    storage.item_count()
    storage.close()
    return tmp_path / "reread.db"


def told(db: Path) -> dict[str, tuple[bool, str]]:
    return {thing: (well, detail) for thing, well, detail in look_at_files(db)}


def test_all_is_well(db: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor_files, "LEAST_FREE", 0)

    assert [well for well, _ in told(db).values()] == [True] * 4


def test_files_that_others_may_read_are_named_with_the_remedy(db: Path) -> None:
    key = db.with_name("reread.db.key")
    key.write_text("secret", "ascii")
    key.chmod(0o644)

    assert told(db)["permissions"] == (False, f"others may read {key}; run `chmod 600 {key}`")


def test_a_broken_database_and_one_that_is_none(db: Path, tmp_path: Path) -> None:
    content = bytearray(db.read_bytes())
    content[4096 * 3 : 4096 * 5] = b"x" * 8192
    db.write_bytes(bytes(content))
    other = tmp_path / "other.db"
    other.write_text("no database at all, however long it may be", "ascii")

    for path in (db, other):
        well, detail = told(path)["database"]
        assert not well
        assert "reread restore" in detail


def test_a_full_disk_and_a_long_log(db: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor_files, "LEAST_FREE", 10**18)
    monkeypatch.setattr(doctor_files, "MOST_WAL", 3)
    db.with_name("reread.db-wal").write_bytes(b"four")

    found = told(db)

    assert [found[thing][0] for thing in ("disk", "write-ahead log")] == [False, False]
