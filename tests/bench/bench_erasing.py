"""How long an erasure takes, and how long others wait for a list meanwhile: `python -m tests.bench.bench_erasing`."""

from __future__ import annotations

import random
import sys
import threading
from datetime import timedelta
from time import perf_counter
from typing import cast

import numpy as np

from nlp.analysis import Analyser
from reader.clock import ManualClock
from reader.recommend.recommender import Recommender
from reader.recommend.requests import Request
from reader.storage.memory import MemoryStorage
from reader.types import Event, Impression, Shown
from reader.wiring import make_recommender
from tests.bench.synthetic import NOW, SyntheticAnalyser, make_item
from tests.builders import act

READERS = 50
PLACES = 10


def filled(items: int, lists: int) -> Recommender:
    """Return a recommender whose log has so many lists, each with an opening."""
    storage, chance = MemoryStorage(), random.Random(1)
    clock = ManualClock(NOW)
    recommender = make_recommender(storage=storage, clock=clock, analyser=cast(Analyser, SyntheticAnalyser()))
    recommender.add_items([make_item(number, 3) for number in range(items)])
    for number in range(lists):
        clock.at += timedelta(minutes=2)
        storage.append_events(_list(number, chance.sample(range(items), PLACES), clock))
    recommender.catch_up()
    return recommender


def _list(number: int, shown: list[int], clock: ManualClock) -> list[Event]:
    user, at = f"reader-{number % READERS}", clock.at
    places = tuple(Shown(f"i{item}", place) for place, item in enumerate(shown, start=1))
    listed = Impression(id=f"l{number}", type="impression", at=at, user=user, list=f"l{number}", items=places)
    opened = act("open", f"i{shown[0]}", user=user, at=at + timedelta(seconds=5), list=f"l{number}", view=f"v{number}")
    return [listed, opened]


def waits(recommender: Recommender, until: threading.Event, least: int) -> list[float]:
    """Return how long each list took, s, until something has ended."""
    took: list[float] = []
    while not until.is_set() or len(took) < least:
        began = perf_counter()
        recommender.recommend(Request(f"reader-{1 + len(took) % (READERS - 1)}", limit=20))
        took.append(perf_counter() - began)
    return took


def main(items: int = 2_000, lists: int = 2_000) -> None:
    """Print the figures."""
    recommender = filled(items, lists)
    ended = threading.Event()
    ended.set()
    before = waits(recommender, ended, 50)
    ended.clear()
    took: list[float] = []

    def erase() -> None:
        began = perf_counter()
        recommender.erase("reader-0")
        took.append(perf_counter() - began)
        ended.set()

    thread = threading.Thread(target=erase)
    thread.start()
    during = waits(recommender, ended, 1)
    thread.join()
    for name, times in (("before", before), ("during", during)):
        p50, p95, most = 1000 * np.quantile(times, [0.5, 0.95, 1.0])
        print(f"{name}: {len(times)} lists, p50 {p50:.0f} ms, p95 {p95:.0f} ms, longest {most:.0f} ms")
    print(f"erasure: {took[0]:.1f} s, {items:,} items, {lists:,} lists")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
