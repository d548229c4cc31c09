"""Feeds fetched over real HTTP on loopback, and stored. Waits are arguments: nothing sleeps."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import cast

import pytest

from reader.clock import ManualClock
from reader.errors import FetchError
from reader.ingest.asking import Asker, Brought
from reader.ingest.fetch import Fetched, Fetcher
from reader.ingest.hosts import HostQueue
from reader.ingest.refreshing import Refreshed, Refresher
from reader.ingest.subscriptions import Subscriptions
from reader.settings import Settings
from reader.settings_feeds import FeedSettings
from reader.storage.memory import MemoryStorage
from reader.types import AnyItem
from reader.types_feeds import Feed
from tests.reader.ingest.conftest import NOW, Handler, Site, make_fetcher

TEXT = "The salt roads of the Alps carried more than salt, as the ledgers of the tolls show. " * 3


def rss(*guids: str, title: str = "Salt", text: str = "A teaser.", extra: str = "") -> bytes:
    items = "".join(
        f"<item><title>{guid}</title><guid isPermaLink='false'>{guid}</guid><link>/page/{guid}</link>"
        f"<description>{text}</description></item>"
        for guid in guids
    )
    return f"<rss version='2.0'><channel><title>{title}</title><link>/</link>{extra}{items}</channel></rss>".encode()


class World:
    """A store, what is added to it, and a refresher."""

    def __init__(self, clock: ManualClock, fetcher: Fetcher | None = None, **settings: object) -> None:
        self.storage = MemoryStorage()
        self.clock = clock
        self.batches: list[list[str]] = []
        self.own = Subscriptions(self.storage, clock)
        self.stop = threading.Event()
        chosen = Settings(fetch_private_addresses=True, feeds=FeedSettings(jitter=0, **settings))  # type: ignore[arg-type]
        self.refresher = Refresher(
            self.storage, self._add, chosen, clock, stop=self.stop, fetcher=fetcher or make_fetcher(clock=clock)
        )

    def _add(self, items: Sequence[AnyItem]) -> None:
        self.batches.append([item.title for item in items])
        self.storage.put_items(items)

    def follow(self, *urls: str) -> None:
        for url in urls:
            self.own.follow("ada", url)

    def refresh(self, feeds: Iterable[Feed] | None = None) -> Refreshed:
        return self.refresher.refresh(self.refresher.due() if feeds is None else feeds)

    def feed(self, url: str) -> Feed:
        found = self.storage.feed(url)
        assert found is not None
        return found

    @property
    def titles(self) -> list[str]:
        return sorted(item.title for _, item in self.storage.items_after(0))


@pytest.fixture
def world(clock: ManualClock) -> World:
    return World(clock)


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


def test_no_more_pages_are_fetched_than_set(clock: ManualClock, site: Site) -> None:
    world = World(clock, full_text_pages=2)
    url = site.put("/feed", rss("a", "b", "c", "d"))
    for name in "abcd":
        site.pages[f"/page/{name}"] = lambda handler: handler.answer(status=404)
    world.follow(url)
    world.own.wish_full_text("ada", url, True)

    world.refresh()

    assert sorted(path for path, _ in site.asked) == ["/feed", "/page/a", "/page/b"]
    assert world.titles == ["a", "b", "c", "d"]


def test_items_are_handed_over_in_small_batches(clock: ManualClock, site: Site) -> None:
    world = World(clock, batch_items=16)
    world.follow(site.put("/feed", rss(*(f"{number:03}" for number in range(50)))))

    world.refresh()

    assert [len(batch) for batch in world.batches] == [16, 16, 16, 2]


def test_one_host_is_asked_one_question_at_a_time_and_hosts_side_by_side(clock: ManualClock, site: Site) -> None:
    """Each page waits until pages of all four hosts are being asked: only side by side they come to an end."""
    together = threading.Barrier(4, timeout=10)
    asking: set[str] = set()
    doubled: list[str] = []

    def page(handler: Handler) -> None:
        host = handler.headers["Host"]
        if host in asking:
            doubled.append(host)
        asking.add(host)
        together.wait()
        asking.discard(host)
        handler.answer(rss("x"))

    fetcher = make_fetcher(clock=clock, resolve=lambda host, port: ["127.0.0.1"])
    world = World(clock, fetcher)
    for path in ("/a", "/b", "/c"):
        site.pages[path] = page
        world.follow(*(f"http://{name}.test:{site.port}{path}" for name in ("one", "two", "three", "four")))

    done = world.refresh()

    assert (done.feeds, done.failed, doubled) == (12, 0, [])


def test_what_is_added_meanwhile_is_fetched_in_the_same_round(world: World, site: Site) -> None:
    first, second = site.put("/a", rss("a")), site.put("/b", rss("b"))
    world.follow(first)
    late = [[world.feed(first), Feed(second)]]
    world.storage.put_feed(Feed(second))

    done = world.refresher.refresh(world.refresher.due(), more=lambda: late.pop() if late else ())

    assert done.feeds >= 2
    assert world.titles == ["a", "b"]


def test_a_round_ends_when_it_is_told_to(clock: ManualClock, site: Site) -> None:
    """Without waiting for answers."""
    world = World(clock)

    def page(handler: Handler) -> None:
        world.stop.set()
        site.closing.wait(10)

    site.pages["/feed"] = page
    world.follow(f"{site.url}/feed")

    assert world.refresh().feeds == 0


def test_a_feed_that_nobody_follows_any_more_is_not_brought_back(world: World, site: Site, clock: ManualClock) -> None:
    url = site.put("/feed", rss("a"))
    world.follow(url)
    (feed,) = world.refresher.due()
    world.own.end("ada", url)
    assert world.refresher.due() == []
    clock.at += timedelta(days=2)
    world.own.tidy()

    world.refresh([feed])

    assert world.storage.feeds() == []


def test_feeds_of_all_are_fetched_though_nobody_follows_them(world: World) -> None:
    world.storage.put_feed(Feed("https://a.example/", shared=True))
    world.storage.put_feed(Feed("https://b.example/"))

    assert [feed.url for feed in world.refresher.due()] == ["https://a.example/"]


def test_what_was_never_fetched_comes_first(world: World) -> None:
    world.follow("https://a.example/", "https://b.example/")
    world.storage.put_feed(replace(world.feed("https://a.example/"), fetched_at=NOW, next_at=NOW))

    assert [feed.url for feed in world.refresher.due()] == ["https://b.example/", "https://a.example/"]


def test_a_fault_of_ours_costs_one_feed(world: World, site: Site, clock: ManualClock) -> None:
    """Here the store breaks off in the middle of a try."""

    class Broken(MemoryStorage):
        def items(self, ids: Sequence[str]) -> dict[str, AnyItem]:
            raise RuntimeError("broken")

    settings = Settings(fetch_private_addresses=True)
    asker = Asker(Broken(), make_fetcher(clock=clock), settings, clock)

    brought = asker.ask(Feed(site.put("/feed", rss("a"))), whole=False)

    assert isinstance(brought, Brought)
    assert brought.feed.trouble == "other"
    assert "broken" in brought.feed.error


def test_whatever_is_raised_costs_one_feed_and_the_round_ends(clock: ManualClock, site: Site) -> None:
    """Here while the failure itself is dealt with."""

    class Broken(Fetcher):
        def fetch(self, url: str, *, etag: str = "", last_modified: str = "") -> Fetched:
            if "bad" in url:
                raise FetchError(url, "no", retry_after=cast(str, None))
            return super().fetch(url, etag=etag, last_modified=last_modified)

    fetcher = Broken(Settings(fetch_private_addresses=True), clock=clock, pause=lambda wait_s: None)
    world = World(clock, fetcher, workers=1, longest_s=7_200)
    world.follow("https://bad.example/", site.put("/feed", rss("a")))

    done = world.refresh()

    assert (done.feeds, done.failed, world.titles) == (2, 1, ["a"])
    bad = world.feed("https://bad.example/")
    assert (bad.trouble, bad.failures, bad.fetched_at, bad.next_at) == ("other", 1, NOW, NOW + timedelta(hours=2))
    assert "AttributeError" in bad.error


class TestHostQueue:
    def test_hosts_take_turns(self) -> None:
        hosts = HostQueue()
        assert hosts.add(Feed(url) for url in ("https://a/1", "https://a/2", "https://a/1", "https://b/1")) == 3

        order = []
        for _ in range(3):
            feed = hosts.take()
            assert feed is not None
            order.append(feed.url)
            hosts.give_back(feed)

        assert order == ["https://a/1", "https://b/1", "https://a/2"]
        assert hosts.add([Feed("https://a/1")]) == 1

    def test_what_waits_for_a_host_can_be_dropped(self) -> None:
        hosts = HostQueue()
        hosts.add(Feed(f"https://a/{number}") for number in range(3))
        first = hosts.take()
        assert first is not None

        assert [feed.url for feed in hosts.drop_host("a")] == ["https://a/1", "https://a/2"]
        hosts.give_back(first)
        hosts.close()
        assert hosts.take() is None
