"""`reread config`, and the file of settings that every command takes."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from reader.settings_sources import CONFIG_VARIABLE
from webapp.cli import main


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "reread.toml"
    path.write_text(
        "seed = 7\nsecret_key = 'hush'\n[server]\nport = 9000\nnames = ['a.example', 'b.example']\n", "utf-8"
    )
    return path


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def test_it_tells_what_is_in_force_and_who_says_so(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REREAD_SEED", "8")

    told = run("config", "--config", file, "--changed")

    assert told.exit_code == 0, told.output
    assert {" ".join(line.split()) for line in told.stdout.splitlines()} == {
        "seed 8 [REREAD_SEED]",
        f"secret_key (a secret) [{file}]",
        f"server.port 9000 [{file}]",
        f"server.names a.example, b.example [{file}]",
    }


def test_programs_get_every_setting(file: Path) -> None:
    rows = {row["name"]: row for row in json.loads(run("config", "--config", file, "--json").stdout)}

    assert rows["server.port"]["value"] == 9000
    assert (rows["server.port"]["default"], rows["server.port"]["from"]) == (8000, str(file))
    assert (rows["reading.settle_s"]["from"], rows["reading.settle_s"]["unit"]) == ("default", "s")
    assert "hush" not in json.dumps(rows)


def test_the_file_that_it_prints_says_the_same(file: Path, tmp_path: Path) -> None:
    """Read back, all is as it was, but for the secret, which is not printed."""
    printed = tmp_path / "printed.toml"
    printed.write_text(run("config", "--config", file, "--toml").stdout, "utf-8")

    again = {row["name"]: row for row in json.loads(run("config", "--config", printed, "--json").stdout)}

    before = {row["name"]: row for row in json.loads(run("config", "--config", file, "--json").stdout)}
    assert {name: row["value"] for name, row in again.items() if name != "secret_key"} == {
        name: row["value"] for name, row in before.items() if name != "secret_key"
    }
    assert {name for name, row in again.items() if row["from"] != "default"} == {"seed", "server.port", "server.names"}


def test_every_line_of_the_printed_file_is_true(tmp_path: Path) -> None:
    """With the marks of the comments taken away, what stands there as a default is one."""
    lines = run("config", "--toml").stdout.splitlines()
    bare = [line.removeprefix("# ") for line in lines if " = " in line and not line.startswith("# Whether")]
    names = {line.partition(" = ")[0] for line in bare if line.partition(" = ")[0].isidentifier()}

    assert {"settle_s", "port", "accounts", "signals_off"} <= names


def test_the_file_says_where_the_database_is(tmp_path: Path) -> None:
    config, db = tmp_path / "reread.toml", tmp_path / "deep" / "store.db"
    config.write_text(f"db = '{db}'\n", "utf-8")

    made = run("token", "create", "--user", "ann", "--scope", "recs:read", "--config", config)

    assert made.exit_code == 0, made.output
    assert db.exists()
    assert CONFIG_VARIABLE not in os.environ


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("prot = 1", "prot is no setting"),
        ("[server]\nport = 'high'", "server.port: 'high': input should be a valid integer"),
        ("[server", "no TOML"),
    ],
)
def test_a_wrong_file_is_a_wrong_call(tmp_path: Path, text: str, said: str) -> None:
    config = tmp_path / "reread.toml"
    config.write_text(text, "utf-8")

    refused = run("config", "--config", config)

    assert refused.exit_code == 2
    assert said in refused.stderr
    assert "Traceback" not in refused.stderr


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("REREAD_SEEED", "1", "did you mean REREAD_SEED?"),
        ("REREAD_SEED", "many", "seed: 'many'"),
        ("REREAD_SERVER__NAMES", "a,b", "lists and sections are JSON"),
    ],
)
def test_a_wrong_variable_is_a_wrong_call(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, said: str
) -> None:
    monkeypatch.setenv(variable, value)

    refused = run("config")

    assert refused.exit_code == 2
    assert said in refused.stderr
