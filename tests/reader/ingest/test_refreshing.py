"""Feeds fetched over real HTTP on loopback, and stored. Waits are arguments: nothing sleeps."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from reader.clock import ManualClock
from reader.ingest.feeds import parse_feed
from tests.reader.ingest.conftest import NOW, Site
from tests.reader.ingest.feed_world import TEXT, World, rss


def test_what_is_new_is_stored_and_the_feed_with_it(world: World, site: Site) -> None:
    url = site.put("/feed", rss("a", "b"), ETag='"1"', Last_Modified="Mon", Cache_Control="public, max-age=7200")
    world.follow(url)

    done = world.refresh()

    assert (done.feeds, done.items, done.failed, done.problems) == (1, 2, 0, ())
    assert world.titles == ["a", "b"]
    feed = world.feed(url)
    assert (feed.title, feed.site_url, feed.etag, feed.last_modified) == ("Salt", f"{site.url}/", '"1"', "Mon")
    assert (feed.fetched_at, feed.succeeded_at, feed.next_at) == (NOW, NOW, NOW + timedelta(hours=2))
    assert len(world.storage.feed_items(url, limit=9)) == 2


def test_what_has_not_changed_costs_a_question(world: World, site: Site) -> None:
    """And what is sent again though it has not is not stored again."""
    url = site.put("/feed", rss("a"), ETag='"1"')
    other = site.put("/other", rss("b"))
    world.follow(url, other)
    world.refresh()
    site.pages["/feed"] = lambda handler: handler.answer(status=304)

    done = world.refresh(world.storage.feeds())

    assert (done.feeds, done.unchanged, done.items) == (2, 1, 0)
    conditions = {path: headers.get("If-None-Match") for path, headers in site.asked[2:]}
    assert conditions == {"/feed": '"1"', "/other": None}
    assert sorted(title for batch in world.batches for title in batch) == ["a", "b"]


def test_a_changed_entry_is_stored_anew_and_a_shared_one_is_not_fought_over(world: World, site: Site) -> None:
    shared = "<item><title>Old</title><guid>https://a.example/1</guid></item>"
    feed = "<rss version='2.0'><channel><title>{}</title>{}</channel></rss>"
    one = site.put("/one", feed.format("One", shared).encode())
    world.follow(one)
    world.refresh()
    site.put("/one", feed.format("One", shared.replace("Old", "New")).encode())
    world.refresh(world.storage.feeds())
    assert world.titles == ["New"]

    two = site.put("/two", feed.format("Two", shared.replace("Old", "Theirs")).encode())
    world.follow(two)
    world.refresh([world.feed(two)])
    site.put("/one", feed.format("One", shared.replace("Old", "Newer")).encode())
    world.refresh([world.feed(one)])

    assert world.titles == ["New"]


def test_what_was_given_is_not_changed_by_a_feed_that_has_it_too(world: World, site: Site) -> None:
    """It is everybody's, and what one reader's feed says need not be."""
    entry = "<item><title>As the feed has it</title><guid>https://a.example/1</guid></item>"
    content = f"<rss version='2.0'><channel><title>Salt</title>{entry}</channel></rss>".encode()
    url = site.put("/feed", content)
    (theirs,) = parse_feed(content, url, clock=world.clock).items
    world.storage.put_items([replace(theirs, title="As it was given")])
    world.follow(url)

    done = world.refresh()
    again = world.refresh(world.storage.feeds())

    assert world.titles == ["As it was given"]
    assert (done.items, again.items) == (0, 0)
    assert world.storage.feed_items(url, limit=9) == [theirs.id]


def test_an_entry_of_a_feed_that_is_gone_may_change_again(world: World, site: Site, clock: ManualClock) -> None:
    """Nobody fights over it any more."""
    feed = "<rss version='2.0'><channel><item><title>{}</title><guid>https://a.example/1</guid></item></channel></rss>"
    gone, left = site.put("/gone", feed.format("Old").encode()), site.put("/left", feed.format("Old").encode())
    world.follow(gone, left)
    world.refresh()
    world.own.end("ada", gone)
    clock.at += timedelta(days=2)
    world.own.tidy()
    site.put("/left", feed.format("New").encode())

    world.refresh([world.feed(left)])

    assert world.titles == ["New"]


def test_an_entry_without_a_date_keeps_the_one_it_first_got(world: World, site: Site) -> None:
    """Whoever stores it dates it; that is no change."""
    url = site.put("/feed", rss("a"))
    world.follow(url)
    world.refresh()
    ((_, item),) = world.storage.items_after(0)
    world.storage.put_items([replace(item, published_at=NOW)])

    assert world.refresh(world.storage.feeds()).items == 0
    site.put("/feed", rss("a", text="More of it."))
    assert world.refresh(world.storage.feeds()).items == 1
    assert [(one.published_at, one.paragraphs) for _, one in world.storage.items_after(0)] == [(NOW, ("More of it.",))]


@pytest.mark.parametrize(
    ("status", "trouble"),
    [(404, "not found"), (403, "not allowed"), (500, "server"), (418, "other"), (429, "too often")],
)
def test_a_failure_is_told_and_tried_later(world: World, site: Site, status: int, trouble: str) -> None:
    site.pages["/feed"] = lambda handler: handler.answer(status=status)
    url = f"{site.url}/feed"
    world.follow(url)

    done = world.refresh()

    feed = world.feed(url)
    assert done.failed == 1
    assert (feed.trouble, feed.failures, feed.succeeded_at) == (trouble, 1, None)
    assert str(status) in feed.error
    assert feed.next_at == NOW + timedelta(minutes=15)
    assert world.refresher.due() == []


def test_gone_means_never_again(world: World, site: Site, clock: ManualClock) -> None:
    site.pages["/feed"] = lambda handler: handler.answer(status=410)
    world.follow(f"{site.url}/feed")
    world.refresh()
    clock.at += timedelta(days=400)

    assert world.refresher.due() == []
    assert world.feed(f"{site.url}/feed").trouble == "gone"


def test_a_server_that_asks_for_patience_is_left_alone_with_all_its_feeds(world: World, site: Site) -> None:
    """The other feeds of the host are put off, not blamed."""
    site.pages["/a"] = lambda handler: handler.answer(status=429, Retry_After="7200")
    for path in ("/b", "/c"):
        site.put(path, rss("x"))
    world.follow(*(f"{site.url}{path}" for path in ("/a", "/b", "/c")))

    done = world.refresh()

    assert [path for path, _ in site.asked] == ["/a"]
    assert (done.feeds, done.put_off, done.failed) == (1, 2, 1)
    assert {feed.next_at for feed in world.storage.feeds()} == {NOW + timedelta(hours=2)}
    assert [feed.failures for feed in world.storage.feeds()] == [1, 0, 0]


def test_a_host_that_does_not_answer_is_asked_twice_and_no_more(world: World) -> None:
    with Site() as closed:
        urls = [f"{closed.url}/{number}" for number in range(5)]
    world.follow(*urls)

    done = world.refresh()

    assert (done.feeds, done.put_off) == (2, 3)
    assert {feed.trouble for feed in world.storage.feeds()} == {"no connection", ""}


def test_a_feed_that_moved_for_good_is_asked_at_its_new_address_from_then_on(world: World, site: Site) -> None:
    """Readers, folders and what it brought go along; entries keep their ids, though these name the old address."""
    old = site.put("/old", rss("a"))
    world.own.follow("ada", old, name="Mine", folder=("News",))
    world.refresh()
    new = site.put("/new", rss("a", "b"))
    site.redirect("/old", "/new", 301)

    done = world.refresh(world.storage.feeds())

    assert done.items == 1
    assert world.titles == ["a", "b"]
    (one,) = world.own.of("ada")
    assert (one.feed.url, one.feed.origin, one.name, one.folders) == (new, old, "Mine", (("News",),))
    assert len(world.storage.feed_items(new, limit=9)) == 2
    world.refresh(world.storage.feeds())
    assert [path for path, _ in site.asked][-1] == "/new"
    assert world.titles == ["a", "b"]


@pytest.mark.parametrize("moved_first", [True, False])
def test_a_feed_that_moved_onto_a_known_one_leaves_that_one_as_it_is(
    world: World, site: Site, moved_first: bool
) -> None:
    """What came under the old address counts as the known one's, and what was shared of either stays so."""
    new = site.put("/new", rss("a"), ETag='"1"')
    old = site.redirect("/old", "/new", 301)
    world.follow(old, new)
    world.storage.put_feed(replace(world.feed(old), shared=True))
    feeds = [world.feed(old), world.feed(new)]

    world.refresh(feeds if moved_first else feeds[::-1])
    world.refresh([world.feed(new)])

    (kept,) = world.storage.feeds()
    assert (kept.url, kept.origin, kept.shared, kept.title, kept.failures) == (new, "", True, "Salt", 0)
    assert [one.feed.url for one in world.own.of("ada")] == [new]
    stored = {item.id for _, item in world.storage.items_after(0)}
    assert set(world.storage.feed_items(new, limit=9)) == stored
    assert world.titles == ["a"]


@pytest.mark.parametrize("status", [302, 303, 307])
def test_a_feed_that_is_elsewhere_for_now_keeps_its_address(world: World, site: Site, status: int) -> None:
    site.put("/now", rss("a"))
    world.follow(site.redirect("/feed", "/now", status))

    world.refresh()

    assert [feed.url for feed in world.storage.feeds()] == [f"{site.url}/feed"]


def test_a_page_in_place_of_a_feed_moves_nothing(world: World, site: Site) -> None:
    """As at hotels, where everything leads to a login."""
    site.put("/login", b"<!doctype html><html><p>Welcome</p></html>")
    url = site.redirect("/feed", "/login", 301)
    world.follow(url)

    world.refresh()

    assert world.feed(url).trouble == "no feed"


def test_whole_texts_come_from_the_pages_of_new_articles(world: World, site: Site) -> None:
    """A page that fails costs itself; the next fetch does not put the teaser back."""
    body = "".join(f"<p>{number}: {TEXT}</p>" for number in ("One", "Two", "Three"))
    site.put("/page/a", f"<!doctype html><html><body><article><h1>a</h1>{body}</article></body></html>".encode())
    site.pages["/page/b"] = lambda handler: handler.answer(status=404)
    url = site.put("/feed", rss("a", "b"))
    world.follow(url)
    world.own.wish_full_text("ada", url, True)

    done = world.refresh()
    world.refresh(world.storage.feeds())

    texts = {item.title: " ".join(item.paragraphs) for _, item in world.storage.items_after(0)}
    assert texts["a"].count("The salt roads of the Alps") == 9
    assert texts["b"] == "A teaser."
    assert [problem.detail[:30] for problem in done.problems] == ["'b': its page gave no text (ht"]
    assert [path for path, _ in site.asked].count("/page/a") == 1
