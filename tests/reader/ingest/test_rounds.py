"""Rounds of refreshing: how much at once, in which order, and when one ends. Over real HTTP on loopback."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import cast

from reader.clock import ManualClock
from reader.errors import FetchError
from reader.ingest.asking import Asker, Brought
from reader.ingest.fetch import Fetched, Fetcher
from reader.ingest.hosts import HostQueue
from reader.settings import Settings
from reader.storage.memory import MemoryStorage
from reader.types import AnyItem
from reader.types_feeds import Feed
from tests.reader.ingest.conftest import NOW, Handler, Site, make_fetcher
from tests.reader.ingest.feed_world import World, rss


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
    together = threading.Barrier(4, timeout=60)
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
