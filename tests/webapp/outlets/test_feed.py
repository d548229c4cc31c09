"""What a secret address gives, to whom, and what it leaves in the log."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import feedparser  # type: ignore[import-untyped]  # it has no annotations
import pytest
import structlog
from flask import Flask
from flask.testing import FlaskClient
from lxml import etree  # type: ignore[import-untyped]  # it has no annotations
from werkzeug.http import http_date

from reader.clock import ManualClock
from reader.ingest.subscriptions import Subscriptions
from reader.profile.state import ReaderState
from reader.recommend.popularity import HEAT_ACTS
from reader.recommend.recommender import Recommender
from reader.recommend.requests import Request
from reader.types import Impression
from tests.builders import deliver
from tests.webapp.conftest import NOW
from tests.webapp.outlets.conftest import MakeOutlet, ids_in, secret_in
from webapp.app import create_app
from webapp.logs import configure_logs
from webapp.mode import choose_mode

MakeEvent = Callable[..., dict[str, Any]]
FEED = "https://energy.example/feed"


def impressions(recommender: Recommender) -> list[Impression]:
    return [event for event in recommender.storage.iter_events() if isinstance(event, Impression)]


def test_for_you_is_the_list_with_its_reasons(
    client: FlaskClient, make_outlet: MakeOutlet, make_event: MakeEvent, grammar: etree.RelaxNG
) -> None:
    like = make_event("follow", target={"kind": "topic", "value": "oceans"})
    client.post("/api/v1/events", json={"events": [like]})

    answer = client.get(make_outlet())

    assert (answer.status_code, answer.content_type) == (200, "application/atom+xml; charset=utf-8")
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert answer.headers["X-Robots-Tag"].startswith("noindex")
    assert grammar.validate(etree.fromstring(answer.data)), grammar.error_log
    parsed = feedparser.parse(answer.data)
    assert not parsed.bozo
    assert len(parsed.entries) == 30
    (first, *_) = parsed.entries
    assert "oceans" in [tag.term for tag in first.tags]
    assert "Why it is here: " in first.summary
    assert "oceans" in first.summary.rpartition("Why it is here: ")[2]
    clips = [entry for entry in parsed.entries if entry.enclosures]
    assert {entry.enclosures[0].href for entry in clips} <= {
        "http://localhost/media/demo/Waves.mp4", "http://localhost/media/demo/Oven.mp4",
    }  # fmt: skip
    assert clips


def test_it_is_packed_and_in_the_language_of_its_reader(
    client: FlaskClient, make_outlet: MakeOutlet, make_event: MakeEvent, recommender: Recommender
) -> None:
    like = make_event("follow", target={"kind": "topic", "value": "oceans"})
    client.post("/api/v1/events", json={"events": [like]})
    recommender.storage.put_choice("local", "language", "de")

    answer = client.get(make_outlet(), headers={"Accept-Encoding": "gzip", "Accept-Language": "en"})

    assert answer.headers["Content-Encoding"] == "gzip"
    text = gzip.decompress(answer.data).decode()
    assert "Reread: Für dich" in text
    assert "Warum das hier steht: " in text
    assert "Why it is here" not in text


def test_full_text_is_a_choice(client: FlaskClient, make_outlet: MakeOutlet) -> None:
    brief = feedparser.parse(client.get(make_outlet()).data).entries
    whole = feedparser.parse(client.get(make_outlet(full_text=True)).data).entries

    assert not any("content" in entry for entry in brief)
    assert any("The end is open." in entry.content[0].value for entry in whole)


def test_what_is_fetched_is_no_impression_that_teaches(
    client: FlaskClient, make_outlet: MakeOutlet, recommender: Recommender
) -> None:
    """It stands in the log with where it went, and moves neither heat nor weights."""
    shown = HEAT_ACTS.index("impression")
    fetched = ids_in(client, make_outlet())

    (event,) = impressions(recommender)
    assert (event.origin, event.user, event.mode) == ("atom", "local", "profile")
    assert [shown.item for shown in event.items] == fetched
    assert recommender.catalogue.popularity.totals_at(NOW.timestamp())[shown].sum() == 0
    assert recommender.learner.model(0).waiting == ()
    recommender.recommend(Request("local", limit=3))
    assert len(recommender.learner.model(0).waiting) == 1
    assert recommender.catalogue.popularity.totals_at(NOW.timestamp())[shown].max() == 3


def test_opening_by_its_link_is_an_open_of_that_list(
    client: FlaskClient, make_outlet: MakeOutlet, recommender: Recommender
) -> None:
    parsed = feedparser.parse(client.get(make_outlet()).data)
    address = urlsplit(parsed.entries[2].link)

    client.get(f"{address.path}?{address.query}")

    (event,) = impressions(recommender)
    (opening,) = [event for event in recommender.storage.iter_events() if event.type == "open"]
    assert (opening.list, opening.position) == (event.list, 3)
    assert opening.item == event.items[2].item
    assert opening.item not in ids_in(client, make_outlet())


def test_what_was_opened_is_gone_whatever_time_a_program_has(
    client: FlaskClient, make_outlet: MakeOutlet, recommender: Recommender
) -> None:
    """Of the list itself nothing changes, so that its time says nothing."""
    path = make_outlet()
    first = client.get(path)
    (gone, *_) = ids_in(client, path)
    client.get(f"/a/{gone}")

    later = client.get(path, headers={"If-Modified-Since": http_date(NOW + timedelta(days=1))})

    assert later.status_code == 200
    assert later.headers["ETag"] != first.headers["ETag"]
    assert "Last-Modified" not in later.headers
    assert gone not in ids_in(client, path)


def test_asking_often_makes_one_list_and_costs_nothing(
    client: FlaskClient, make_outlet: MakeOutlet, recommender: Recommender, clock: ManualClock
) -> None:
    path = make_outlet()
    first = client.get(path)
    known = {"If-None-Match": first.headers["ETag"]}
    clock.at += timedelta(minutes=20)

    same = client.get(path, headers=known)
    head = client.head(path)

    assert (same.status_code, same.data) == (304, b"")
    assert (head.status_code, head.headers["ETag"]) == (200, first.headers["ETag"])
    assert len(impressions(recommender)) == 1
    clock.at += timedelta(minutes=20)
    assert client.get(path, headers=known).status_code == 200
    assert len(impressions(recommender)) == 2


def test_entries_keep_their_ids(client: FlaskClient, make_outlet: MakeOutlet, clock: ManualClock) -> None:
    """In every list and every feed, so that no program shows one twice."""
    first = {entry.title: entry.id for entry in feedparser.parse(client.get(make_outlet()).data).entries}
    clock.at += timedelta(days=1)
    later = {entry.title: entry.id for entry in feedparser.parse(client.get(make_outlet()).data).entries}

    assert first.keys() & later.keys()
    assert all(first[title] == later[title] for title in first.keys() & later.keys())


def test_what_is_hidden_goes_at_once(client: FlaskClient, make_outlet: MakeOutlet, make_event: MakeEvent) -> None:
    path = make_outlet()
    before = ids_in(client, path)
    hidden = [make_event("hide", item=before[0]), make_event("mute", target={"kind": "topic", "value": "food"})]
    client.post("/api/v1/events", json={"events": hidden})

    after = ids_in(client, path)

    assert after == [item for item in before[1:] if not item.startswith(("food", "clip-Oven"))]


def test_who_switched_ranking_off_gets_the_newest_first(
    app: Flask, make_outlet: MakeOutlet, recommender: Recommender
) -> None:
    with app.test_request_context():
        choose_mode("local", "latest")

    fetched = ids_in(app.test_client(), make_outlet())

    dated = recommender.storage.items(fetched)
    assert fetched == sorted(fetched, key=lambda item: (-(dated[item].published_at or NOW).timestamp(), item))


def test_saved_and_a_folder(
    client: FlaskClient, make_outlet: MakeOutlet, make_event: MakeEvent, recommender: Recommender, clock: ManualClock
) -> None:
    """Lists of the reader's own making: nothing is logged, nothing explained."""
    own = Subscriptions(recommender.storage, clock)
    own.follow("local", FEED, folder=("Science", "Energy"))
    deliver(recommender.storage, FEED, {f"energy-{n}": NOW - timedelta(hours=n) for n in range(3)})
    for item in ("music-1", "food-2"):
        client.post("/api/v1/events", json={"events": [make_event("save", item=item)]})
        clock.at += timedelta(minutes=1)

    assert ids_in(client, make_outlet(kind="saved")) == ["food-2", "music-1"]
    folder = make_outlet(kind="folder", folder=("Science",))
    assert ids_in(client, folder) == ["energy-0", "energy-1", "energy-2"]
    own.end("local", FEED)
    assert ids_in(client, folder) == []
    assert impressions(recommender) == []


def test_a_secret_opens_its_own_list_and_nothing_else(
    client: FlaskClient, make_outlet: MakeOutlet, recommender: Recommender
) -> None:
    path = make_outlet()
    secret = secret_in(path)
    strict = create_app(recommender, embedded=False).test_client()

    assert strict.get(path).status_code == 200
    for wrong in (
        path.replace("for-you", "saved"),
        path[:-9] + ".atom",
        "/feeds/for-you/rf_.atom",
        "/feeds/all/x.atom",
    ):
        assert strict.get(wrong).status_code == 404
    for path in ("/api/v1/recommendations", "/api/v1/me/export", "/reader/api/0/user-info"):
        assert strict.get(path, headers={"Authorization": f"Bearer {secret}"}).status_code == 401
    assert client.post(path).status_code == 405


def test_the_secret_is_written_down_nowhere(
    recommender: Recommender,
    make_outlet: MakeOutlet,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Neither in the log of requests, nor in the metrics, nor in the database."""
    server = recommender.settings.server.model_copy(update={"log": "json"})
    recommender.settings = recommender.settings.model_copy(update={"server": server})
    configure_logs("json")
    try:
        client, path = create_app(recommender).test_client(), make_outlet()
        client.get(path)
        client.get(path.replace("for-you", "saved"))
        written = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    finally:
        structlog.reset_defaults()

    assert [line["route"] for line in written if line["event"] == "request"] == [
        "/feeds/<any('for-you', saved, folder):kind>/<secret>.atom"
    ] * 2
    secret = secret_in(path)
    assert secret not in json.dumps(written)
    assert secret not in client.get("/metrics").get_data(as_text=True)
    (outlet,) = recommender.storage.outlets("local")
    assert secret not in repr(outlet)
    assert outlet.used_at == NOW


def test_a_state_of_nobody_is_left_alone(
    make_outlet: MakeOutlet, client: FlaskClient, recommender: Recommender
) -> None:
    """Fetching makes no view, no interest, no passing by."""
    client.get(make_outlet())

    state = recommender.state("local")
    assert isinstance(state, ReaderState)
    assert (dict(state.opened), recommender.interests("local")) == ({}, ())
