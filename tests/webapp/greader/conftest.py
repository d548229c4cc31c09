"""A reader who follows two feeds, and a program that asks for them as programs for this API do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from reader.ingest.subscriptions import Subscriptions
from reader.recommend.recommender import Recommender
from reader.types_feeds import Feed
from tests.builders import deliver
from tests.webapp.conftest import NOW

ENERGY, SPACE = "https://energy.example/feed.xml", "https://space.example/rss?format=full&lang=en"
LIST = "user/-/state/com.google/reading-list"
READ = "user/-/state/com.google/read"
STARRED = "user/-/state/com.google/starred"
SCIENCE = "user/-/label/Science"


def follow_two(recommender: Recommender) -> Subscriptions:
    """Eight items each: energy-0 is an hour old, space-0 two, energy-1 six, and so on."""
    storage = recommender.storage
    own = Subscriptions(storage, recommender.clock)
    for url, topic, folder in ((ENERGY, "energy", ()), (SPACE, "space", ("Science",))):
        storage.put_feed(Feed(url, f"The {topic} feed", site_url=url.rpartition("/")[0] + "/"))
        own.follow("local", url, folder=folder)
        found = storage.items([f"{topic}-{number}" for number in range(8)]).values()
        deliver(storage, url, {item.id: item.published_at or NOW for item in found})
    return own


@pytest.fixture
def own(recommender: Recommender) -> Subscriptions:
    return follow_two(recommender)


@dataclass
class Program:
    """What a program keeps: the word of the login, and the one that goes along with changes."""

    client: FlaskClient
    auth: str = ""
    word: str = ""

    def log_in(self, name: str, secret: str) -> TestResponse:
        answer = self.client.post("/accounts/ClientLogin", data={"Email": name, "Passwd": secret})
        found = dict(line.split("=", 1) for line in answer.get_data(as_text=True).splitlines())
        self.auth = found.get("Auth", "")
        return answer

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"GoogleLogin auth={self.auth}"}

    def get(self, call: str, *parameters: tuple[str, str]) -> Any:
        query = urlencode([*parameters, ("output", "json")])
        answer = self.client.get(f"/reader/api/0/{call}?{query}", headers=self.headers)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        return answer.get_json()

    def post(self, call: str, *parameters: tuple[str, str]) -> TestResponse:
        if not self.word:
            self.word = self.client.get("/reader/api/0/token", headers=self.headers).get_data(as_text=True).strip()
        return self.client.post(
            f"/reader/api/0/{call}",
            data=urlencode([*parameters, ("T", self.word)]),
            content_type="application/x-www-form-urlencoded",
            headers=self.headers,
        )

    def change(self, call: str, *parameters: tuple[str, str]) -> None:
        answer = self.post(call, *parameters)
        assert (answer.status_code, answer.get_data(as_text=True)) == (200, "OK")

    def ids(self, stream: str, *parameters: tuple[str, str]) -> list[str]:
        found = self.get("stream/items/ids", ("s", stream), ("n", "1000"), *parameters)
        return [one["id"] for one in found["itemRefs"]]

    def titles(self, *parameters: tuple[str, str], stream: str = LIST) -> list[str]:
        return [item["title"] for item in self.get(f"stream/contents/{stream}", ("n", "100"), *parameters)["items"]]


@pytest.fixture
def program(app: Flask, own: Subscriptions, make_token: Callable[..., dict[str, str]]) -> Program:
    """A program that has logged in."""
    secret = make_token("local", "reader:sync")["Authorization"].removeprefix("Bearer ")
    program = Program(app.test_client())
    assert program.log_in("local", secret).status_code == 200
    return program


def age(hours: float) -> str:
    """The moment so many hours ago, in seconds."""
    return str(round((NOW - timedelta(hours=hours)).timestamp()))
