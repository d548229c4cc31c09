"""Every page says everything through the catalogues: in a language of brackets nothing is left outside of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from reader.recommend.recommender import Recommender
from reader.settings import Settings
from reader.types import AnyItem, Video
from tests.reader.accounts.conftest import CHEAP
from tests.webapp.accounts.test_matrix import calls, path_of
from tests.webapp.conftest import small_catalogue
from tests.webapp.language.brackets import Brackets, outside, words_outside
from tests.webapp.language.test_family_pages import consent_words
from webapp.language.catalogue import texts_in
from webapp.services import EXTENSION

MakeEvent = Callable[..., dict[str, Any]]
GERMAN = {"Accept-Language": "de"}
# Names of people, programs and formats, and what the tests themselves put in.
NAMES = {"Reread", "English", "Deutsch", "Ann", "Studio", "Hum", "JSON", "OPML", "UTC", "Atom", "XML"}
# Still to come.
PENDING: set[str] = set()


@pytest.fixture(params=["one reader", "accounts"])
def settings(request: pytest.FixtureRequest) -> Settings:
    return Settings(secret_key="a key for tests", accounts=request.param == "accounts", login=CHEAP)


@pytest.fixture
def brackets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("webapp.language.saying.texts_in", lambda language: Brackets())
    monkeypatch.setattr("webapp.language.reasons.retell", lambda reason, at, language: f"⟦{reason.code}⟧")


@pytest.fixture
def reader(app: Flask, make_event: MakeEvent, visit: MakeEvent) -> FlaskClient:
    """A browser whose reader has done a bit of everything; an administrator where there are accounts."""
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    accounts = app.extensions[EXTENSION].accounts
    if accounts is not None:
        with client.session_transaction() as session:
            session["login"] = accounts.logins.begin(accounts.create("Ann", "salt lakes of Chile", "admin"))
    client.post("/me/consent", data={"purpose": "attention", "answer": "kept"})
    events = [
        make_event("open", item="energy-0", view="v1"),
        *(visit("energy-0", paragraph) for paragraph in (0, 1)),
        visit("energy-0", 0, visit=1, came="up", started_ms=61_000.0),
        make_event("close", item="energy-0", view="v1", active_ms=90_000),
        make_event("like", item="food-0"),
        make_event("save", item="space-0"),
        make_event("hide", item="music-0", reason="seen"),
        make_event("follow", target={"kind": "creator", "value": "Studio"}),
        make_event("follow", target={"kind": "topic", "value": "food"}),
        make_event("mute", target={"kind": "topic", "value": "oceans", "until": "2027-01-01T00:00:00Z"}),
        make_event("mute", target={"kind": "source", "value": "Paper 3"}),
        make_event("weigh", target={"kind": "topic", "value": "space"}, weight=0.5),
        make_event("weigh", target={"kind": "topic", "value": "music"}, weight=0.0),
    ]
    assert client.post("/api/v1/events", json={"events": events}).get_json()["rejected"] == []
    client.post("/me/look", data={"map": "on"})
    client.get("/saved")  # which says what was done until here
    return client


def content(recommender: Recommender) -> set[str]:
    """Return what the items of the test bring along, and the keywords that were found in them."""
    items = small_catalogue()
    keywords = [one for item in items for one in recommender.catalogue.keywords(item.id, None)]
    words = {one.label for one in keywords} | {one.term for one in keywords}
    return NAMES | words | set(consent_words()) | {text for item in items for text in _texts(item)}


def _texts(item: AnyItem) -> Iterator[str]:
    yield from (item.id, item.title, item.source, *item.topics, *(topic.capitalize() for topic in item.topics))
    if isinstance(item, Video):
        yield from (item.description, item.creator, item.sound)
    else:
        yield item.author


def test_no_page_says_anything_past_the_catalogues(
    app: Flask, reader: FlaskClient, brackets: None, recommender: Recommender
) -> None:
    made = reader.get("/api/v1/recommendations").get_json()
    place = {"list_id": made["list"], "item_id": made["items"][0]["id"]}
    known, found = content(recommender), {}
    for rule, method in calls(app):
        if method != "GET" or rule.endpoint in PENDING or rule.endpoint.startswith(("api.", "static", "greader.")):
            continue
        path = path_of(app, rule)
        if rule.endpoint == "pages.why":
            path = f"/why/{place['list_id']}/{place['item_id']}"
        with reader.get(path, headers=GERMAN) as answer:
            if answer.mimetype == "text/html":
                found[rule.endpoint] = list(words_outside(answer.get_data(as_text=True), known))

    assert len(found) > 15
    assert {endpoint: words for endpoint, words in found.items() if words} == {}


def test_brackets_find_what_is_not_translated() -> None:
    page = (
        '<p>⟦Saved <b>by</b> you⟧ <span lang="en">Title</span> Paper 1</p><a aria-label="Hello">x</a>'
        "<p>⟦Open⟧ now</p><time>5 March</time><br>⟦a⟧"
    )

    assert list(words_outside(page, {"Paper 1"})) == ["Hello", "now"]
    assert outside("⟦a⟧b") == "b"


def test_the_brackets_stand_for_the_real_catalogue() -> None:
    assert texts_in("de").gettext("Saved") != Brackets().gettext("Saved") == "⟦Saved⟧"
