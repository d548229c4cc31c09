"""How a text looks, where it is gone on with, and its reader's own reading beside it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from reader.recommend.recommender import Recommender
from reader.types import Consent
from tests.webapp.conftest import NOW
from tests.webapp.pages.test_interests import read
from tests.webapp.pages.test_pages import send, text_of
from webapp.look import CHOICES, Look, chosen, parse

MakeEvent = Callable[..., dict[str, Any]]


@given(st.fixed_dictionaries({name: st.sampled_from(known) for name, known in CHOICES.items()}))
def test_every_look_comes_through_its_cookie(values: dict[str, str]) -> None:
    look = chosen(Look(), values)

    assert parse(look.text) == look
    assert re.fullmatch(r"[a-z0-9.-]*", look.text)


@given(st.text())
def test_any_cookie_gives_a_look(text: str) -> None:
    assert set(parse(text).attributes.items()) <= {(name, value) for name, known in CHOICES.items() for value in known}


def test_what_is_chosen_holds_on_every_page_and_can_be_taken_back(client: FlaskClient) -> None:
    assert '<html lang="en" data-look="/me/look" data-keep=' in text_of(client, "/")

    send(client, "/me/look", size="4", theme="dark", face="comic", keys="off")

    for path in ("/", "/a/energy-0", "/me/look"):
        page = text_of(client, path)
        assert re.search(r'<html lang="en" data-size="4" data-theme="dark" data-keys="off"', page)
        assert "keys.js" not in page
    send(client, "/me/look", act="reset")
    assert "data-size" not in text_of(client, "/")


def test_one_choice_leaves_the_others(client: FlaskClient) -> None:
    send(client, "/me/look", size="4")
    send(client, "/me/look", theme="light")

    assert 'data-size="4" data-theme="light"' in text_of(client, "/")


def read_from(client: FlaskClient, *events: dict[str, Any]) -> None:
    assert client.post("/api/v1/events", json={"events": list(events)}).get_json()["rejected"] == []


def test_it_is_gone_on_with_where_the_reader_stopped(
    client: FlaskClient, make_event: MakeEvent, visit: MakeEvent
) -> None:
    """On any device, since the visits are with the server."""
    assert 'id="resume" class="resume" hidden' in text_of(client, "/a/energy-0")
    read_from(client, make_event("open", item="energy-0", view="v1"), visit("energy-0", 0), visit("energy-0", 1))

    page = text_of(client, "/a/energy-0")

    assert '<a href="#p1">Go on where you stopped</a>, <span>paragraph 2 of 3</span>' in page
    assert 'id="resume" class="resume">' in page
    read_from(client, visit("energy-0", 2, started_ms=60_000.0))
    assert 'id="resume" class="resume" hidden' in text_of(client, "/a/energy-0")


def test_the_margin_is_off_until_it_is_wanted(client: FlaskClient, make_event: MakeEvent, visit: MakeEvent) -> None:
    read(client, make_event, visit, "energy-0", "v1")
    before = text_of(client, "/a/energy-0")

    send(client, "/me/look", map="on")
    page = text_of(client, "/a/energy-0")

    assert "data-read" not in before
    assert re.search(r'id="p0"[^>]* data-read="3" data-back="1" aria-description="You were here for 40 s, went', page)
    assert re.search(r'id="p2"[^>]* data-read="\d" aria-description="You were here for 20 s\."', page)
    assert "data-read" not in text_of(client, "/a/food-0")


def test_the_margin_shows_nobody_elses_reading(
    client: FlaskClient, recommender: Recommender, make_event: MakeEvent, visit: MakeEvent
) -> None:
    from reader.behaviour.events import parse_event

    theirs = [make_event("open", item="energy-0", view="v1"), visit("energy-0", 1)]
    recommender.observe([parse_event({**event, "user": "ann"}) for event in theirs])
    send(client, "/me/look", map="on")

    page = text_of(client, "/a/energy-0")

    assert "data-read" not in page
    assert 'class="resume" hidden' in page


def test_minutes_are_those_of_the_reader(
    client: FlaskClient, recommender: Recommender, make_event: MakeEvent, visit: MakeEvent
) -> None:
    usual = re.search(r'data-rate="(\d+)"', text_of(client, "/a/food-0"))
    recommender.storage.put_consent(Consent("local", "attention", True, NOW, "x", "kept"))
    state = recommender.state("local")
    with recommender.held("local"):
        from reader.behaviour.speed import Speed

        state.base.speeds["en"] = Speed(words=40_000, minutes=400)
    own = re.search(r'data-rate="(\d+)"', text_of(client, "/a/food-0"))

    assert usual is not None
    assert own is not None
    assert (int(usual[1]), int(own[1])) == (238, 101)


@pytest.mark.parametrize("path", ["/act", "/me/undo"])
def test_scripts_get_an_answer_in_place_of_a_page(client: FlaskClient, path: str) -> None:
    token = re.search(r'name="csrf_token" value="([^"]+)"', text_of(client, "/"))
    assert token is not None
    form = {"csrf_token": token[1], "do": "save 1 - energy-0", "event": "e1"}

    answer = client.post(path, data=form, headers={"Accept": "application/json"})

    assert answer.status_code == 200
    assert answer.get_json().keys() == {"message", "undo"}
