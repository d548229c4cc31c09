"""Newest first: one click from every list, remembered, and without a profile."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from reader.recommend.recommender import Recommender

URL = "/api/v1/recommendations"


def text(client: FlaskClient, path: str) -> str:
    return client.get(path, follow_redirects=True).get_data(as_text=True)


def press(client: FlaskClient, path: str) -> Any:
    """Press the button of a list's form, as it stands on the page."""
    form = re.search(r'<form class="mode".*?</form>', text(client, path), re.DOTALL)
    assert form is not None
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form[0]))
    return client.post("/me/mode", data=fields)


def titles(page: str) -> list[str]:
    return re.findall(r'data-item="([^"]+)"', page)


@pytest.mark.parametrize("path", ["/", "/watch"])
def test_a_list_is_one_click_from_the_newest_and_one_back(client: FlaskClient, path: str) -> None:
    """And both are remembered: the front page opens in it, and so does a program that asks for no mode."""
    to_latest = press(client, path)

    assert (to_latest.status_code, to_latest.location) == (303, path)
    assert "<h1>Latest" in text(client, "/")
    assert client.get(URL).get_json()["mode"] == "latest"
    assert client.get("/api/v1/me/mode").get_json() == {"mode": "latest"}
    back = press(client, path)

    assert back.status_code == 303
    assert "<h1>For you" in text(client, "/")
    assert client.get(URL).get_json()["mode"] == "profile"


def test_latest_can_be_made_the_beginning(client: FlaskClient) -> None:
    assert press(client, "/latest").status_code == 303

    assert "<h1>Latest" in text(client, "/")


def test_every_page_of_a_list_has_the_way(client: FlaskClient) -> None:
    """The continued ones, too."""
    more = re.search(r'href="([^"]+)">Load more', text(client, "/"))
    assert more is not None

    assert '<form class="mode"' in text(client, more[1].replace("&amp;", "&"))


def test_a_program_chooses_and_can_ask_for_the_other(client: FlaskClient) -> None:
    assert client.put("/api/v1/me/mode", json={"mode": "latest"}).get_json() == {"mode": "latest"}

    assert client.get(URL).get_json()["mode"] == "latest"
    assert client.get(URL, query_string={"mode": "profile"}).get_json()["mode"] == "profile"
    assert client.put("/api/v1/me/mode", json={"mode": "best"}).status_code == 422
    assert "<h1>Latest" in text(client, "/")


def test_the_newest_clips_come_in_the_feed(client: FlaskClient, recommender: Recommender) -> None:
    client.put("/api/v1/me/mode", json={"mode": "latest"})

    client.get("/watch")

    (made,) = [event for event in recommender.storage.iter_events() if event.type == "impression"]
    assert (made.mode, made.kinds) == ("latest", ("video",))  # type: ignore[attr-defined]  # it is an impression


@pytest.mark.parametrize("path", [f"{URL}?mode=latest&limit=100&explain=full", "/latest"])
def test_the_newest_involve_no_profile(
    client: FlaskClient, recommender: Recommender, visit: Callable[..., Any], make_event: Callable[..., Any], path: str
) -> None:
    """To the byte the list of somebody who was never here, whatever was read, liked and passed by before.

    But for marks of what was opened or liked, and what the reader has hidden or muted by their own word.
    """

    def listed() -> str:
        page = text(client, path)
        plain = re.sub(r'l[0-9a-f]{24}|"next_cursor":"[^"]*"|csrf_token" value="[^"]*"|data-session="[^"]*"', "", page)
        return (
            plain.replace('"opened":true', '"opened":false')
            .replace(" seen", "")
            .replace("<span>opened before</span>", "")
            .replace('value="unlike ', 'value="like ')
            .replace('aria-pressed="true">Liked<', 'aria-pressed="false">Like<')
        )

    before = listed()
    seen = [make_event("viewable", item=f"space-{number}", list="l", position=1) for number in range(5)]
    read = [visit("food-1", number, started_ms=30_000.0 * number) for number in range(3)]
    liked = [make_event("like", item="music-2"), make_event("follow", target={"kind": "topic", "value": "oceans"})]
    answer = client.post(
        "/api/v1/events", json={"events": [make_event("open", item="food-1", view="v1"), *seen, *read, *liked]}
    )
    assert answer.get_json()["rejected"] == []
    assert recommender.interests("local") != ()

    assert listed() == before


def test_a_form_with_another_word_is_refused(client: FlaskClient) -> None:
    token = re.search(r'name="csrf_token" value="([^"]+)"', text(client, "/"))
    assert token is not None

    assert client.post("/me/mode", data={"csrf_token": token[1], "mode": "best"}).status_code == 422
