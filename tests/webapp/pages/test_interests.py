"""The page of interests: what it draws, what can be done there, and taking it back."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from reader.clock import ManualClock
from reader.recommend.recommender import Recommender
from tests.webapp.pages.test_pages import events_of, send, text_of

Visit = Callable[..., dict[str, Any]]
MakeEvent = Callable[..., dict[str, Any]]


@pytest.fixture
def has_read(client: FlaskClient, make_event: MakeEvent, visit: Visit, clock: ManualClock) -> None:
    """An article read two days ago and liked, and one read now, with a return in it."""
    read(client, make_event, visit, "space-0", "v0")
    client.post("/api/v1/events", json={"events": [make_event("like", item="space-0")]})
    clock.at += timedelta(days=2)
    read(client, make_event, visit, "energy-0", "v1")


def read(client: FlaskClient, make_event: MakeEvent, visit: Visit, item: str, view: str) -> None:
    steps: list[tuple[int, dict[str, Any]]] = [
        (0, {"came": "start"}),
        (1, {"started_ms": 30_000.0}),
        (2, {"started_ms": 60_000.0}),
        (0, {"visit": 1, "came": "up", "started_ms": 90_000.0}),
    ]
    visits = [{**visit(item, paragraph, **fields), "view": view} for paragraph, fields in steps]
    answer = client.post("/api/v1/events", json={"events": [make_event("open", item=item, view=view), *visits]})
    assert answer.get_json()["rejected"] == []


def test_what_was_left_at_once_is_not_said_to_have_been_passed_by(client: FlaskClient, make_event: MakeEvent) -> None:
    left = [
        make_event("open", item="energy-0", view="v0"),
        make_event("close", item="energy-0", view="v0", active_ms=900),
    ]
    client.post("/api/v1/events", json={"events": [*left, make_event("viewable", item="space-1")]})

    page = text_of(client, "/me/interests")

    assert 'You left <a href="/a/energy-0">' in page
    assert 'You passed by <a href="/a/space-1">' in page
    assert 'You passed by <a href="/a/energy-0">' not in page


def weights_of(recommender: Recommender) -> dict[tuple[str, str], float]:
    """Return the weight of each interest, 5 if it is muted."""
    known = recommender.interests("local")
    return {(each.target.kind, each.target.value): 5.0 if each.muted else each.weight for each in known}


def undo_of(page: str) -> dict[str, str]:
    found = re.search(r'<button name="event" value="([^"]+)">Undo', page)
    assert found is not None
    return {"event": found[1]}


@pytest.mark.usefixtures("has_read")
def test_the_bar_shows_what_an_interest_is_made_of(client: FlaskClient) -> None:
    page = text_of(client, "/me/interests")
    energy = page[page.index("<h3>energy") :].split("</li>")[0]
    space = page[page.index("<h3>space") :].split("</li>")[0]

    assert 'class="back"' in energy
    assert 'class="word"' not in energy
    assert 'class="word"' in space
    assert re.search(r"of 100: \d+ by going back to it, \d+ by reading", energy)


@pytest.mark.usefixtures("has_read")
def test_the_drawing_and_its_table_tell_the_same(client: FlaskClient) -> None:
    page = text_of(client, "/me/interests")
    keys = re.findall(r'<li><svg class="swatch".*?</svg>(\w[^<]*?) <span class="figure">([^<]+)<', page)
    rows = re.findall(r'<th scope="row">([^<]+)</th>((?:<td class="number">[^<]+</td>)+)', page)

    assert 2 <= len(re.findall("<polyline", page)) == len(keys) == len(rows) <= 6
    assert [(label, re.findall(r">([^<]+)</td>", cells)[-1]) for label, cells in rows] == keys
    assert "space" in ", ".join(dict(keys)).split(", ")


def test_a_dislike_is_explained_by_what_counts_against_it_and_its_slider_stands_there(
    client: FlaskClient, recommender: Recommender, make_event: MakeEvent, visit: Visit
) -> None:
    """One reading of energy, and then its cards were passed by again and again."""
    read(client, make_event, visit, "energy-0", "v0")
    for _ in range(60):
        client.post("/api/v1/events", json={"events": [make_event("viewable", item=f"energy-{n}") for n in (1, 2, 3)]})
    energy = next(each for each in recommender.interests("local") if each.target.value == "energy")
    assert energy.weight < -0.2

    page = text_of(client, "/me/interests")
    told = page[page.index("<h3>energy") :].split("</li>")[0]

    assert "You went back" not in told
    assert "You read" not in told
    assert "You passed by" in told or "you passed by" in told
    slider = re.search(r'min="(\S+)" max="1" step="0.05" value="(\S+)"', told)
    assert slider
    assert float(slider[1]) <= float(slider[2]) == pytest.approx(energy.weight, abs=0.006)


def test_after_one_like_no_two_strengths_look_alike(client: FlaskClient, recommender: Recommender) -> None:
    """What got less of the like has a shorter bar, and none is full."""
    send(client, "/act", act="like", item="energy-0")

    known = [each for each in recommender.interests("local") if each.parts]
    shown = {round(sum(part for _, part in each.parts), 1): each.weight for each in known}

    assert len(shown) > 2
    assert [shown[strength] for strength in sorted(shown)] == sorted(shown.values())
    assert len({round(100 * weight) for weight in shown.values()}) == len(shown)
    assert max(shown.values()) < 0.7


@pytest.mark.usefixtures("has_read")
def test_the_page_says_what_a_reset_leaves_and_where_all_begins_anew(client: FlaskClient) -> None:
    reset = text_of(client, "/me/interests").split('id="reset"')[1]

    assert "learned from the lists of everybody here" in reset
    assert '<a href="/me/erase">erase everything</a>' in reset


def test_nothing_is_drawn_before_anything_has_moved(client: FlaskClient) -> None:
    page = text_of(client, "/me/interests")

    assert "<polyline" not in page
    assert "Nothing yet" in page


@pytest.mark.usefixtures("has_read")
def test_a_slider_of_the_list_sets_its_own_interest(client: FlaskClient, recommender: Recommender) -> None:
    before = {each.target.value: each.weight for each in recommender.interests("local")}

    send(client, "/me/interests", do="weigh topic space", **{"weight topic space": "0.2", "weight topic energy": "0.9"})

    after = {each.target.value: each.weight for each in recommender.interests("local")}
    assert after["space"] == pytest.approx(0.2)
    assert after["energy"] == pytest.approx(before["energy"])


@pytest.mark.usefixtures("has_read")
@pytest.mark.parametrize("act", ["reset", "forget topic energy", "mute topic energy", "ignore topic energy"])
def test_what_was_done_is_undone(client: FlaskClient, recommender: Recommender, act: str) -> None:
    before = weights_of(recommender)

    form = {"act": "reset"} if act == "reset" else {"do": act}
    page = send(client, "/me/interests", **form, next="/me/interests").headers["Location"]
    changed = weights_of(recommender)
    send(client, "/me/undo", **undo_of(text_of(client, page)))

    assert changed != before
    # What is expected of returns was learned meanwhile: if it is folded anew, the first reading is judged by that.
    assert weights_of(recommender) == pytest.approx(before, abs=1e-9 if "topic" in act and "forget" not in act else 0.1)


@pytest.mark.usefixtures("has_read")
def test_a_mute_may_end(client: FlaskClient, recommender: Recommender, clock: ManualClock) -> None:
    send(client, "/me/interests", act="mute", kind="topic", value="space", days="7")
    send(client, "/me/interests", act="mute", kind="topic", value="food", until="2026-12-01")

    week, day = (event.target.until for event in events_of(recommender, "mute"))  # type: ignore[attr-defined]  # Steer
    assert week == clock() + timedelta(days=7)
    assert f"{day:%Y-%m-%d %H:%M}" == "2026-12-01 23:59"
    assert "until <time" in text_of(client, "/me/interests")


def test_a_day_that_is_none_is_refused(client: FlaskClient) -> None:
    answer = send(client, "/me/interests", act="mute", kind="topic", value="food", until="soon")

    assert answer.status_code == 422
    assert "2026-12-31" in answer.get_data(as_text=True)


def test_nobody_undoes_what_others_did(client: FlaskClient, recommender: Recommender, make_event: MakeEvent) -> None:
    """Ids are of a reader: naming another's event changes nothing for them."""
    from reader.behaviour.events import parse_event

    theirs = parse_event({**make_event("mute", target={"kind": "topic", "value": "food"}), "user": "ann"})
    recommender.observe([theirs])

    send(client, "/me/undo", event=theirs.id)

    assert [each.target.value for each in recommender.interests("ann") if each.muted] == ["food"]
