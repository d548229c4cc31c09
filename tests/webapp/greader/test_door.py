"""Who gets in: a token with its own scope, by its reader's name, and nobody else."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from reader.ingest.subscriptions import Subscriptions
from reader.recommend.recommender import Recommender
from reader.types import Consent
from tests.webapp.conftest import NOW
from tests.webapp.greader.conftest import LIST, STARRED, Program
from webapp.app import create_app

MakeToken = Callable[..., dict[str, str]]


def secret_of(headers: dict[str, str]) -> str:
    return headers["Authorization"].removeprefix("Bearer ")


def test_the_token_is_the_password(app: Flask, own: Subscriptions, make_token: MakeToken) -> None:
    program = Program(app.test_client())

    answer = program.log_in("local", secret_of(make_token("local", "reader:sync")))

    assert answer.content_type.startswith("text/plain")
    assert [line.partition("=")[0] for line in answer.get_data(as_text=True).splitlines()] == ["SID", "LSID", "Auth"]
    assert program.get("user-info")["userId"] == "local"


@pytest.mark.parametrize("scopes", [("recs:read", "events:write"), ()])
def test_another_token_is_none(app: Flask, make_token: MakeToken, scopes: tuple[str, ...]) -> None:
    """Nor does it get past the login when it is sent without one."""
    program = Program(app.test_client())
    secret = secret_of(make_token("local", *scopes))

    assert program.log_in("local", secret).status_code == 401
    program.auth = secret
    assert program.post("edit-tag", ("i", "1"), ("a", STARRED)).status_code == 403


@pytest.mark.parametrize("secret", ["", "rr_guessed", "hunter2"])
def test_what_is_no_token_gets_nowhere(app: Flask, secret: str) -> None:
    program = Program(app.test_client())

    answer = program.log_in("local", secret)

    assert answer.status_code in (400, 401)
    assert answer.get_data(as_text=True) == "Error=BadAuthentication\n"
    program.auth = secret
    refused = program.client.get("/reader/api/0/user-info", headers=program.headers)
    assert (refused.status_code, refused.headers["Google-Bad-Token"]) == (401, "true")


def test_the_scope_opens_nothing_else(app: Flask, program: Program, recommender: Recommender) -> None:
    strict = create_app(recommender, embedded=False).test_client()
    for path in ("/api/v1/recommendations", "/api/v1/me/export", "/api/v1/me/interests"):
        assert strict.get(path, headers={"Authorization": f"Bearer {program.auth}"}).status_code == 403


def test_a_wrong_word_with_a_change_is_refused_as_the_original_did(program: Program) -> None:
    program.word = "stale"

    refused = program.post("edit-tag", ("i", "1"), ("a", STARRED))

    assert (refused.status_code, refused.headers["X-Reader-Google-Bad-Token"]) == (401, "true")


def test_consent_holds_for_stars_too(program: Program, recommender: Recommender) -> None:
    """Who said no to explicit feedback cannot star; marking as read is no feedback."""
    recommender.storage.put_consent(Consent("local", "feedback", False, NOW, "", level="none"))
    (newest, *_) = program.ids(LIST)

    refused = program.post("edit-tag", ("i", newest), ("a", STARRED))

    assert refused.status_code == 403
    assert "you said no to that" in refused.get_json()["detail"]
    program.change("edit-tag", ("i", newest), ("a", "user/-/state/com.google/read"))


@pytest.mark.parametrize(
    ("call", "parameters", "field"),
    [
        ("mark-all-as-read", [], "s"),
        ("mark-all-as-read", [("s", LIST), ("ts", "yesterday")], "ts"),
        ("subscription/edit", [("ac", "explode"), ("s", "feed/https://a.example/")], "ac"),
        ("subscription/edit", [("ac", "subscribe"), ("s", "https://a.example/")], "s"),
        ("subscription/edit", [("ac", "subscribe"), ("s", "feed/javascript:alert(1)")], "url"),
        ("rename-tag", [("s", "user/-/label/Science")], "dest"),
    ],
)
def test_a_wrong_call_names_the_parameter(
    program: Program, call: str, parameters: list[tuple[str, str]], field: str
) -> None:
    refused = program.post(call, *parameters)

    assert refused.status_code == 422
    assert refused.get_json()["detail"].startswith(f"{field}: ")


def test_a_broken_continuation_is_told(program: Program) -> None:
    answer = program.client.get("/reader/api/0/stream/items/ids?c=x", headers=program.headers)

    assert answer.status_code == 422
