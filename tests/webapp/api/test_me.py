"""/api/v1/me: interests, export, consent, deletion."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from reader.recommend.recommender import Recommender

INTERESTS = "/api/v1/me/interests"
MakeEvent = Callable[..., dict[str, Any]]


def steer(client: FlaskClient, **change: Any) -> Any:
    return client.patch(INTERESTS, json={"interests": [{"target": {"kind": "topic", "value": "space"}, **change}]})


def topic(answer: Any, value: str = "space") -> dict[str, Any]:
    (found,) = [
        each
        for each in answer.get_json()["interests"]
        if each["target"] == {**each["target"], "kind": "topic", "value": value}
    ]
    return dict(found)


def test_interests_come_with_their_evidence(client: FlaskClient, make_event: MakeEvent) -> None:
    client.post("/api/v1/events", json={"events": [make_event("like", item="space-0")]})

    found = topic(client.get(INTERESTS))

    assert found["weight"] > 0
    assert found["evidence"][0]["signal"] == "plus"
    assert found["evidence"][0]["item"] == "space-0"


def test_a_weight_can_be_set(client: FlaskClient) -> None:
    found = topic(steer(client, weight=-0.5))

    assert found["weight"] == pytest.approx(-0.5)
    assert found["edited"] is True


def test_a_weight_of_nothing_is_a_weight(client: FlaskClient, make_event: MakeEvent) -> None:
    client.post("/api/v1/events", json={"events": [make_event("like", item="space-0")]})

    assert topic(steer(client, weight=0))["weight"] == 0


def test_a_weight_can_be_taken_back(client: FlaskClient, make_event: MakeEvent) -> None:
    """At 0 an interest earns nothing, whatever is done; taken back it counts all that was learned, meanwhile, too."""
    client.post("/api/v1/events", json={"events": [make_event("like", item="space-0")]})
    learned = topic(client.get(INTERESTS))["weight"]
    steer(client, weight=0)
    client.post("/api/v1/events", json={"events": [make_event("like", item="space-1")]})
    assert topic(client.get(INTERESTS))["weight"] == 0

    found = topic(steer(client, unweigh=True))

    assert found["weight"] > learned > 0
    assert found["edited"] is False


def test_muting_hides_a_topic_until_it_is_lifted(client: FlaskClient) -> None:
    def topics() -> set[str]:
        items = client.get("/api/v1/recommendations", query_string={"limit": 100}).get_json()["items"]
        return {place["id"].split("-")[0] for place in items}

    assert topic(steer(client, muted=True))["muted"] is True
    assert "space" not in topics()
    steer(client, muted=False)
    assert "space" in topics()


def test_following_is_shown(client: FlaskClient) -> None:
    assert topic(steer(client, followed=True))["followed"] is True
    assert not any(each["followed"] for each in steer(client, followed=False).get_json()["interests"])


def test_an_interest_can_be_forgotten(client: FlaskClient, make_event: MakeEvent) -> None:
    client.post("/api/v1/events", json={"events": [make_event("like", item="space-0")]})

    left = steer(client, forget=True).get_json()["interests"]

    assert all(each["target"]["value"] != "space" or abs(each["weight"]) < 0.01 for each in left)


def test_everything_learned_can_be_forgotten(client: FlaskClient, make_event: MakeEvent) -> None:
    client.post("/api/v1/events", json={"events": [make_event("like", item="space-0")]})

    answer = client.delete(INTERESTS, content_type="application/json")

    assert answer.status_code == 204
    assert client.get(INTERESTS).get_json()["interests"] == []


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({}, "#/interests/0"),
        ({"weight": 2}, "#/interests/0/weight"),
        ({"weight": 0.5, "muted": True}, "#/interests/0"),
        ({"weight": 0.5, "unweigh": True}, "#/interests/0"),
        ({"unweigh": False}, "#/interests/0/unweigh"),
        ({"muted": "yes"}, "#/interests/0/muted"),
        ({"forget": False}, "#/interests/0/forget"),
        ({"love": 1}, "#/interests/0/love"),
        ({"target": {"kind": "mood", "value": "x"}, "muted": True}, "#/interests/0/target/kind"),
        ({"target": {"kind": "topic", "value": ""}, "muted": True}, "#/interests/0/target/value"),
        ({"target": {"kind": "topic", "value": " "}, "muted": True}, "#/interests/0/target/value"),
    ],
)
def test_wrong_changes_are_pointed_at(client: FlaskClient, change: dict[str, Any], pointer: str) -> None:
    answer = steer(client, **change)

    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.get_json()["errors"]] == [pointer]


def test_the_export_holds_everything(client: FlaskClient, make_event: MakeEvent) -> None:
    client.put("/api/v1/me/consent", json={"attention": True})
    client.post("/api/v1/events", json={"events": [make_event("like", item="space-0")]})

    whole = client.get("/api/v1/me/export").get_json()
    lines = client.get("/api/v1/me/export", query_string={"format": "jsonl"}).get_data(as_text=True).splitlines()

    assert [event["type"] for event in whole["events"]] == ["like"]
    assert whole["consents"][0]["granted"] is True
    assert {interest["target"]["kind"] for interest in whole["interests"]} >= {"topic", "source"}
    records = [json.loads(line) for line in lines]
    assert [record["event"] for record in records if "event" in record] == whole["events"]
    assert len(records) == sum(len(whole[name]) for name in ("events", "consents", "interests"))


def test_deletion_leaves_nothing(
    client: FlaskClient, make_event: MakeEvent, make_token: Callable[..., dict[str, str]], recommender: Recommender
) -> None:
    """The token is gone, too, and another reader keeps everything."""
    ada = make_token("ada", "events:write", "profile:write", "profile:read")
    client.post("/api/v1/events", json={"events": [make_event("like", item="space-0")]}, headers=ada)
    client.post("/api/v1/events", json={"events": [make_event("like", item="food-0")]})

    answer = client.delete("/api/v1/me", headers=ada)

    assert answer.get_json()["erased"]["events"] == 1
    assert client.get(INTERESTS, headers=ada).status_code == 401
    assert list(recommender.storage.iter_events(user="ada")) == []
    assert recommender.interests("ada") == ()
    assert topic(client.get(INTERESTS), "food")["weight"] > 0


def test_the_consent_is_unknown_then_as_answered(client: FlaskClient) -> None:
    before = client.get("/api/v1/me/consent").get_json()
    client.put("/api/v1/me/consent", json={"attention": False})
    after = client.get("/api/v1/me/consent").get_json()

    assert before["attention"] is None
    assert after["attention"] is False
    assert after["at"] == "2026-11-23T12:00:00Z"


@pytest.mark.parametrize(
    "body", [{}, {"attention": "yes"}, {"attention": None}, {"attention": 1}, {"attention": True, "x": 1}]
)
def test_a_consent_is_yes_or_no(client: FlaskClient, body: dict[str, Any]) -> None:
    assert client.put("/api/v1/me/consent", json=body).status_code == 422


def test_surprise_is_in_the_middle_until_it_is_set(client: FlaskClient) -> None:
    assert client.get(INTERESTS).get_json()["surprise"] == 0.5

    answer = client.patch(INTERESTS, json={"surprise": 0.9})

    assert answer.get_json()["surprise"] == 0.9
    assert client.get(INTERESTS).get_json()["surprise"] == 0.9


def test_surprise_and_interests_can_be_set_together(client: FlaskClient) -> None:
    change = {"target": {"kind": "topic", "value": "space"}, "followed": True}

    answer = client.patch(INTERESTS, json={"interests": [change], "surprise": 0})

    assert answer.get_json()["surprise"] == 0
    assert topic(answer)["followed"] is True


def test_surprise_decides_how_many_places_are_drawn(client: FlaskClient) -> None:
    def explored(surprise: float) -> list[int]:
        client.patch(INTERESTS, json={"surprise": surprise})
        items = client.get("/api/v1/recommendations", query_string={"limit": 20}).get_json()["items"]
        return [place["position"] for place in items if place["exploration"]]

    assert explored(0) == []
    assert explored(0.5) == [10, 20]
    assert explored(1) == [5, 10, 15, 20]


@pytest.mark.parametrize("body", [{}, {"interests": []}, {"surprise": 1.1}, {"surprise": -0.1}, {"surprise": "much"}])
def test_a_change_of_nothing_or_beyond_the_scale_is_refused(client: FlaskClient, body: dict[str, Any]) -> None:
    assert client.patch(INTERESTS, json=body).status_code == 422
    assert client.get(INTERESTS).get_json()["surprise"] == 0.5


def test_surprise_is_in_the_export_and_survives_forgetting(client: FlaskClient) -> None:
    client.patch(INTERESTS, json={"surprise": 0.25})
    client.delete(INTERESTS, content_type="application/json")

    events = client.get("/api/v1/me/export").get_json()["events"]

    assert [event["surprise"] for event in events if event["type"] == "tune"] == [0.25]
    assert client.get(INTERESTS).get_json()["surprise"] == 0.25
