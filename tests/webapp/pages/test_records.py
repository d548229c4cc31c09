"""My data: every record in words, deleting some of it or all."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from reader.privacy.signing import is_genuine
from reader.recommend.recommender import Recommender
from reader.records import EVENT_CLASSES
from reader.storage.memory import MemoryStorage
from webapp.pages.deleted import WORDS
from webapp.pages.telling import KINDS

MakeEvent = Callable[..., dict[str, Any]]


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    app.config["WTF_CSRF_ENABLED"] = False
    return app.test_client()


def send(client: FlaskClient, *events: dict[str, Any]) -> None:
    assert client.post("/api/v1/events", json={"events": list(events)}).get_json()["accepted"] == len(events)


def page(client: FlaskClient, **query: Any) -> str:
    return client.get("/me/records", query_string=query).get_data(as_text=True)


def test_every_type_of_event_belongs_to_one_kind() -> None:
    """Else something would be recorded that no filter shows."""
    types = [kind for kinds in KINDS.values() for kind in kinds]

    assert sorted(types) == sorted(EVENT_CLASSES)


def test_records_are_sentences_with_titles(
    client: FlaskClient, make_event: MakeEvent, visit: Callable[..., dict[str, Any]]
) -> None:
    target = {"kind": "topic", "value": "space"}
    send(
        client,
        make_event("open", item="food-0", view="v1"),
        visit("food-0", 1, came="up"),
        make_event("like", item="space-0"),
        make_event("mute", target={**target, "until": "2026-12-24T00:00:00Z"}),
        make_event("weigh", target=target, weight=-0.5),
        make_event("watch", item="clip-Oven", view="v2", from_s=0, to_s=4, rate=1.5, sound_on=True),
        make_event("tune", surprise=0.75),
    )

    text = page(client)

    for sentence in (
        "You opened “Bread without haste, part 0”.",
        "Paragraph 2 of “Bread without haste, part 0” was on your screen for 30 s, reached scrolling back up.",
        "You liked “A telescope on the Moon, part 0”.",
        "You muted the topic “space” until 24 December 2026.",
        "You gave the topic “space” the weight −0.5.",
        "You played “Oven” from second 0 to 4, with sound, at 1.5 times the speed.",
        "You set how much to be surprised to 75%.",
    ):
        assert sentence in text
    assert "23 Nov 2026, 12:00" in text


def test_lists_are_told_with_their_reasons(client: FlaskClient, make_event: MakeEvent) -> None:
    send(client, make_event("follow", target={"kind": "topic", "value": "music"}))
    client.get("/api/v1/recommendations", query_string={"limit": 5})

    text = page(client)

    assert "You were shown a list of 5: “" in text
    assert re.search(r"“The cello in winter, part \d” \([^)]*music", text)


def test_records_come_in_pages_and_by_kind(client: FlaskClient, make_event: MakeEvent) -> None:
    for start in (0, 30):
        send(client, *(make_event("like", item=f"food-{number % 8}") for number in range(start, start + 30)))
    send(client, make_event("open", item="space-0", view="v1"))

    first = page(client, kind="What you told")
    older = re.search(r'href="(/me/records\?[^"]*before=\d+)"', first)
    assert older is not None
    second = client.get(older[1].replace("&amp;", "&")).get_data(as_text=True)

    # Each sentence stands once to be read, and once in the name of each of its two buttons.
    assert (first.count("You liked"), second.count("You liked")) == (3 * 50, 3 * 10)
    assert "You opened" not in first.split("<main", 1)[1]
    assert "(60)" in first


def test_a_record_that_is_deleted_counts_no_more(
    client: FlaskClient, make_event: MakeEvent, recommender: Recommender
) -> None:
    like = make_event("like", item="space-0")
    send(client, like, make_event("like", item="food-0"))
    assert any(one.target.value == "space" for one in recommender.interests("local"))

    answer = client.post("/me/records/delete", data={"event": like["id"]}, follow_redirects=True)

    assert "1 record deleted" in answer.get_data(as_text=True)
    assert not any(one.target.value == "space" for one in recommender.interests("local"))
    assert any(one.target.value == "food" for one in recommender.interests("local"))
    assert client.post("/me/records/delete", data={"event": like["id"]}).status_code == 404
    assert client.post("/me/records/delete", data={"kind": "x"}).status_code == 404


def test_all_of_a_kind_can_be_deleted(client: FlaskClient, make_event: MakeEvent, recommender: Recommender) -> None:
    send(client, make_event("like", item="space-0"), make_event("open", item="food-0", view="v1"))

    client.post("/me/records/delete", data={"kind": "What you told"})

    assert recommender.storage.event_counts("local") == {"open": 1}


def test_nothing_is_erased_without_the_word(
    client: FlaskClient, make_event: MakeEvent, recommender: Recommender
) -> None:
    send(client, make_event("like", item="space-0"))

    answer = client.post("/me/erase", data={"word": "no"})

    assert answer.status_code == 422
    assert "Nothing was deleted" in answer.get_data(as_text=True)
    assert recommender.storage.event_counts("local") == {"like": 1}


def test_each_kind_that_an_erasure_counts_has_words() -> None:
    assert set(MemoryStorage().erase_user("nobody")) == set(WORDS)


def test_erasing_leaves_nothing_and_hands_out_a_receipt(
    client: FlaskClient, make_event: MakeEvent, recommender: Recommender
) -> None:
    client.put("/api/v1/me/consent", json={"attention": True})
    send(client, make_event("like", item="space-0"))
    assert recommender.remembers("local")

    answer = client.post("/me/erase", data={"word": "Erase"})

    text = answer.get_data(as_text=True)
    assert "Records of what you did: 1<" in text
    assert "<code>events</code>" not in text
    found = re.search(r'<pre id="receipt"[^>]*>(.*?)</pre>', text, re.DOTALL)
    assert found is not None
    receipt = json.loads(found[1].replace("&#34;", '"'))
    assert is_genuine(receipt)
    assert receipt["deleted"]["events"] == 1
    assert recommender.storage.erasure(receipt["receipt"]) is not None
    assert '"storage"' in answer.headers["Clear-Site-Data"]
    assert not any(recommender.storage.traces("local").values())
    assert recommender.remembers("local") == {}
    assert client.get("/traces", query_string={"user": "local"}).get_json() == {"memory": {}}
