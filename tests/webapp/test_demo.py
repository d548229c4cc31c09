"""The demo catalogue."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient

from nlp.analysis import Analyser
from nlp.vectors import make_embedder
from reader.settings import Settings
from reader.types import AnyItem, Article, Video
from webapp.demo import demo_analyses, demo_folder, demo_items, shift_times

NOW = datetime(2031, 5, 1, 9, 30, tzinfo=UTC)


def test_the_newest_item_is_an_hour_old() -> None:
    items = demo_items(NOW)

    assert max(item.published_at for item in items if item.published_at) == NOW - timedelta(hours=1)
    assert len({item.id for item in items}) == len(items) >= 80


def test_the_times_keep_their_distances() -> None:
    old = datetime(2020, 1, 1, tzinfo=UTC)
    items: list[AnyItem] = [
        Article(id="a", title="A", published_at=old),
        Article(id="b", title="B", published_at=old - timedelta(days=3)),
        Article(id="c", title="C"),
    ]

    a, b, c = shift_times(items, NOW)

    assert a.published_at == NOW - timedelta(hours=1)
    assert b.published_at == NOW - timedelta(hours=1, days=3)
    assert c.published_at is None


# What files of each type begin with: WebM (EBML), JPEG, WebVTT.
MAGIC = {"video/webm": b"\x1aE\xdf\xa3", "image/jpeg": b"\xff\xd8\xff", "text/vtt": b"WEBVTT\n"}


def demo_clips() -> list[Video]:
    return [item for item in demo_items(NOW) if isinstance(item, Video)]


@pytest.mark.parametrize("clip", demo_clips(), ids=lambda clip: clip.id)
def test_every_clip_is_served_with_its_poster_and_captions(client: FlaskClient, clip: Video) -> None:
    captions_url = clip.media_url.replace(".webm", ".vtt")
    for url, kind in ((clip.media_url, "video/webm"), (clip.poster_url, "image/jpeg"), (captions_url, "text/vtt")):
        with client.get(url) as answer:
            assert (answer.status_code, answer.mimetype) == (200, kind), url
            assert answer.get_data().startswith(MAGIC[kind]), url


def test_creators_and_sounds_of_the_demo_recur() -> None:
    """Else nothing could be learned of them from the demo."""
    assert min(Counter(clip.creator for clip in demo_clips()).values()) >= 2
    assert sum(times >= 2 for times in Counter(clip.sound for clip in demo_clips()).values()) >= 4


def test_a_player_may_ask_for_a_part_of_a_clip(client: FlaskClient) -> None:
    clips = demo_clips()

    with client.get(clips[0].media_url, headers={"Range": "bytes=0-99"}) as part:
        assert part.status_code == 206
        assert len(part.get_data()) == 100


@pytest.mark.parametrize("name", ["../items/space.jsonl", "%2e%2e/items/space.jsonl", "nothing.mp4", "..%5citems"])
def test_nothing_else_of_the_demo_is_served(client: FlaskClient, name: str) -> None:
    assert demo_folder() is not None
    assert client.get(f"/media/demo/{name}").status_code == 404


def test_the_analyses_that_travel_with_the_demo_are_of_its_texts() -> None:
    """After a change of a text or of the analyser: `.venv/bin/python fixtures/analyse_demo.py`."""
    settings = Settings()
    analyser = Analyser(make_embedder(settings.embedder), spacy_en=settings.spacy_en)

    keys = {analyser.key(item.title, item.paragraphs, item.language) for item in demo_items(NOW)}

    assert {key for key, _ in demo_analyses()} == keys
