"""POST /api/v1/events."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from reader.recommend.recommender import Recommender

URL = "/api/v1/events"
MakeEvent = Callable[..., dict[str, Any]]


def test_events_are_taken_once(client: FlaskClient, make_event: MakeEvent, recommender: Recommender) -> None:
    event = make_event("like", item="food-1")

    first = client.post(URL, json={"events": [event]})
    second = client.post(URL, json={"events": [event]})

    assert first.status_code == second.status_code == 202
    assert first.get_json() == {"accepted": 1, "duplicates": 0, "rejected": []}
    assert second.get_json() == {"accepted": 0, "duplicates": 1, "rejected": []}
    assert [event.type for event in recommender.storage.iter_events(user="local")] == ["like"]


def test_the_sender_is_the_reader_whatever_the_event_says(
    client: FlaskClient, make_event: MakeEvent, recommender: Recommender
) -> None:
    client.post(URL, json={"events": [make_event("like", item="food-1", user="somebody")]})

    assert recommender.storage.users() == ["local"]


def shown(**place: float) -> dict[str, Any]:
    """Return the fields of an impression of one item."""
    return {"type": "impression", "list": "l", "items": [{"item": "food-1", **place}]}


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"type": "adore", "item": "food-1"}, "type"),
    ({"type": "like"}, "item"),
    ({"type": "like", "item": "nowhere"}, "item"),
    ({"type": "like", "item": "food-1", "at": "2031-01-01T00:00:00Z"}, "at"),
    ({"type": "like", "item": "food-1", "at": "1970-01-01T00:00:00Z"}, "at"),
    ({"type": "like", "item": "food-1", "at": "yesterday"}, "at"),
    ({"type": "like", "item": "food-1", "at": 7}, "at"),
    ({"type": "like", "item": "food-1", "position": "first"}, "position"),
    ({"type": "open", "item": "food-1"}, "view"),
    ({"type": "weigh", "target": {"kind": "topic", "value": "food"}, "weight": 7}, "weight"),
    ({"type": "tune"}, "surprise"),
    ({"type": "tune", "surprise": 1.5}, "surprise"),
    ({"type": "tune", "surprise": "much"}, "surprise"),
    (shown(position=1, propensity=0), "items.0.propensity"),
    (shown(position=1, propensity=1.5), "items.0.propensity"),
    (shown(position=0), "items.0.position"),
    (shown(), "items.0.position"),
    ({"type": "like", "item": "food-1", "id": ""}, "id"),
    ({"type": "like", "item": "food-1", "id": "\ud800"}, "id"),
]


@pytest.mark.parametrize(("fields", "field"), WRONG)
def test_wrong_events_are_refused_one_by_one(
    client: FlaskClient, make_event: MakeEvent, fields: dict[str, Any], field: str
) -> None:
    good = make_event("save", item="food-2")
    wrong = {**make_event("x"), **fields}

    answer = client.post(URL, json={"events": [wrong, good]})

    assert answer.status_code == 202
    assert answer.get_json()["accepted"] == 1
    (rejected,) = answer.get_json()["rejected"]
    assert rejected["field"] == field
    assert rejected["detail"]


def test_a_paragraph_out_of_range_is_refused(client: FlaskClient, visit: MakeEvent) -> None:
    answer = client.post(URL, json={"events": [visit("food-1", 0), visit("food-1", 3)]}).get_json()

    assert answer["accepted"] == 1
    assert [rejected["field"] for rejected in answer["rejected"]] == ["paragraph"]


@pytest.mark.parametrize("thing", [None, 7, "text", [], [[]]])
def test_what_is_no_object_is_refused(client: FlaskClient, make_event: MakeEvent, thing: Any) -> None:
    answer = client.post(URL, json={"events": [thing, make_event("like", item="food-1")]}).get_json()

    assert answer["accepted"] == 1
    assert answer["rejected"][0]["id"] == ""


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{broken", 400),
        (b'{"events": [NaN]}', 400),
        (b'{"events": ["\xff\xfe"]}', 400),
        (b"[" * 60_000, 400),
        (b"9" * 60_000, 400),
        (b"", 400),
        (b"null", 422),
        (b"[]", 422),
        (b"{}", 422),
        (b'{"events": {}}', 422),
        (b'{"events": [], "event": 1}', 422),
        (b'{"events": [' + b"1," * 100 + b"1]}", 422),
        (b" " * 65_537, 413),
        (b" " * 10_485_760, 413),
    ],
)
def test_bodies_that_are_no_batch(client: FlaskClient, body: bytes, status: int) -> None:
    answer = client.post(URL, data=body, content_type="application/json")

    assert answer.status_code == status
    assert answer.content_type == "application/problem+json"
    assert answer.get_json()["status"] == status


ATTENTION: list[tuple[str, dict[str, Any]]] = [
    ("viewable", {"item": "food-1", "list": "l"}),
    ("watch", {"item": "clip-Oven", "view": "v", "from_s": 0, "to_s": 3}),
    ("close", {"item": "food-1", "view": "v", "active_ms": 1000}),
]


@pytest.mark.parametrize(("kind", "fields"), ATTENTION)
def test_attention_is_refused_after_a_no(
    client: FlaskClient, make_event: MakeEvent, kind: str, fields: dict[str, Any]
) -> None:
    """Acts of will still go through."""
    client.put("/api/v1/me/consent", json={"attention": False})
    events = [make_event(kind, **fields), make_event("like", item="food-1")]

    answer = client.post(URL, json={"events": events}).get_json()

    assert answer["accepted"] == 1
    (rejected,) = answer["rejected"]
    assert rejected["id"] == events[0]["id"]
    assert "said no" in rejected["detail"]


def test_visits_are_refused_after_a_no_and_taken_after_a_yes(client: FlaskClient, visit: MakeEvent) -> None:
    client.put("/api/v1/me/consent", json={"attention": False})
    refused = client.post(URL, json={"events": [visit("food-1", 0)]}).get_json()
    client.put("/api/v1/me/consent", json={"attention": True})
    taken = client.post(URL, json={"events": [visit("food-1", 0)]}).get_json()

    assert (refused["accepted"], taken["accepted"]) == (0, 1)


def test_programs_may_send_attention_before_the_question_was_asked(client: FlaskClient, visit: MakeEvent) -> None:
    assert client.post(URL, json={"events": [visit("food-1", 0)]}).get_json()["accepted"] == 1


def test_the_next_list_reflects_an_event(client: FlaskClient, make_event: MakeEvent) -> None:
    client.post(URL, json={"events": [make_event("hide", item="food-1", reason="seen it")]})

    items = client.get("/api/v1/recommendations", query_string={"limit": 100}).get_json()["items"]
    assert "food-1" not in {place["id"] for place in items}
