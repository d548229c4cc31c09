"""The server fetches feeds in the background."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence

import pytest

from reader.clock import ManualClock
from reader.ingest.refreshing import Refresher
from reader.ingest.subscriptions import Subscriptions
from reader.settings import Settings
from reader.storage.memory import MemoryStorage
from reader.types import AnyItem
from tests.reader.ingest.conftest import NOW, Site, make_fetcher
from tests.reader.ingest.feed_world import rss
from webapp.operating.jobs import Jobs
from webapp.refreshing import Refreshing

PATIENCE_S = 20.0
NEVER_S = 3_600.0


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as running:
        yield running


class World:
    """A store and a running background; `stored` is set whenever something was."""

    def __init__(self, fail: Callable[[], None] = lambda: None) -> None:
        clock = ManualClock(NOW)
        self.storage = MemoryStorage()
        self.own = Subscriptions(self.storage, clock)
        self.due, self.stored, self._fail = threading.Event(), threading.Event(), fail
        stop = threading.Event()
        settings = Settings(fetch_private_addresses=True)
        refresher = Refresher(self.storage, self._add, settings, clock, stop=stop, fetcher=make_fetcher(clock=clock))
        self.jobs = Jobs(clock)
        self.background = Refreshing(refresher, self.own, due=self.due, stopping=stop, every_s=NEVER_S, jobs=self.jobs)

    def _add(self, items: Sequence[AnyItem]) -> None:
        self._fail()
        self.storage.put_items(items)
        self.stored.set()


def test_what_somebody_wants_now_is_fetched_now(site: Site) -> None:
    """Long before the next look; and what is due at the start, too."""
    world = World()
    world.own.follow("ada", site.put("/a", rss("a")))
    world.background.start()
    assert world.stored.wait(PATIENCE_S)
    world.stored.clear()

    world.own.follow("ada", site.put("/b", rss("b")))
    world.due.set()

    assert world.stored.wait(PATIENCE_S)
    world.background.stop()
    assert sorted(item.title for _, item in world.storage.items_after(0)) == ["a", "b"]
    (job,) = world.jobs.all()
    assert (job.name, job.failures, job.error) == ("refresh feeds", 0, "")
    assert job.runs >= 2


def test_a_round_that_breaks_off_does_not_end_the_fetching(site: Site) -> None:
    """A full disk, say. What could not be stored is fetched again."""
    failed = threading.Event()

    def fail_once() -> None:
        if not failed.is_set():
            failed.set()
            raise RuntimeError("disk full")

    world = World(fail_once)
    world.own.follow("ada", site.put("/a", rss("a")))
    world.background.start()
    assert failed.wait(PATIENCE_S)

    while not world.stored.wait(0.01):
        world.due.set()

    world.background.stop()
    assert world.storage.item_count() == 1


def test_it_ends_at_once_though_a_server_is_silent(site: Site) -> None:
    asked = threading.Event()

    def silent(handler: object) -> None:
        asked.set()
        site.closing.wait(PATIENCE_S)

    world = World()
    site.pages["/a"] = silent
    world.own.follow("ada", f"{site.url}/a")
    world.background.start()
    assert asked.wait(PATIENCE_S)

    world.background.stop()

    assert not world.background._thread.is_alive()
