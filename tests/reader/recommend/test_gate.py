"""The terms of readers: asked for once by whatever goes by them."""

from __future__ import annotations

from nlp.analysis import Analyser
from reader.clock import ManualClock
from reader.recommend.requests import Request
from reader.storage.memory import MemoryStorage
from reader.types_consent import Terms
from reader.wiring import make_recommender
from tests.reader.conftest import demo_items


class Counting:
    """A gate that lets everything through and remembers who was asked about."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def terms(self, user: str) -> Terms:
        self.asked.append(user)
        return Terms()


def test_a_list_goes_by_the_terms_of_one_moment(remembering: Analyser, clock: ManualClock) -> None:
    """So that what ranks it and what is logged of it cannot go by two answers; each costs the store two queries."""
    gate = Counting()
    recommender = make_recommender(clock=clock, storage=MemoryStorage(), analyser=remembering, gate=gate)
    recommender.add_items(demo_items())

    made = recommender.recommend(Request("ann"))

    assert gate.asked == ["ann"]
    assert [event.list for event in recommender.storage.iter_events()] == [made.id]
    recommender.log_impression(made, 1, 2)
    assert gate.asked == ["ann", "ann"]
