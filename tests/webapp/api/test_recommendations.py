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
from reader.recommend.factors.registry import Registry
from reader.recommend.factors.spec import Computed, Moment
from reader.recommend.recommender import Recommender
from reader.settings import Settings
from reader.types import Article, Impression
from reader.wiring import make_recommender
from tests.reader.recommend.test_stories import reports
from webapp.app import create_app

URL = "/api/v1/recommendations"
MakeEvent = Callable[..., dict[str, Any]]


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


def test_full_opens_the_sum_up(client: FlaskClient, make_event: MakeEvent) -> None:
    """Families sum to the score, factors and others to their family."""
    client.post("/api/v1/events", json={"events": [make_event("like", item="energy-0")]})

    for place in client.get(URL, query_string={"explain": "full", "limit": 100}).get_json()["items"]:
        assert sum(part["contribution"] for part in place["ledger"]) == pytest.approx(place["score"])
        assert {part["family"]: part["contribution"] for part in place["ledger"]} == place["contributions"]
        assert all(part["label"] for part in place["ledger"])
        for part in place["ledger"]:
            if part["factors"] or part["others"]["count"]:
                factors = sum(factor["contribution"] for factor in part["factors"])
                assert factors + part["others"]["contribution"] == pytest.approx(part["contribution"])


@pytest.mark.parametrize("explain", ["none", "brief"])
def test_what_is_not_asked_for_is_not_worked_out(
    client: FlaskClient, recommender: Recommender, make_event: MakeEvent, explain: str
) -> None:
    """The factors are computed once, for the list itself; with full they are once more for the next one."""
    client.post("/api/v1/events", json={"events": [make_event("like", item="energy-0")]})
    recommender.registry = counting = CountingRegistry(recommender.registry)

    places = client.get(URL, query_string={"explain": explain}).get_json()["items"]

    assert counting.computed == 1
    assert all(place["ledger"] is place["counterfactuals"] is place["next_position"] is None for place in places)
    client.get(URL, query_string={"explain": "full"})
    assert counting.computed > 2


class CountingRegistry(Registry):
    """The real one, counting how often it is at work."""

    def __init__(self, registry: Registry) -> None:
        super().__init__(tuple(family for family, _ in registry.placed))
        self.computed = 0

    def compute(self, moment: Moment) -> Computed:
        self.computed += 1
        return super().compute(moment)


def test_a_counterfactual_comes_true_on_the_next_list(client: FlaskClient, make_event: MakeEvent) -> None:
    """But for what is drawn by chance: who stood below such an item has moved up by one."""
    client.post("/api/v1/events", json={"events": [make_event("like", item="energy-0")]})
    places = client.get(URL, query_string={"explain": "full"}).get_json()["items"]
    every = [(place, each) for place in places for each in place["counterfactuals"]]
    place, found = next((place, each) for place, each in every if (each["position"] or 0) > place["position"])
    assert set(found) == {"target", "label", "position"}

    change = {"interests": [{"target": found["target"], "weight": 0}]}
    assert client.patch("/api/v1/me/interests", json=change).status_code == 200

    again = client.get(URL, query_string={"limit": 100}).get_json()["items"]
    position = next(each["position"] for each in again if each["id"] == place["id"])
    assert position > place["position"]
    assert found["position"] - position in range(sum(each["exploration"] for each in again) + 1)


def test_one_place_is_explained_in_full(client: FlaskClient, make_event: MakeEvent) -> None:
    """With all that a list has of it, and what would be without up to three interests."""
    client.post("/api/v1/events", json={"events": [make_event("like", item="energy-0")]})
    listed = client.get(URL, query_string={"explain": "full"}).get_json()

    for place in (listed["items"][0], listed["items"][7]):
        found = client.get(f"{URL}/{listed['list']}/{place['id']}").get_json()

        own = found.pop("counterfactuals")
        assert own[:1] or not place["counterfactuals"]
        assert all(each in own for each in place.pop("counterfactuals"))
        assert found == place
        assert len(own) <= 3


@pytest.mark.parametrize(
    ("minutes", "item", "status"), [(0, "nowhere", 404), (0, "energy-1", 200), (31, "energy-1", 410)]
)
def test_a_place_that_is_not_there_is_answered(
    client: FlaskClient, clock: ManualClock, minutes: int, item: str, status: int
) -> None:
    made = client.get(URL).get_json()["list"]
    clock.at += timedelta(minutes=minutes)

    assert client.get(f"{URL}/{made}/{item}").status_code == status
    assert client.get(f"{URL}/unknown/{item}").status_code == 404


def test_a_place_of_somebody_else_is_not_there(client: FlaskClient, make_token: Callable[..., dict[str, str]]) -> None:
    made = client.get(URL).get_json()

    answer = client.get(f"{URL}/{made['list']}/{made['items'][0]['id']}", headers=make_token("eve", "recs:read"))

    assert answer.status_code == 404


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
