"""What a new reader is asked, what they set, and how a story looks on its card."""

from __future__ import annotations

import re
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from nlp.analysis import Analyser
from reader.recommend.recommender import Recommender
from reader.settings import Settings
from reader.storage.sqlite import SqliteStorage
from reader.types import Event
from reader.wiring import make_recommender
from tests.reader.recommend.test_stories import reports
from tests.webapp.conftest import NOW, SUBJECTS
from tests.webapp.pages.test_pages import send, text_of
from webapp.app import create_app


def asked(page: str) -> set[str]:
    """Return the topics that can be ticked."""
    return set(re.findall(r'name="topic" value="([^"]+)"', page))


def cards(page: str) -> list[str]:
    return re.findall(r'data-item="([^"]+)"', page)


def said(recommender: Recommender) -> list[tuple[str, Any]]:
    events: list[Event] = list(recommender.storage.iter_events(user="local"))
    return [(event.type, getattr(event, "target", None)) for event in events if event.type.endswith("follow")]


def test_a_new_reader_is_asked_for_topics_and_has_a_list_all_the_same(client: FlaskClient) -> None:
    page = text_of(client, "/")

    assert "What do you like?" in page
    assert asked(page) == set(SUBJECTS)
    assert len(cards(page)) == 20


def test_each_chosen_topic_is_followed_and_the_next_list_begins_with_it(
    client: FlaskClient, recommender: Recommender
) -> None:
    answer = send(client, "/me/topics", act="follow", topic=["music", "food"], next="/")  # type: ignore[arg-type]  # a list: ticked twice

    assert answer.status_code == 303
    assert [(kind, target.value) for kind, target in said(recommender)] == [("follow", "music"), ("follow", "food")]
    page = text_of(client, "/")
    assert "What do you like?" not in page
    topics = {recommender.item(item).topics[0] for item in cards(page)[:6]}
    assert topics == {"music", "food"}


def test_what_was_chosen_can_be_taken_back(client: FlaskClient, recommender: Recommender) -> None:
    send(client, "/me/topics", act="follow", topic=["music", "food"])  # type: ignore[arg-type]
    page = text_of(client, "/")
    assert "You chose" in page
    assert asked(page) == {"music", "food"}

    send(client, "/me/topics", act="unfollow", topic=["music"])  # type: ignore[arg-type]

    assert asked(text_of(client, "/")) == {"food"}
    send(client, "/me/topics", act="unfollow", topic=["food"])  # type: ignore[arg-type]
    assert asked(text_of(client, "/")) == set(SUBJECTS)


def test_nothing_chosen_changes_nothing(client: FlaskClient, recommender: Recommender) -> None:
    assert send(client, "/me/topics", act="follow").status_code == 303

    assert said(recommender) == []
    assert "No topic was chosen" in text_of(client, "/")


def test_the_question_can_be_put_off(client: FlaskClient, recommender: Recommender) -> None:
    send(client, "/me/topics", act="skip", topic=["music"])  # type: ignore[arg-type]

    page = text_of(client, "/")

    assert "What do you like?" not in page
    assert len(cards(page)) == 20
    assert said(recommender) == []


@pytest.mark.parametrize("path", ["/", "/latest", "/watch"])
def test_where_there_is_nothing_the_way_to_a_feed_is_shown(
    tmp_path: Path, analyser: Analyser, settings: Settings, path: str
) -> None:
    with closing(SqliteStorage(tmp_path / "empty.db")) as storage:
        empty = create_app(make_recommender(settings=settings, storage=storage, analyser=analyser))

        assert '<a href="/feeds">Add a feed</a>' in text_of(empty.test_client(), path)


@pytest.mark.parametrize("act", ["open", "like", "hide"])
def test_the_question_goes_once_something_is_known(client: FlaskClient, act: str) -> None:
    if act == "open":
        client.get("/a/energy-0")
    else:
        send(client, "/act", act=act, item="energy-0")

    assert asked(text_of(client, "/")) == set()


def test_a_topic_that_nobody_asked_for_is_refused(client: FlaskClient) -> None:
    assert send(client, "/me/topics", act="follow", topic="x" * 300).status_code == 422
    assert send(client, "/me/topics", act="eat", topic="music").status_code == 422


def test_following_can_be_ended_on_the_page_of_interests(client: FlaskClient) -> None:
    send(client, "/me/topics", act="follow", topic="music")

    assert 'value="unfollow topic music"' in text_of(client, "/me/interests")


def test_surprise_is_set_on_the_page(client: FlaskClient, recommender: Recommender) -> None:
    assert 'name="surprise" min="0" max="1" step="0.25" value="0.5"' in text_of(client, "/")

    assert send(client, "/me/surprise", surprise="0.75", next="/").status_code == 303

    assert recommender.surprise("local") == 0.75
    assert 'step="0.25" value="0.75"' in text_of(client, "/")
    ranking = text_of(client, "/about/ranking")
    assert "You are at 75 of 100" in ranking
    assert "One place in 7 is drawn by chance." in ranking


@pytest.mark.parametrize("surprise", ["", "2", "much", "nan"])
def test_surprise_beyond_the_scale_is_refused(client: FlaskClient, recommender: Recommender, surprise: str) -> None:
    assert send(client, "/me/surprise", surprise=surprise).status_code == 422
    assert recommender.surprise("local") == 0.5


def test_a_card_names_the_other_sources_of_its_story(client: FlaskClient, recommender: Recommender) -> None:
    told = [item for item, story in reports() if story == "kohle-lauen"]
    recommender.add_items([replace(item, published_at=NOW - timedelta(minutes=5)) for item in told])

    page = text_of(client, "/")

    (shown,) = [item for item in cards(page) if item.startswith("kohle-lauen")]
    assert "2 more sources" in page
    others = {"kohle-lauen-1", "kohle-lauen-2", "kohle-lauen-3"} - {shown}
    assert {other for other in others if f'href="/a/{other}"' in page} == others


def test_what_was_opened_is_marked_in_latest(client: FlaskClient) -> None:
    client.get("/a/energy-0")

    page = text_of(client, "/latest")

    (card,) = re.findall(r'<article class="card seen".*?</article>', page, flags=re.S)
    assert 'data-item="energy-0"' in card
    assert "opened before" in card
