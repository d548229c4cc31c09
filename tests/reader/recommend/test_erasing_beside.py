"""While one reader is erased, and all is folded and learned anew, the others are served."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta

import pytest

from reader.clock import ManualClock
from reader.recommend.recommender import Recommender
from reader.recommend.requests import Request
from reader.storage.memory import MemoryStorage
from reader.types import AnyItem
from tests.bench.synthetic import NOW
from tests.builders import act
from tests.reader.recommend.test_old_events import ARTICLES, copied, lists_of, live, opened, same

# How long a test waits for what never comes, in s; only a failing one does.
PATIENCE_S = 60.0


class Gate(MemoryStorage):
    """A store that stops whoever begins to take in all items anew, once it is closed, until it is opened."""

    def __init__(self) -> None:
        super().__init__()
        self.is_closed = False
        self.reached, self.open = threading.Event(), threading.Event()

    def items_after(self, seq: int, *, limit: int | None = None) -> list[tuple[int, AnyItem]]:
        if self.is_closed and seq == 0:
            self.reached.set()
            assert self.open.wait(PATIENCE_S)
        return super().items_after(seq, limit=limit)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOW)


@pytest.fixture
def store() -> Gate:
    return Gate()


@pytest.fixture
def recommender(store: Gate, clock: ManualClock) -> Recommender:
    recommender = opened(store, clock)
    live(recommender, clock, random.Random(5), 10)
    return recommender


@pytest.fixture
def erasing(store: Gate, recommender: Recommender) -> Iterator[Future[dict[str, int]]]:
    """The erasure of ann in another thread, as far as the gate."""
    store.is_closed = True
    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(recommender.erase, "ann")
        assert store.reached.wait(PATIENCE_S)
        yield future
        store.open.set()


def test_others_are_served_while_a_reader_is_erased(
    erasing: Future[dict[str, int]], recommender: Recommender, store: Gate, clock: ManualClock
) -> None:
    """Lists, events, pages; of the erased reader nothing ranks any more. In the end all is as it should be."""
    assert recommender.recommend(Request("bob", limit=5)).items
    assert recommender.observe([act("like", ARTICLES[3].id, user="bob", at=clock.at)]).accepted == 1
    assert recommender.interests("ann") == ()
    assert not recommender.save_learned()
    assert not erasing.done()

    store.open.set()
    assert erasing.result(PATIENCE_S)["events"] > 0
    store.is_closed = False

    assert recommender.remembers("ann") == {}
    same(recommender, opened(copied(store, without="ann"), clock))


def test_what_comes_in_meanwhile_counts_afterwards(
    erasing: Future[dict[str, int]], recommender: Recommender, store: Gate, clock: ManualClock
) -> None:
    clock.at += timedelta(minutes=1)
    recommender.observe([act("save", ARTICLES[5].id, user="bob", at=clock.at)])

    store.open.set()
    erasing.result(PATIENCE_S)

    assert ARTICLES[5].id in recommender.state("bob").steering.saved


def test_two_erasures_at_once_leave_what_never_was(
    erasing: Future[dict[str, int]], recommender: Recommender, store: Gate, clock: ManualClock
) -> None:
    with ThreadPoolExecutor(1) as pool:
        second = pool.submit(recommender.erase, "bob")
        store.open.set()
        second.result(PATIENCE_S)
    erasing.result(PATIENCE_S)
    store.is_closed = False

    left = copied(store)
    assert {event.user for event in left.iter_events()} <= {"cy"}
    assert lists_of(recommender) == lists_of(opened(left, clock))
