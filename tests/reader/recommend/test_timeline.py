"""How interests moved is what they would have been seen to be at each time."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from reader.clock import ManualClock
from reader.profile.axes import Feature
from reader.recommend.recommender import Recommender
from reader.recommend.timeline import STEPS_KEPT, Timelines, weights_at
from reader.types import Event, Steer, Target
from reader.types_undo import Undo
from tests.builders import ReadingStory, act
from tests.reader.conftest import NOW, MakeRecommender

ENERGY, FOOD = "demo-en-energy-01", "demo-en-food-02"
BEGAN = NOW - timedelta(days=20)


def reading(item: str, at: datetime) -> list[Event]:
    return list(ReadingStory(item, view=f"{item} {at}", at=at).read(0, 1, 2, seconds=20).close())


def now_of(timelines: Timelines) -> dict[Feature, float]:
    """Return the weights of topics at the end; keywords are many that are nearly alike."""
    timeline = timelines.of("ann", 60)
    assert timeline is not None
    return {course.feature: course.weights[-1] for course in timeline.courses if course.feature[0] == "topic"}


@pytest.fixture
def recommender(make: MakeRecommender, clock: ManualClock) -> Recommender:
    """Ann reads about energy for ten days, then about food."""
    made = make()
    for day in range(20):
        clock.at = BEGAN + timedelta(days=day, minutes=10)
        assert not made.observe(reading(ENERGY if day < 10 else FOOD, BEGAN + timedelta(days=day))).rejected
    clock.at = NOW
    return made


def test_the_end_is_what_the_page_says_now(recommender: Recommender) -> None:
    timeline = Timelines(recommender).of("ann", 6)

    assert timeline is not None
    weights = {(each.target.kind, each.target.value): each.weight for each in recommender.interests("ann")}
    for course in timeline.courses:
        assert course.weights[-1] == pytest.approx(weights[course.feature], abs=1e-9)  # type: ignore[index]  # same kinds


def test_it_tells_what_rose_and_what_fell(recommender: Recommender) -> None:
    timeline = Timelines(recommender).of("ann", 40)
    assert timeline is not None
    courses = {course.feature: course.weights for course in timeline.courses}
    middle = next(place for place, at in enumerate(timeline.moments) if at >= BEGAN + timedelta(days=10))

    assert courses["topic", "food"][middle - 1] == 0
    assert courses["topic", "food"][-1] > 0.25
    assert courses["topic", "energy"][middle - 1] > courses["topic", "energy"][-1]


def test_the_steps_stay_few_and_in_order(recommender: Recommender) -> None:
    timeline = Timelines(recommender).of("ann", 6)

    assert timeline is not None
    assert STEPS_KEPT / 2 <= len(timeline.moments) <= STEPS_KEPT + 1
    assert list(timeline.moments) == sorted(set(timeline.moments))
    assert len({later - earlier for earlier, later in pairwise(timeline.moments[:-1])}) == 1


def test_it_goes_on_from_where_it_stood(recommender: Recommender, clock: ManualClock) -> None:
    timelines = Timelines(recommender)
    timelines.of("ann", 6)
    recommender.observe([act("like", FOOD, at=clock())])
    clock.at += timedelta(hours=1)

    assert timelines.of("ann", 6) == Timelines(recommender).of("ann", 6)


def test_a_long_log_is_taken_in_bit_by_bit(recommender: Recommender, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reader.recommend.timeline.PAGE_SIZE", 40)
    timelines, calls = Timelines(recommender), 1
    while (timeline := timelines.of("ann", 6, at_most=40)) is None:
        calls += 1

    assert calls == len(list(recommender.storage.iter_events(user="ann"))) // 40 + 1
    assert timeline == Timelines(recommender).of("ann", 6)


def test_what_is_undone_was_never_done(
    recommender: Recommender, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the undo on a page of its own, looked at before and after, and in one go."""
    monkeypatch.setattr("reader.recommend.timeline.PAGE_SIZE", 3)
    timelines, without = Timelines(recommender), now_of(Timelines(recommender))
    followed = Steer(id="f", type="follow", at=clock(), user="ann", target=Target("topic", "music"))
    reset = act("reset", at=clock())
    recommender.observe([followed, reset])
    assert now_of(timelines) != without

    for number, done in enumerate(("f", reset.id)):
        recommender.observe([Undo(id=f"undo{number}", type="undo", at=clock(), user="ann", event=done)])

    assert timelines.of("ann", 6) == Timelines(recommender).of("ann", 6)
    # Folded anew, old returns are judged by what is expected of returns by now.
    assert now_of(timelines) == pytest.approx(without, abs=0.02)


def test_what_is_forgotten_is_not_told(recommender: Recommender, clock: ManualClock) -> None:
    timelines = Timelines(recommender)
    timelines.of("ann", 6)
    recommender.observe([Steer(id="f", type="forget", at=clock(), user="ann", target=Target("topic", "energy"))])

    timeline = timelines.of("ann", 100)

    assert timeline is not None
    assert ("topic", "energy") not in {course.feature for course in timeline.courses}
    recommender.observe([act("reset", at=clock())])
    assert timelines.of("ann", 100) is not None
    assert timelines.of("ann", 100).courses == ()  # type: ignore[union-attr]  # seen above


def test_an_erasure_leaves_nothing(recommender: Recommender) -> None:
    timelines = Timelines(recommender)
    timelines.of("ann", 6)

    recommender.erase("ann")

    timeline = timelines.of("ann", 6)
    assert timeline is not None
    assert timeline.courses == ()


def test_looking_back_teaches_nobody(recommender: Recommender) -> None:
    before = recommender.population.expected_return.version

    Timelines(recommender).of("ann", 6)

    assert recommender.population.expected_return.version == before
    with recommender.held("ann") as state:
        assert weights_at(state, NOW, 2.25)
