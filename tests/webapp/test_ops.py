"""Health, figures, description."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient

from reader.clock import ManualClock
from reader.recommend.recommender import Recommender


def test_health_and_readiness(client: FlaskClient, recommender: Recommender) -> None:
    assert client.get("/healthz").get_json() == {"status": "ok"}
    assert client.get("/readyz").get_json() == {"status": "ok", "items": recommender.storage.item_count()}


def test_a_store_that_cannot_be_read_is_not_ready(
    client: FlaskClient, recommender: Recommender, tmp_path: Path
) -> None:
    recommender.storage.close()
    for path in tmp_path.glob("reread.db*"):
        path.write_bytes(b"no database" * 1000)

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert client.get("/healthz").status_code == 200


def test_the_figures_count_what_happened(client: FlaskClient, make_event: Callable[..., dict[str, Any]]) -> None:
    events = [make_event("like", item="food-0"), make_event("like", item="nowhere")]
    client.post("/api/v1/events", json={"events": events})
    client.get("/api/v1/recommendations")
    client.get("/a/food-0")

    figures = client.get("/metrics").get_data(as_text=True)

    assert 'reread_events_total{result="accepted"} 2.0' in figures  # the like, and the opening of the page
    assert 'reread_events_total{result="rejected"} 1.0' in figures
    assert 'reread_lists_total{mode="profile"} 1.0' in figures
    assert 'reread_requests_total{method="GET",route="/a/<path:item_id>",status="200"} 1.0' in figures
    assert 'reread_request_seconds_count{route="/api/v1/recommendations"} 1.0' in figures
    assert "reread_items 42.0" in figures
    assert "food-0" not in figures


def test_what_was_learned_from_lists_has_figures(
    client: FlaskClient, recommender: Recommender, clock: ManualClock, make_event: Callable[..., dict[str, Any]]
) -> None:
    assert "reread_learning_lists 0.0" in client.get("/metrics").get_data(as_text=True)

    learn_from_a_list(client, clock, make_event)

    figures = client.get("/metrics").get_data(as_text=True)
    assert "reread_learning_lists 1.0" in figures
    assert "reread_learning_auc 1.0" in figures
    assert "reread_learning_openings 1.0" in figures
    assert re.search(r"reread_learning_brier 0\.\d+", figures)


def learn_from_a_list(client: FlaskClient, clock: ManualClock, make_event: Callable[..., dict[str, Any]]) -> None:
    """Open the first place of a list, and let an hour pass."""
    made = client.get("/api/v1/recommendations").get_json()
    opened = make_event("open", item=made["items"][0]["id"], list=made["list"], view="v")
    client.post("/api/v1/events", json={"events": [opened]})
    clock.at += timedelta(hours=1)
    client.get("/api/v1/recommendations")


def test_how_ranking_works_tells_what_was_learned(
    client: FlaskClient, clock: ManualClock, make_event: Callable[..., dict[str, Any]]
) -> None:
    assert "there was none to learn from yet" in client.get("/about/ranking").get_data(as_text=True)

    learn_from_a_list(client, clock, make_event)

    page = " ".join(client.get("/about/ranking").get_data(as_text=True).split())
    assert "It has learned from 1 list. What was opened stood above what was not in 100 of 100 pairs" in page


def test_the_description_is_whole(client: FlaskClient) -> None:
    """OpenAPI 3.1; every reference leads somewhere; errors are problems."""
    spec = client.get("/openapi.json").get_json()

    assert spec["openapi"] == "3.1.0"
    assert {"/api/v1/recommendations", "/api/v1/events", "/api/v1/items", "/api/v1/me/consent"} <= set(spec["paths"])
    assert "/" not in spec["paths"]
    for name in _references(spec):
        assert name in spec["components"]["schemas"]
    limit = next(
        each for each in spec["paths"]["/api/v1/recommendations"]["get"]["parameters"] if each["name"] == "limit"
    )
    assert (limit["schema"]["minimum"], limit["schema"]["maximum"]) == (1, 100)
    refused = spec["paths"]["/api/v1/events"]["post"]["responses"]["422"]
    assert list(refused["content"]) == ["application/problem+json"]


def _references(spec: dict[str, Any]) -> set[str]:
    text = json.dumps(spec)
    return {part.split('"')[0] for part in text.split('"$ref": "#/components/schemas/')[1:]}
