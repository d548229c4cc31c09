"""Live and replay are one code path: a session's log gives the lists that the session saw."""

from __future__ import annotations

from datetime import timedelta

from nlp.analysis import Analyser
from reader.clock import ManualClock
from reader.recommend.recommender import Recommender
from reader.recommend.requests import Request
from reader.replay.run import relive
from reader.storage.memory import MemoryStorage
from reader.types import RecommendationList
from reader.wiring import make_recommender
from tests.builders import ReadingStory, act, tune
from tests.reader.conftest import NOW, MakeRecommender, demo_items

LITHIUM, SALT = "demo-en-energy-01", "demo-en-food-02"


def live_session(recommender: Recommender, clock: ManualClock) -> list[RecommendationList]:
    """Two readers read, go back, like, pass by and ask for lists, minutes and hours apart."""
    lists = []
    for hour, user in enumerate(["ann", "bob", "ann", "bob", "ann"]):
        clock.at = NOW + timedelta(hours=hour, microseconds=1234)
        made = recommender.recommend(Request(user, limit=12))
        lists.append(made)
        item = made.items[0].item
        story = ReadingStory(item, user=user, view=f"{user}-{hour}", at=clock.at + timedelta(seconds=5))
        story.read(0, 1, 2, 3).go_back(1).read(2, 3, 4).close()
        clock.at += timedelta(minutes=5)
        recommender.observe([*story, act("viewable", made.items[3].item, user=user, at=clock.at, list=made.id)])
        recommender.observe([act("like", made.items[0].item, user=user, at=clock.at)])
        recommender.observe([tune(hour / 4, user=user, at=clock.at)])
        clock.at += timedelta(seconds=1)
        lists.append(recommender.recommend(Request(user, limit=12, kinds=("article",))))
        lists.append(recommender.recommend(Request(user, limit=3, mode="latest")))
    return lists


def test_a_log_relived_gives_the_same_lists_item_by_item(
    make: MakeRecommender, clock: ManualClock, remembering: Analyser
) -> None:
    live = make()
    lists = live_session(live, clock)
    log = list(live.storage.iter_events())

    again = ManualClock(NOW)
    fresh = make_recommender(clock=again, storage=MemoryStorage(), analyser=remembering)
    fresh.add_items(demo_items())
    relived = list(relive(log, fresh, again))

    assert len(relived) == len(lists) == 15
    for (logged, made), seen in zip(relived, lists, strict=True):
        assert made.items == seen.items
        assert [place.item for place in made.items][: len(logged.items)] == [shown.item for shown in logged.items]
