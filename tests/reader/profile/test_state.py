"""The fold of one reader: what it gives does not depend on when it was looked at."""

from __future__ import annotations

from datetime import timedelta

import numpy as np

from reader.clock import ManualClock
from reader.recommend.recommender import Recommender
from reader.types import Event
from tests.builders import ReadingStory, article
from tests.reader.conftest import NOW, MakeRecommender, demo_items

READ = ("demo-en-energy-01", "demo-en-food-02", "demo-en-music-01", "demo-en-energy-02")


def story(item: str, user: str, minutes: float) -> ReadingStory:
    """An opening so many minutes ago, with a scroll-back."""
    begun = ReadingStory(item, user=user, view=f"{user}-{minutes}", at=NOW - timedelta(minutes=minutes))
    return begun.read(0, 1, 2, 3, seconds=15).go_back(1, seconds=12).read(3).close()


def fed(make: MakeRecommender, clock: ManualClock, *, looking: bool) -> Recommender:
    """Ann reads; Bob's return, made before, settles meanwhile and teaches what is expected; and an item comes."""
    recommender = make()
    stories = [story(READ[0], "bob", 178), *(story(READ[n], "ann", 75 - 5 * n) for n in range(3))]
    stories += [story(READ[3], "ann", 40), story(READ[1], "bob", 20)]
    events: list[Event] = [event for told in stories for event in told.events]
    for number, event in enumerate(events):
        clock.at = event.at
        if number == len(events) // 2:
            recommender.add_items([article("new", paragraphs=("Salt and lithium from a salt lake.",))])
        recommender.observe([event])
        if looking:
            assert recommender.state("ann").portrait
    return recommender


def test_looking_at_a_profile_changes_nothing(make: MakeRecommender, clock: ManualClock) -> None:
    assert {item.id for item in demo_items()} >= set(READ)
    looked, unseen = (fed(make, clock, looking=looking).state("ann").portrait for looking in (True, False))

    assert looked.interests.features == unseen.interests.features
    at_s = NOW.timestamp()
    np.testing.assert_array_equal(looked.interests.credit_at(at_s), unseen.interests.credit_at(at_s))
    np.testing.assert_array_equal(looked.clusters.centroids(), unseen.clusters.centroids())
    assert looked.interests.traces == unseen.interests.traces
