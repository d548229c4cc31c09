"""The pages of feeds: add, choose, change, end and take back, import and export, health. Real HTTP on loopback."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from reader.clock import ManualClock
from reader.ingest.subscriptions import Subscriptions
from reader.recommend.recommender import Recommender
from reader.settings import Settings
from tests.builders import deliver
from tests.reader.ingest.conftest import Site
from tests.reader.ingest.opml_files import LAYOUTS, NEWSBLUR
from tests.reader.ingest.test_opml import outlines
from tests.webapp.conftest import NOW
from tests.webapp.pages.test_pages import send, text_of
from webapp.services import EXTENSION

FEED = b"""<rss version="2.0"><channel><title>Paper 1</title><link>https://salt.example/</link></channel></rss>"""


@pytest.fixture
def settings() -> Settings:
    return Settings(secret_key="a key for tests", fetch_private_addresses=True)


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as running:
        yield running


@pytest.fixture
def own(recommender: Recommender) -> Subscriptions:
    return Subscriptions(recommender.storage, recommender.clock)


def names(own: Subscriptions) -> list[str]:
    return [one.name for one in own.of("local")]


def upload(client: FlaskClient, content: bytes) -> Any:
    page = client.get("/feeds/import").get_data(as_text=True)
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token is not None
    return client.post("/feeds/import", data={"csrf_token": token[1], "file": (io.BytesIO(content), "feeds.opml")})


def test_a_feed_is_added_by_the_address_of_its_site(
    client: FlaskClient, site: Site, own: Subscriptions, app: Flask
) -> None:
    """It is wanted at once."""
    site.put("/rss", FEED)
    url = site.put(
        "/", b'<!doctype html><html><link rel="alternate" type="application/rss+xml" href="/rss"><p>Hi</p></html>'
    )

    answer = send(client, "/feeds", url=url.removeprefix("http://"), folder="News › World")

    assert answer.headers["Location"] == "/feeds"
    (feed,) = own.of("local")
    assert (feed.feed.url, feed.name, feed.folders) == (f"{site.url}/rss", "Paper 1", (("News", "World"),))
    assert app.extensions[EXTENSION].feeds.due.is_set()
    page = text_of(client, "/feeds")
    assert "You follow Paper 1 now." in page
    assert "News › World" in page


def test_of_several_feeds_one_chooses(client: FlaskClient, site: Site, own: Subscriptions) -> None:
    links = ""
    for name in ("one", "two", "three"):
        site.put(f"/{name}", FEED.replace(b"Paper 1", name.encode()))
        links += f'<link rel="alternate" type="application/rss+xml" href="/{name}">'
    url = site.put("/", f"<!doctype html><html>{links}</html>".encode())

    page = send(client, "/feeds", url=url, folder="News; Art").get_data(as_text=True)
    sealed = re.search(r'name="found" value="([^"]+)"', page)
    assert sealed is not None
    assert "There are 3 feeds" in page
    assert names(own) == []
    before = len(site.asked)
    ticked: Any = [f"{site.url}/two", "https://evil.example/"]
    send(client, "/feeds/choose", found=sealed[1], folder="News; Art", feed=ticked)

    (two,) = own.of("local")
    assert (two.name, two.folders) == ("two", (("News",), ("Art",)))
    assert len(site.asked) == before


def test_a_feed_that_was_left_comes_back_into_the_folder_that_is_typed(
    client: FlaskClient, site: Site, own: Subscriptions
) -> None:
    url = site.put("/rss", FEED)
    own.follow("local", url, folder=("Old",))
    own.end("local", url)

    send(client, "/feeds", url=url, folder="New")

    assert own.one("local", url).folders == (("New",),)


def test_what_was_not_found_here_cannot_be_chosen(client: FlaskClient) -> None:
    assert send(client, "/feeds/choose", found="W10.x", feed="https://a.example/").status_code == 422


@pytest.mark.parametrize(("typed", "words"), [("", "is no address"), ("file:///etc/passwd", "is no address")])
def test_what_is_no_address_is_said_beside_the_field(client: FlaskClient, typed: str, words: str) -> None:
    answer = send(client, "/feeds", url=typed, folder="News; Art")

    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert words in page
    assert 'value="News; Art"' in page
    assert 'aria-describedby="wrong"' in page


def test_a_site_that_refuses_is_told_with_a_remedy(client: FlaskClient, site: Site) -> None:
    site.pages["/"] = lambda handler: handler.answer(status=403)

    page = send(client, "/feeds", url=site.url).get_data(as_text=True)

    assert "The site does not let us read this feed." in page
    assert f'value="{site.url}"' in page


def test_name_folder_and_full_text_are_set_in_one_form(client: FlaskClient, own: Subscriptions) -> None:
    url = own.follow("local", "https://salt.example/feed", title="Salt").feed.url

    send(client, "/feeds/change", act="set", feed=url, name="White gold", folder="Art; News > World", full_text="on")

    one = own.one("local", url)
    assert (one.name, one.folders) == ("White gold", (("Art",), ("News", "World")))
    assert one.subscription.full_text
    send(client, "/feeds/change", act="set", feed=url, name="White gold", folder="Art; News › World")
    assert own.one("local", url).folders == one.folders


def test_a_folder_whose_name_holds_marks_stays_what_it_is(client: FlaskClient, own: Subscriptions) -> None:
    """Other programs know no bar to `;`, `>` and `/` in the name of a folder."""
    odd = (("Tools; more > less",), ("TV/Radio",))
    url = own.follow("local", "https://salt.example/feed").feed.url
    own.file("local", url, odd)
    shown = re.search(r'name="folder" list="folders" maxlength="1000" value="([^"]*)"', text_of(client, "/feeds"))
    assert shown is not None

    send(client, "/feeds/change", act="set", feed=url, name="Salt", folder=unescape(shown[1]))
    assert own.one("local", url).folders == odd

    other = own.follow("local", "https://other.example/feed", folder=("A > B",)).feed.url
    send(client, "/feeds/change", act="set", feed=url, name="Salt", folder="A > B; TV/Radio")
    assert own.one("local", url).folders == (*own.one("local", other).folders, ("TV/Radio",))
    assert not own.one("local", url).subscription.full_text


def test_the_feeds_own_name_does_not_become_the_readers(client: FlaskClient, own: Subscriptions) -> None:
    """Else it would stay when the feed takes another name."""
    url = own.follow("local", "https://salt.example/feed", title="Salt").feed.url

    send(client, "/feeds/change", act="set", feed=url, name="Salt", folder="")

    assert own.one("local", url).subscription.title == ""


def test_an_unsubscribed_feed_can_be_taken_back(client: FlaskClient, own: Subscriptions) -> None:
    url = own.follow("local", "https://salt.example/feed", name="Salt", folder=("News",)).feed.url
    before = own.one("local", url)

    send(client, "/feeds/change", act="unfollow", feed=url)
    page = text_of(client, "/feeds")
    assert names(own) == []
    assert "You no longer follow Salt." in page
    assert 'value="take-back"' in page
    send(client, "/feeds/change", act="take-back", feed=url)

    assert own.one("local", url) == before
    assert 'value="take-back"' not in text_of(client, "/feeds")


@pytest.mark.parametrize("form", [{"act": "x"}, {"act": ""}])
def test_other_acts_are_refused(client: FlaskClient, form: dict[str, str]) -> None:
    assert send(client, "/feeds/change", feed="https://a.example/", **form).status_code == 422


def test_a_feed_of_somebody_else_cannot_be_changed(client: FlaskClient, own: Subscriptions) -> None:
    own.follow("bob", "https://salt.example/feed")

    for act in ("set", "unfollow", "take-back"):
        assert send(client, "/feeds/change", act=act, feed="https://salt.example/feed").status_code == 404


def test_a_muted_feed_is_kept_and_nothing_of_it_is_listed(
    client: FlaskClient, own: Subscriptions, recommender: Recommender
) -> None:
    own.follow("local", "https://paper.example/", title="Paper 1")

    send(client, "/me/interests", act="mute", kind="source", value="Paper 1", next="/feeds")

    assert 'class="tag">muted' in text_of(client, "/feeds")
    listed = re.findall(r'data-item="([^"]+)"', text_of(client, "/"))
    assert listed
    assert "Paper 1" not in {recommender.item(item).source for item in listed}


@pytest.mark.parametrize("name", LAYOUTS)
def test_opml_is_shown_before_it_is_taken_and_goes_out_as_it_came(
    client: FlaskClient, own: Subscriptions, name: str
) -> None:
    page = upload(client, LAYOUTS[name].encode()).get_data(as_text=True)
    packed = re.search(r'name="opml" value="([^"]+)"', page)
    offered = [url.replace("&amp;", "&") for url in re.findall(r'name="feed" value="([^"]+)"', page)]
    assert packed is not None
    assert names(own) == []

    send(client, "/feeds/import/take", opml=packed[1], feed=offered)  # type: ignore[arg-type]  # a list: ticked boxes

    assert outlines(client.get("/feeds/export.opml").data) == outlines(LAYOUTS[name])


def test_a_preview_says_what_is_new_known_and_broken(client: FlaskClient, own: Subscriptions) -> None:
    own.follow("local", "https://top.example/feed", name="Mine", folder=("News",))
    file = NEWSBLUR.replace('xmlUrl="https://last.example/feed"', 'xmlUrl="ftp://last.example/feed"')

    page = upload(client, file.encode()).get_data(as_text=True)

    counts = re.findall(r"(New|Followed already|Cannot be used): (\d+)", page)
    assert counts == [("New", "2"), ("Followed already", "1"), ("Cannot be used", "1")]
    assert "ftp://last.example/feed is no http(s) address" in page
    assert "New folders: News › World, News › Nothing yet" in page


def test_only_ticked_feeds_are_taken(client: FlaskClient, own: Subscriptions) -> None:
    page = upload(client, NEWSBLUR.encode()).get_data(as_text=True)
    packed = re.search(r'name="opml" value="([^"]+)"', page)
    assert packed is not None

    send(client, "/feeds/import/take", opml=packed[1], feed="https://world.example/feed")

    assert names(own) == ["World in brief"]


def test_a_list_of_two_thousand_feeds_comes_in(client: FlaskClient, own: Subscriptions) -> None:
    """Larger than any other form may be."""
    lines = "".join(f'<outline text="Feed {n} {"x" * 100}" xmlUrl="https://{n}.example/feed"/>' for n in range(2_000))
    page = upload(client, f"<opml><body>{lines}</body></opml>".encode()).get_data(as_text=True)
    packed = re.search(r'name="opml" value="([^"]+)"', page)
    assert packed is not None

    answer = send(client, "/feeds/import/take", opml=packed[1], feed=re.findall(r'name="feed" value="([^"]+)"', page))  # type: ignore[arg-type]  # the same

    assert answer.status_code == 303
    assert len(names(own)) == 2_000


@pytest.mark.parametrize("content", [b"", b"no OPML", b"<html></html>"])
def test_a_wrong_file_is_said_beside_the_field(client: FlaskClient, content: bytes) -> None:
    answer = upload(client, content)

    assert answer.status_code == 422
    assert "choose the file" in answer.get_data(as_text=True) or "give the file" in answer.get_data(as_text=True)


@pytest.mark.parametrize("packed", ["", "x", "eJwDAAAAAAE=", "é"])
def test_a_form_that_was_tampered_with_is_refused(client: FlaskClient, packed: str) -> None:
    assert send(client, "/feeds/import/take", opml=packed).status_code == 422


def test_a_feed_that_is_followed_already_is_named(client: FlaskClient, site: Site, own: Subscriptions) -> None:
    url = site.put("/rss", FEED)

    send(client, "/feeds", url=url)
    first = text_of(client, "/feeds")
    send(client, "/feeds", url=url)
    again = text_of(client, "/feeds")

    assert "You follow Paper 1 now." in first
    assert "You follow Paper 1 already." in again
    assert "You follow Paper 1 now." not in again
    assert names(own) == ["Paper 1"]


def test_feeds_that_were_never_fetched_are_not_called_well(client: FlaskClient, own: Subscriptions) -> None:
    own.follow("local", "https://new.example/", title="New")

    page = text_of(client, "/feeds/health")

    assert "1 of 1 has not been fetched yet." in page
    assert "can be read" not in page


def test_health_puts_trouble_first_and_says_what_to_do(
    client: FlaskClient, own: Subscriptions, clock: ManualClock
) -> None:
    well = own.follow("local", "https://well.example/", title="Well").feed
    bad = own.follow("local", "https://bad.example/", title="Bad").feed
    gone = own.follow("local", "https://gone.example/", title="Gone").feed
    own.follow("local", "https://new.example/", title="New")
    deliver(own.storage, well.url, {f"w{n}": NOW - timedelta(days=n) for n in range(14)})
    last = NOW - timedelta(hours=2)
    own.storage.put_feed(replace(well, fetched_at=last, succeeded_at=last, next_at=NOW + timedelta(minutes=40)))
    said = replace(bad, fetched_at=last, trouble="not found", error="the server answered 404 Not Found", failures=3)
    own.storage.put_feed(replace(said, next_at=NOW + timedelta(hours=8)))
    own.storage.put_feed(replace(gone, fetched_at=last, trouble="gone", error="410", failures=1))

    page = " ".join(re.sub(r"<[^>]+>", " ", text_of(client, "/feeds/health")).split())

    assert "2 of 4 are in trouble. 1 of 4 has not been fetched yet." in page
    assert page.index("Bad") < page.index("Gone") < page.index("New Not fetched yet") < page.index("Well Well")
    assert "There is nothing at this address any more. Look for its new address." in page
    assert "404 Not Found (3 times in a row)" in page
    assert "in 8 hours" in page
    assert "Last read 2 hours ago Next try in 40 minutes" in page
    assert "3.5" in page
    assert "not by itself" in page


def test_a_feed_can_be_tried_at_once_but_not_again_and_again(
    client: FlaskClient, own: Subscriptions, app: Flask, clock: ManualClock
) -> None:
    """One that is gone, too: whoever asks knows more than its server said."""
    feed = own.follow("local", "https://gone.example/").feed
    tried = replace(feed, fetched_at=NOW, trouble="gone", failures=1)
    own.storage.put_feed(tried)

    send(client, "/feeds/try", feed=feed.url)
    assert own.storage.feed(feed.url) == tried
    assert not app.extensions[EXTENSION].feeds.due.is_set()
    clock.at += timedelta(minutes=2)
    send(client, "/feeds/try", feed=feed.url)

    assert own.storage.feed(feed.url) == replace(tried, trouble="", next_at=None)
    assert app.extensions[EXTENSION].feeds.due.is_set()
