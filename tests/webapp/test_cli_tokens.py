"""`reread token`: a token that is lost can be seen, and made void, with accounts and without."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from reader.storage.sqlite import SqliteStorage
from tests.webapp.test_cli import run


@pytest.fixture
def db(tmp_path: Path) -> Path:
    return tmp_path / "reread.db"


def make(db: Path, user: str, scope: str, name: str = "") -> str:
    secret: str = run("token", "create", "--user", user, "--scope", scope, "--name", name, "--db", db).stdout.strip()
    return secret


def listed(db: Path, *more: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(run("token", "list", *more, "--db", db, "--json").stdout)
    return found


def test_tokens_are_listed_without_their_secrets(db: Path) -> None:
    secrets = [make(db, "ann", "recs:read", "phone"), make(db, "bob", "events:write")]

    shown = run("token", "list", "--db", db)

    assert [(one["user"], one["scopes"], one["name"]) for one in listed(db)] == [
        ("ann", ["recs:read"], "phone"),
        ("bob", ["events:write"], ""),
    ]
    assert [one["user"] for one in listed(db, "--user", "bob")] == ["bob"]
    assert "recs:read" in shown.stdout
    assert not any(secret in shown.stdout for secret in secrets)


@pytest.mark.parametrize("by_secret", [False, True])
def test_a_token_is_made_void_by_its_id_or_by_itself(db: Path, by_secret: bool) -> None:
    first, _ = make(db, "ann", "recs:read", "lost"), make(db, "ann", "recs:read", "kept")
    which = first if by_secret else next(one["id"] for one in listed(db) if one["name"] == "lost")

    done = run("token", "revoke", which, "--db", db)

    assert done.exit_code == 0
    assert [one["name"] for one in listed(db)] == ["kept"]


def test_a_token_that_is_not_there_is_refused_and_not_repeated(db: Path) -> None:
    make(db, "ann", "recs:read")

    refused = run("token", "revoke", "rr_mistyped", "--db", db)

    assert refused.exit_code == 2
    assert "reread token list" in refused.stderr
    assert "rr_mistyped" not in refused.stderr
    assert len(listed(db)) == 1


def test_who_has_an_account_sees_that_the_operator_made_a_token_void(db: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("MEMORY_KIB", "8"), ("PASSES", "1"), ("LANES", "1")):
        monkeypatch.setenv(f"REREAD_LOGIN__ARGON2_{name}", value)
    run("account", "create", "--nickname", "Ada", "--password-stdin", "--db", db, input="salt lakes of Chile")
    secret = make(db, "ada", "recs:read")
    assert [one["user"] for one in listed(db, "--user", "ada")] == ["Ada"]

    run("token", "revoke", secret, "--db", db)

    storage = SqliteStorage(db)
    account = storage.account_named("Ada")
    assert account is not None
    assert {entry.act for entry in storage.audited(account.id)} == {"token", "revoke-token"}
    storage.close()
