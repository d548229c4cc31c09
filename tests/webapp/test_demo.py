"""The demo catalogue."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from flask.testing import FlaskClient

from nlp.analysis import Analyser
from nlp.vectors import make_embedder
from reader.clock import ManualClock
from reader.recommend.recommender import Recommender
from reader.recommend.requests import Request
from reader.settings import Settings
from reader.storage.memory import MemoryStorage
from reader.types import AnyItem, Article, RecommendationList, Video
from reader.wiring import make_recommender
from webapp.commands.serve import fill
from webapp.demo import (
    Demo,
    demo_analyses,
    demo_folder,
    demo_in,
    demo_items,
    load_demo,
    put_back,
    shift_times,
    take_out,
)

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


def first_list(reader: str) -> tuple[Recommender, RecommendationList]:
    """Return a brand-new installation and the first list that anybody asks it for."""
    recommender = make_recommender(clock=ManualClock(NOW), storage=MemoryStorage())
    load_demo(recommender, demo_items(NOW))
    return recommender, recommender.recommend(Request(reader))


@pytest.mark.parametrize("reader", ["ann", "bob", "cat"])
def test_a_new_installation_ranks_sensibly_without_any_data(reader: str) -> None:
    """The first page: fresh, in both languages and kinds; no source or subject floods it."""
    recommender, made = first_list(reader)
    first = [recommender.item(place.item) for place in made.items[:10]]

    assert {item.kind for item in first} == {"article", "video"}
    assert {item.language for item in first} == {"en", "de"}
    assert max(Counter(item.source for item in first).values()) <= 3
    subjects = Counter(item.topics[0] for item in first)
    assert len(subjects) >= 6
    assert max(subjects.values()) <= 3
    ages = [NOW - item.published_at for item in first if item.published_at]
    everything = sorted(NOW - item.published_at for item in demo_items(NOW) if item.published_at)
    assert sum(ages, timedelta()) / 10 < everything[len(everything) // 3]
    for place in made.items:
        assert sum(place.contributions.values()) == pytest.approx(place.score, abs=1e-9)


def test_the_list_of_a_new_reader_keeps_all_caps() -> None:
    recommender, made = first_list("ann")
    listed = [recommender.item(place.item) for place in made.items]

    sources = [item.source for item in listed]
    creators = [item.creator if isinstance(item, Video) else "" for item in listed]
    sounds = [item.sound if isinstance(item, Video) else "" for item in listed]
    for start in range(len(listed) - 9):
        for column, most in ((sources, 3), (creators, 2), (sounds, 2)):
            counts = Counter(maker for maker in column[start : start + 10] if maker)
            assert max(counts.values(), default=0) <= most
    for column in (creators, sounds):
        assert not [one for one, two in pairwise(column) if one and one == two]


def test_looking_again_hardly_changes_the_list() -> None:
    """To have been shown a few times in vain says next to nothing yet: the first page stays what it was."""
    recommender, made = first_list("ann")
    first = [place.item for place in made.items[:10]]
    clock = recommender.clock
    assert isinstance(clock, ManualClock)

    for _ in range(3):
        clock.at += timedelta(seconds=30)
        made = recommender.recommend(Request("ann"))

    assert len(set(first) & {place.item for place in made.items[:10]}) >= 7
    assert made.items[0].item == first[0]


def store_with_demo(*others: AnyItem) -> MemoryStorage:
    storage = MemoryStorage()
    storage.put_items([*demo_items(NOW), *others])
    return storage


def test_the_demo_is_known_by_id_and_address() -> None:
    """A reader's own item of such an id, an article or a clip, is theirs: it is not taken out with the demo."""
    article, clip = demo_items(NOW)[0], demo_clips()[0]
    own = [Article(id=article.id, title="Mine", url="https://mine.example/"), Article(id=clip.id, title="Mine too")]
    storage = store_with_demo(*own, Article(id="demo-en-mine", title="Also mine"))

    found = demo_in(storage)

    assert set(found.listed) == {item.id for item in demo_items(NOW)} - {article.id, clip.id}
    assert take_out(storage, NOW) == len(demo_items(NOW)) - 2
    assert storage.withdrawn_items([article.id, clip.id, "demo-en-mine"]) == {}


def test_what_is_taken_out_can_be_put_back() -> None:
    storage, count = store_with_demo(), len(demo_items(NOW))
    assert (len(demo_in(storage).listed), put_back(storage)) == (count, 0)

    assert (take_out(storage, NOW), take_out(storage, NOW)) == (count, 0)
    assert demo_in(storage) == Demo((), dict.fromkeys((item.id for item in demo_items(NOW)), NOW))

    assert (put_back(storage), put_back(storage)) == (count, 0)
    assert len(demo_in(storage).listed) == count


def test_a_store_that_the_demo_was_taken_out_of_is_not_filled_again() -> None:
    recommender = make_recommender(clock=ManualClock(NOW), storage=MemoryStorage())
    fill(recommender)
    assert recommender.recommend(Request("ann")).items
    take_out(recommender.storage, NOW)

    fill(recommender)

    assert recommender.recommend(Request("ann")).items == ()
    put_back(recommender.storage)
    assert recommender.recommend(Request("ann")).items
