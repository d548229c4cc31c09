"""Children: the age screen, the guardian's yes on this installation, what a guardian may do, coming of age."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from reader.accounts.registry import Accounts
from reader.clock import ManualClock
from reader.privacy.retention import pending_step
from reader.privacy.texts import version_of
from reader.recommend.recommender import Recommender
from reader.types import Account, Video
from tests.webapp.accounts.conftest import PASSWORD
from tests.webapp.accounts.test_pages import come_of_age, send
from tests.webapp.conftest import NOW
from webapp.archive import read_archive

MakeAccount = Callable[..., Account]
BrowserOf = Callable[[Account], FlaskClient]
CHILD_YEAR = 2015
EVENTS = "/api/v1/events"


def text(answer: Any) -> str:
    found: str = answer.get_data(as_text=True)
    return found


def be_young(client: FlaskClient, path: str) -> None:
    come_of_age(client, path, CHILD_YEAR)


def ask(client: FlaskClient, path: str, contact: str = "Ann", method: str = "guardian") -> str:
    """Ask a guardian; return the path of the page to wait on."""
    answer = send(client, path, f"{path}/guardian", method=method, contact=contact)
    assert answer.status_code == 303
    return str(answer.location)


@pytest.fixture
def invite(accounts: Accounts) -> Callable[[], str]:
    return lambda: f"/join/{accounts.invite('adult')}"


@pytest.fixture
def ann(make_account: MakeAccount, browser_of: BrowserOf) -> FlaskClient:
    """The browser of a parent."""
    return browser_of(make_account("Ann"))


@pytest.fixture
def kim(app: Flask, ann: FlaskClient, invite: Callable[[], str], accounts: Accounts) -> FlaskClient:
    """The browser of Ann's child, with an account."""
    path, client = invite(), app.test_client()
    be_young(client, path)
    waiting = ask(client, path)
    decide(ann, accounts, "kept")
    form = {"nickname": "Kim", "password": PASSWORD, "again": PASSWORD}
    assert send(client, waiting, waiting, **form).status_code == 303
    return client


def decide(guardian: FlaskClient, accounts: Accounts, answer: str) -> Any:
    (request,) = accounts.storage.guardian_requests()
    return send(guardian, "/family", "/family", request=request.digest, answer=answer)


def id_of(accounts: Accounts, nickname: str) -> str:
    return accounts.find(nickname).id


def change(guardian: FlaskClient, accounts: Accounts, act: str) -> Any:
    path = f"/family/{id_of(accounts, 'Kim')}"
    return send(guardian, path, path, act=act)


# The age screen


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


def everything(recommender: Recommender) -> dict[str, list[Any]]:
    """Return all rows of all tables, but for the catalogue."""
    import sqlite3

    with sqlite3.connect(recommender.storage.path) as db:  # type: ignore[attr-defined]  # it is a file
        names = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        left_out = ("items", "analyses", "sqlite_sequence")
        found = {name: sorted(map(repr, db.execute(f"SELECT * FROM {name}"))) for name in names if name not in left_out}
    db.close()
    return found


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


# The request


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


# A child's account


def test_a_child_has_lists_and_no_tracker(kim: FlaskClient, recommender: Recommender, accounts: Accounts) -> None:
    """The front page is the newest first, no page loads a tracking script, and nothing is written down."""
    child = id_of(accounts, "Kim")

    front, article = text(kim.get("/")), text(kim.get("/a/food-1"))

    assert "<h1>Latest" in front
    assert 'data-item="energy-0"' in front
    assert "data-tracker" not in front + article
    assert not re.search(r"attention\.js|cards\.js|events\.js|withdraw\.js", front + article)
    assert "May Reread learn" not in front
    assert list(recommender.storage.iter_events(user=child)) == []
    assert recommender.interests(child) == ()
    assert recommender.state(child).opened == {}


def test_the_server_refuses_what_tells_how_a_child_reads(
    kim: FlaskClient, app: Flask, accounts: Accounts, recommender: Recommender, make_event: Any, visit: Any
) -> None:
    """From its pages and from programs with its tokens; likes, too, until a guardian allows them."""
    child = accounts.find("Kim")
    token = {"Authorization": f"Bearer {accounts.make_token(child, ('events:write', 'recs:read'), '')}"}
    events = [
        make_event("open", item="food-1", view="v1"),
        visit("food-1", 0),
        make_event("close", item="food-1", view="v1", active_ms=9_000),
        make_event("viewable", item="food-1", list="l"),
        make_event("watch", item="clip-Oven", view="v", from_s=0, to_s=3),
        make_event("like", item="food-1"),
    ]

    for client, headers in ((kim, {}), (app.test_client(), token)):
        answer = client.post(EVENTS, json={"events": events}, headers=headers).get_json()
        assert answer["accepted"] == 0
        assert len(answer["rejected"]) == len(events)
        assert client.get("/api/v1/recommendations", headers=headers).get_json()["mode"] == "latest"
    assert list(recommender.storage.iter_events(user=child.id)) == []
    assert kim.put("/api/v1/me/consent", json={"attention": True}).status_code == 403
    assert kim.put("/api/v1/me/mode", json={"mode": "profile"}).status_code == 403
    assert kim.get("/", headers={"Sec-GPC": "1"}).status_code == 200
    assert len(recommender.storage.consents(child.id)) == 1


def test_a_guardian_allows_likes_and_takes_that_back(
    kim: FlaskClient, ann: FlaskClient, accounts: Accounts, recommender: Recommender, make_event: Any, visit: Any
) -> None:
    """Lists then go by what the child told, and by nothing that it did; the account page says who changed what."""
    child = id_of(accounts, "Kim")
    change(ann, accounts, "allow-feedback")
    events = [make_event("like", item="food-1"), make_event("open", item="space-1", view="v"), visit("space-1", 0)]

    answer = kim.post(EVENTS, json={"events": events}).get_json()
    front = text(kim.get("/"))

    assert answer["accepted"] == 1
    assert "<h1>For you" in front
    assert {each.signal for one in recommender.interests(child) for each in one.evidence} == {"plus"}
    assert {event.type for event in recommender.storage.iter_events(user=child)} == {"like"}
    assert "Ann" in text(kim.get("/me/account")) or "allow-feedback" in text(kim.get("/me/account"))
    change(ann, accounts, "end-feedback")
    assert kim.post(EVENTS, json={"events": [make_event("like", item="food-2")]}).get_json()["accepted"] == 0
    assert "<h1>Latest" in text(kim.get("/"))


def test_nothing_of_other_sites_is_loaded(
    kim: FlaskClient, ann: FlaskClient, accounts: Accounts, recommender: Recommender
) -> None:
    """Neither by the page nor, whatever it says, by the browser; until a guardian allows it."""
    recommender.add_items(
        [
            Video(
                id="far",
                title="Far",
                published_at=NOW,
                media_url="https://v.example/far.mp4",
                poster_url="https://img.example/p.jpg",
                captions_url="https://img.example/c.vtt",
            ),
            Video(
                id="tube",
                title="Tube",
                published_at=NOW,
                embed_url="https://www.youtube-nocookie.com/embed/abc",
                provider="youtube",
            ),
        ]
    )
    paths = ["/", "/a/far", "/watch?item=far", "/watch?item=tube", "/watch"]

    pages = [kim.get(path) for path in paths]

    for page in pages:
        policy = page.headers["Content-Security-Policy"]
        assert "https:" not in policy
        assert "//" not in policy
        assert "example/" not in text(page).replace("news.example/", "")
        assert "/player/" not in text(page)
    assert kim.get("/player/tube").status_code == 403
    change(ann, accounts, "allow-embeds")
    assert kim.get("/player/tube").status_code == 200
    assert "https://v.example/far.mp4" in text(kim.get("/watch?item=far"))
    assert "https:" in kim.get("/").headers["Content-Security-Policy"]


def test_nothing_plays_by_itself(kim: FlaskClient, ann: FlaskClient) -> None:
    assert " data-quiet" in text(kim.get("/watch"))
    assert " data-quiet" not in text(ann.get("/watch"))


# What a guardian does


def test_a_guardian_sees_and_exports(kim: FlaskClient, ann: FlaskClient, accounts: Accounts, make_event: Any) -> None:
    child = id_of(accounts, "Kim")
    change(ann, accounts, "allow-feedback")
    kim.post(EVENTS, json={"events": [make_event("follow", target={"kind": "topic", "value": "oceans"})]})

    page, export = text(ann.get(f"/family/{child}")), ann.get(f"/family/{child}/export?format=json").get_json()
    archive = read_archive(ann.get(f"/family/{child}/export").data)

    assert "<dt><code>follow</code></dt><dd>1</dd>" in page
    assert "oceans" in page
    assert [event["type"] for event in export["events"]] == ["follow"]
    assert {consent["purpose"] for consent in export["consents"]} == {"account", "feedback"}
    assert [event["type"] for event in archive.events] == ["follow"]
    assert "Kim" in text(ann.get("/family"))


def test_a_guardian_erases_pauses_and_opens(
    kim: FlaskClient, ann: FlaskClient, accounts: Accounts, recommender: Recommender, make_event: Any
) -> None:
    child = id_of(accounts, "Kim")
    change(ann, accounts, "allow-feedback")
    kim.post(EVENTS, json={"events": [make_event("like", item="food-1")]})

    change(ann, accounts, "erase")
    assert list(recommender.storage.iter_events(user=child)) == []
    assert recommender.interests(child) == ()
    assert kim.get("/").status_code == 200
    change(ann, accounts, "pause")
    assert kim.get("/").status_code == 303
    assert recommender.storage.logins(child) == []
    change(ann, accounts, "resume")
    assert accounts.logins.log_in("Kim", PASSWORD, "") is not None


def test_taking_the_yes_back_deletes_the_account(
    kim: FlaskClient, ann: FlaskClient, accounts: Accounts, recommender: Recommender
) -> None:
    child = id_of(accounts, "Kim")

    answer = change(ann, accounts, "revoke")

    assert answer.status_code == 303
    assert kim.get("/").status_code == 303
    assert accounts.storage.account(child) is None
    assert not any(child in row for rows in everything(recommender).values() for row in rows)


@pytest.mark.parametrize("act", ["revoke", "erase", "pause", "allow-feedback", "allow-embeds"])
def test_another_adult_has_no_say(
    kim: FlaskClient,
    accounts: Accounts,
    make_account: MakeAccount,
    browser_of: BrowserOf,
    app: Flask,
    recommender: Recommender,
    act: str,
) -> None:
    """Not even an administrator: it looks as if there were no such child. A child has no say in itself either."""
    app.config["WTF_CSRF_ENABLED"] = False
    child, root = id_of(accounts, "Kim"), browser_of(make_account("Root", "admin"))
    before = everything(recommender)

    for path in (f"/family/{child}", f"/family/{child}/export", "/family/u0"):
        assert root.get(path).status_code == 404
        assert kim.get(path).status_code == 403
    assert root.post(f"/family/{child}", data={"act": act}).status_code == 404
    assert kim.post(f"/family/{child}", data={"act": act}).status_code == 403

    after = everything(recommender)
    assert {name: rows for name, rows in after.items() if name != "logins"} == {
        name: rows for name, rows in before.items() if name != "logins"
    }


# Coming of age


def test_coming_of_age_asks_anew_and_turns_nothing_on(
    kim: FlaskClient,
    ann: FlaskClient,
    accounts: Accounts,
    recommender: Recommender,
    clock: ManualClock,
    make_event: Any,
    visit: Any,
) -> None:
    """Until the reader answers, all stays as it was; each answer is the reader's own, and the guardian's part ends."""
    child = id_of(accounts, "Kim")
    known = recommender.storage.child(child)
    assert known is not None
    assert known.of_age == "2031-02"
    clock.at = clock.at.replace(year=2031, month=2, day=1)
    browser = kim
    with browser.session_transaction() as session:
        session["login"] = accounts.logins.begin(accounts.find("Kim"))

    assert "You have come of age" in text(browser.get("/"))
    assert browser.post(EVENTS, json={"events": [{**visit("food-1", 0)}]}).get_json()["accepted"] == 0
    partly = send(browser, "/me/of-age", "/me/of-age", attention="kept", feedback="kept")
    assert partly.status_code == 422
    assert accounts.find("Kim").role == "child"
    done = send(browser, "/me/of-age", "/me/of-age", attention="none", feedback="kept", research="none")

    assert done.status_code == 303
    assert accounts.find("Kim").role == "adult"
    newest = {one.purpose: (one.level, one.actor) for one in recommender.storage.consents(child)}
    assert newest["attention"] == ("none", "reader")
    assert newest["feedback"] == ("kept", "reader")
    assert recommender.storage.child(child) is None
    assert "attention.js" not in text(browser.get("/a/food-1"))


def test_nobody_comes_of_age_before_the_month(kim: FlaskClient, accounts: Accounts) -> None:
    form = {"attention": "kept", "feedback": "kept", "research": "kept"}
    token = re.search(r'name="csrf_token" value="([^"]+)"', text(kim.get("/me/account")))
    assert token is not None

    answer = kim.post("/me/of-age", data={"csrf_token": token[1], **form})

    assert answer.status_code == 422
    assert accounts.find("Kim").role == "child"
