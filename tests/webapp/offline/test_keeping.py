"""What pages say to the service worker: whose they are, and whether anything is to be kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from reader.accounts.registry import Accounts
from reader.clock import ManualClock
from reader.recommend.recommender import Recommender
from reader.settings import Settings
from reader.types import Account
from tests.webapp.accounts.conftest import accounts, browser_of, make_account  # noqa: F401  # fixtures
from tests.webapp.pages.test_pages import send
from webapp.extension import Reread
from webapp.offline.keeping import HEADER, MAY_WAIT, NONE


def mark_of(client: FlaskClient, path: str = "/latest") -> str:
    return client.get(path).headers[HEADER]


def test_one_reader_keeps_copies_until_they_say_otherwise(client: FlaskClient) -> None:
    mark = mark_of(client)

    assert mark != NONE
    assert mark_of(client, "/a/food-0") == mark_of(client, "/nowhere") == mark
    send(client, "/me/look", copies="off")
    assert mark_of(client) == NONE
    assert "keep.js" not in client.get("/latest").text
    send(client, "/me/look", copies="on")
    assert mark_of(client) == mark


@pytest.mark.parametrize("path", ["/healthz", "/api/v1/recommendations", "/static/app.css", "/sw.js"])
def test_what_is_no_page_says_nothing(client: FlaskClient, path: str) -> None:
    assert HEADER not in client.get(path).headers


def test_every_answer_about_attention_is_another_mark(client: FlaskClient, clock: ManualClock) -> None:
    """So copies go that carry the tracker, or lack it, by an answer of before. Events wait after a yes alone."""
    marks = [mark_of(client)]
    for answer in ("kept", "session", "none", "kept"):
        clock.at += timedelta(minutes=1)
        send(client, "/me/consent", answer=answer)
        marks.append(mark_of(client))

    assert len(set(marks)) == len(marks)
    assert [mark.endswith(MAY_WAIT) for mark in marks] == [False, True, False, False, True]


def test_another_answer_changes_nothing(client: FlaskClient) -> None:
    before = mark_of(client)
    send(client, "/me/consent", purpose="research", answer="yes")

    assert mark_of(client) == before


def test_an_erasure_ends_it_at_once(client: FlaskClient) -> None:
    page = client.get("/me/erase").text
    token = page.split('name="csrf_token" value="')[1].split('"')[0]

    assert client.post("/me/erase", data={"word": "erase", "csrf_token": token}).headers[HEADER] == NONE


class TestAccounts:
    """Several readers may come by one browser."""

    @pytest.fixture
    def settings(self) -> Settings:
        from tests.reader.accounts.conftest import CHEAP

        return Settings(secret_key="a key for tests", accounts=True, login=CHEAP)

    @pytest.fixture
    def browsers(
        self,
        accounts: Accounts,  # noqa: F811  # the fixture
        make_account: Callable[..., Account],  # noqa: F811  # the same
        browser_of: Callable[[Account], FlaskClient],  # noqa: F811  # the same
    ) -> list[FlaskClient]:
        """Browsers of two adults and a child who all wish copies."""
        people = [make_account("Ada"), make_account("Bob"), make_account("Cleo", "child")]
        found = [browser_of(person) for person in people]
        for browser in found:
            browser.set_cookie("look", "copies-on")
        return found

    def test_they_have_marks_of_their_own_and_a_child_has_none(self, browsers: list[FlaskClient]) -> None:
        ada, bob, cleo = (mark_of(browser) for browser in browsers)

        assert ada != bob
        assert NONE not in (ada, bob)
        assert cleo == NONE
        assert 'name="copies"' not in browsers[2].get("/me/look").text

    def test_nothing_is_kept_unless_wished(self, browsers: list[FlaskClient]) -> None:
        browsers[0].delete_cookie("look")

        assert mark_of(browsers[0]) == NONE

    def test_where_nobody_is_logged_in_nothing_is_kept(self, app: Flask) -> None:
        client = app.test_client()
        client.set_cookie("look", "copies-on")

        assert mark_of(client, "/login") == NONE


def test_within_another_application_they_are_wished_for_and_of_its_reader(recommender: Recommender) -> None:
    reader = "ann"
    host = Flask("host")
    Reread(host, reader=lambda: reader, recommender=recommender)
    client = host.test_client()
    assert mark_of(client, "/reader/latest") == NONE
    client.set_cookie("look", "copies-on", path="/reader")
    of_ann = mark_of(client, "/reader/latest")
    reader = "bob"

    assert NONE not in (of_ann, mark_of(client, "/reader/latest"))
    assert mark_of(client, "/reader/latest") != of_ann
