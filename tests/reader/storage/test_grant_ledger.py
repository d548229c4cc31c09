"""The ledger of data grants, as the SQLite file itself guards it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from reader.storage.sqlite import SqliteStorage
from tests.reader.storage.steps import fill


def test_a_line_of_the_ledger_cannot_be_changed(tmp_path: Path) -> None:
    """Not even by hand, short of taking the rule out of the file; to erase the reader is possible."""
    path = tmp_path / "reread.db"
    with closing(SqliteStorage(path)) as storage:
        fill(storage, "ada")

        with closing(sqlite3.connect(path)) as conn, pytest.raises(sqlite3.IntegrityError, match="never changed"):
            conn.execute("UPDATE grant_ledger SET act = 'revoked'")

        assert storage.erase_user("ada")["grant_ledger"] == 1
