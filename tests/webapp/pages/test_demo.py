"""The demo on the page Feeds: taken out, put back, and by whom."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from reader.clock import ManualClock
from reader.recommend.recommender import Recommender
from reader.types import AnyItem
from tests.builders import act
from tests.webapp.conftest import NOW
from tests.webapp.pages.test_pages import send, text_of
from webapp.demo import demo_items

ARTICLE, CLIP = "demo-en-animals-01", "demo-video-energy-01"
TAKE_OUT, PUT_BACK = "Take the demo out", "Put it back"


@pytest.fixture
def demo(recommender: Recommender) -> list[AnyItem]:
    """Have two items of the demo be in the store, newer than all else."""
    items = [replace(item, published_at=NOW) for item in demo_items(NOW) if item.id in (ARTICLE, CLIP)]
    recommender.add_items(items)
    return items


def shown(client: FlaskClient) -> list[bool]:
    """Return whether the article stands among the newest, and in what a search finds."""
    return [f"/a/{ARTICLE}" in text_of(client, path) for path in ("/latest", "/search?q=honeybees")]


@pytest.mark.usefixtures("demo")
def test_the_demo_is_taken_out_and_put_back(client: FlaskClient) -> None:
    """The other items stay."""
    assert "2 articles and clips of the demo are in the lists" in text_of(client, "/feeds")
    assert shown(client) == [True, True]

    assert send(client, "/feeds/demo", act="take-out").status_code == 303

    page = text_of(client, "/feeds")
    assert "The demo is out of the lists. You can put it back below for a day." in page
    assert TAKE_OUT not in page
    assert shown(client) == [False, False]
    assert "/a/food-0" in text_of(client, "/latest")
    assert client.get(f"/a/{ARTICLE}").status_code == 404

    send(client, "/feeds/demo", act="put-back")

    assert TAKE_OUT in (page := text_of(client, "/feeds"))
    assert PUT_BACK not in page
    assert shown(client) == [True, True]


def test_what_a_reader_did_with_the_demo_stays(
    client: FlaskClient, recommender: Recommender, demo: list[AnyItem]
) -> None:
    recommender.observe([act("save", ARTICLE, user="local", at=NOW)])
    before = recommender.interests("local")

    send(client, "/feeds/demo", act="take-out")

    assert before
    assert recommender.interests("local") == before
    assert demo[0].title in text_of(client, "/saved")
    assert client.get(f"/a/{ARTICLE}").status_code == 200


@pytest.mark.usefixtures("demo")
def test_to_put_it_back_is_offered_for_a_day(client: FlaskClient, clock: ManualClock) -> None:
    send(client, "/feeds/demo", act="take-out")
    clock.at += timedelta(hours=23)
    assert PUT_BACK in text_of(client, "/feeds")

    clock.at += timedelta(hours=2)

    assert "demo" not in text_of(client, "/feeds")


def test_where_there_is_no_demo_nothing_is_said_of_it(client: FlaskClient) -> None:
    assert "demo" not in text_of(client, "/feeds")
    assert send(client, "/feeds/demo", act="take-out").status_code == 303
    assert send(client, "/feeds/demo", act="burn").status_code == 422
