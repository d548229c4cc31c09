"""`reread backup` while others read and write, and `reread restore`: the lists of before come back."""

from __future__ import annotations

import json
import shutil
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from nlp.analysis import Analyser
from reader.behaviour.events import parse_event
from reader.clock import ManualClock
from reader.recommend.recommender import Recommender
from reader.recommend.requests import Request
from reader.settings import Settings
from reader.storage.sqlite import SqliteStorage
from reader.wiring import make_recommender, model_path
from tests.reader.storage.builders import make_account
from webapp.cli import main
from webapp.paths import site_db
from webapp.security import secret_key

MakeEvent = Callable[..., dict[str, Any]]

LIKE = {"id": "e", "type": "like", "at": "2026-11-23T12:00:00.000Z", "user": "ada", "item": "energy-0"}


def run(*arguments: str | Path, **options: Any) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments], **options)


def read(recommender: Recommender, make_event: MakeEvent, item: str) -> None:
    """Ada opens an item from a list and likes it."""
    made = recommender.recommend(Request(user="ada", limit=20))
    events = [
        make_event("open", item=item, view=item, list=made.id, user="ada"),
        make_event("like", item=item, user="ada"),
    ]
    assert recommender.observe([parse_event(event) for event in events]).rejected == ()


def lists_of(db: Path, settings: Settings, clock: ManualClock, analyser: Analyser) -> list[tuple[str, float]]:
    """What Ada would be shown now, with the scores; on a copy, since making a list is logged."""
    with tempfile.TemporaryDirectory() as folder:
        for path in (db, model_path(db)):
            shutil.copy(path, folder)
        opened = make_recommender(Path(folder) / db.name, settings=settings, clock=clock, analyser=analyser)
        try:
            return [(place.item, place.score) for place in opened.recommend(Request(user="ada", limit=20)).items]
        finally:
            opened.storage.close()


@pytest.fixture
def db(recommender: Recommender, tmp_path: Path) -> Path:
    return tmp_path / "reread.db"


def test_after_a_restore_the_lists_are_those_of_before(
    recommender: Recommender,
    db: Path,
    tmp_path: Path,
    make_event: MakeEvent,
    clock: ManualClock,
    settings: Settings,
    analyser: Analyser,
) -> None:
    """The copy is made while the server has the store open; what comes after it is gone again."""
    copy = tmp_path / "copy.db"
    read(recommender, make_event, "energy-0")
    clock.at += timedelta(hours=1)
    # By now the first list has settled, and something is learned from it.
    read(recommender, make_event, "energy-1")
    recommender.save_learned()
    made = run("backup", copy, "--db", db, "--with-model", "--json")
    assert made.exit_code == 0, made.output
    assert json.loads(made.stdout)["files"] == [str(copy), f"{copy}.model"]
    clock.at += timedelta(hours=1)
    before = lists_of(copy, settings, clock, analyser)
    for item in ("music-0", "music-1", "food-2"):
        read(recommender, make_event, item)
    recommender.save_learned()
    recommender.storage.close()
    assert lists_of(db, settings, clock, analyser) != before

    done = run("restore", copy, "--db", db, "--yes")

    assert done.exit_code == 0, done.output
    assert lists_of(db, settings, clock, analyser) == before
    assert model_path(db).read_bytes() == model_path(copy).read_bytes()


def test_a_store_in_use_is_not_replaced(recommender: Recommender, db: Path, tmp_path: Path) -> None:
    """A server would go on with a file that is gone."""
    run("backup", tmp_path / "copy.db", "--db", db)
    count = recommender.storage.item_count()

    refused = run("restore", tmp_path / "copy.db", "--db", db, "--yes")

    assert refused.exit_code == 2
    assert "in use; stop the server" in refused.stderr
    assert recommender.storage.item_count() == count
    assert sorted(path.name for path in tmp_path.glob("*.restoring*")) == []


def test_nothing_is_replaced_without_a_word(recommender: Recommender, db: Path, tmp_path: Path) -> None:
    recommender.storage.close()
    run("backup", tmp_path / "copy.db", "--db", db)
    with closing(SqliteStorage(db)) as storage:
        storage.append_events([parse_event({**LIKE, "id": "late"})])
    before = db.read_bytes()

    refused = run("restore", tmp_path / "copy.db", "--db", db, input="n\n")

    assert refused.exit_code == 1
    assert "What came since is lost" in refused.stderr
    assert db.read_bytes() == before


def damaged(path: Path) -> None:
    """Lose the heads of pages; what lies within a page has no check in SQLite."""
    content = bytearray(path.read_bytes())
    for page in range(8, len(content) // 4096):
        content[4096 * page : 4096 * page + 8] = bytes(8)
    path.write_bytes(content)


def cut(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


def emptied(path: Path) -> None:
    path.write_bytes(b"no database at all, but a text that is long enough to look at" * 20)


def foreign(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE recipes (id)")


def gone(path: Path) -> None:
    path.unlink()


@pytest.mark.parametrize("harm", [damaged, cut, emptied, foreign, gone])
def test_a_bad_backup_is_refused_and_the_store_stays(
    recommender: Recommender, db: Path, tmp_path: Path, harm: Callable[[Path], None]
) -> None:
    copy = tmp_path / "copy.db"
    run("backup", copy, "--db", db)
    recommender.storage.close()
    harm(copy)
    before = db.read_bytes()

    refused = run("restore", copy, "--db", db, "--yes")

    assert refused.exit_code == 2
    assert str(copy) in refused.stderr
    assert "Traceback" not in refused.stderr
    assert db.read_bytes() == before


def test_the_model_of_another_log_does_not_stay(recommender: Recommender, db: Path, tmp_path: Path) -> None:
    run("backup", tmp_path / "copy.db", "--db", db)
    recommender.storage.close()
    model_path(db).write_bytes(b"of a longer log")

    done = run("restore", tmp_path / "copy.db", "--db", db, "--yes", "--json")

    assert json.loads(done.stdout)["without"] == [".model", ".challenger", ".key"]
    assert not model_path(db).exists()


def test_the_key_comes_along_if_asked(recommender: Recommender, db: Path, tmp_path: Path) -> None:
    key = secret_key(db)
    run("backup", tmp_path / "bare.db", "--db", db)
    run("backup", tmp_path / "copy.db", "--db", db, "--with-key")
    assert not (tmp_path / "bare.db.key").exists()
    assert (tmp_path / "copy.db.key").stat().st_mode & 0o777 == 0o600

    run("restore", tmp_path / "copy.db", "--db", tmp_path / "new" / "reread.db")

    assert secret_key(tmp_path / "new" / "reread.db") == key


def test_a_restored_store_has_its_log_and_takes_events(recommender: Recommender, db: Path, tmp_path: Path) -> None:
    run("backup", tmp_path / "copy.db", "--db", db)
    target = tmp_path / "restored.db"
    assert run("restore", tmp_path / "copy.db", "--db", target).exit_code == 0

    with closing(SqliteStorage(target)) as storage:
        storage.append_events([parse_event(LIKE)])
        with closing(sqlite3.connect(target)) as seen:
            assert seen.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert storage.item_count() == recommender.storage.item_count()
    assert target.stat().st_mode & 0o777 == 0o600


def test_a_copy_on_a_read_only_medium_can_be_restored(recommender: Recommender, db: Path, tmp_path: Path) -> None:
    folder = tmp_path / "medium"
    folder.mkdir()
    run("backup", folder / "copy.db", "--db", db)
    folder.chmod(0o500)
    try:
        assert run("restore", folder / "copy.db", "--db", tmp_path / "restored.db").exit_code == 0
        assert [path.name for path in folder.iterdir()] == ["copy.db"]
    finally:
        folder.chmod(0o700)


def test_there_is_nothing_to_copy(tmp_path: Path) -> None:
    refused = run("backup", tmp_path / "copy.db", "--db", tmp_path / "typo.db")

    assert refused.exit_code == 2
    assert "there is no such store" in refused.stderr
    assert not (tmp_path / "typo.db").exists()


def test_stores_of_sites_come_along(recommender: Recommender, db: Path, tmp_path: Path) -> None:
    """With what was learned on each; a store of a site that the copy does not know is left, and said to be left."""
    copy, site = tmp_path / "copy.db", site_db(db, "wa")
    with closing(SqliteStorage(site)) as storage:
        storage.append_events([parse_event(LIKE)])
    model_path(site).write_bytes(b"what was learned there")
    made = run("backup", copy, "--db", db, "--with-model", "--json")
    copied = site_db(copy, "wa")
    assert json.loads(made.stdout)["files"] == [str(copy), str(copied), str(model_path(copied))]
    recommender.storage.close()
    with closing(SqliteStorage(site)) as storage:
        storage.append_events([parse_event({**LIKE, "id": "late"})])
    with closing(SqliteStorage(site_db(db, "wb"))):
        pass

    done = run("restore", copy, "--db", db, "--yes")

    assert done.exit_code == 0, done.output
    assert "no store of the site wb: it stays" in done.stderr
    with closing(SqliteStorage(site)) as storage:
        assert [event.id for _, event in storage.events_after(0)] == ["e"]
    assert model_path(site).read_bytes() == b"what was learned there"
    assert site.stat().st_mode & 0o777 == copied.stat().st_mode & 0o777 == 0o600


def test_a_damaged_store_of_a_site_stops_a_restore(recommender: Recommender, db: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    with closing(SqliteStorage(site_db(db, "wa"))):
        pass
    run("backup", copy, "--db", db)
    recommender.storage.close()
    cut(site_db(copy, "wa"))
    before = db.read_bytes()

    refused = run("restore", copy, "--db", db, "--yes")

    assert refused.exit_code == 2
    assert str(site_db(copy, "wa")) in refused.stderr
    assert db.read_bytes() == before


def test_who_was_erased_since_the_backup_is_named(db: Path, tmp_path: Path, recommender: Recommender) -> None:
    recommender.storage.close()
    copy = tmp_path / "copy.db"
    with closing(SqliteStorage(db)) as storage:
        storage.append_events([parse_event({**LIKE, "id": user, "user": user}) for user in ("ada", "bob", "r7")])
        storage.add_account(make_account("r7", "cy"))
    run("backup", copy, "--db", db)
    for name in ("ada", "cy"):
        assert run("erase", name, "--db", db, "--yes").exit_code == 0

    done = run("restore", copy, "--db", db, "--yes", "--json")

    assert json.loads(done.stdout)["back"] == ["ada", "cy"]
    assert f"again: reread erase cy --db {db}" in done.stderr
    assert run("erase", "cy", "--db", db, "--yes").exit_code == 0
    with closing(SqliteStorage(db)) as storage:
        assert storage.users() == ["ada", "bob"]


@pytest.mark.parametrize("spoil", [None, damaged, lambda path: path.write_bytes(b"lost"), Path.unlink])
def test_nobody_is_named_where_nothing_is_known(
    db: Path, tmp_path: Path, recommender: Recommender, spoil: Callable[[Path], object] | None
) -> None:
    """Without an erasure, who is not in the store came to be missing in another way; and a lost store tells nothing."""
    recommender.storage.close()
    copy = tmp_path / "copy.db"
    with closing(SqliteStorage(db)) as storage:
        storage.append_events([parse_event(LIKE)])
    run("backup", copy, "--db", db)
    with closing(SqliteStorage(db)) as storage:
        storage.append_events([parse_event({**LIKE, "id": "late", "user": "eve"})])
    if spoil is not None:
        spoil(db)

    done = run("restore", copy, "--db", db, "--yes", "--json")

    assert json.loads(done.stdout)["back"] == []
    assert "Back with" not in done.stderr


@pytest.mark.parametrize("spoil", [damaged, lambda path: path.write_bytes(b"lost")])
def test_a_damaged_store_is_put_aside(
    db: Path, tmp_path: Path, recommender: Recommender, spoil: Callable[[Path], object]
) -> None:
    """It is what a backup is for; and perhaps something of it can be saved yet."""
    recommender.storage.close()
    copy, aside = tmp_path / "copy.db", db.with_name(f"{db.name}.damaged")
    run("backup", copy, "--db", db)
    spoil(db)
    content = db.read_bytes()

    done = run("restore", copy, "--db", db, "--yes")

    assert done.exit_code == 0
    assert f"The damaged store is {aside} now" in done.stderr
    assert aside.read_bytes() == content
    with closing(SqliteStorage(db)) as storage:
        assert storage.item_count() > 0

    spoil(db)
    refused = run("restore", copy, "--db", db, "--yes")

    assert refused.exit_code == 2
    assert f"{aside}: exists already" in refused.stderr
    assert aside.read_bytes() == content
