"""Sessions as programs hold them, call for call: the first sync, reading, starring, marking, feeds and folders.

Written after what such programs are known to send: parameters doubled in address and body, both forms of ids, pages
of ids first and texts in bundles.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from reader.ingest.subscriptions import Subscriptions
from reader.recommend.recommender import Recommender
from reader.recommend.requests import Request
from reader.types import Article
from tests.builders import deliver
from tests.webapp.conftest import NOW
from tests.webapp.greader.conftest import ENERGY, LIST, READ, SCIENCE, SPACE, STARRED, Program, age
from webapp.greader.shapes import html_of

LONG = "tag:google.com,2005:reader/item/"


def counts(program: Program) -> dict[str, int]:
    return {one["id"]: one["count"] for one in program.get("unread-count")["unreadcounts"]}


def log_of(recommender: Recommender) -> list[tuple[str, str | None]]:
    events = recommender.storage.iter_events(user="local")
    return [(event.type, event.item) for event in events if event.type != "impression"]


def test_a_whole_session(program: Program, recommender: Recommender) -> None:
    """Log in, who am I, what do I follow, what is unread, fetch it, read one, star one, mark the rest."""
    assert program.get("user-info")["userName"] == "local"
    followed = {one["id"]: one for one in program.get("subscription/list")["subscriptions"]}
    assert followed.keys() == {f"feed/{ENERGY}", f"feed/{SPACE}"}
    assert followed[f"feed/{SPACE}"]["categories"] == [{"id": SCIENCE, "label": "Science", "type": "folder"}]
    assert {tag["id"] for tag in program.get("tag/list")["tags"]} == {STARRED, SCIENCE}
    assert counts(program) == {LIST: 16, SCIENCE: 8, f"feed/{ENERGY}": 8, f"feed/{SPACE}": 8}

    unread = program.ids(LIST, ("xt", READ))
    texts = program.post("stream/items/contents", *(("i", f"{LONG}{int(one):016x}") for one in unread[:5])).get_json()
    assert [item["title"] for item in texts["items"]] == program.titles()[:5]

    program.change("edit-tag", ("i", unread[0]), ("a", READ))
    program.change("edit-tag", ("i", f"{LONG}{int(unread[1]):016x}"), ("a", STARRED), ("r", READ))
    program.change("mark-all-as-read", ("s", SCIENCE), ("ts", age(0) + "000000000"))

    assert counts(program) == {LIST: 7, f"feed/{ENERGY}": 7}
    assert program.ids(STARRED) == [unread[1]]
    assert program.ids(LIST, ("it", READ)) == [one for one in unread if one not in program.ids(LIST, ("xt", READ))]
    assert log_of(recommender) == [
        ("mark_read", "energy-0"),
        ("save", "space-0"),
        *(("mark_read", f"space-{number}") for number in range(8)),
    ]


def test_marking_is_no_opening_and_teaches_nothing(program: Program, recommender: Recommender) -> None:
    """It comes into no ranked list any more; interests, heat and openings are as they were."""
    before = recommender.interests("local")
    (newest,) = program.ids(f"feed/{ENERGY}", ("n", "1"))[:1]
    assert "energy-0" in {place.item for place in recommender.recommend(Request("local", limit=60)).items}

    program.change("edit-tag", ("i", newest), ("a", READ))

    listed = {place.item for place in recommender.recommend(Request("local", limit=60)).items}
    assert "energy-0" not in listed
    assert "energy-1" in listed
    assert recommender.interests("local") == before
    assert "energy-0" not in recommender.state("local").opened

    program.change("edit-tag", ("i", newest), ("r", READ))

    assert "energy-0" in {place.item for place in recommender.recommend(Request("local", limit=60)).items}


def test_what_is_read_here_is_read_there(program: Program, app: Flask) -> None:
    """Opened in the browser, then kept as unread by the program, then opened again."""
    app.test_client().get("/a/energy-0")
    (opened,) = program.ids(LIST, ("it", READ))
    assert opened == program.ids(f"feed/{ENERGY}")[0]

    program.change("edit-tag", ("i", opened), ("a", "user/-/state/com.google/kept-unread"), ("r", READ))
    assert program.ids(LIST, ("it", READ)) == []
    program.client.get("/a/energy-0?list=other")
    assert program.ids(LIST, ("it", READ)) == [opened]


def test_saying_it_twice_changes_nothing(program: Program, recommender: Recommender) -> None:
    (newest,) = program.ids(LIST, ("n", "1"))[:1]
    for _ in range(3):
        program.change("edit-tag", ("i", newest), ("i", newest), ("a", STARRED), ("a", READ))

    assert sorted(log_of(recommender)) == [("mark_read", "energy-0"), ("save", "energy-0")]

    program.change("edit-tag", ("i", newest), ("r", STARRED))
    assert program.ids(STARRED) == []


def test_what_is_saved_here_is_starred_there_of_whatever_feed(
    program: Program, make_event: Callable[..., dict[str, Any]]
) -> None:
    program.client.post("/api/v1/events", json={"events": [make_event("save", item="music-3")]})

    (starred,) = program.get(f"stream/contents/{STARRED}")["items"]

    assert starred["title"] == "The cello in winter, part 3"
    assert starred["categories"] == [STARRED]
    assert starred["origin"]["title"] == "Paper 3"
    assert len(program.ids(LIST)) == 16


def test_pages_hold_together_while_items_come_and_go(program: Program, recommender: Recommender) -> None:
    """No repeats, no gaps, in either direction."""
    whole = program.ids(LIST)
    for order, expected in (("n", whole), ("o", whole[::-1])):
        found: list[str] = []
        more: list[tuple[str, str]] = []
        while True:
            page = program.get("stream/items/ids", ("s", LIST), ("n", "5"), ("r", order), *more)
            found += [one["id"] for one in page["itemRefs"]]
            if "continuation" not in page:
                break
            more = [("c", page["continuation"])]
            deliver(recommender.storage, ENERGY, {"music-0": recommender.clock()} if order == "n" else {})
        assert [one for one in found if one in whole] == expected
        assert len(found) == len(set(found))


def test_moments_cut_a_stream_at_both_ends(program: Program) -> None:
    """energy-1 is six hours old, space-1 seven; both ends are included."""
    assert program.titles(("ot", age(7)), ("nt", age(6))) == [
        "Salt lakes of Chile, part 1",
        "A telescope on the Moon, part 1",
    ]


def test_what_a_feed_brings_late_is_as_new_as_it_came(program: Program, recommender: Recommender) -> None:
    """Else a program that asks for what came since it asked last would never get it."""
    deliver(recommender.storage, ENERGY, {"music-5": NOW - timedelta(hours=29)}, came_at=NOW)

    assert program.titles(("ot", age(0))) == ["The cello in winter, part 5"]


def test_streams_are_left_out_and_kept_to(program: Program) -> None:
    assert len(program.ids(LIST, ("xt", SCIENCE))) == 8
    assert program.ids(LIST, ("xt", f"feed/{ENERGY}")) == program.ids(SCIENCE)
    assert program.ids(LIST, ("it", SCIENCE), ("it", f"feed/{ENERGY}")) == []
    assert program.ids("user/-/label/Nothing") == []
    assert program.ids("user/1005921515/state/com.google/reading-list") == program.ids(LIST)


def test_an_item_has_what_a_program_shows(program: Program) -> None:
    item = program.get("stream/contents/" + f"feed/{ENERGY}", ("n", "1"))["items"][0]

    assert item["title"] == "Salt lakes of Chile, part 0"
    assert item["alternate"][0]["href"] == "https://news.example/energy/0"
    assert item["origin"] == {
        "streamId": f"feed/{ENERGY}",
        "title": "The energy feed",
        "htmlUrl": "https://energy.example/",
    }
    assert item["summary"]["content"].startswith("<p>Lithium brine is pumped")
    assert str(item["published"]) == age(1)
    assert item["author"] == "Ada"
    assert item["id"].removeprefix(LONG) == f"{int(program.ids(LIST)[0]):016x}"


def test_a_program_gets_the_text_as_it_looks() -> None:
    look = "<p>Salt &lt; <b>sea</b></p>"
    item = Article(id="a", title="Salt", paragraphs=("Salt < sea", "Plain < text"), markup=(look, ""))

    assert html_of(item) == f"{look}<p>Plain &lt; text</p>"
    heard = replace(item, paragraphs=(), markup=(), audio_url="https://a.example/1.mp3")
    assert html_of(heard) == '<p><audio controls src="https://a.example/1.mp3"></audio></p>'
    assert html_of(replace(item, markup=())) == "<p>Salt &lt; sea</p><p>Plain &lt; text</p>"


def test_the_address_of_a_feed_may_have_parameters(program: Program) -> None:
    assert program.titles(("s", f"feed/{SPACE}"), stream="") == program.titles(stream=SCIENCE)


def test_feeds_are_followed_named_filed_and_left(program: Program, own: Subscriptions) -> None:
    new = "https://new.example/atom.xml"
    program.change(
        "subscription/edit", ("ac", "subscribe"), ("s", f"feed/{new}"), ("t", "New"), ("a", "user/-/label/Later")
    )
    one = own.one("local", new)
    assert (one.name, one.folders) == ("New", (("Later",),))

    program.change(
        "subscription/edit",
        ("ac", "edit"),
        ("s", f"feed/{new}"),
        ("t", "Newer"),
        ("a", SCIENCE),
        ("r", "user/-/label/Later"),
    )
    one = own.one("local", new)
    assert (one.name, one.folders) == ("Newer", (("Science",),))

    program.change("subscription/edit", ("ac", "unsubscribe"), ("s", f"feed/{new}"), ("s", f"feed/{SPACE}"))
    assert [followed.feed.url for followed in own.of("local")] == [ENERGY]
    assert len(program.ids(LIST)) == 8


def test_folders_are_renamed_and_taken_away(program: Program, own: Subscriptions) -> None:
    program.change("rename-tag", ("s", SCIENCE), ("dest", "user/-/label/Sky"))
    assert own.one("local", SPACE).folders == (("Sky",),)
    assert {tag["id"] for tag in program.get("tag/list")["tags"]} == {STARRED, "user/-/label/Sky"}

    program.change("disable-tag", ("s", "user/-/label/Sky"))
    assert own.one("local", SPACE).folders == ()


@pytest.mark.parametrize("unit", ["000", "000000", "000000000"], ids=["ms", "us", "ns"])
def test_a_moment_is_understood_in_every_unit(program: Program, unit: str) -> None:
    """What came after the program's last look stays unread."""
    program.change("mark-all-as-read", ("s", LIST), ("ts", age(6.5) + unit))

    assert program.titles(("xt", READ)) == [
        "Salt lakes of Chile, part 0",
        "A telescope on the Moon, part 0",
        "Salt lakes of Chile, part 1",
    ]
