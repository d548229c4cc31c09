"""Consent as the pages and the API take it: purposes, levels, the browser's signal, deleting what was recorded."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from reader.privacy.texts import TEXTS, version_of
from reader.recommend.recommender import Recommender
from reader.types_consent import FEEDBACK_TYPES, PURPOSES
from reader.types_consent import SIGNAL as SIGNAL_ACTOR
from tests.webapp.conftest import NOW
from webapp.consent import answer, answers, take_signal, terms

MakeEvent = Callable[..., dict[str, Any]]
URL, EVENTS = "/api/v1/me/consent", "/api/v1/events"
SIGNAL = {"Sec-GPC": "1"}


def send(client: FlaskClient, path: str, **form: str) -> Any:
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/me/privacy").get_data(as_text=True))
    assert token is not None
    return client.post(path, data={"csrf_token": token[1], "next": "/latest", **form})


def page(client: FlaskClient, path: str, **headers: str) -> str:
    return client.get(path, headers=headers).get_data(as_text=True)


def kinds(recommender: Recommender, user: str = "local") -> list[str]:
    return [event.type for event in recommender.storage.iter_events(user=user)]


# What is asked


def test_in_one_request_each_reader_has_answers_of_their_own(app: Flask, recommender: Recommender) -> None:
    """A guardian's request looks at a child's, too. A signal is heard at once."""
    with app.test_request_context():
        answer("ada", "attention", "kept")

        assert [terms(user).attention for user in ("ada", "local", "ada")] == ["kept", None, "kept"]
        assert [list(answers(user)) for user in ("ada", "local")] == [["attention"], []]

        take_signal("local")
        assert answers("local")["attention"].actor == SIGNAL_ACTOR
        assert [terms(user).attention for user in ("ada", "local")] == ["kept", "none"]


def test_every_purpose_is_asked_in_its_own_words(client: FlaskClient) -> None:
    """All words that the digest is of are on the page."""
    text = page(client, "/me/privacy")

    for purpose in PURPOSES:
        for line in (TEXTS[purpose].title, *TEXTS[purpose].lines, *(meaning for *_, meaning in TEXTS[purpose].choices)):
            assert line in text


@pytest.mark.parametrize(("purpose", "level"), [("attention", "session"), ("feedback", "none"), ("research", "kept")])
def test_a_form_answers_for_one_purpose(
    client: FlaskClient, recommender: Recommender, purpose: str, level: str
) -> None:
    answer = send(client, "/me/consent", purpose=purpose, answer=level)

    assert answer.status_code == 303
    (given,) = recommender.storage.consents("local")
    assert (given.purpose, given.level, given.actor, given.at) == (purpose, level, "reader", NOW)
    assert given.text_version == version_of(purpose)


@pytest.mark.parametrize(
    "form", [{"purpose": "advertising", "answer": "kept"}, {"purpose": "research", "answer": "session"}, {"answer": ""}]
)
def test_what_cannot_be_answered_is_refused(
    client: FlaskClient, recommender: Recommender, form: dict[str, str]
) -> None:
    assert send(client, "/me/consent", **form).status_code == 422
    assert recommender.storage.consents("local") == []


def test_programs_answer_for_any_purpose(client: FlaskClient) -> None:
    before = client.get(URL).get_json()["purposes"]
    body = {"attention": "session", "feedback": False, "research": True, "text_version": "ab" * 32}

    after = client.put(URL, json=body).get_json()

    assert [before[purpose]["level"] for purpose in PURPOSES] == [None, None, None]
    assert [after["purposes"][purpose]["level"] for purpose in PURPOSES] == ["none", "session", "kept"]
    assert after["attention"] is True
    assert after["purposes"]["research"]["text_version"] == "ab" * 32
    assert after["purposes"]["research"]["text"] == version_of("research")
    assert client.get(URL).get_json() == after


# Without explicit feedback


def test_feedback_is_refused_in_words_that_say_what_to_do(
    client: FlaskClient, recommender: Recommender, make_event: MakeEvent
) -> None:
    """By form and by program, whatever it is; opening goes on, and lists come."""
    client.put(URL, json={"feedback": False})
    events = [make_event("like", item="food-1"), make_event("tune", surprise=1.0)]

    by_form = send(client, "/act", act="like", item="food-1")
    by_program = client.post(EVENTS, json={"events": events}).get_json()
    steered = client.patch(
        "/api/v1/me/interests", json={"interests": [{"target": {"kind": "topic", "value": "food"}, "followed": True}]}
    )

    assert (by_form.status_code, steered.status_code) == (403, 403)
    for words in (by_form.get_data(as_text=True), by_program["rejected"][0]["detail"], steered.get_json()["detail"]):
        assert "say yes on the Privacy page" in words
    assert by_program["accepted"] == 0
    assert page(client, "/a/food-1")
    assert len(client.get("/api/v1/recommendations").get_json()["items"]) == 20
    assert not FEEDBACK_TYPES.intersection(kinds(recommender))
    assert "open" in kinds(recommender)


@pytest.mark.parametrize(("language", "words"), [("en", "you said no to keeping"), ("de", "Nicht gespeichert")])
def test_a_script_of_a_page_gets_the_refusal_in_the_readers_language(
    client: FlaskClient, language: str, words: str
) -> None:
    """Its type says that the reader can change it; whoever takes pages gets the way there."""
    client.put(URL, json={"feedback": False})
    token = re.search(r'name="csrf_token" value="([^"]+)"', page(client, "/me/privacy"))
    assert token is not None
    headers = {"Accept": "application/json", "Accept-Language": language}
    form = {"csrf_token": token[1], "act": "like", "item": "food-1"}

    refused = client.post("/act", data=form, headers=headers)
    without_token = client.post("/act", data={"act": "like", "item": "food-1"}, headers=headers)
    as_page = client.post("/act", data=form, headers={"Accept-Language": language})

    assert (refused.status_code, refused.mimetype) == (403, "application/problem+json")
    assert refused.get_json()["type"] == "urn:reread:answered-no"
    assert words in refused.get_json()["detail"]
    assert (without_token.status_code, without_token.mimetype) == (400, "application/problem+json")
    assert {"en": "open for too long", "de": "zu lange offen"}[language] in without_token.get_json()["detail"]
    assert as_page.mimetype == "text/html"
    assert words in as_page.get_data(as_text=True)
    assert 'href="/me/privacy"' in as_page.get_data(as_text=True).partition("<main")[2].partition("</main>")[0]


def test_what_was_said_can_be_taken_back_without_feedback(client: FlaskClient, recommender: Recommender) -> None:
    send(client, "/act", act="like", item="food-1")
    client.put(URL, json={"feedback": False})

    assert send(client, "/act", act="unlike", item="food-1").status_code == 303
    assert recommender.state("local").steering.liked == set()


# Levels of attention


@pytest.mark.parametrize(
    ("level", "has_tracker", "stored"), [("none", False, 0), ("session", True, 0), ("kept", True, 1)]
)
def test_each_level_has_lists_and_keeps_what_it_says(
    client: FlaskClient, recommender: Recommender, visit: MakeEvent, level: str, has_tracker: bool, stored: int
) -> None:
    send(client, "/me/consent", answer=level)

    client.post(EVENTS, json={"events": [visit("food-1", 0)]})

    assert kinds(recommender).count("paragraph_visit") == stored
    assert ("attention.js" in page(client, "/a/food-1")) == has_tracker
    assert len(client.get("/api/v1/recommendations").get_json()["items"]) == 20


def test_only_now_counts_at_once_and_ends_with_the_answer(
    client: FlaskClient, recommender: Recommender, visit: MakeEvent
) -> None:
    send(client, "/me/consent", answer="session")
    client.post(EVENTS, json={"events": [visit("food-1", 0)]})
    assert recommender.interests("local") != ()

    send(client, "/me/consent", answer="kept")

    assert recommender.interests("local") == ()


# Deleting


def test_after_a_no_the_next_page_offers_to_delete(
    client: FlaskClient, recommender: Recommender, visit: MakeEvent
) -> None:
    """Once, with two buttons; the Privacy page has it later."""
    send(client, "/me/consent", answer="kept")
    client.post(EVENTS, json={"events": [visit("food-1", 0), visit("food-1", 1)]})
    send(client, "/me/consent", answer="none")

    first, second = page(client, "/a/food-1"), page(client, "/a/food-1")
    assert "2 records of it are still kept" in first
    assert 'id="offer"' not in second
    assert "2 records of how you read" in page(client, "/me/privacy")
    answer = send(client, "/me/attention", act="delete")

    assert answer.status_code == 303
    assert "paragraph_visit" not in kinds(recommender)
    assert "Deleted: 2 records" in page(client, "/latest")
    assert {each.signal for known in recommender.interests("local") for each in known.evidence} == {"open"}


def test_nothing_is_offered_where_nothing_is_kept(client: FlaskClient) -> None:
    send(client, "/me/consent", answer="none")

    assert 'id="offer"' not in page(client, "/")


def test_to_keep_keeps(client: FlaskClient, recommender: Recommender, visit: MakeEvent) -> None:
    client.post(EVENTS, json={"events": [visit("food-1", 0)]})

    send(client, "/me/attention", act="keep")

    assert kinds(recommender) == ["paragraph_visit"]


def test_a_program_deletes_attention(client: FlaskClient, visit: MakeEvent, make_event: MakeEvent) -> None:
    client.post(EVENTS, json={"events": [visit("food-1", 0), make_event("like", item="food-1")]})

    assert client.delete("/api/v1/me/attention", json={}).get_json() == {"deleted": 1}
    assert client.delete("/api/v1/me/attention", json={}).get_json() == {"deleted": 0}


# The browser's signal


def test_the_signal_turns_the_tracker_off(client: FlaskClient, recommender: Recommender, visit: MakeEvent) -> None:
    """Without a question, also after an earlier yes; the server refuses what a script sends all the same."""
    send(client, "/me/consent", answer="kept")

    text = page(client, "/a/food-1", **SIGNAL)
    refused = client.post(EVENTS, json={"events": [visit("food-1", 0)]}, headers=SIGNAL).get_json()

    assert "attention.js" not in text
    assert "May Reread learn" not in page(client, "/", **SIGNAL)
    assert refused["accepted"] == 0
    assert [given.actor for given in recommender.storage.consents("local")] == ["reader", "gpc"]
    assert "Global Privacy Control" in page(client, "/me/privacy", **SIGNAL)


def test_a_yes_after_the_signal_counts(client: FlaskClient, visit: MakeEvent) -> None:
    page(client, "/", **SIGNAL)

    send(client, "/me/consent", answer="kept")

    text = page(client, "/a/food-1", **SIGNAL)
    assert "attention.js" in text
    assert "data-signal-answered" in text
    assert client.post(EVENTS, json={"events": [visit("food-1", 0)]}, headers=SIGNAL).get_json()["accepted"] == 1


@pytest.mark.parametrize("value", ["0", "", "true"])
def test_anything_else_is_no_signal(client: FlaskClient, recommender: Recommender, value: str) -> None:
    page(client, "/", **{"Sec-GPC": value})

    assert recommender.storage.consents("local") == []


def test_a_picture_on_another_site_does_not_bring_the_signal(client: FlaskClient, recommender: Recommender) -> None:
    page(client, "/", **SIGNAL, **{"Sec-Fetch-Site": "cross-site"})

    assert recommender.storage.consents("local") == []


def test_scripts_hand_the_signal_on(client: FlaskClient, recommender: Recommender) -> None:
    """navigator.globalPrivacyControl without the header; once, as with the header."""
    client.put(URL, json={"attention": True})
    assert client.put(URL, json={"signal": "gpc"}).get_json()["attention"] is False
    client.put(URL, json={"attention": True})

    assert client.put(URL, json={"signal": "gpc"}).get_json()["attention"] is True
    assert [given.actor for given in recommender.storage.consents("local")] == ["reader", "gpc", "reader"]
