"""Interests on the scale that readers see."""

from __future__ import annotations

import pytest

from reader.recommend.showing import middle_of
from reader.recommend.timeline import Timelines
from reader.settings import InterestSettings, Settings
from tests.builders import act
from tests.reader.conftest import NOW, MakeRecommender


def test_the_middle_is_half_of_a_like() -> None:
    """Credit of 3, and of an act of will 1.5 each."""
    assert middle_of(InterestSettings()) == 2.25


@pytest.mark.parametrize("credit", [1.0, 3.0, 12.0])
def test_the_scale_goes_by_what_a_like_gives(make: MakeRecommender, credit: float) -> None:
    """Who likes an item once stands at two thirds with its topics, and at the middle with half of that."""
    recommender = make(settings=Settings(interests=InterestSettings(explicit_credit=credit)))
    recommender.observe([act("like", "demo-en-energy-01", at=NOW)])
    recommender.observe([act("weigh", target=("topic", "space"), weight=0.5, at=NOW)])

    weights = {each.target.value: each.weight for each in recommender.interests("ann") if each.target.kind == "topic"}
    timeline = Timelines(recommender).of("ann", 60)

    assert weights == pytest.approx({"energy": 2 / 3, "technology": 2 / 3, "space": 0.5})
    assert timeline is not None
    told = {course.feature[1]: course.weights[-1] for course in timeline.courses if course.feature[0] == "topic"}
    assert told == pytest.approx(weights)
