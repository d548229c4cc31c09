"""One reader can neither read nor change, nor find out about, what is another's."""

from __future__ import annotations

import io
import re
import sys
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from types import FrameType
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reader.accounts.registry import Accounts
from reader.recommend.recommender import Recommender
from reader.records import event_record
from reader.types import Account
from reader.types_family import Child, GuardianRequest
from reader.types_grants import Terms
from tests.webapp.accounts.test_matrix import VALUES, calls

MARK = "zanzibar"
_OF_THE_MOMENT = re.compile(
    r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?<=reread=)[^;]+|(?<=name=\"csrf_token\" value=\")[^\"]+"
    r"|(?<=^Date: ).+"
)
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
    new_eve: Callable[[], FlaskClient]
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
    her = make_account("Eve")
    browser, eve = browser_of(ada), browser_of(her)
    steer = {"interests": [{"target": {"kind": "keyword", "value": MARK}, "followed": True}]}
    assert browser.patch("/api/v1/me/interests", json=steer).status_code == 200
    accounts.make_token(ada, ("recs:read",), MARK)
    answer = browser.get("/api/v1/recommendations?limit=5").get_json()
    child = make_account("Kim", "child")
    accounts.storage.put_child(Child(child.id, ada.id, "", "guardian", "2031-04", child.created_at))
    terms = Terms(("opens",), MARK, MARK, MARK, child.created_at + timedelta(days=30))
    grant = app.extensions["reread"].grants.make(ada.id, terms)
    request = GuardianRequest("d" * 64, "guardian", "Ada", child.created_at)
    accounts.storage.put_guardian_request(request)
    ids = {
        "list_id": answer["list"],
        "cursor": answer["next_cursor"],
        "item_id": answer["items"][0]["id"],
        "token": accounts.storage.tokens(ada.id)[0].digest,
        "login": accounts.storage.logins(ada.id)[0].digest,
        "user": ada.id,
        "child": child.id,
        "request": request.digest,
        "grant": grant.id,
    }
    other_list = ("m" if ids["list_id"][0] != "m" else "n") + ids["list_id"][1:]
    signer = app.extensions["reread"].signer
    unknown = ids | {
        "list_id": other_list,
        "cursor": signer.dumps([other_list, 5]),
        "token": "0" * 64,
        "login": "0" * 64,
        "user": "u0123456789abcdef",
        "child": "u0123456789abcdef",
        "request": "0" * 64,
        "grant": "g0123456789abcdef01234567",
    }
    return World(app, ada, browser, eve, lambda: browser_of(her), ids, unknown, recommender)


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
        "children": storage.children(user),
        "child's answers": [storage.consents(child.user) for child in storage.children(user)],
        "asked": storage.guardian_requests(),
        "interests": world.recommender.interests(user),
        "grants": [(grant, storage.grant_ledger(grant.id, user=user)) for grant in storage.grants(user)],
    }


def requests_with(world: World, ids: dict[str, str]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield every route with ids in its path, its query, its form and its body."""
    values = {
        **VALUES,
        **ids,
        "user": ids["child"],
        "digest": ids["request"],
        "grant_id": ids["grant"],
        "secret": ids["token"],
        "entity_id": "Studio",
        "name": "x.mp4",
        "filename": "app.css",
    }
    values |= {"key": "rk_0", "module": "events", "position": "1", "stream": "user/-/state/com.google/read"}
    query = {"list": ids["list_id"], "from": "5", "cursor": ids["cursor"], "reader": ids["user"], "user": ids["user"]}
    form = {"token": ids["token"], "login": ids["login"], "account": ids["user"], "invitation": ids["token"]}
    form |= {"request": ids["request"], "answer": "none"}
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


def readable(answer: Any) -> str:
    """Return an answer as text; of an archive all that is in it."""
    if answer.mimetype != "application/zip":
        return str(answer.get_data(as_text=True))
    with zipfile.ZipFile(io.BytesIO(answer.get_data())) as archive:
        return "".join(archive.read(name).decode() for name in archive.namelist())


def test_no_route_shows_or_changes_what_is_anothers(world: World) -> None:
    """Every route, with all the ids of Ada that there are, by Eve."""
    before = kept_of_ada(world)

    for method, path, sent in requests_with(world, world.ids):
        with world.eve.open(path, method=method, **sent) as answer:
            text = readable(answer)
        assert answer.status_code < 500, (method, path)
        assert MARK not in text, (method, path)

    assert kept_of_ada(world) == before


def bytes_of(world: World, method: str, path: str, sent: dict[str, Any], ids: dict[str, str]) -> tuple[Any, ...]:
    """Return status, headers and body of an answer to Eve, in which the ids she sent stand as their names.

    What is new in each answer by itself (random ids of visits, signed tokens of forms and of the cookie, its second) is
    left out.
    """
    world.eve.get("/me/privacy")  # so that her cookie is there, and no message of an earlier form waits to be shown
    with world.eve.open(path, method=method, **sent) as answer:
        headers = sorted(f"{name}: {value}" for name, value in answer.headers)
        texts = [answer.status, *headers, answer.get_data().decode("utf-8", "replace")]
    for name, value in ids.items():
        texts = [text.replace(quote(value, safe=""), name).replace(value, name) for text in texts]
    return tuple(_OF_THE_MOMENT.sub("…", text) for text in texts)


def test_what_is_anothers_looks_like_what_is_not_there(world: World) -> None:
    """Byte for byte: status, every header, the whole body, for an id of Ada as for one that nobody has.

    Where the answer is Eve's own (her list, her page), an id of another's must not change its status or its headers.
    """
    refused = 0
    pairs = zip(requests_with(world, world.ids), requests_with(world, world.unknown), strict=True)
    for (method, path, sent), (_, unknown_path, unknown_sent) in pairs:
        anothers = bytes_of(world, method, path, sent, world.ids)
        nobodys = bytes_of(world, method, unknown_path, unknown_sent, world.unknown)
        if anothers[0][0] in "345":
            assert anothers == nobodys, (method, path)
            refused += 1
        else:
            headers = [[line for line in each[1:-1] if "Content-Length" not in line] for each in (anothers, nobodys)]
            assert (anothers[0], headers[0]) == (nobodys[0], headers[1]), (method, path)
    assert refused > 20


def work_of(world: World, path: str) -> int:
    """Return how many functions are called, in Python and below, to answer Eve."""
    eve, count = world.new_eve(), 0

    def note(frame: FrameType, event: str, arg: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(note)
    try:
        eve.get(path)
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize(
    "path",
    ["/why/{list_id}/{item_id}", "/api/v1/recommendations/{list_id}/{item_id}", "/?list={list_id}&from=5"],
)
def test_what_is_anothers_takes_as_much_work_as_what_is_not_there(world: World, path: str) -> None:
    """Else the time of the answer would tell. Work is counted in calls, since a clock would be a matter of luck."""
    anothers, nobodys = path.format(**world.ids), path.format(**world.unknown)
    for each in (anothers, nobodys):
        work_of(world, each)

    assert abs(work_of(world, anothers) - work_of(world, nobodys)) <= 2
    assert work_of(world, nobodys) > 500


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
