"""reread erase and verify-erasure."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

import pytest

from reader.storage.sqlite import SqliteStorage
from tests.reader.storage.builders import make_events
from tests.reader.storage.steps import fill
from tests.webapp.test_cli import run

USER = "u0123456789abcdef"


@pytest.fixture
def db(tmp_path: Path) -> Path:
    with closing(SqliteStorage(tmp_path / "reread.db")) as storage:
        fill(storage, USER)
        fill(storage, "bob")
    return tmp_path / "reread.db"


def test_what_is_there_is_found_and_what_is_erased_is_not(db: Path) -> None:
    before = run("verify-erasure", USER, "--db", db, "--json")
    run("erase", USER, "--yes", "--db", db)
    after = run("verify-erasure", USER, "--db", db, "--json")

    assert before.exit_code == 1
    assert json.loads(before.stdout)["tables"]["events"] == 3
    assert json.loads(before.stdout)["files"]["reread.db"] > 3
    assert after.exit_code == 0
    assert json.loads(after.stdout) == {"problems": [], "tables": {}, "files": {}, "memory": None, "left": False}


def test_a_receipt_finds_its_reader_again(db: Path, tmp_path: Path) -> None:
    """Somebody who came back after it is told apart from what was left."""
    receipt = tmp_path / "receipt.json"
    copy = db.read_bytes()
    run("erase", USER, "--yes", "--db", db, "--receipt", receipt)

    clean = run("verify-erasure", receipt, "--db", db)
    with closing(SqliteStorage(db)) as storage:
        storage.append_events(make_events("later", 2, user=USER))
    back = run("verify-erasure", receipt, "--db", db)
    db.write_bytes(copy)
    restored = run("verify-erasure", receipt, "--db", db)

    assert USER not in receipt.read_text(encoding="utf-8")
    assert (clean.exit_code, back.exit_code, restored.exit_code) == (0, 0, 1)
    assert "has come back since" in back.stderr
    assert "no record of that erasure" in restored.stderr
    assert "events 3" in restored.stderr


def test_a_receipt_that_was_changed_is_refused(db: Path, tmp_path: Path) -> None:
    receipt = tmp_path / "receipt.json"
    run("erase", USER, "--yes", "--db", db, "--receipt", receipt)
    receipt.write_text(receipt.read_text(encoding="utf-8").replace('"events": 3', '"events": 4'), encoding="utf-8")

    done = run("verify-erasure", receipt, "--db", db)

    assert done.exit_code == 2
    assert "was changed" in done.stderr
