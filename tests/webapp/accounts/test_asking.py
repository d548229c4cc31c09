"""From the age screen to the guardian's yes on this installation."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from reader.accounts.registry import Accounts
from reader.clock import ManualClock
from reader.privacy.retention import pending_step
from reader.privacy.texts import version_of
from reader.recommend.recommender import Recommender
from tests.webapp.accounts.conftest import PASSWORD
from tests.webapp.accounts.family import (
    BrowserOf,
    MakeAccount,
    ask,
    be_young,
    decide,
    everything,
    id_of,
    text,
)
from tests.webapp.accounts.forms import send
from tests.webapp.conftest import NOW


def test_the_age_comes_first_and_gives_no_hint(app: Flask, invite: Callable[[], str]) -> None:
    """No number but those of months, no year typed ahead, no word of what depends on it; nothing else is asked."""
    page = text(app.test_client().get(invite()))

    assert 'name="nickname"' not in page
    main = page[page.index("<main") : page.index("</main>")]
    numbers = (
        r"option value=\"\d+\"",
        r"maxlength=\"4\"",
        r"pattern=\"[^\"]*\"",
        r"token\" value=\"[^\"]*\"",
        r"/join/[^\"]*",
    )
    words = re.sub("|".join(numbers), "", main)
    assert not re.search(r"\d", re.sub(r"</?h\d>", "", words))
    assert not re.search(r"child|adult|parent|guardian|older|young|age\b", words, re.IGNORECASE)
    assert re.search(r'<input name="year"[^>]*value=', page) is None


def test_the_first_answer_of_a_session_counts(app: Flask, invite: Callable[[], str], accounts: Accounts) -> None:
    """Neither the back button nor another link makes a child older."""
    path, other, client = invite(), invite(), app.test_client()
    be_young(client, path)

    for link in (path, other):
        assert client.post(f"{link}/age", data={"month": "1", "year": "1980"}).status_code in (303, 400)
        answer = send(client, link, f"{link}/age", month="1", year="1980")
        assert answer.status_code == 303
        page = text(client.get(link))
        assert "Ask your parent or guardian" in page
        form = {"nickname": "Kim", "password": PASSWORD, "again": PASSWORD}
        assert send(client, link, link, **form).status_code == 303
    assert accounts.storage.accounts() == []


def test_nothing_is_stored_before_or_by_the_answer(
    app: Flask, invite: Callable[[], str], recommender: Recommender
) -> None:
    path, client = invite(), app.test_client()
    before = everything(recommender)

    be_young(client, path)

    assert everything(recommender) == before


@pytest.mark.parametrize(
    ("month", "year"),
    [
        ("", ""),
        ("13", "2000"),
        ("0", "2000"),
        ("1", "1890"),
        ("1", "2027"),
        ("12", "2026"),
        ("x", "2000"),
        ("1", "²000"),
    ],
)
def test_an_age_that_cannot_be_is_asked_again(app: Flask, invite: Callable[[], str], month: str, year: str) -> None:
    path, client = invite(), app.test_client()

    assert send(client, path, f"{path}/age", month=month, year=year).status_code == 422
    assert "When were you born" in text(client.get(path))


@pytest.mark.parametrize(("month", "is_child"), [(10, False), (11, True), (12, True)])
def test_sixteen_is_the_age_where_no_country_is_set(
    app: Flask, invite: Callable[[], str], month: int, is_child: bool
) -> None:
    """It is 23 November 2026; who was born in the November of 2010 may have their birthday yet."""
    path, client = invite(), app.test_client()
    send(client, path, f"{path}/age", month=str(month), year="2010")

    assert ("parent or guardian" in text(client.get(path))) == is_child


def test_a_pending_child_is_nothing_but_a_contact(
    app: Flask, invite: Callable[[], str], recommender: Recommender, ann: FlaskClient
) -> None:
    """Of all tables only the request has grown by a row; the link is used up."""
    path, client = invite(), app.test_client()
    before = everything(recommender)
    be_young(client, path)

    waiting = ask(client, path, " Ann ")

    after = everything(recommender)
    grown = {name for name in after if after[name] != before[name]}
    assert grown == {"guardian_requests", "invitations"}
    (request,) = recommender.storage.guardian_requests()
    assert (request.contact, request.method, request.state) == ("Ann", "guardian", "asked")
    assert client.get(path).status_code == 404
    assert "Ann can answer under Family" in text(client.get(waiting))
    assert 'name="nickname"' not in text(client.get(waiting))


def test_a_request_ends_after_fourteen_days(
    app: Flask,
    invite: Callable[[], str],
    accounts: Accounts,
    clock: ManualClock,
    ann: FlaskClient,
    recommender: Recommender,
) -> None:
    """It is void then, whether the purge has run or not; the purge deletes it."""
    pending = pending_step(recommender.storage, timedelta(days=14), clock)
    path, client = invite(), app.test_client()
    be_young(client, path)
    waiting = ask(client, path)
    clock.at = NOW + timedelta(days=14)
    assert pending.delete(False) == 0
    assert client.get(waiting).status_code == 200

    clock.at = NOW + timedelta(days=14, seconds=1)

    assert client.get(waiting).status_code == 404
    assert pending.delete(False) == 1
    assert recommender.storage.guardian_requests() == []


@pytest.mark.parametrize("form", [{"method": "guardian", "contact": " "}, {"method": "fax", "contact": "Ann"}, {}])
def test_a_request_that_reaches_nobody_is_refused(
    app: Flask, invite: Callable[[], str], accounts: Accounts, form: dict[str, str]
) -> None:
    path, client = invite(), app.test_client()
    be_young(client, path)

    assert send(client, path, f"{path}/guardian", **form).status_code == 422
    assert accounts.storage.guardian_requests() == []
    assert client.get(path).status_code == 200


def test_only_the_guardian_that_was_named_sees_the_request(
    app: Flask,
    invite: Callable[[], str],
    accounts: Accounts,
    make_account: MakeAccount,
    browser_of: BrowserOf,
    ann: FlaskClient,
) -> None:
    """And asking tells nobody whether there is such a nickname."""
    other = browser_of(make_account("Ben"))
    path, client = invite(), app.test_client()
    be_young(client, path)
    ask(client, path, "ANN")

    assert "named you" in text(ann.get("/family"))
    assert "named you" not in text(other.get("/family"))
    (request,) = accounts.storage.guardian_requests()
    assert send(other, "/me/account", "/family", request=request.digest, answer="kept").status_code == 404
    assert accounts.storage.guardian_requests() == [request]
    path2, client2 = invite(), app.test_client()
    be_young(client2, path2)
    assert "can answer under Family" in text(client2.get(ask(client2, path2, "Nobody")))


def test_a_mistyped_nickname_can_be_corrected(
    app: Flask, invite: Callable[[], str], accounts: Accounts, ann: FlaskClient, clock: ManualClock
) -> None:
    """The link is used up, so the page that the child waits on has the way: while nobody has answered."""
    path, client = invite(), app.test_client()
    be_young(client, path)
    waiting = ask(client, path, "Anm")
    clock.at = NOW + timedelta(days=2)

    empty = send(client, waiting, f"{waiting}/guardian", contact=" ")
    corrected = send(client, waiting, f"{waiting}/guardian", contact="Ann")

    assert empty.status_code == 422
    assert corrected.status_code == 303
    (request,) = accounts.storage.guardian_requests()
    assert (request.contact, request.created_at) == ("Ann", NOW)
    assert "Ann can answer under Family" in text(client.get(waiting))
    decide(ann, accounts, "kept")
    assert send(client, waiting, f"{waiting}/guardian", contact="Ben").status_code == 422
    assert accounts.storage.guardian_requests()[0].contact == "Ann"


def test_a_request_is_announced_on_every_page_of_the_guardian(
    app: Flask, invite: Callable[[], str], ann: FlaskClient, make_account: MakeAccount, browser_of: BrowserOf
) -> None:
    """With the way to the answer, until there is one; nobody else is told."""
    other, asks = browser_of(make_account("Ben")), "A child asks for your yes."
    assert asks not in text(ann.get("/"))
    path, client = invite(), app.test_client()
    be_young(client, path)
    ask(client, path)

    for page in ("/", "/latest", "/me/privacy", "/a/food-1"):
        assert asks in text(ann.get(page)), page
        assert 'href="/family">Answer under Family</a>' in text(ann.get(page))
    assert asks not in text(ann.get("/family"))
    assert asks not in text(other.get("/"))
    assert asks not in text(client.get(path))


def test_a_child_that_has_yet_to_make_the_account_is_shown_to_its_guardian(
    app: Flask, invite: Callable[[], str], accounts: Accounts, ann: FlaskClient
) -> None:
    """And until then the yes can be taken back, which leaves nothing."""
    path, client = invite(), app.test_client()
    be_young(client, path)
    waiting = ask(client, path)
    decide(ann, accounts, "kept")

    assert "the child has yet to make the account" in text(ann.get("/family"))
    assert "A child asks for your yes." not in text(ann.get("/"))
    decide(ann, accounts, "none")

    assert "the child has yet to make the account" not in text(ann.get("/family"))
    assert accounts.storage.guardian_requests() == []
    assert client.get(waiting).status_code == 404


def test_a_no_leaves_nothing(app: Flask, invite: Callable[[], str], accounts: Accounts, ann: FlaskClient) -> None:
    path, client = invite(), app.test_client()
    be_young(client, path)
    waiting = ask(client, path)

    decide(ann, accounts, "none")

    assert accounts.storage.guardian_requests() == []
    assert client.get(waiting).status_code == 404


def test_a_yes_is_on_record_with_its_words_before_the_account(
    kim: FlaskClient, accounts: Accounts, recommender: Recommender
) -> None:
    child = accounts.find("Kim")
    (consent,) = recommender.storage.consents(child.id)

    assert (consent.purpose, consent.granted, consent.at) == ("account", True, NOW)
    assert consent.actor == id_of(accounts, "Ann")
    assert consent.text_version == version_of("account")
    assert child.role == "child"
    assert recommender.storage.guardian_requests() == []


def test_a_nickname_that_is_taken_leaves_the_yes(
    app: Flask, ann: FlaskClient, invite: Callable[[], str], accounts: Accounts
) -> None:
    path, client = invite(), app.test_client()
    be_young(client, path)
    waiting = ask(client, path)
    decide(ann, accounts, "kept")
    erasures = accounts.storage.erasures()

    taken = send(client, waiting, waiting, nickname="Ann", password=PASSWORD, again=PASSWORD)

    assert taken.status_code == 422
    assert accounts.storage.erasures() == erasures, "nobody was erased, and no process need learn anew"
    assert send(client, waiting, waiting, nickname="Kim", password=PASSWORD, again=PASSWORD).status_code == 303
    assert client.get(waiting).status_code == 404


@pytest.mark.parametrize("token", ["x", "WyJhIl0.x", ""])
def test_the_page_to_wait_on_cannot_be_guessed(app: Flask, token: str) -> None:
    assert app.test_client().get(f"/waiting/{token}").status_code == 404
