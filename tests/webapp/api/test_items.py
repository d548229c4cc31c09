"""/api/v1/items."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask.testing import FlaskClient

from reader.recommend.recommender import Recommender
from reader.types import Article

URL = "/api/v1/items"
GOOD = {"id": "new-1", "kind": "article", "title": "News", "paragraphs": ["Something happened in Oslo."]}


def test_an_item_comes_back_as_it_was_sent(client: FlaskClient) -> None:
    dated = {**GOOD, "published_at": "2026-11-20T08:00:00.000Z"}

    client.post(URL, json=dated)

    assert client.get(f"{URL}/new-1").get_json() == dated


def test_ids_may_hold_slashes(client: FlaskClient) -> None:
    client.post(URL, json={**GOOD, "id": "https://news.example/1"})

    assert client.get(f"{URL}/https://news.example/1").get_json()["title"] == "News"
    assert client.get(f"{URL}/https://news.example/1/related").status_code == 200


@pytest.mark.parametrize("path", ["nowhere", "nowhere/related", "%00", "%ff%fe"])
def test_an_unknown_item_is_not_found(client: FlaskClient, path: str) -> None:
    answer = client.get(f"{URL}/{path}")

    assert answer.status_code == 404
    assert answer.get_json()["title"] == "Not Found"


def test_related_items_are_of_the_same_subject(client: FlaskClient) -> None:
    related = client.get(f"{URL}/space-0/related", query_string={"limit": 3}).get_json()["items"]

    assert len(related) == 3
    assert {place["id"].split("-")[0] for place in related} == {"space"}


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (json.dumps(GOOD), "application/json"),
        (json.dumps({"items": [GOOD]}), "application/json"),
        (json.dumps(GOOD) + "\n\n", "application/x-ndjson"),
    ],
)
def test_items_come_in_three_shapes(client: FlaskClient, body: str, content_type: str) -> None:
    answer = client.post(URL, data=body, content_type=content_type)

    assert answer.status_code == 200
    assert answer.get_json() == {"accepted": 1, "rejected": []}


def test_a_new_item_is_recommended_at_once(client: FlaskClient) -> None:
    client.post(URL, json={**GOOD, "published_at": "2026-11-23T11:59:00Z"})

    latest = client.get("/api/v1/recommendations", query_string={"mode": "latest"}).get_json()["items"]
    assert latest[0]["id"] == "new-1"


WRONG: list[tuple[Any, str]] = [
    ({"id": "x", "kind": "podcast", "title": "T"}, "kind"),
    ({"id": "x", "kind": "article"}, "title"),
    ({"kind": "article", "title": "T"}, "id"),
    ({"id": "x", "kind": "article", "title": "T", "paragraphs": "one"}, "paragraphs"),
    ({"id": "x", "kind": "article", "title": "T", "published_at": "soon"}, "published_at"),
    ({"id": 7, "kind": "article", "title": "T"}, "id"),
    ("text", "item"),
    (None, "item"),
]


@pytest.mark.parametrize(("wrong", "field"), WRONG)
def test_wrong_items_are_refused_one_by_one(client: FlaskClient, wrong: Any, field: str) -> None:
    """The good ones around a wrong one are stored."""
    answer = client.post(URL, json={"items": [GOOD, wrong, {**GOOD, "id": "new-2"}]}).get_json()

    assert answer["accepted"] == 2
    (rejected,) = answer["rejected"]
    assert (rejected["index"], rejected["field"]) == (1, field)
    assert rejected["detail"]
    assert client.get(f"{URL}/new-2").status_code == 200


def test_wrong_lines_are_refused_one_by_one(client: FlaskClient) -> None:
    lines = [
        json.dumps(GOOD).encode(),
        b"{broken",
        b"\xff\xfe",
        b"[" * 100_000,
        json.dumps({**GOOD, "id": "new-2"}).encode(),
    ]

    answer = client.post(URL, data=b"\n".join(lines), content_type="application/x-ndjson").get_json()

    assert answer["accepted"] == 2
    assert [rejected["index"] for rejected in answer["rejected"]] == [1, 2, 3]


@pytest.mark.slow
def test_an_article_of_50_000_words_is_taken(client: FlaskClient) -> None:
    paragraphs = [" ".join(f"word{number}" for number in range(500)) for _ in range(100)]

    answer = client.post(URL, json={**GOOD, "paragraphs": paragraphs})

    assert answer.get_json()["accepted"] == 1


@pytest.mark.parametrize("body", ["[1]", '"text"', "7", "null", '{"items": 7}'])
def test_a_body_of_another_shape_is_refused(client: FlaskClient, body: str) -> None:
    answer = client.post(URL, data=body, content_type="application/json")

    assert answer.status_code == 422


def test_too_many_items_are_refused(client: FlaskClient) -> None:
    answer = client.post(URL, json={"items": [1] * 1001})

    assert answer.status_code == 422
    assert "reread ingest" in answer.get_json()["detail"]


def test_ten_megabytes_are_too_many(client: FlaskClient) -> None:
    answer = client.post(URL, data=b" " * 10_485_760, content_type="application/json")

    assert answer.status_code == 413
    assert answer.content_type == "application/problem+json"


def test_an_item_of_another_process_is_taken_up(client: FlaskClient, recommender: Recommender) -> None:
    """Another process writes into the same store; the running app serves it without a restart."""
    recommender.storage.put_items([Article(id="other", title="From elsewhere", published_at=recommender.clock())])

    latest = client.get("/api/v1/recommendations", query_string={"mode": "latest"}).get_json()["items"]
    assert latest[0]["id"] == "other"
    assert client.get(f"{URL}/other").status_code == 200
