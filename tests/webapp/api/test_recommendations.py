"""GET /api/v1/recommendations."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from nlp.analysis import Analyser
from reader.clock import ManualClock
from reader.recommend.recommender import Recommender
from reader.settings import Settings
from reader.types import Article, Impression
from reader.wiring import make_recommender
from tests.reader.recommend.test_stories import reports
from webapp.app import create_app

URL = "/api/v1/recommendations"


def test_a_list_says_what_it_holds(client: FlaskClient) -> None:
    answer = client.get(URL, query_string={"limit": 5}).get_json()

    assert [place["position"] for place in answer["items"]] == [1, 2, 3, 4, 5]
    assert answer["mode"] == "profile"
    assert answer["model"]["name"]
    assert answer["model"]["version"]
    first = answer["items"][0]
    assert isinstance(first["score"], float)
    assert datetime.fromisoformat(first["published_at"]).tzinfo is not None
    assert set(first) >= {"id", "kind", "title", "url", "source", "exploration", "reasons"}


def test_the_pages_of_a_list_have_no_gap_and_no_repeat(client: FlaskClient, recommender: Recommender) -> None:
    """The cursor pages over the list as it was made, whatever is added in between."""
    pages = [client.get(URL, query_string={"limit": 7}).get_json()]
    recommender.add_items([Article(id="fresh", title="Fresh", published_at=recommender.clock())])
    while pages[-1]["next_cursor"]:
        pages.append(client.get(URL, query_string={"limit": 7, "cursor": pages[-1]["next_cursor"]}).get_json())

    positions = [place["position"] for page in pages for place in page["items"]]
    ids = [place["id"] for page in pages for place in page["items"]]
    assert positions == list(range(1, len(positions) + 1))
    assert len(set(ids)) == len(ids) > 21
    assert "fresh" not in ids
    assert {page["list"] for page in pages} == {pages[0]["list"]}


def test_every_page_is_logged_as_shown(client: FlaskClient, recommender: Recommender) -> None:
    first = client.get(URL, query_string={"limit": 3}).get_json()
    second = client.get(URL, query_string={"limit": 3, "cursor": first["next_cursor"]}).get_json()

    events = [event for _, event in recommender.storage.events_after(0)]
    shown = [place.item for event in events if isinstance(event, Impression) for place in event.items]
    assert shown == [place["id"] for page in (first, second) for place in page["items"]]


def test_an_expired_cursor_is_gone(client: FlaskClient, clock: ManualClock, recommender: Recommender) -> None:
    cursor = client.get(URL, query_string={"limit": 3}).get_json()["next_cursor"]
    clock.at += timedelta(minutes=recommender.settings.ranking.list_kept_min + 1)

    answer = client.get(URL, query_string={"cursor": cursor})

    assert answer.status_code == 410
    assert answer.content_type == "application/problem+json"


def test_a_cursor_of_somebody_else_is_gone(client: FlaskClient, make_token: Callable[..., dict[str, str]]) -> None:
    cursor = client.get(URL, query_string={"limit": 3}).get_json()["next_cursor"]

    answer = client.get(URL, query_string={"cursor": cursor}, headers=make_token("eve", "recs:read"))

    assert answer.status_code == 410


@pytest.mark.parametrize("cursor", ["garbled", "WyJhIiwgMV0.x", "\x00", "é"])
def test_a_garbled_cursor_is_refused(client: FlaskClient, cursor: str) -> None:
    answer = client.get(URL, query_string={"cursor": cursor})

    assert answer.status_code == 400
    assert answer.get_json()["errors"][0]["pointer"] == "#/cursor"


def test_kinds_choose(client: FlaskClient) -> None:
    videos = client.get(URL, query_string={"kinds": "video"}).get_json()["items"]
    both = client.get(URL, query_string={"kinds": "article,video", "limit": 100}).get_json()["items"]

    assert {place["kind"] for place in videos} == {"video"}
    assert {place["kind"] for place in both} == {"article", "video"}


def test_latest_is_in_the_order_of_time(client: FlaskClient) -> None:
    items = client.get(URL, query_string={"mode": "latest", "limit": 30}).get_json()["items"]

    times = [place["published_at"] for place in items]
    assert times == sorted(times, reverse=True)


def test_explain_says_as_much_as_asked_for(client: FlaskClient, make_event: Callable[..., dict[str, Any]]) -> None:
    client.post("/api/v1/events", json={"events": [make_event("like", item="energy-0")]})
    asked = {
        explain: client.get(URL, query_string={"explain": explain}).get_json()["items"]
        for explain in ("none", "brief", "full")
    }

    assert not any(place["reasons"] for place in asked["none"])
    brief = [reason for place in asked["brief"] for reason in place["reasons"]]
    full = [reason for place in asked["full"] for reason in place["reasons"]]
    assert brief
    assert not any(reason["evidence"] for reason in brief)
    assert any(reason["evidence"] for reason in full)
    first = asked["full"][0]
    assert sum(first["contributions"].values()) == pytest.approx(first["score"])


@pytest.mark.parametrize(
    "query",
    [{"limit": 0}, {"limit": 101}, {"limit": "many"}, {"kinds": "podcast"}, {"mode": "best"}, {"explain": "all"}],
)
def test_wrong_queries_name_the_parameter(client: FlaskClient, query: dict[str, Any]) -> None:
    answer = client.get(URL, query_string=query)

    assert answer.status_code == 422
    assert answer.content_type == "application/problem+json"
    assert [error["pointer"] for error in answer.get_json()["errors"]] == [f"#/{name}" for name in query]


def test_a_reader_with_a_token_has_lists_of_their_own(
    client: FlaskClient, make_token: Callable[..., dict[str, str]], make_event: Callable[..., dict[str, Any]]
) -> None:
    """What one reader likes does not show in the reasons of another."""
    ada = make_token("ada", "recs:read", "events:write")
    client.post("/api/v1/events", json={"events": [make_event("like", item="energy-0")]}, headers=ada)

    mine = client.get(URL, headers=ada).get_json()["items"]
    others = client.get(URL).get_json()["items"]

    assert any(reason["code"] == "plus" for place in mine for reason in place["reasons"])
    assert not any(reason["code"] == "plus" for place in others for reason in place["reasons"])


@pytest.mark.parametrize("path", [URL, "/", "/latest"])
def test_an_empty_catalogue_gives_an_empty_list(
    tmp_path: Path, analyser: Analyser, settings: Settings, path: str
) -> None:
    """The very first call of a new installation."""
    empty = make_recommender(tmp_path / "empty.db", settings=settings, analyser=analyser)

    answer = create_app(empty).test_client().get(path)

    assert answer.status_code == 200
    empty.storage.close()


def test_a_story_names_its_other_reports(client: FlaskClient, recommender: Recommender) -> None:
    recommender.add_items([item for item, story in reports() if story in ("kohle-lauen", "otter")])

    items = client.get(URL, query_string={"limit": 100}).get_json()["items"]

    (told,) = [place for place in items if place["id"].startswith("kohle-lauen")]
    assert told["story"]["id"] == "kohle-lauen-1"
    assert {told["id"], *(report["id"] for report in told["story"]["more"])} == {
        "kohle-lauen-1",
        "kohle-lauen-2",
        "kohle-lauen-3",
    }
    assert set(told["story"]["more"][0]) == {"id", "source", "title", "url"}
    assert all(place["story"] is None for place in items if place["id"].startswith("space"))


def test_what_was_opened_stays_in_latest_and_is_marked(
    client: FlaskClient, make_event: Callable[..., dict[str, Any]]
) -> None:
    client.post("/api/v1/events", json={"events": [make_event("open", item="energy-0", view="w")]})

    latest = client.get(URL, query_string={"limit": 100, "mode": "latest"}).get_json()["items"]
    profile = client.get(URL, query_string={"limit": 100}).get_json()["items"]

    assert [place["id"] for place in latest if place["opened"]] == ["energy-0"]
    assert "energy-0" not in [place["id"] for place in profile]
