"""Readers who live with a recommender for some hours, and what it has learned of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from reader.clock import ManualClock
from reader.recommend.recommender import Recommender
from reader.recommend.requests import Request
from reader.settings import RankingSettings, Settings
from reader.types import RecommendationList
from tests.builders import ReadingStory, act
from tests.reader.conftest import NOW, demo_items

# Without exploring slots, so that two lists differ by what was learned only.
PLAIN = Settings(ranking=RankingSettings(exploring_every=1000))
Make = Callable[[], Recommender]


def live(recommender: Recommender, clock: ManualClock, *, hours: int, first: int = 0, users: str = "ann bob") -> None:
    """An hour apart, readers get lists, open and like the third place, and hide the fifth.

    They read what they open to its end, but leave every third at once.
    """
    for hour in range(first, first + hours):
        clock.at = NOW + timedelta(hours=hour)
        user = users.split()[hour % len(users.split())]
        made = recommender.recommend(Request(user, limit=8))
        opened = recommender.item(made.items[2].item)
        story = ReadingStory(opened.id, user=user, view=f"{user}-{hour}", at=clock.at + timedelta(seconds=9))
        for paragraph in range(0 if hour % 3 == 2 else len(opened.paragraphs)):
            story.visit(paragraph, seconds=15)
        _, *reading = story.close()
        at = story.at
        opening = act("open", opened.id, user=user, view=story.view, at=at, list=made.id)
        clock.at += timedelta(minutes=4)
        acts = [
            act(type, made.items[place].item, user=user, at=clock.at, list=made.id)
            for type, place in (("like", 2), ("hide", 4), ("viewable", 0), ("viewable", 1), ("viewable", 5))
        ]
        recommender.observe([opening, *reading, *acts])


def listed(recommender: Recommender, user: str = "ann") -> RecommendationList:
    return recommender.recommend(Request(user, list_id="same", candidates=tuple(item.id for item in demo_items())))


def learned(recommender: Recommender) -> tuple[list[float], list[float], list[float]]:
    """Return all numbers that lists have taught."""
    utility = recommender.learner.utility("ann")
    return recommender.weights.tolist(), utility.weights.ravel().tolist(), utility.intercepts.tolist()
