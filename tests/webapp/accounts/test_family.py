"""Children with an account: what they may, what a guardian may do, coming of age."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from reader.accounts.registry import Accounts
from reader.clock import ManualClock
from reader.recommend.recommender import Recommender
from reader.types import Article, Event, Video
from reader.types_feeds import Feed, Subscription
from tests.webapp.accounts.conftest import PASSWORD
from tests.webapp.accounts.family import (
    EVENTS,
    BrowserOf,
    MakeAccount,
    change,
    everything,
    id_of,
    text,
)
from tests.webapp.accounts.forms import send, token_in
from tests.webapp.conftest import NOW
from tests.webapp.greader.conftest import LIST, Program
from webapp.archive import read_archive

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


def test_a_script_is_told_what_a_child_may_not(kim: FlaskClient, accounts: Accounts) -> None:
    """In a sentence; and, once the login is over, that it is over and not the page of the login."""
    token = token_in(text(kim.get("/")))
    form, headers = {"csrf_token": token, "act": "like", "item": "food-1"}, {"Accept": "application/json"}

    refused = kim.post("/act", data=form, headers=headers)
    with kim.session_transaction() as session:
        accounts.logins.end(session["login"])
    logged_out = kim.post("/act", data=form, headers=headers)

    assert refused.status_code == 403
    assert "your guardian has not allowed it" in refused.get_json()["detail"]
    assert logged_out.status_code == 401
    assert "not logged in any more" in logged_out.get_json()["detail"]


_TELLING = (
    r'(?:name="act"|name="do") value="(?:like|save|hide|follow|mute|weigh|mark_read)[" ]|class="less"|/me/mute[?]'
)


def test_a_child_sees_no_buttons_for_what_is_refused(kim: FlaskClient, ann: FlaskClient, accounts: Accounts) -> None:
    """It is told in words, on each such page, who can allow it; then the buttons are there; marking as read never."""
    paths = ("/", "/a/food-1", "/watch?item=clip-Oven", "/saved", "/topic/food", "/creator/Studio", "/search?q=bread")
    before = {path: text(kim.get(path)) for path in (*paths, "/me/interests", "/me/feeds")}
    change(ann, accounts, "allow-feedback")
    after = {path: text(kim.get(path)) for path in paths if path != "/saved"}

    assert {path: re.findall(_TELLING, page) for path, page in before.items() if re.search(_TELLING, page)} == {}
    for path in ("/", "/a/food-1", "/watch?item=clip-Oven", "/saved", "/me/interests"):
        assert "Your guardian can allow them under Family." in before[path], path
    for path, page in after.items():
        assert re.search(_TELLING, page), path
        assert 'value="mark_read' not in page
        assert "Your guardian can allow them" not in page


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
            Article(
                id="seen",
                title="Seen",
                published_at=NOW,
                paragraphs=("Salt.",),
                markup=('<p><b>Salt.</b><img src="https://img.example/s.jpg" alt=""></p>',),
                audio_url="https://img.example/s.mp3",
            ),
        ]
    )
    paths = ["/", "/a/far", "/a/seen", "/watch?item=far", "/watch?item=tube", "/watch"]

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

    assert "<dt>What is followed, muted and weighed</dt><dd>1</dd>" in page
    assert "oceans" in page
    assert [event["type"] for event in export["events"]] == ["follow"]
    assert {consent["purpose"] for consent in export["consents"]} == {"account", "feedback"}
    assert [event["type"] for event in archive.events] == ["follow"]
    assert "Kim" in text(ann.get("/family"))


def test_a_childs_program_gets_nothing_of_other_sites_either(
    kim: FlaskClient, accounts: Accounts, recommender: Recommender
) -> None:
    child, look = accounts.find("Kim"), '<p><b>Salt.</b><img src="https://img.example/s.jpg" alt=""></p>'
    seen = Article(id="seen", title="Seen", published_at=NOW, paragraphs=("Salt.",), markup=(look,))
    recommender.storage.put_subscriptions([Subscription(child.id, "https://news.example/feed", added_at=NOW)])
    recommender.storage.put_feed(Feed("https://news.example/feed"))
    assert recommender.storage.bring("https://news.example/feed", {"seen": NOW})
    recommender.add_items([replace(seen, audio_url="https://img.example/s.mp3")])
    program = Program(kim)
    assert program.log_in("Kim", accounts.make_token(child, ("reader:sync",), "Phone")).status_code == 200

    (item,) = program.get(f"stream/contents/{LIST}")["items"]

    assert item["summary"]["content"] == "<p><b>Salt.</b></p>"


def test_a_guardian_sees_every_class_that_is_kept(
    kim: FlaskClient, ann: FlaskClient, accounts: Accounts, recommender: Recommender
) -> None:
    """A list, a feed, an address, a token: none is an event, and all are kept. What the store has is on the page."""
    child = accounts.find("Kim")
    kim.get("/")
    accounts.make_token(child, ("recs:read",), "Phone")
    send(kim, "/me/addresses", "/me/addresses", what="for-you", name="For the phone")
    recommender.storage.put_subscriptions([Subscription(child.id, "https://news.example/feed", added_at=NOW)])
    recommender.storage.put_choice(child.id, "language", "en")
    recommender.storage.append_events([Event(id="e", type="like", at=NOW, user=child.id, item="food-0")])
    recommender.storage.put_parts({child.id: b"of no class that has a name"})

    page = text(ann.get(f"/family/{child.id}"))

    shown = dict(re.findall(r"<dt>([^<]+)</dt><dd>(\d+)</dd>", page))
    assert shown == {
        "Feeds": "1",
        "Lists, for a while": str(len(recommender.storage.lists_of(child.id))),
        "Addresses for programs": "1",
        "Tokens for programs": "1",
        "Logins": "1",
        "Chosen: language, kind of list": "1",
        "Likes, saves, comments and what was hidden": "1",
        "Other records": "1",
    }
    said_apart = ("accounts", "children", "consents")
    rows = {table: count for table, count in recommender.storage.traces(child.id).items() if table not in said_apart}
    assert sum(map(int, shown.values())) == sum(rows.values())


def test_a_guardian_erases_pauses_and_opens(
    kim: FlaskClient,
    ann: FlaskClient,
    accounts: Accounts,
    recommender: Recommender,
    make_event: Any,
    browser_of: BrowserOf,
) -> None:
    """And the child sees on its own pages that it was the guardian."""
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
    back = browser_of(accounts.find("Kim"))
    assert "Your guardian: <code>disable</code>" in text(back.get("/me/account"))
    assert "<code>enable</code> (Your guardian)" in text(back.get("/me/records"))


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
    token = token_in(text(kim.get("/me/account")))

    answer = kim.post("/me/of-age", data={"csrf_token": token, **form})

    assert answer.status_code == 422
    assert accounts.find("Kim").role == "child"
