"""/api/v1/feeds, over real HTTP on loopback."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from reader.settings import Settings
from tests.reader.ingest.conftest import Site
from tests.reader.ingest.opml_files import LAYOUTS, NEWSBLUR
from tests.reader.ingest.test_opml import outlines
from webapp.services import EXTENSION

MakeToken = Callable[..., dict[str, str]]
FEED = b"<rss version='2.0'><channel><title>Salt</title><link>https://salt.example/</link></channel></rss>"


@pytest.fixture
def settings() -> Settings:
    return Settings(secret_key="a key for tests", fetch_private_addresses=True)


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as running:
        yield running


def answer(response: Any, status: int = 200) -> Any:
    assert response.status_code == status, response.get_data(as_text=True)
    return response.get_json()


def test_a_feed_is_followed_changed_and_ended(client: FlaskClient, site: Site, app: Flask) -> None:
    url = site.put("/feed", FEED)

    made = answer(client.post("/api/v1/feeds", json={"url": url, "folder": ["News", "World"]}))
    assert made["choices"] == []
    assert (made["feed"]["title"], made["feed"]["folders"]) == ("Salt", [["News", "World"]])
    assert app.extensions[EXTENSION].feeds.due.is_set()
    change = {"title": "Mine", "folders": [["Art"], ["News"]], "full_text": True}
    changed = answer(client.patch("/api/v1/feeds", query_string={"url": url}, json=change))
    assert {name: changed[name] for name in change} == change
    listed = answer(client.get("/api/v1/feeds"))
    assert listed == {"feeds": [changed], "folders": [["Art"], ["News"]]}
    assert client.delete("/api/v1/feeds", query_string={"url": url}, json={}).status_code == 204

    assert answer(client.get("/api/v1/feeds")) == {"feeds": [], "folders": []}
    answer(client.patch("/api/v1/feeds", query_string={"url": url}, json=change), 404)


def test_of_several_the_choice_is_posted_again(client: FlaskClient, site: Site) -> None:
    for name in ("one", "two"):
        site.put(f"/{name}", FEED.replace(b"Salt", name.encode()))
    links = "".join(f'<link rel="alternate" type="application/rss+xml" href="/{name}">' for name in ("one", "two"))
    url = site.put("/", f"<!doctype html><html>{links}</html>".encode())

    found = answer(client.post("/api/v1/feeds", json={"url": url}))
    assert found["feed"] is None
    assert found["choices"] == [{"url": f"{site.url}/{name}", "title": name} for name in ("one", "two")]
    chosen = answer(client.post("/api/v1/feeds", json={"url": found["choices"][1]["url"]}))

    assert chosen["feed"]["title"] == "two"


def test_each_token_is_about_its_own_reader(client: FlaskClient, site: Site, make_token: MakeToken) -> None:
    ada, bob = (make_token(name, "profile:read", "profile:write") for name in ("ada", "bob"))
    url = site.put("/feed", FEED)
    answer(client.post("/api/v1/feeds", json={"url": url}, headers=ada))

    assert answer(client.get("/api/v1/feeds", headers=bob))["feeds"] == []
    answer(client.delete("/api/v1/feeds", query_string={"url": url}, headers=bob), 404)


@pytest.mark.parametrize("name", LAYOUTS)
def test_opml_comes_in_and_goes_out_as_it_was(client: FlaskClient, name: str) -> None:
    before = answer(client.post("/api/v1/feeds/opml", json={"opml": LAYOUTS[name], "preview": True}))
    assert answer(client.get("/api/v1/feeds"))["feeds"] == []

    after = answer(client.post("/api/v1/feeds/opml", json={"opml": LAYOUTS[name]}))

    assert before == after
    got = client.get("/api/v1/feeds/opml")
    assert got.content_type == "text/x-opml; charset=utf-8"
    assert outlines(got.data) == outlines(LAYOUTS[name])


def test_only_chosen_feeds_are_taken(client: FlaskClient) -> None:
    answer(client.post("/api/v1/feeds/opml", json={"opml": NEWSBLUR, "feeds": ["https://last.example/feed"]}))

    assert [feed["url"] for feed in answer(client.get("/api/v1/feeds"))["feeds"]] == ["https://last.example/feed"]


def test_a_large_list_is_taken(client: FlaskClient) -> None:
    lines = "".join(f'<outline text="{"x" * 200}" xmlUrl="https://{n}.example/"/>' for n in range(1_000))

    found = answer(client.post("/api/v1/feeds/opml", json={"opml": f"<opml><body>{lines}</body></opml>"}))

    assert len(found["new"]) == 1_000


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "/api/v1/feeds", {"url": "javascript:alert(1)"}, 422),
        ("POST", "/api/v1/feeds", {}, 422),
        ("POST", "/api/v1/feeds", {"url": "http://127.0.0.1:9/"}, 502),
        ("PATCH", "/api/v1/feeds?url=x", {}, 422),
        ("PATCH", "/api/v1/feeds", {"title": "x"}, 422),
        ("POST", "/api/v1/feeds/opml", {"opml": "no OPML"}, 422),
        ("POST", "/api/v1/feeds/opml", {"opml": "<opml/>", "x": 1}, 422),
    ],
)
def test_what_is_wrong_is_a_problem(client: FlaskClient, method: str, path: str, body: Any, status: int) -> None:
    response = client.open(path, method=method, json=body)

    assert response.status_code == status
    assert response.content_type == "application/problem+json"
