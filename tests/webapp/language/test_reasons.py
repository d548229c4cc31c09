"""Reasons in the language of whoever asks: on pages, in the API, of lists that were made in another language."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask.testing import FlaskClient

from tests.webapp.pages.test_pages import text_of

MakeEvent = Callable[..., dict[str, Any]]
GERMAN = {"Accept-Language": "de-AT, en;q=0.5"}


def labels(answer: dict[str, Any]) -> list[str]:
    return [reason["label"] for item in answer["items"] for reason in item["reasons"]]


def test_a_list_that_was_made_in_english_is_told_in_german(client: FlaskClient, make_event: MakeEvent) -> None:
    client.post("/api/v1/events", json={"events": [make_event("like", item="food-0")]})
    made = client.get("/api/v1/recommendations").get_json()
    place = f"/{made['list']}/{made['items'][0]['id']}"

    english = client.get(f"/api/v1/recommendations{place}").get_json()["reasons"][0]
    german = client.get(f"/api/v1/recommendations{place}", headers=GERMAN).get_json()["reasons"][0]
    page = client.get(f"/why{place}", headers=GERMAN).get_data(as_text=True)

    assert "You liked, saved or shared “Bread" in english["label"]
    assert "Dir hat heute „Bread without haste, part 0“ gefallen, oder du hast es gemerkt" in german["label"]
    assert german["label"] in page
    assert {**german, "label": ""} == {**english, "label": ""}
    assert made["language"] == "en"


def test_the_api_follows_accept_language_and_says_what_it_speaks(
    client: FlaskClient, make_token: Callable[..., dict[str, str]]
) -> None:
    headers = make_token("ada", "recs:read")

    german = client.get("/api/v1/recommendations", headers=headers | GERMAN)
    english = client.get("/api/v1/recommendations", headers=headers)

    assert (german.get_json()["language"], english.get_json()["language"]) == ("de", "en")
    assert labels(german.get_json())[0].startswith(("Erschienen", "Von", "Zu", "In", "Etwas"))
    assert "Accept-Language" in german.vary
    related = client.get("/api/v1/items/food-0/related", headers=headers | GERMAN).get_json()
    assert set(labels(related)) == {"Im Sinn nahe"}


def test_cards_say_it_in_german(client: FlaskClient, make_event: MakeEvent) -> None:
    client.post("/api/v1/events", json={"events": [make_event("like", item="food-0")]})

    page = client.get("/", headers=GERMAN).get_data(as_text=True)

    assert "Dir hat heute „Bread without haste, part 0“ gefallen" in page
    assert "You liked, saved" not in page
    assert "You liked, saved" in text_of(client, "/")
