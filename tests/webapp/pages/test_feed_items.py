"""The pages of one feed, a folder and all feeds: what is read, paging, marking all and taking that back, and whose."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest
from flask.testing import FlaskClient

from reader.clock import ManualClock
from reader.ingest.subscriptions import Subscriptions
from reader.recommend.recommender import Recommender
from reader.types import Article, Hide
from tests.builders import act, deliver
from tests.webapp.conftest import NOW
from tests.webapp.greader.conftest import ENERGY, SPACE, follow_two
from tests.webapp.pages.test_pages import events_of, send, text_of
from webapp.pages.feed_items import feed_place, key_of

ENERGY_PAGE, SPACE_PAGE = (f"/feeds/of/{key_of(url)}" for url in (ENERGY, SPACE))


@pytest.fixture
def own(recommender: Recommender) -> Subscriptions:
    return follow_two(recommender)


def listed(client: FlaskClient, path: str) -> list[str]:
    """Return the ids of the cards of a page, and of those that it leads on to."""
    page = text_of(client, path)
    more = re.search(r'href="([^"]+)">Load more', page)
    return re.findall(r'data-item="([^"]+)"', page) + (listed(client, unescape(more[1])) if more else [])


def press(client: FlaskClient, path: str) -> str:
    """Press "Mark all as read" on a page; return the page that follows."""
    form = re.search(r'action="/feeds/read">(.*?)</form>', text_of(client, path), re.DOTALL)
    assert form is not None
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form[1]))
    answer = client.post("/feeds/read", data={name: unescape(value) for name, value in fields.items()})
    assert answer.status_code == 303
    return text_of(client, answer.headers["Location"])


def numbered(topic: str, *numbers: int) -> list[str]:
    return [f"{topic}-{number}" for number in numbers]


@pytest.mark.usefixtures("own")
def test_a_feed_shows_what_it_brought_newest_first_and_what_is_unread(client: FlaskClient) -> None:
    client.get("/a/energy-2")

    assert listed(client, ENERGY_PAGE) == numbered("energy", 0, 1, 3, 4, 5, 6, 7)
    assert listed(client, f"{ENERGY_PAGE}?show=all") == numbered("energy", *range(8))
    assert "8 items, 7 unread." in text_of(client, ENERGY_PAGE)
    assert listed(client, "/feeds/in?folder=Science") == numbered("space", *range(8))
    assert set(listed(client, "/feeds/all?show=all")) == {*numbered("energy", *range(8)), *numbered("space", *range(8))}


def test_pages_are_of_twenty_and_none_is_left_out_whatever_is_read_meanwhile(
    client: FlaskClient, recommender: Recommender, own: Subscriptions
) -> None:
    found = recommender.storage.items(
        [f"{topic}-{number}" for topic in ("food", "music") for number in range(8)]
    ).values()
    deliver(own.storage, ENERGY, {item.id: item.published_at or NOW for item in found})
    first = text_of(client, ENERGY_PAGE)
    cards = re.findall(r'data-item="([^"]+)"', first)
    for item in cards[:5]:
        client.get(f"/a/{item}")
    more = re.search(r'href="([^"]+)">Load more', first)
    assert more is not None

    rest = listed(client, unescape(more[1]))

    assert (len(cards), len(rest)) == (20, 4)
    assert not set(cards) & set(rest)


def test_all_is_marked_as_read_and_taken_back_but_for_what_was_opened_since(
    client: FlaskClient, recommender: Recommender, own: Subscriptions
) -> None:
    client.get("/a/energy-0")

    page = press(client, ENERGY_PAGE)

    assert "7 items are marked as read." in page
    assert {event.item for event in events_of(recommender, "mark_read")} == set(numbered("energy", *range(1, 8)))
    assert listed(client, "/feeds/all") == numbered("space", *range(8))
    undo = re.search(r'name="event" value="(all-\w+)"', page)
    assert undo is not None
    client.get("/a/energy-3")
    send(client, "/me/undo", event=undo[1])
    assert listed(client, ENERGY_PAGE) == numbered("energy", 1, 2, 4, 5, 6, 7)


def test_what_comes_after_the_page_was_made_is_not_marked_with_it(
    client: FlaskClient, recommender: Recommender, own: Subscriptions, clock: ManualClock
) -> None:
    page = text_of(client, ENERGY_PAGE)
    until = re.search(r'name="until" value="(\d+)"', page)
    assert until is not None
    clock.at = NOW + timedelta(minutes=5)
    late = Article(id="late", title="Late", published_at=NOW, paragraphs=("Late news.",))
    recommender.add_items([late])
    deliver(own.storage, ENERGY, {"late": NOW}, came_at=clock())

    send(client, "/feeds/read", key=key_of(ENERGY), until=until[1])

    assert listed(client, ENERGY_PAGE) == ["late"]


@pytest.mark.usefixtures("own")
def test_what_is_not_shown_is_not_marked_with_the_rest(client: FlaskClient, recommender: Recommender) -> None:
    recommender.observe([Hide(id="h", type="hide", at=NOW, user="local", item="space-1")])

    page = press(client, SPACE_PAGE)

    assert "7 items are marked as read." in page
    assert "space-1" not in {event.item for event in events_of(recommender, "mark_read")}
    undo = re.search(r'name="event" value="(all-\w+)"', page)
    assert undo is not None
    assert "7 items are unread again." in text_of(client, send(client, "/me/undo", event=undo[1]).headers["Location"])


@pytest.mark.usefixtures("own")
def test_what_was_hidden_or_muted_is_not_shown_and_not_counted(client: FlaskClient, recommender: Recommender) -> None:
    recommender.observe(
        [
            Hide(id="h", type="hide", at=NOW, user="local", item="space-1"),
            act("mute", user="local", at=NOW, target=("topic", "energy")),
        ]
    )

    assert listed(client, "/feeds/all") == numbered("space", 0, 2, 3, 4, 5, 6, 7)
    page = text_of(client, "/feeds")
    assert "Read all feeds (7 unread)" in page
    assert "Nothing has come yet" in text_of(client, ENERGY_PAGE)


def test_a_muted_source_is_kept_from_its_folder_and_not_from_its_own_page(
    client: FlaskClient, recommender: Recommender, own: Subscriptions
) -> None:
    one = own.storage.feed(SPACE)
    assert one is not None
    own.storage.put_feed(replace(one, title="Paper 1"))
    recommender.observe([act("mute", user="local", at=NOW, target=("source", "Paper 1"))])

    assert listed(client, "/feeds/in?folder=Science") == numbered("space", 0, 2, 3, 4, 6, 7)
    assert listed(client, SPACE_PAGE) == numbered("space", *range(8))


def test_the_page_of_feeds_counts_what_is_unread_of_each_feed_and_folder(
    client: FlaskClient, own: Subscriptions
) -> None:
    own.file("local", ENERGY, [("News", "World")])
    client.get("/a/space-0")

    page = text_of(client, "/feeds")

    for path, count in ((ENERGY_PAGE, 8), (SPACE_PAGE, 7), ("/feeds/in?folder=News/World", 8)):
        assert re.search(rf'href="{re.escape(path)}">{count} unread', page), path
    assert listed(client, "/feeds/in?folder=News") == numbered("energy", *range(8))
    assert "Read all feeds (15 unread)" in page


def test_two_feeds_of_one_site_can_be_told_apart(client: FlaskClient, own: Subscriptions) -> None:
    for path in ("a.xml", "b.xml?of=today"):
        own.follow("local", f"https://one.example/{path}", title="One", site_url="https://one.example/")

    page = text_of(client, "/feeds")

    assert "one.example/a.xml" in page
    assert feed_place("https://one.example/b.xml?of=today") in page


def test_a_source_leads_to_the_feed_that_the_reader_follows_and_to_no_other(
    client: FlaskClient, recommender: Recommender, own: Subscriptions
) -> None:
    own.follow("bob", "https://food.example/feed")
    deliver(own.storage, "https://food.example/feed", {"food-0": NOW})
    link = rf'<strong><a href="{ENERGY_PAGE}\?show=all">Paper 0</a></strong>'

    assert re.search(link, text_of(client, "/latest"))
    assert re.search(link, text_of(client, "/a/energy-0"))
    assert "<strong>Paper 0</strong>" in text_of(client, "/a/food-0")


@pytest.mark.parametrize(
    "path", [f"/feeds/of/{key_of('https://food.example/feed')}", "/feeds/of/x", "/feeds/in?folder=x"]
)
def test_what_the_reader_does_not_follow_is_not_there(client: FlaskClient, own: Subscriptions, path: str) -> None:
    own.follow("bob", "https://food.example/feed", folder=("x",))
    own.end("local", SPACE)

    assert client.get(path).status_code == 404
    assert client.get(SPACE_PAGE).status_code == 404
    assert client.get("/feeds/in").status_code == 404
