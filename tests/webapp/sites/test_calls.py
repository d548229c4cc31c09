"""What a publisher's page can ask for its reader."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from reader.ingest.site_items import page_id
from reader.recommend.recommender import Recommender
from reader.sites.registry import user_of
from reader.types_sites import Site
from tests.webapp.sites.conftest import ORIGIN, READER, Call

OTHER = "cd" * 16
SALT = page_id(f"{ORIGIN}/energy-0")


@pytest.fixture
def agreed(call: Call, of_site: Recommender) -> Call:
    assert call("consent", attention=True).json == {"attention": True}
    return call


@pytest.mark.parametrize(
    ("name", "body"),
    [("page", {"url": ORIGIN}), ("events", {"events": []}), ("recommendations", {}), ("export", {})],
)
def test_nothing_without_a_yes_on_record(call: Call, of_site: Recommender, name: str, body: dict[str, Any]) -> None:
    answer = call(name, **body)

    assert answer.status_code == 403
    assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert of_site.storage.users() == []


def test_a_page_is_told_which_item_it_is(agreed: Call) -> None:
    answer = agreed("page", url=f"{ORIGIN}/energy-0?utm_source=mail#end").json

    assert answer["item"] == SALT
    assert answer["outline"][0] == ["lithiumbrineispumpedfrom", 55, 11]
    assert len(answer["outline"]) == 3


@pytest.mark.parametrize("url", ["https://evil.example/energy-0", "file:///etc/passwd", "http://169.254.169.254/", "x"])
def test_a_page_of_another_site_is_neither_told_nor_fetched(agreed: Call, url: str) -> None:
    assert agreed("page", url=url).json == {"item": None, "again": False}


def test_what_is_read_changes_the_list(
    agreed: Call, visit: Callable[..., dict[str, Any]], make_event: Callable[..., dict[str, Any]]
) -> None:
    before = [item["url"] for item in agreed("recommendations", limit=10).json["items"]]
    read = [make_event("open", item=SALT, view="v1")]
    read += [visit(SALT, number, visible_ms=4000.0, dwell_ms=4000.0) for number in range(3)]

    taken = agreed("events", events=read)
    after = agreed("recommendations", limit=10).json

    assert (taken.status_code, taken.json["accepted"]) == (202, 4)
    on_energy = [item for item in after["items"] if "/energy-" in item["url"]]
    assert len(on_energy) > sum("/energy-" in url for url in before)
    assert any("lithium" in item["reasons"][0]["label"].lower() for item in on_energy if item["reasons"])
    assert SALT not in [item["id"] for item in after["items"]]


def test_readers_are_apart(agreed: Call, of_site: Recommender, make_event: Callable[..., dict[str, Any]]) -> None:
    agreed("consent", reader=OTHER, attention=True)
    agreed("events", events=[make_event("open", item=SALT, view="v1")])

    mine, others = agreed("export").json, agreed("export", reader=OTHER).json

    assert [event["type"] for event in mine["events"]] == ["open"]
    assert others["events"] == []
    assert mine["user"] != others["user"]


@pytest.mark.parametrize("kind", ["impression", "follow", "mute", "reset", "tune", "save"])
def test_a_page_reports_reading_and_no_more(agreed: Call, make_event: Callable[..., dict[str, Any]], kind: str) -> None:
    fields: dict[str, dict[str, Any]] = {
        "impression": {"list": "l1", "items": [{"item": SALT, "position": 1}]},
        "follow": {"target": {"kind": "topic", "value": "space"}},
        "mute": {"target": {"kind": "topic", "value": "space"}},
        "tune": {"surprise": 1.0},
        "save": {"item": SALT},
    }
    answer = agreed("events", events=[make_event(kind, **fields.get(kind, {}))]).json

    assert answer["accepted"] == 0
    assert answer["rejected"][0]["field"] == "type"


def test_everything_is_told_and_everything_is_forgotten(
    agreed: Call, of_site: Recommender, site: Site, make_event: Callable[..., dict[str, Any]]
) -> None:
    agreed("events", events=[make_event("open", item=SALT, view="v1")])
    agreed("recommendations")
    exported = agreed("export").json
    assert {event["type"] for event in exported["events"]} == {"open", "impression"}
    assert exported["consents"][0]["text_version"] == "site news"
    assert READER not in str(exported)

    erased = agreed("forget").json["erased"]

    assert erased["events"] == 2
    assert of_site.storage.users() == []
    assert of_site.storage.consents(user_of(site, READER)) == []


def test_what_comes_late_from_a_forgotten_reader_is_refused(
    agreed: Call, of_site: Recommender, make_event: Callable[..., dict[str, Any]]
) -> None:
    """A page that was open when another tab said: forget me."""
    agreed("forget")

    assert agreed("events", events=[make_event("open", item=SALT, view="v1")]).status_code == 403
    assert of_site.storage.users() == []


def test_forgetting_somebody_unknown_changes_nothing(
    agreed: Call, of_site: Recommender, make_event: Callable[..., dict[str, Any]]
) -> None:
    agreed("events", events=[make_event("open", item=SALT, view="v1")])

    before = of_site.storage.erasures()

    assert agreed("forget", reader=OTHER).json == {"erased": {}}
    assert of_site.storage.erasures() == before
    assert len(agreed("export").json["events"]) == 1


def test_the_readers_of_the_installation_are_not_touched(
    agreed: Call, recommender: Recommender, make_event: Callable[..., dict[str, Any]]
) -> None:
    agreed("events", events=[make_event("open", item=SALT, view="v1")])

    assert recommender.storage.users() == []
    assert recommender.storage.items([SALT]) == {}


@pytest.mark.parametrize(
    ("name", "body", "status"),
    [
        ("recommendations", {"limit": 0}, 422),
        ("recommendations", {"limit": 21}, 422),
        ("recommendations", {"candidates": []}, 422),
        ("recommendations", {"reader": "local"}, 422),
        ("recommendations", {"reader": ""}, 422),
        ("consent", {"attention": False}, 422),
        ("events", {}, 422),
        ("events", {"events": [{}] * 101}, 422),
        ("page", {"url": "x" * 3000}, 422),
    ],
)
def test_a_wrong_body_is_explained_to_the_page(agreed: Call, name: str, body: dict[str, Any], status: int) -> None:
    answer = agreed(name, **body)

    assert answer.status_code == status
    assert answer.mimetype == "application/problem+json"
    assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN


def test_what_costs_much_is_counted_by_address(agreed: Call) -> None:
    """Ids are for anybody to make, so a new one buys nothing."""
    told = [agreed("forget", reader=f"{number:032x}").status_code for number in range(30)]

    assert told[:20] == [200] * 20
    assert set(told[20:]) == {429}
