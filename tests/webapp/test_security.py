"""Headers, hosts, keys, and answers to what is wrong."""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from nlp.analysis import Analyser
from reader.behaviour.events import parse_event
from reader.recommend.recommender import Recommender
from reader.settings import Settings
from reader.wiring import make_recommender
from tests.reader.accounts.conftest import CHEAP
from webapp.app import create_app
from webapp.security import secret_key
from webapp.services import EXTENSION
from webapp.setup import setup_path, setup_secret

FOLLOW = {
    "id": "e1",
    "type": "follow",
    "at": "2026-11-23T12:00:00Z",
    "user": "ada",
    "target": {"kind": "topic", "value": "food"},
}
PATHS = ["/", "/latest", "/a/food-0", "/nowhere", "/api/v1/recommendations", "/api/v1/nowhere", "/static/app.css"]


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_is_protected(client: FlaskClient, path: str) -> None:
    with client.get(path) as answer:
        headers = answer.headers

    policy = headers["Content-Security-Policy"]
    if path.startswith("/api/"):
        assert policy.startswith("default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
    else:
        assert policy.startswith("default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'")
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "Permissions-Policy" in headers


@pytest.mark.parametrize("path", ["/", "/a/food-0", "/me/interests", "/me/privacy", "/about/ranking"])
def test_pages_keep_to_their_policy(client: FlaskClient, path: str) -> None:
    """No inline script or style, and nothing from another site."""
    page = client.get(path).get_data(as_text=True)

    assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)", page)
    assert not re.search(r"<(script|link|img|iframe)[^>]*(src|href)=.https?:", page)


def test_the_cookie_is_for_this_site_alone(client: FlaskClient) -> None:
    cookie = client.get("/").headers["Set-Cookie"]

    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


@pytest.mark.parametrize("host", ["localhost", "localhost:8000", "127.0.0.1:8000", "[::1]:8000"])
def test_local_names_are_answered(client: FlaskClient, host: str) -> None:
    assert client.get("/healthz", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8000", "127.0.0.1.evil.example", "a b", "localhost.evil"]
)
@pytest.mark.parametrize("path", ["/", "/api/v1/recommendations", "/healthz"])
def test_foreign_names_are_refused(client: FlaskClient, host: str, path: str) -> None:
    """Else a page of that name could read everything (DNS rebinding)."""
    assert client.get(path, headers={"Host": host}).status_code == 400


def test_a_configured_name_is_answered(recommender: Recommender) -> None:
    client = create_app(recommender, hosts=["news.home"]).test_client()

    assert client.get("/healthz", headers={"Host": "news.home:8000"}).status_code == 200


def test_the_key_is_made_once_and_readable_by_its_owner_alone(tmp_path: Path) -> None:
    first = secret_key(tmp_path / "new" / "reread.db")
    second = secret_key(tmp_path / "new" / "reread.db")

    assert first == second
    assert len(first) == 64
    (file,) = (tmp_path / "new").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_what_is_secret_is_its_owners_alone_however_lax_the_umask(tmp_path: Path) -> None:
    """Database, key, first link, what was learned, backup: 0600; a folder made for them: 0700."""
    before = os.umask(0)
    try:
        db = tmp_path / "home" / "reread.db"
        made = make_recommender(db, settings=Settings(accounts=True, login=CHEAP))
        made.storage.append_events([parse_event(FOLLOW)])
        accounts = create_app(made, db=db).extensions[EXTENSION].accounts
        assert setup_secret(accounts, setup_path(db))
        made.save_learned()
        made.storage.backup(str(db.with_name("copy.db")))
        made.storage.close()
    finally:
        os.umask(before)

    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in db.parent.iterdir()}
    assert {"reread.db", "reread.db.key", "reread.db.setup", "copy.db"} <= modes.keys()
    assert set(modes.values()) == {0o600}, modes
    assert stat.S_IMODE(db.parent.stat().st_mode) == 0o700


def test_while_the_store_is_open_nothing_beside_it_can_be_read_by_others(tmp_path: Path) -> None:
    """The write-ahead log holds what was written last."""
    before = os.umask(0)
    try:
        made = make_recommender(tmp_path / "reread.db")
        made.storage.append_events([parse_event(FOLLOW)])
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
        made.storage.close()
    finally:
        os.umask(before)

    assert "reread.db-wal" in modes
    assert set(modes.values()) == {0o600}, modes


def test_cursors_outlive_a_restart(tmp_path: Path, analyser: Analyser, recommender: Recommender) -> None:
    """The key lies beside the database."""
    db = tmp_path / "reread.db"
    settings = Settings(secret_key="")

    def client() -> FlaskClient:
        made = make_recommender(db, settings=settings, clock=recommender.clock, analyser=analyser)
        return create_app(made, db=db).test_client()

    cursor = client().get("/api/v1/recommendations?limit=2").get_json()["next_cursor"]

    assert client().get("/api/v1/recommendations", query_string={"cursor": cursor}).status_code == 200


def test_a_bug_is_answered_without_its_secrets(app: Flask) -> None:
    """The answer is a problem; what went wrong stands in the log of the server only."""

    @app.get("/api/bug")
    def bug() -> str:
        raise ZeroDivisionError("a secret")

    answer = app.test_client().get("/api/bug")

    assert answer.status_code == 500
    assert answer.content_type == "application/problem+json"
    assert "secret" not in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("POST", "/api/v1/recommendations", 405), ("GET", "/api/v1/events", 405), ("GET", "/api/v1/nowhere", 404)],
)
def test_wrong_calls_of_the_api_are_problems(client: FlaskClient, method: str, path: str, status: int) -> None:
    answer = client.open(path, method=method)

    assert answer.status_code == status
    assert answer.content_type == "application/problem+json"
    assert set(answer.get_json()) == {"type", "title", "status", "detail", "instance", "errors"}
    assert answer.get_json()["instance"] == path


def test_wrong_pages_are_pages(client: FlaskClient) -> None:
    answer = client.get("/nowhere")

    assert answer.status_code == 404
    assert answer.content_type.startswith("text/html")
    assert "Not Found" in answer.get_data(as_text=True)
