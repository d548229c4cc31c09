"""`reread demo --remove` and `--restore`."""

from __future__ import annotations

import socket
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from reader.storage.sqlite import SqliteStorage
from reader.types import Article
from tests.webapp.conftest import NOW
from webapp.cli import main
from webapp.commands.demo import _put_back
from webapp.demo import demo_in, demo_items


@pytest.fixture
def db(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store with the demo and one item beside it, which the settings name."""
    path = tmp_path / "reread.db"
    monkeypatch.setenv("REREAD_DB", str(path))
    with closing(SqliteStorage(path)) as storage:
        storage.put_items([*demo_items(NOW), Article(id="own", title="My own")])
    return path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["demo", *arguments])


def listed(db: Path) -> int:
    with closing(SqliteStorage(db)) as storage:
        assert set(storage.withdrawn_items(["own"])) == set()
        return len(demo_in(storage).listed)


def test_the_demo_is_taken_out_of_the_own_database_and_put_back(db: Path) -> None:
    """And not out of the database of the demo's own, which `reread demo` serves."""
    count = len(demo_items(NOW))

    removed = run("--remove")
    assert (removed.exit_code, listed(db)) == (0, 0)
    assert removed.stdout == f"{db}: {count} items of the demo are listed no more; what readers did with them stays\n"
    assert removed.stderr == f"To put them back: reread demo --restore --db {db}\n"
    assert run("--remove").stdout == f"{db}: none of the demo's items is listed\n"

    restored = run("--restore", "--db", str(db))
    assert (restored.exit_code, listed(db)) == (0, count)
    assert restored.stdout == f"{db}: {count} items of the demo are listed again\n"
    assert run("--restore").stdout == f"{db}: none of the demo's items was taken out\n"


def test_both_at_once_are_refused(db: Path) -> None:
    refused = run("--remove", "--restore")

    assert refused.exit_code == 2
    assert "give one of them" in refused.stderr
    assert listed(db) == len(demo_items(NOW))


def test_whoever_serves_the_demo_sees_it(db: Path) -> None:
    """`reread demo` puts back what was taken out of its database, unless it cannot serve at all."""
    run("--remove")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        refused = run("--db", str(db), "--port", str(taken.getsockname()[1]))
    assert (refused.exit_code, listed(db)) == (2, 0)

    _put_back(db)
    _put_back(db.with_name("unknown.db"))

    assert listed(db) == len(demo_items(NOW))
    assert not db.with_name("unknown.db").exists()
