"""Which language a page is in: the reader's choice, the browser's wish, English."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from reader.recommend.recommender import Recommender
from reader.settings import Settings
from reader.types import Account
from tests.reader.accounts.conftest import CHEAP
from tests.webapp.pages.test_pages import send, text_of
from webapp.services import EXTENSION


@pytest.mark.parametrize(
    ("wish", "language"),
    [
        ("", "en"),
        ("de", "de"),
        ("de-AT,de;q=0.9", "de"),
        ("de-AT, en;q=0.5", "de"),
        ("fr-CH, DE-ch;q=0.8, en;q=0.9", "en"),
        ("de;q=0", "en"),
        ("fr, de;q=0.5, en;q=0.3", "de"),
        ("en;q=0.9, de;q=0.1", "en"),
        ("fr", "en"),
        ("*", "en"),
        ("x" * 5_000, "en"),
    ],
)
def test_without_a_choice_the_browser_is_heeded(client: FlaskClient, wish: str, language: str) -> None:
    answer = client.get("/saved", headers={"Accept-Language": wish})

    assert f'<html lang="{language}"' in answer.text
    assert answer.headers["Content-Language"] == language


def test_a_choice_goes_before_the_wish_and_comes_along(client: FlaskClient, recommender: Recommender) -> None:
    """To every page, to another browser of the same reader, and back again."""
    wish = {"Accept-Language": "en"}
    assert ">Deutsch</button>" in text_of(client, "/saved")

    client.application.config["WTF_CSRF_ENABLED"] = False

    answer = client.post("/language", data={"language": "de"}, headers={"Referer": "http://localhost/saved?from=0"})

    assert (answer.status_code, answer.headers["Location"]) == (303, "/saved?from=0")
    for path in ("/saved", "/me/look", "/nowhere"):
        assert '<html lang="de"' in client.get(path, headers=wish).text, path
    other = client.application.test_client()
    assert '<html lang="de"' in other.get("/saved", headers=wish).text
    send(client, "/language", language="en")
    assert '<html lang="en"' in client.get("/saved", headers={"Accept-Language": "de"}).text


def test_what_is_no_language_changes_nothing(client: FlaskClient) -> None:
    client.application.config["WTF_CSRF_ENABLED"] = False
    for chosen in ("", "xx", "../de", "<script>"):
        answer = client.post("/language", data={"language": chosen})
        assert answer.headers["Location"] == "/"
    client.set_cookie("language", "xx")

    assert '<html lang="en"' in client.get("/saved").text


@pytest.mark.parametrize(
    "came",
    ["", "https://evil.example/saved", "http://localhost//evil.example/", "http://localhost/act", "http://[", "x"],
)
def test_it_goes_back_to_no_page_but_one_of_ours(client: FlaskClient, came: str) -> None:
    client.application.config["WTF_CSRF_ENABLED"] = False

    answer = client.post("/language", data={"language": "de"}, headers={"Referer": came})

    assert answer.headers["Location"] == "/"


class TestWithAccounts:
    @pytest.fixture
    def settings(self) -> Settings:
        return Settings(secret_key="a key for tests", accounts=True, login=CHEAP)

    @pytest.fixture
    def log_in(self, app: Flask) -> Callable[[FlaskClient, Account], None]:
        def enter(client: FlaskClient, account: Account) -> None:
            with client.session_transaction() as session:
                session["login"] = app.extensions[EXTENSION].accounts.logins.begin(account)

        return enter

    def test_each_reader_has_their_own_and_the_login_page_that_of_the_browser(
        self, app: Flask, log_in: Callable[[FlaskClient, Account], None]
    ) -> None:
        app.config["WTF_CSRF_ENABLED"] = False
        make = app.extensions[EXTENSION].accounts.create
        ann, ben = (make(name, "salt lakes of Chile", "adult") for name in ("Ann", "Ben"))
        browser = app.test_client()
        browser.post("/language", data={"language": "de"})
        assert '<html lang="de"' in browser.get("/login").text

        log_in(browser, ann)
        browser.post("/language", data={"language": "en"})
        other = app.test_client()
        other.post("/language", data={"language": "de"})
        log_in(other, ann)

        assert '<html lang="en"' in other.get("/saved").text
        log_in(other, ben)
        assert '<html lang="de"' in other.get("/saved").text


def test_no_cache_takes_one_language_for_another(client: FlaskClient) -> None:
    for path in ("/", "/saved", "/login", "/nowhere", "/me/privacy"):
        answer = client.get(path)
        if answer.mimetype == "text/html":
            assert {"Accept-Language", "Cookie"} <= set(answer.vary), path
    assert "Accept-Language" not in client.get("/static/app.css").vary


def test_scripts_get_their_words(client: FlaskClient) -> None:
    page = client.get("/", headers={"Accept-Language": "de"}).text

    assert "&#34;Undo&#34;:&#34;Rückgängig&#34;" in page
    assert "data-texts" not in client.get("/").text
