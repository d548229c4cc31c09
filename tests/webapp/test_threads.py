"""Many at once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from flask import Flask

from reader.recommend.recommender import Recommender

THREADS = 8
ROUNDS = 2
EVENTS_PER_ROUND = 10


def test_eight_threads_lose_nothing(
    app: Flask, recommender: Recommender, make_event: Callable[..., dict[str, Any]]
) -> None:
    """Events go in while lists and pages are asked for: no error, no event lost."""
    batches = [
        [[make_event("like", item=f"food-{number % 8}") for number in range(EVENTS_PER_ROUND)] for _ in range(ROUNDS)]
        for _ in range(THREADS)
    ]

    def live(rounds: list[list[dict[str, Any]]]) -> list[int]:
        client = app.test_client()
        statuses = []
        for events in rounds:
            statuses.append(client.post("/api/v1/events", json={"events": events}).status_code)
            statuses.append(client.get("/api/v1/recommendations").status_code)
            statuses.append(client.get("/").status_code)
            statuses.append(client.get("/api/v1/me/interests").status_code)
        return statuses

    with ThreadPoolExecutor(THREADS) as pool:
        statuses = [status for found in pool.map(live, batches) for status in found]

    assert set(statuses) == {200, 202}
    sent = {event["id"] for rounds in batches for events in rounds for event in events}
    kept = [event.id for event in recommender.storage.iter_events(user="local") if event.type == "like"]
    assert sorted(kept) == sorted(sent)
