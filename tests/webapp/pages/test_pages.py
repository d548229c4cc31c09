"""What people see."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from reader.clock import ManualClock
from reader.ingest.items import parse_item
from reader.recommend.challenger.standing import Nobody
from reader.recommend.challenger.trees import Trees
from reader.recommend.recommender import Recommender
from reader.types import Event

MakeEvent = Callable[..., dict[str, Any]]


def text_of(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_an_article_looks_as_it_was_written(client: FlaskClient, recommender: Recommender) -> None:
    """Its paragraphs are counted as before; what is plain stays a plain paragraph."""
    item = {"id": "pans", "kind": "article", "title": "Pans", "paragraphs": ["First pan", "Then the second."]}
    look = '<h2>First</h2><p><a href="https://sea.example/">pan</a></p>'
    more = {"markup": [look, ""], "audio_url": "https://sea.example/1.mp3"}
    recommender.add_items([parse_item({**item, **more})])

    page = text_of(client, "/a/pans")

    assert re.search(r'<div id="p0" data-paragraph="0" data-words="2"[^>]*><h2>First</h2><p><a href="https://sea', page)
    assert '<audio controls preload="none" src="https://sea.example/1.mp3"' in page
    assert re.search(r'<p id="p1" data-paragraph="1" data-words="3"[^>]*>Then the second.</p>', page)


def send(client: FlaskClient, path: str, **form: str) -> Any:
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/me/privacy").get_data(as_text=True))
    assert token is not None
    return client.post(path, data={"csrf_token": token[1], "next": "/latest", **form})


def events_of(recommender: Recommender, kind: str) -> list[Event]:
    return [event for event in recommender.storage.iter_events(user="local") if event.type == kind]


def test_the_front_page_lists_twenty_and_leads_on(client: FlaskClient) -> None:
    page = text_of(client, "/")
    more = re.search(r'href="(/\?[^"]+)">Load more', page)
    assert more is not None
    next_page = text_of(client, more[1].replace("&amp;", "&"))

    first, second = ([match for match in re.findall(r'data-item="([^"]+)"', part)] for part in (page, next_page))
    assert len(first) == 20
    assert not set(first) & set(second)


def test_an_old_list_is_replaced_by_a_new_one(client: FlaskClient, clock: ManualClock) -> None:
    page = text_of(client, "/")
    more = re.search(r'href="(/\?[^"]+)">Load more', page)
    assert more is not None
    clock.at += timedelta(hours=2)

    answer = client.get(more[1].replace("&amp;", "&"), follow_redirects=True)

    assert answer.status_code == 200
    assert "no longer kept" in answer.get_data(as_text=True)


def test_an_article_shows_its_paragraphs(client: FlaskClient) -> None:
    page = text_of(client, "/a/energy-0")

    assert len(re.findall(r"data-paragraph=", page)) == 3
    assert "Lithium brine" in page


def test_a_clip_shows_its_film(client: FlaskClient) -> None:
    assert 'src="/media/demo/Waves.mp4"' in text_of(client, "/a/clip-Waves")


def test_an_opening_counts_once_a_visit(client: FlaskClient, recommender: Recommender, clock: ManualClock) -> None:
    """A reload or the way back from a form is no new opening; a visit later in the day is."""
    client.get("/a/energy-0?list=l1&position=3")
    client.get("/a/energy-0?list=l1&position=3")
    clock.at += timedelta(hours=2)
    client.get("/a/energy-0?list=l1&position=3")

    first, second = events_of(recommender, "open")
    assert (first.item, first.list, first.position) == ("energy-0", "l1", 3)
    assert first.session != second.session


@pytest.mark.parametrize(
    ("method", "headers"),
    [
        ("HEAD", {}),
        ("GET", {"Sec-Purpose": "prefetch"}),
        ("GET", {"Sec-Purpose": "prefetch;prerender"}),
        ("GET", {"Purpose": "prefetch"}),
        ("GET", {"Sec-Fetch-Site": "cross-site"}),
    ],
)
def test_what_no_reader_asked_for_is_no_opening(
    client: FlaskClient, recommender: Recommender, method: str, headers: dict[str, str]
) -> None:
    assert client.open("/a/energy-0", method=method, headers=headers).status_code == 200

    assert events_of(recommender, "open") == []


def test_with_tracking_the_page_leaves_the_opening_to_the_tracker(
    client: FlaskClient, recommender: Recommender
) -> None:
    """Else every opening would count twice."""
    send(client, "/me/consent", answer="yes")

    page = text_of(client, "/a/energy-0")

    assert "attention.js" in page
    assert events_of(recommender, "open") == []


@pytest.mark.parametrize("answer", [None, "no"])
def test_without_a_yes_no_script_is_loaded_that_reports(client: FlaskClient, answer: str | None) -> None:
    if answer:
        send(client, "/me/consent", answer=answer)

    for path in ("/", "/latest", "/a/energy-0", "/a/clip-Waves"):
        scripts = re.findall(r'<script[^>]*src="([^"]+)"', text_of(client, path))
        assert {script.rpartition("/")[2] for script in scripts} <= {"keys.js", "keep.js", "reading.js", "look.js"}
        for script in (*scripts, "/static/texts.js", "/static/toast.js"):
            # Words in the language of the page and the place for them are all that they may bring along.
            source = re.sub(r'import .* from "./(texts|toast).js";', "", client.get(script).get_data(as_text=True))
            assert not re.search("import|sendBeacon|api/v1", source)


@pytest.mark.parametrize("answer", ["yes", "no"])
def test_the_question_is_asked_once(client: FlaskClient, answer: str) -> None:
    assert "May Reread learn" in text_of(client, "/")

    send(client, "/me/consent", answer=answer)

    assert "May Reread learn" not in text_of(client, "/")


@pytest.mark.parametrize("act", ["like", "save", "hide"])
def test_an_act_is_recorded_and_leads_back(client: FlaskClient, recommender: Recommender, act: str) -> None:
    answer = send(client, "/act", act=act, item="energy-0", list="l1", position="4", reason="")

    assert (answer.status_code, answer.location) == (303, "/latest")
    (event,) = events_of(recommender, act)
    assert (event.item, event.list, event.position) == ("energy-0", "l1", 4)


def test_an_act_can_be_undone(client: FlaskClient) -> None:
    send(client, "/act", act="like", item="energy-0")
    assert 'value="unlike - - energy-0"' in text_of(client, "/a/energy-0")

    send(client, "/act", act="unlike", item="energy-0")

    assert 'value="like - - energy-0"' in text_of(client, "/a/energy-0")


def test_interests_are_shown_and_steered(client: FlaskClient) -> None:
    send(client, "/act", act="like", item="energy-0")
    assert "energy" in text_of(client, "/me/interests")

    send(client, "/me/interests", act="mute", kind="topic", value="energy")

    assert 'value="unmute"' in text_of(client, "/me/interests")
    assert 'data-item="energy' not in text_of(client, "/")


def test_a_reset_forgets(client: FlaskClient, recommender: Recommender) -> None:
    send(client, "/act", act="like", item="energy-0")

    send(client, "/me/interests", act="reset")

    assert recommender.interests("local") == ()


def test_a_going_back_can_be_kept_or_forgotten(
    client: FlaskClient, recommender: Recommender, make_event: MakeEvent, visit: MakeEvent
) -> None:
    """It is shown on the next list with both buttons, and either makes it go."""
    came_back = visit(
        "energy-0", 0, visit=1, started_ms=70_000.0, visible_ms=15_000.0, dwell_ms=15_000.0, came="up", rest_ms=15_000.0
    )
    reading = [
        make_event("open", item="energy-0", view="v1"),
        visit("energy-0", 0),
        visit("energy-0", 1, started_ms=30_000.0),
        visit("energy-0", 2, started_ms=50_000.0, dwell_ms=15_000.0),
        came_back,
    ]
    client.post("/api/v1/events", json={"events": reading})
    assert "You went back to" in text_of(client, "/")

    answer = send(client, "/me/noticed", act="keep", item="energy-0", paragraph="0")

    assert answer.status_code == 303
    assert "/me/noticed" not in text_of(client, "/")
    assert len(events_of(recommender, "keep_paragraph")) == 1


def test_the_export_is_a_file(client: FlaskClient) -> None:
    send(client, "/act", act="like", item="energy-0")

    answer = client.get("/me/export")

    assert "attachment" in answer.headers["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        events = [json.loads(line) for line in archive.read("events.jsonl").splitlines()]
    assert [event["type"] for event in events][-1] == "like"


def test_privacy_says_what_is_stored(client: FlaskClient) -> None:
    client.get("/a/energy-0")

    page = text_of(client, "/me/privacy")

    assert re.search(r"Items opened</dt><dd>1<", page)


def test_trees_that_serve_are_explained(client: FlaskClient, recommender: Recommender) -> None:
    serving = Nobody()
    serving.trees = Trees("text", (3, 5), (0, 0), 1)
    recommender.challenge(serving)

    page = text_of(client, "/about/ranking")

    assert "decision trees over 2 of the factors" in page
    assert "+trees-" in page


FORMS = [
    ("/act", {"act": "like", "item": "energy-0"}),
    ("/me/interests", {"act": "reset"}),
    ("/me/noticed", {"act": "keep", "item": "energy-0", "paragraph": "0"}),
    ("/me/consent", {"answer": "yes"}),
]


@pytest.mark.parametrize(("path", "form"), FORMS)
@pytest.mark.parametrize("token", [None, "", "wrong"])
def test_a_form_without_its_token_does_nothing(
    client: FlaskClient, recommender: Recommender, path: str, form: dict[str, str], token: str | None
) -> None:
    answer = client.post(path, data=form if token is None else {**form, "csrf_token": token})

    assert answer.status_code == 400
    assert list(recommender.storage.iter_events(user="local")) == []
    assert recommender.storage.consent("local", "attention") is None


@pytest.mark.parametrize(
    "target", ["//evil.example", "https://evil.example", "/\\evil.example", "/\t/evil.example", ""]
)
def test_a_form_does_not_lead_to_other_sites(client: FlaskClient, target: str) -> None:
    answer = send(client, "/me/consent", answer="no", next=target)

    assert (answer.status_code, answer.location) == (303, "/")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/a/nowhere", 404),
        ("/a/%00", 404),
        ("/a/%ff", 404),
        ("/?from=x", 422),
        ("/?from=-1", 422),
        ("/?list=nowhere&from=20", 302),
        ("/?from=99999999999999999999", 422),
        ("/why/nowhere/energy-0", 404),
        ("/a/energy-0?position=x&list=l", 200),
        ("/a/energy-0?position=²&list=l", 200),
        ("/a/energy-0?position=1&list=%ff%00", 200),
        ("/act", 405),
    ],
)
def test_wrong_addresses_are_answered(client: FlaskClient, path: str, status: int) -> None:
    assert client.get(path).status_code == status


@pytest.mark.parametrize(
    ("path", "form", "status"),
    [
        ("/act", {"act": "adore", "item": "energy-0"}, 422),
        ("/act", {"act": "like", "item": "nowhere"}, 404),
        ("/act", {"act": "like"}, 404),
        ("/act", {"act": "like", "item": "energy-0", "position": "first"}, 422),
        ("/act", {"act": "like", "item": "energy-0", "list": "l" * 300}, 422),
        ("/me/interests", {"act": "mute"}, 422),
        ("/me/interests", {"act": "mute", "kind": "mood", "value": "x"}, 422),
        ("/me/interests", {"act": "weigh", "kind": "topic", "value": "x", "weight": "much"}, 422),
        ("/me/interests", {"act": "weigh", "kind": "topic", "value": "x", "weight": "nan"}, 422),
        ("/me/interests", {"act": "weigh", "kind": "topic", "value": "x", "weight": "3"}, 422),
        ("/me/noticed", {"act": "keep", "item": "energy-0", "paragraph": "99"}, 422),
        ("/me/noticed", {"act": "keep", "item": "energy-0"}, 422),
        ("/me/consent", {"answer": "maybe"}, 422),
    ],
)
def test_wrong_forms_are_answered(client: FlaskClient, path: str, form: dict[str, str], status: int) -> None:
    answer = send(client, path, **form)

    assert answer.status_code == status
    assert answer.content_type.startswith("text/html")


def test_a_form_of_ten_megabytes_is_too_large(client: FlaskClient) -> None:
    assert client.post("/act", data={"act": "x" * 10_485_760}).status_code == 413
