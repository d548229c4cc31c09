"""Copies of articles: what needs a connection is left out, and fetching one is no opening."""

from __future__ import annotations

import json
import re
from urllib.parse import unquote

import pytest
from flask.testing import FlaskClient

from reader.recommend.recommender import Recommender
from tests.webapp.pages.test_pages import events_of, send, text_of
from webapp.pages import copies
from webapp.pages.copies import HEADER


def test_a_copy_has_the_text_and_no_forms(client: FlaskClient) -> None:
    page = text_of(client, "/offline/a/energy-0")

    assert "Lithium brine is pumped" in page
    assert "Kept in this browser" in page
    assert not re.search(r"<form|csrf_token|data-session|data-list|attention[.]js", page)


def test_fetching_a_copy_is_no_opening(client: FlaskClient, recommender: Recommender) -> None:
    text_of(client, "/offline/a/energy-0")
    assert events_of(recommender, "open") == []

    text_of(client, "/a/energy-0")
    assert len(events_of(recommender, "open")) == 1


@pytest.mark.parametrize(("answer", "tracked"), [("kept", True), ("session", False), ("none", False)])
def test_only_after_a_yes_for_good_a_copy_measures(client: FlaskClient, answer: str, tracked: bool) -> None:
    """What counts only while its reader is here cannot wait for a connection."""
    send(client, "/me/consent", answer=answer)

    page = text_of(client, "/offline/a/energy-0")

    assert ("attention.js" in page) == tracked
    assert ('id="recording"' in page) == tracked


def test_a_copy_takes_no_message_from_the_page_that_is_looked_at(client: FlaskClient) -> None:
    send(client, "/act", act="save", item="food-0")

    assert "Saved.</p>" not in text_of(client, "/offline/a/energy-0")
    assert "Saved.</p>" in text_of(client, "/a/food-0")


def test_a_copy_says_what_it_is(client: FlaskClient) -> None:
    told = json.loads(unquote(client.get("/offline/a/energy-0").headers[HEADER]))

    assert told == {
        "title": "Salt lakes of Chile, part 0",
        "language": "en",
        "source": "Paper 0",
        "length": "1 min",
        "images": [],
    }


def test_what_was_saved_is_listed_the_last_first(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    for item in ("food-0", "energy-0", "space-0"):
        send(client, "/act", act="save", item=item)
    send(client, "/act", act="unsave", item="food-0")

    assert client.get("/offline/saved").get_json() == {"saved": ["/a/space-0", "/a/energy-0"]}
    monkeypatch.setattr(copies, "SAVED_KEPT", 1)
    assert client.get("/offline/saved").get_json() == {"saved": ["/a/space-0"]}


def test_what_is_not_there_has_no_copy(client: FlaskClient) -> None:
    assert client.get("/offline/a/none").status_code == 404
