"""One reader can neither read nor change, nor find out about, what is another's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reader.accounts.registry import Accounts
from reader.recommend.recommender import Recommender
from reader.records import event_record
from reader.types import Account
from tests.webapp.accounts.test_matrix import calls

MARK = "zanzibar"
FIELDS = (
    "item",
    "list",
    "kind",
    "value",
    "account",
    "token",
    "login",
    "invitation",
    "cursor",
    "from",
    "position",
    "act",
)
ACTS = ("like", "hide", "weigh", "mute", "forget", "reset", "keep", "disable", "reset-password", "yes")


@dataclass
class World:
    """Ada, who has read, and what would have to be known to get at her; Eve's browser."""

    app: Flask
    ada: Account
    ada_browser: FlaskClient
    eve: FlaskClient
    ids: dict[str, str]
    unknown: dict[str, str]
    recommender: Recommender


@pytest.fixture
def world(
    app: Flask,
    accounts: Accounts,
    recommender: Recommender,
    make_account: Callable[..., Account],
    browser_of: Callable[[Account], FlaskClient],
) -> World:
    app.config["WTF_CSRF_ENABLED"] = False
    ada = make_account("Ada")
    browser, eve = browser_of(ada), browser_of(make_account("Eve"))
    steer = {"interests": [{"target": {"kind": "keyword", "value": MARK}, "followed": True}]}
    assert browser.patch("/api/v1/me/interests", json=steer).status_code == 200
    accounts.make_token(ada, ("recs:read",), MARK)
    answer = browser.get("/api/v1/recommendations?limit=5").get_json()
    ids = {
        "list_id": answer["list"],
        "cursor": answer["next_cursor"],
        "item_id": answer["items"][0]["id"],
        "token": accounts.storage.tokens(ada.id)[0].digest,
        "login": accounts.storage.logins(ada.id)[0].digest,
        "user": ada.id,
    }
    other_list = ("m" if ids["list_id"][0] != "m" else "n") + ids["list_id"][1:]
    signer = app.extensions["reread"].signer
    unknown = ids | {
        "list_id": other_list,
        "cursor": signer.dumps([other_list, 5]),
        "token": "0" * 64,
        "login": "0" * 64,
        "user": "u0123456789abcdef",
    }
    return World(app, ada, browser, eve, ids, unknown, recommender)


def kept_of_ada(world: World) -> dict[str, Any]:
    """All that the store holds of Ada, and the list she can page through."""
    storage, user = world.recommender.storage, world.ada.id
    return {
        "events": [event_record(event) for event in storage.iter_events(user=user)],
        "list": storage.load_list(world.ids["list_id"]),
        "consent": storage.consent(user, "attention"),
        "tokens": storage.tokens(user),
        "logins": [login.digest for login in storage.logins(user)],
        "account": storage.account(user),
        "audited": storage.audited(user),
        "interests": world.recommender.interests(user),
    }


def requests_with(world: World, ids: dict[str, str]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield every route with ids in its path, its query, its form and its body."""
    values = {**ids, "secret": ids["token"], "entity_id": "Studio", "name": "x.mp4", "filename": "app.css"}
    values |= {"key": "rk_0", "module": "events"}
    query = {"list": ids["list_id"], "from": "5", "cursor": ids["cursor"], "reader": ids["user"], "user": ids["user"]}
    form = {"token": ids["token"], "login": ids["login"], "account": ids["user"], "invitation": ids["token"]}
    form |= {"item": ids["item_id"], "list": ids["list_id"], "user": ids["user"], "role": "adult"}
    for rule, method in calls(world.app):
        if rule.endpoint in ("accounts.log_out", "api.delete_me", "accounts.send_login"):
            continue  # of the caller alone, and they end the caller's login
        with world.app.test_request_context():
            adapter = world.app.url_map.bind("localhost")
            path = adapter.build(rule.endpoint, {name: values[name] for name in rule.arguments})
        sent: dict[str, Any] = {"query_string": query}
        if method != "GET":
            sent |= (
                {"json": {"user": ids["user"], "events": []}} if rule.endpoint.startswith("api.") else {"data": form}
            )
        yield method, path, sent


def test_no_route_shows_or_changes_what_is_anothers(world: World) -> None:
    """Every route, with all the ids of Ada that there are, by Eve."""
    before = kept_of_ada(world)

    for method, path, sent in requests_with(world, world.ids):
        with world.eve.open(path, method=method, **sent) as answer:
            text = answer.get_data(as_text=True)
        assert answer.status_code < 500, (method, path)
        assert MARK not in text, (method, path)

    assert kept_of_ada(world) == before


def test_what_is_anothers_looks_like_what_is_not_there(world: World) -> None:
    """The same status and the same words for an id of Ada as for one that nobody has: neither 403 nor 404 tells."""
    pairs = zip(requests_with(world, world.ids), requests_with(world, world.unknown), strict=True)
    for (method, path, sent), (_, unknown_path, unknown_sent) in pairs:
        if method == "GET" and path.endswith(("/healthz", "/readyz", "/metrics")):
            continue
        answers = []
        for each_path, each in ((path, sent), (unknown_path, unknown_sent)):
            with world.eve.open(each_path, method=method, **each) as answer:
                answers.append((answer.status_code, answer.headers.get("Location")))
        assert answers[0] == answers[1], (method, path)


def test_an_id_that_another_has_used_is_as_good_as_new(world: World, make_event: Callable[..., dict[str, Any]]) -> None:
    """Neither the answer nor the logs tell that Ada has sent an event under it."""
    event, fresh = make_event("like", item="food-1"), make_event("like", item="food-1")
    assert world.ada_browser.post("/api/v1/events", json={"events": [event]}).get_json()["accepted"] == 1
    before = kept_of_ada(world)

    answers = [world.eve.post("/api/v1/events", json={"events": [each]}) for each in (event, fresh)]

    assert [answer.get_json() for answer in answers] == [{"accepted": 1, "duplicates": 0, "rejected": []}] * 2
    assert kept_of_ada(world) == before


@pytest.mark.parametrize(
    "path",
    [
        "/?list={list_id}&from=5",
        "/why/{list_id}/{item_id}",
        "/api/v1/recommendations?cursor={cursor}",
        "/api/v1/recommendations/{list_id}/{item_id}",
    ],
)
def test_a_list_belongs_to_its_reader(world: World, path: str) -> None:
    """Ada gets it; Eve gets what she would get for a list that never was."""
    assert world.ada_browser.get(path.format(**world.ids)).status_code == 200

    anothers, nobodys = (world.eve.get(path.format(**ids)) for ids in (world.ids, world.unknown))

    assert anothers.status_code == nobodys.status_code != 200
    words = [
        answer.get_data(as_text=True).replace(ids["list_id"], "LIST")
        for answer, ids in ((anothers, world.ids), (nobodys, world.unknown))
    ]
    assert words[0] == words[1]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_eve_sends_ada_stays_as_she_is(world: World, data: st.DataObject) -> None:
    """Forms and queries at random, made of ids of Ada and words of the forms."""
    before = kept_of_ada(world)
    word = st.sampled_from([*world.ids.values(), *ACTS, MARK, "keyword", "1", ""])
    fields = data.draw(st.dictionaries(st.sampled_from(FIELDS), word, max_size=6))
    ending = ("accounts.log_out", "api.delete_me")
    rules = [pair for pair in calls(world.app) if not pair[0].arguments and pair[0].endpoint not in ending]
    rule, method = data.draw(st.sampled_from(rules))
    sent: dict[str, Any] = {"query_string": fields}
    if method != "GET":
        sent |= {"json": fields} if rule.endpoint.startswith("api.") else {"data": fields}

    with world.eve.open(rule.rule, method=method, **sent) as answer:
        assert answer.status_code < 500
    assert kept_of_ada(world) == before
