"""How often: the counting by itself, and what the app answers to whoever asks too often."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from reader.clock import ManualClock
from reader.recommend.recommender import Recommender
from reader.settings import Settings
from reader.settings_limits import LimitSettings, RateSettings
from tests.reader.accounts.conftest import CHEAP
from tests.webapp.conftest import NOW
from webapp.app import create_app
from webapp.limits import CLASSES, Bucket, network_of
from webapp.services import EXTENSION

MakeToken = Callable[..., dict[str, str]]
LISTS, EVENTS = "/api/v1/recommendations", "/api/v1/events"
SMALL = LimitSettings(
    lists=RateSettings(per_minute=6, burst=3),
    events=RateSettings(per_minute=6, burst=4),
    heavy=RateSettings(per_minute=6, burst=2),
    logins=RateSettings(per_minute=6, burst=2),
    address=RateSettings(per_minute=60, burst=20),
)


@pytest.fixture
def settings() -> Settings:
    return Settings(secret_key="a key for tests", accounts=True, login=CHEAP, limits=SMALL)


@pytest.fixture
def make_reader(app: Flask) -> Callable[[str], tuple[FlaskClient, dict[str, str]]]:
    """Return a maker of readers: the browser of one, and the headers of a token of theirs."""
    accounts = app.extensions[EXTENSION].accounts

    def make(name: str) -> tuple[FlaskClient, dict[str, str]]:
        account, client = accounts.create(name, "salt lakes of Chile", "adult"), app.test_client()
        with client.session_transaction() as session:
            session["login"] = accounts.logins.begin(account)
        secret = accounts.make_token(account, ("recs:read", "events:write", "profile:read"), "")
        return client, {"Authorization": f"Bearer {secret}"}

    return make


# The counting


def test_a_burst_goes_through_and_then_one_for_each_share_of_a_minute() -> None:
    """Three at once, then one every ten seconds: worked out by hand."""
    bucket = Bucket(RateSettings(per_minute=6, burst=3))

    def after(seconds: float) -> int:
        return bucket.take("ada", NOW + timedelta(seconds=seconds))

    assert [after(0), after(0), after(0), after(0)] == [0, 0, 0, 10]
    assert [after(4), after(9.5), after(10), after(10)] == [6, 1, 0, 10]
    assert [after(100), after(100), after(100), after(100)] == [0, 0, 0, 10]


def test_one_key_takes_nothing_from_another() -> None:
    bucket = Bucket(RateSettings(per_minute=1, burst=1))

    assert [bucket.take(key, NOW) for key in ("ada", "bob", "ada", "bob")] == [0, 0, 60, 60]


@given(st.lists(st.floats(0, 5), max_size=60), st.integers(1, 5), st.sampled_from([6, 30, 60]))
def test_no_span_of_time_lets_more_through_than_its_share(pauses: list[float], burst: int, per_minute: int) -> None:
    """In any span: at most the burst, and what trickles in meanwhile. And who waits as told goes through."""
    bucket, at = Bucket(RateSettings(per_minute=per_minute, burst=burst)), NOW
    passed = []
    for pause in pauses:
        at += timedelta(seconds=pause)
        wait_s = bucket.take("ada", at)
        if wait_s == 0:
            passed.append((at - NOW).total_seconds())
        else:
            assert Bucket.take(bucket, "ada", at) >= 1
            at += timedelta(seconds=wait_s)
            assert bucket.take("ada", at) == 0
            passed.append((at - NOW).total_seconds())
    for start, first in enumerate(passed):
        for stop in range(start, len(passed)):
            span_s = passed[stop] - first
            assert stop - start + 1 <= burst + span_s * per_minute / 60 + 1e-3


def test_what_is_kept_of_who_asked_stays_small() -> None:
    """And who has used up a share lately is not forgotten for those who came by once."""
    bucket = Bucket(RateSettings(per_minute=1, burst=5), keys_kept=100)
    for _ in range(5):
        bucket.take("greedy", NOW)
    for number in range(1000):
        bucket.take(f"passer-by {number}", NOW)
        assert len(bucket) <= 100

    assert bucket.take("greedy", NOW) == 60


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        ("203.0.113.7", "203.0.113.8", False),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:203.0.113.7", "203.0.113.7", True),
        ("fe80::1%eth0", "fe80::2", True),
        ("no address", "another", False),
    ],
)
def test_a_network_is_what_one_customer_has(left: str, right: str, same: bool) -> None:
    assert (network_of(left) == network_of(right)) is same


# The app


def test_lists_have_a_share_by_reader_whatever_they_ask_with(
    make_reader: Callable[[str], tuple[FlaskClient, dict[str, str]]], app: Flask, clock: ManualClock
) -> None:
    """Browser, page and token draw from one share; another reader from another; and time gives it back."""
    ada, token = make_reader("Ada")
    eve, _ = make_reader("Eve")
    program = app.test_client()

    assert ada.get("/latest").status_code == 200
    assert ada.get(LISTS).status_code == 200
    assert program.get(LISTS, headers=token).status_code == 200
    refused = program.get(LISTS, headers=token)
    assert refused.status_code == 429
    assert refused.headers["Retry-After"] == "10"
    assert refused.content_type == "application/problem+json"
    assert refused.get_json()["detail"] == (
        "Too many lists and articles; come again in 10 s. "
        "Whoever looks after this server sets the limit with REREAD_LIMITS__LISTS__PER_MINUTE."
    )
    page = ada.get("/latest")
    assert (page.status_code, page.headers["Retry-After"], page.mimetype) == (429, "10", "text/html")
    assert "come again in 10 s" in page.get_data(as_text=True)
    assert eve.get(LISTS).status_code == 200
    assert ada.get("/me/interests").status_code == 200

    clock.at += timedelta(seconds=10)

    assert ada.get(LISTS).status_code == 200
    assert ada.get(LISTS).status_code == 429


def test_posts_of_events_have_a_share_and_a_refused_one_changes_nothing(
    make_reader: Callable[[str], tuple[FlaskClient, dict[str, str]]],
    make_event: Callable[..., dict[str, Any]],
    recommender: Recommender,
) -> None:
    """Forms that make an event count with them."""
    ada, token = make_reader("Ada")
    for _ in range(3):
        event = make_event("like", item="food-1")
        assert ada.post(EVENTS, json={"events": [event]}, headers=token).status_code == 202
    before = recommender.storage.last_event_seq()
    assert ada.post("/act", data={"act": "like"}).status_code == 400  # no token of a form; it counts all the same

    answer = ada.post(EVENTS, json={"events": [make_event("like", item="food-1")]})

    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "10")
    assert recommender.storage.last_event_seq() == before


def test_passwords_have_a_share_by_address_right_or_wrong(app: Flask, clock: ManualClock) -> None:
    """Each costs a hash. Other addresses are not held up, and the page itself may be looked at."""
    app.config["WTF_CSRF_ENABLED"] = False
    app.extensions[EXTENSION].accounts.create("Ada", "salt lakes of Chile", "adult")

    def send(address: str, password: str = "salt lakes of Chile") -> int:
        data = {"nickname": "Ada", "password": password}
        return app.test_client().post("/login", data=data, environ_base={"REMOTE_ADDR": address}).status_code

    assert [send("203.0.113.7"), send("203.0.113.7", "wrong"), send("203.0.113.7")] == [303, 422, 429]
    assert send("203.0.113.8") == 303
    assert app.test_client().get("/login", environ_base={"REMOTE_ADDR": "203.0.113.7"}).status_code == 200
    clock.at += timedelta(seconds=10)
    assert send("203.0.113.7") == 303


def test_an_address_has_a_share_whoever_asks(app: Flask) -> None:
    """Also for what nobody may have, so that tokens cannot be guessed at will. Files and /healthz stay."""
    client = app.test_client()
    for number in range(20):
        headers = {"Authorization": f"Bearer rr_{number}"}
        assert client.get(LISTS, headers=headers).status_code == 401

    assert client.get(LISTS, headers={"Authorization": "Bearer rr_x"}).status_code == 429
    assert client.get("/nowhere").status_code == 429
    assert client.get("/healthz").status_code == 200
    with client.get("/static/app.css") as answer:
        assert answer.status_code == 200
    assert client.get("/login", environ_base={"REMOTE_ADDR": "203.0.113.9"}).status_code == 200


def test_the_page_without_a_connection_and_its_worker_are_pages_too(app: Flask) -> None:
    """Both are made anew for each request, unlike files."""
    client = app.test_client()

    assert [client.get(path).status_code for path in ("/offline", "/sw.js") * 10] == [200] * 20
    assert [client.get(path).status_code for path in ("/offline", "/sw.js")] == [429, 429]


def test_the_one_reader_of_an_own_machine_is_not_limited(recommender: Recommender, make_token: MakeToken) -> None:
    """A program with a token is, as everywhere."""
    recommender.settings = recommender.settings.model_copy(update={"accounts": False})
    client = create_app(recommender).test_client()

    assert {client.get(LISTS).status_code for _ in range(30)} == {200}
    token = make_token("ada", "recs:read")
    assert [client.get(LISTS, headers=token).status_code for _ in range(4)] == [200, 200, 200, 429]


def test_limits_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REREAD_LIMITS__LISTS__PER_MINUTE", "12")
    monkeypatch.setenv("REREAD_LIMITS__LISTS__BURST", "2")

    assert Settings().limits.lists == RateSettings(per_minute=12, burst=2)


def test_what_is_counted_is_there(app: Flask) -> None:
    """A route that was renamed would not be limited any more."""
    assert CLASSES.keys() <= {rule.endpoint for rule in app.url_map.iter_rules()}


def test_the_document_has_the_numbers_in_force() -> None:
    """The table of docs/api.md, row by row."""
    text = (Path(__file__).parents[2] / "docs" / "api.md").read_text(encoding="utf-8")
    rows = re.findall(r"\| `limits\.(\w+)` \| ([\d,]+) \| ([\d,]+) \|", text)

    told = {name: (int(burst.replace(",", "")), float(rate.replace(",", ""))) for name, burst, rate in rows}
    assert told == {name: (rate["burst"], rate["per_minute"]) for name, rate in LimitSettings().model_dump().items()}
