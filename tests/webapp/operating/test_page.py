"""The admin page: figures that are true, for the operator alone, and nothing of what anybody reads."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from reader.clock import ManualClock
from reader.recommend.recommender import Recommender
from reader.types_feeds import Feed
from webapp.app import create_app
from webapp.services import EXTENSION

MakeEvent = Callable[..., dict[str, Any]]


def text_of(client: FlaskClient) -> str:
    answer = client.get("/admin")
    assert answer.status_code == 200
    return " ".join(answer.get_data(as_text=True).split())


def row(page: str, head: str) -> list[str]:
    """The cells of the row that begins so, without their marks."""
    found = re.search(rf'<tr>\s*<th scope="row"[^>]*>(?:<code>)?{re.escape(head)}.*?</tr>', page)
    assert found, head
    return [re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", found[0])]


def test_lists_and_requests_are_counted_by_route(client: FlaskClient) -> None:
    for _ in range(3):
        client.get("/api/v1/recommendations")
    client.get("/api/v1/recommendations?mode=latest")

    page = text_of(client)

    assert "Since the start: <code>profile</code>: 3, <code>latest</code>: 1</p>" in page
    cells = row(page, "/api/v1/recommendations")
    assert cells[-2:] == ["4", "0"]
    assert 0 <= int(cells[1]) <= int(cells[2])
    assert "The highest bar is 4." in page


def test_a_mistake_of_ours_is_counted(app: Flask) -> None:
    def breaks() -> str:
        raise RuntimeError

    app.add_url_rule("/broken", view_func=breaks)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    client = app.test_client()

    client.get("/broken")

    assert row(text_of(client), "/broken")[-2:] == ["1", "1"]


def test_what_was_learned_is_shown(
    client: FlaskClient, clock: ManualClock, make_event: MakeEvent, recommender: Recommender
) -> None:
    """A list with an opening, settled an hour later, is judged by the scores it was shown with."""
    made = client.get("/api/v1/recommendations").get_json()
    opened = make_event("open", item=made["items"][0]["id"], list=made["list"], view="v")
    client.post("/api/v1/events", json={"events": [opened]})
    clock.at += timedelta(hours=1)
    client.get("/api/v1/recommendations")

    page = text_of(client)

    assert row(page, "Lists learned from")[1] == "1"
    assert row(page, "AUC, all lists")[1] == "1.000"
    assert row(page, "Openings, seen")[1] == "1"
    moved, of, factors = row(page, "Weights moved")[1].split()
    assert of == "of"
    assert int(factors.replace(",", "")) == len(recommender.registry.priors)
    assert 0 < int(moved.replace(",", "")) <= len(recommender.registry.priors)
    assert re.search(r'<polyline class="value" points="480\.0,0\.0 "', page)


def test_failing_feeds_are_told_by_host(client: FlaskClient, recommender: Recommender, clock: ManualClock) -> None:
    """Which feed it is may be a reader's secret."""
    storage = recommender.storage
    storage.put_feed(Feed("https://a.example/private-token.xml", failures=2, trouble="gone"))
    storage.put_feed(Feed("https://a.example/two.xml", failures=1, trouble="gone"))
    storage.put_feed(Feed("https://b.example/", succeeded_at=clock(), next_at=clock() + timedelta(hours=1)))

    page = text_of(client)

    assert "3 in all: 1 well, 2 failing, 2 due." in page
    assert row(page, "a.example")[1:] == ["gone", "2"]
    assert "private-token" not in page


def test_jobs_and_their_failures_are_shown(app: Flask) -> None:
    jobs = app.extensions[EXTENSION].metrics.jobs
    with jobs.running("sweep"):
        pass
    with pytest.raises(KeyError), jobs.running("sweep"):
        raise KeyError("what somebody reads")

    page = text_of(app.test_client())

    assert row(page, "sweep")[-2:] == ["2", "1"]
    assert "KeyError" in page
    assert "what somebody reads" not in page


def test_nothing_of_what_is_read_is_on_it(client: FlaskClient, make_event: MakeEvent) -> None:
    client.get("/a/energy-0")
    client.post("/api/v1/events", json={"events": [make_event("like", item="energy-0")]})

    page = text_of(client)

    assert "energy" not in page
    assert "Salt lakes" not in page


def test_without_accounts_it_is_for_this_machine_alone(app: Flask, recommender: Recommender) -> None:
    client = app.test_client()
    assert client.get("/admin", environ_base={"REMOTE_ADDR": "127.0.0.1"}).status_code == 200

    assert client.get("/admin", environ_base={"REMOTE_ADDR": "192.168.1.7"}).status_code == 404
    assert create_app(recommender, embedded=False).test_client().get("/admin").status_code == 404
