"""A reader's data as a zip, and back: the same interests, the same lists; and nothing that a foreign file may do."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from reader.clock import ManualClock
from reader.errors import InvalidInputError
from reader.ingest.subscriptions import Subscriptions
from reader.recommend.recommender import Recommender
from reader.recommend.requests import Request
from reader.types import RecommendationList
from tests.builders import ReadingStory, act
from webapp.archive import FILES, MANIFEST, MAX_UNPACKED_BYTES, Archive, read_archive, write_archive
from webapp.restoring import restore

USER = "local"
MakeEvent = Callable[..., dict[str, Any]]


def live(recommender: Recommender, clock: ManualClock) -> None:
    """Two days of lists, readings, a going-back and acts of will."""
    Subscriptions(recommender.storage, clock).follow(USER, "https://news.example/feed", folder=("News",))
    for hour in range(8):
        made = recommender.recommend(Request(USER, limit=8))
        item = made.items[hour % 3].item
        story = ReadingStory(item, user=USER, view=f"v{hour}", at=clock() + timedelta(seconds=5))
        story.read(0, 1, 2).go_back(1, seconds=20.0).close()
        _, *reading = story
        opening = act("open", item, user=USER, at=story.at, view=f"v{hour}", list=made.id)
        clock.at += timedelta(minutes=10)
        recommender.observe([opening, *reading, act("like", item, user=USER, at=clock(), list=made.id)])
        clock.at += timedelta(hours=6)
    recommender.observe([act("mute", user=USER, at=clock(), target=("topic", "oceans"))])


def all_items(recommender: Recommender) -> RecommendationList:
    return recommender.recommend(Request(USER, list_id="same", limit=40))


def test_exported_erased_and_imported_all_is_as_before(recommender: Recommender, clock: ManualClock) -> None:
    """Interests with their evidence, lists with scores and reasons, corrections, feeds, answers: all of it."""
    live(recommender, clock)
    content = write_archive(recommender, USER)
    before = recommender.interests(USER), recommender.learner.corrections(USER), recommender.weights.tolist()
    events = list(recommender.storage.iter_events(user=USER))
    feeds = Subscriptions(recommender.storage, clock).export(USER)
    listed = all_items(recommender)

    recommender.erase(USER)
    assert recommender.interests(USER) == ()
    assert all_items(recommender).items != listed.items
    recommender.erase(USER)
    done = restore(recommender, USER, read_archive(content))

    assert (done.events, done.feeds, done.refused) == (len(events), 1, [])
    assert list(recommender.storage.iter_events(user=USER)) == events
    after = recommender.interests(USER), recommender.learner.corrections(USER), recommender.weights.tolist()
    assert after == before
    assert before[1] != {}
    assert all_items(recommender).items == listed.items
    assert Subscriptions(recommender.storage, clock).export(USER) == feeds


def test_a_second_import_changes_nothing(recommender: Recommender, clock: ManualClock) -> None:
    live(recommender, clock)
    archive = read_archive(write_archive(recommender, USER))
    before = recommender.interests(USER)

    done = restore(recommender, USER, archive)

    assert (done.events, done.consents, done.feeds, done.refused_count) == (0, 0, 0, 0)
    assert done.duplicates == len(archive.events) > 50
    assert recommender.interests(USER) == before


def test_the_archive_has_what_its_readme_says(recommender: Recommender, clock: ManualClock) -> None:
    """Equal data give equal bytes; no digest of a token is in it."""
    live(recommender, clock)
    content = write_archive(recommender, USER)

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert set(archive.namelist()) == {*FILES, MANIFEST, "README.md"}
        readme = archive.read("README.md").decode()
        lines = {name: archive.read(name).decode().splitlines() for name in FILES if name.endswith("jsonl")}
    assert all(f"`{name}`" in readme for name in FILES)
    assert all(isinstance(json.loads(line), dict) for each in lines.values() for line in each)
    assert len(lines["lists.jsonl"]) >= 1
    assert json.loads(lines["lists.jsonl"][0])["items"][0]["reasons"]
    assert write_archive(recommender, USER) == content


def zipped(**files: str | bytes) -> bytes:
    buffer = io.BytesIO()
    manifest = json.dumps({"format": "reread-export", "version": 1})
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in {"manifest_json": manifest, **files}.items():
            archive.writestr(name.replace("_", "."), text)
    return buffer.getvalue()


def test_another_readers_events_become_those_of_who_brings_them(recommender: Recommender) -> None:
    like = {"id": "e1", "type": "like", "at": "2020-01-02T08:00:00Z", "user": "bob", "item": "food-0"}

    done = restore(recommender, USER, Archive(events=(like,)))

    assert done.events == 1
    assert recommender.storage.event_counts("bob") == {}
    assert recommender.storage.event_counts(USER) == {"like": 1}


@pytest.mark.parametrize(
    ("consent", "taken"),
    [
        ({"purpose": "attention", "granted": True, "actor": "reader"}, 1),
        ({"purpose": "attention", "granted": True}, 1),
        ({"purpose": "account", "granted": True, "actor": "reader"}, 0),
        ({"purpose": "attention", "granted": True, "actor": "guardian"}, 0),
        ({"purpose": "attention", "granted": True, "level": "none"}, 0),
        ({"purpose": "attention", "granted": True, "at": "2099-01-01T00:00:00Z"}, 0),
        ({"purpose": "attention", "granted": "yes"}, 0),
        ({"granted": True}, 0),
    ],
)
def test_only_ones_own_answers_can_be_brought(recommender: Recommender, consent: dict[str, Any], taken: int) -> None:
    record = {"at": "2026-11-01T00:00:00Z", "text_version": "v1", **consent}

    done = restore(recommender, USER, Archive(consents=(record,)))

    assert (done.consents, done.refused_count) == (taken, 1 - taken)
    assert len(recommender.storage.consents(USER)) == taken


def test_what_the_present_answer_forbids_is_refused(recommender: Recommender) -> None:
    answer = {"purpose": "attention", "granted": False, "at": "2026-11-01T00:00:00Z", "text_version": "v1"}
    visible = {"id": "e1", "type": "viewable", "at": "2026-11-02T08:00:00Z", "item": "food-0"}

    done = restore(recommender, USER, Archive(events=(visible,), consents=(answer,)))

    assert (done.events, done.refused_count) == (0, 1)
    assert "said no" in done.refused[0]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK\x03\x04 broken",
        zipped(manifest_json='{"format": "other"}'),
        zipped(manifest_json='{"format": "reread-export", "version": 2}'),
        zipped(manifest_json="[" * 100_000),
        zipped(manifest_json="[]"),
    ],
)
def test_what_is_no_archive_is_refused(content: bytes) -> None:
    with pytest.raises(InvalidInputError, match="archive"):
        read_archive(content)


@given(st.binary(max_size=400))
def test_no_bytes_break_the_reading(content: bytes) -> None:
    with pytest.raises(InvalidInputError):
        read_archive(content)


def test_an_archive_that_swells_is_refused() -> None:
    """200 MB of zeros take 200 kB zipped."""
    with pytest.raises(InvalidInputError, match="unpacks to more"):
        read_archive(zipped(events_jsonl=b"\n" * (MAX_UNPACKED_BYTES + 1)))


def test_wrong_lines_are_told_and_the_others_taken(recommender: Recommender) -> None:
    lines = '{"id": "e1", "type": "like", "at": "2026-11-02T08:00:00Z", "item": "food-0"}\nno json\n{"id": 3}\n[]\n'

    done = restore(recommender, USER, read_archive(zipped(events_jsonl=lines)))

    assert (done.events, done.refused_count) == (1, 3)
    assert done.refused[0] == "events.jsonl:2: is no JSON"


def test_over_the_api(client: FlaskClient, app: Flask, make_token: Callable[..., dict[str, str]]) -> None:
    own = make_token("ada", "profile:read", "profile:write", "events:write")
    like = {"id": "e1", "type": "like", "at": "2026-11-23T11:00:00Z", "item": "food-0"}
    client.post("/api/v1/events", json={"events": [like]}, headers=own)
    content = client.get("/api/v1/me/export?format=zip", headers=own).get_data()
    other = make_token("eve", "profile:write")

    def send(body: bytes, kind: str = "application/zip") -> Any:
        return client.post("/api/v1/me/import", data=body, headers={**other, "Content-Type": kind})

    assert send(content).get_json()["events"] == 1
    assert send(content).get_json()["duplicates"] == 1
    assert send(b"x").status_code == 422
    assert send(content, "application/json").status_code == 415
    assert send(b"x" * 10_000_001).status_code == 413


def test_on_the_pages(app: Flask, client: FlaskClient, make_event: MakeEvent, tmp_path: Path) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    client.post("/api/v1/events", json={"events": [make_event("like", item="food-0")]})
    content = client.get("/me/export").get_data()
    client.post("/me/erase", data={"word": "erase"})

    def send(body: bytes) -> Any:
        return client.post("/me/import", data={"file": (io.BytesIO(body), "me.zip")})

    assert "Records taken in: 1." in send(content).get_data(as_text=True)
    assert "is no archive" in send(b"x").get_data(as_text=True)
    assert client.post("/me/import").status_code == 422
    assert client.get("/me/export?format=json").get_json()["user"] == USER
