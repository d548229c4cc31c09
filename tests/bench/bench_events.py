"""Events taken a second: over HTTP and through the library, in batches of a hundred."""

from __future__ import annotations

import json
from itertools import count

from flask.testing import FlaskClient

from reader.accounts.registry import TOKEN_PREFIX
from reader.accounts.secrets import digest_of, new_secret
from reader.records import event_record
from reader.types import Event, Token
from tests.bench.measuring import Budget, Row, rate_row, time_calls
from tests.bench.world import World
from webapp.app import create_app

EVENTS_PER_SECOND = Budget(3_000.0, better="more")
BATCH = 100
READERS = 10
URL = "/api/v1/events"
Request = tuple[dict[str, str], bytes]


def bench_events(world: World) -> list[Row]:
    """Time batches of readings: openings, visits of paragraphs, scroll-backs, closings."""
    recommender, runs = world.recommender, world.options.runs
    batches = Batches(world)
    client = create_app(recommender).test_client()
    headers = [_authorised(world, reader) for reader in batches.readers]
    turns = count()

    def request() -> Request:
        reader = next(turns) % READERS
        events = batches.of_one(batches.readers[reader])
        return headers[reader], json.dumps({"events": [event_record(event) for event in events]}).encode()

    def observe(events: list[Event]) -> None:
        _check(recommender.observe(events).accepted)

    library = time_calls(observe, batches.of_all, runs)
    http = time_calls(lambda made: _post(client, made), request, runs)
    return [
        rate_row(f"POST {URL}, batches of {BATCH}", http, BATCH, "events/s", budget=EVENTS_PER_SECOND),
        rate_row(f"Recommender.observe, batches of {BATCH}", library, BATCH, "events/s", budget=EVENTS_PER_SECOND),
    ]


class Batches:
    """Batches of new events."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._numbers = count()
        self.readers = [f"sender {number}" for number in range(READERS)]

    def of_one(self, reader: str) -> list[Event]:
        """Return a batch of one reader: one view after the other, eight events each."""
        events: list[Event] = []
        while len(events) < BATCH:
            events += self._view(reader)
        return events[:BATCH]

    def of_all(self) -> list[Event]:
        """Return a batch of all readers, a view each in turn."""
        events: list[Event] = []
        while len(events) < BATCH:
            events += self._view(self.readers[len(events) // 8 % READERS])
        return events[:BATCH]

    def _view(self, reader: str) -> list[Event]:
        number = (7 * next(self._numbers)) % self._world.options.items
        story = self._world.story(number, reader, self._world.clock.at).read(0, 1, 2, 3).go_back(1).visit(3).close()
        self._world.tick(story.clock_ms / 1000)
        return story.events


def _authorised(world: World, reader: str) -> dict[str, str]:
    secret = new_secret(TOKEN_PREFIX)
    world.recommender.storage.put_token(Token(digest_of(secret), reader, ("events:write",), world.clock.at))
    return {"Authorization": f"Bearer {secret}"}


def _post(client: FlaskClient, request: Request) -> None:
    headers, body = request
    answer = client.post(URL, data=body, headers=headers, content_type="application/json")
    _check(answer.get_json().get("accepted", 0))


def _check(accepted: int) -> None:
    if accepted != BATCH:
        raise RuntimeError(f"{accepted} of {BATCH} events were taken")
