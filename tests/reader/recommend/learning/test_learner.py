"""When a list is learned from, and what of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import numpy as np
import pytest

from nlp.analysis import Analyser
from reader.clock import ManualClock
from reader.recommend.factors.spec import FactorSpec
from reader.recommend.learning import learner as module
from reader.recommend.learning.learner import Learner
from reader.recommend.recommender import Recommender
from reader.recommend.requests import Request
from reader.replay.policies import ablated
from reader.settings import ChoiceSettings, LearningSettings, OutcomeSettings, Settings
from reader.storage.memory import MemoryStorage
from reader.types import Event
from reader.wiring import make_recommender
from tests.builders import START, act, impression
from tests.reader.conftest import NOW, demo_items

SETTINGS = LearningSettings(choice=ChoiceSettings(learning_rate=0.5), outcomes=OutcomeSettings(settle_s=600.0))


def make(family_sizes: dict[str, int] | None = None) -> Learner:
    sizes = family_sizes or {"one": 1, "two": 1}
    specs = [
        FactorSpec(f"{family}.{n}", family, "", 0, 1, "", "", 0.0)
        for family, size in sizes.items()
        for n in range(size)
    ]
    return Learner(specs, SETTINGS)


def shown(learner: Learner, factors: list[list[float]]) -> None:
    """Show a, b and c in the list l."""
    learner.shown(impression("l", "a", "b", "c"), ["a", "b", "c"], np.array(factors, dtype=np.float32))


def act_on(item: str, type: str = "open", list_id: str = "l") -> Event:
    return act(type, item, at=START + timedelta(minutes=1), list=list_id, view=f"{type}-{item}")


def test_a_list_is_learned_from_once_it_has_waited() -> None:
    """The first factor marks a, which is opened; the second c, which is not."""
    learner = make()
    shown(learner, [[1, 0, 0], [0, 0, 1]])
    learner.observe(act_on("a"))

    learner.teach_until(START.timestamp() + 599)
    before = learner.weights.tolist()
    learner.teach_until(START.timestamp() + 600)

    assert before == [0, 0]
    assert learner.weights[0] > 0 > learner.weights[1]


def test_an_opening_after_that_comes_too_late_and_an_unknown_list_is_none_of_ours() -> None:
    learner = make()
    shown(learner, [[1, 0, 0], [0, 0, 1]])
    learner.teach_until(START.timestamp() + 600)
    for event in (act_on("a"), act_on("a", list_id="elsewhere"), act_on("a", "viewable", "elsewhere")):
        learner.observe(event)
    learner.teach_until(START.timestamp() + 9_999)

    assert learner.weights.tolist() == [0, 0]


def test_where_it_is_known_what_was_looked_at_the_rest_does_not_count() -> None:
    """Of c nobody knows whether it was seen: its factor learns nothing. b was seen and passed by."""
    learner = make({"one": 1, "two": 1, "three": 1})
    shown(learner, [[1, 0, 0], [0, 1, 0], [0, 0, 1]])
    learner.observe(act_on("b", "viewable"))
    learner.observe(act_on("a"))
    learner.teach_until(START.timestamp() + 600)

    opened, passed, unseen = learner.weights
    assert opened > 0 > passed
    assert unseen == 0


def test_factors_of_a_large_family_learn_more_slowly() -> None:
    learner = make({"small": 1, "large": 4 * module.FAMILY_AT_FULL_RATE})
    shown(learner, [[1.0, 0.0, 0.0]] * (1 + 4 * module.FAMILY_AT_FULL_RATE))
    learner.observe(act_on("a"))
    learner.teach_until(START.timestamp() + 600)

    assert learner.weights[0] > 3 * learner.weights[1] > 0


@pytest.fixture
def learning(clock: ManualClock, remembering: Analyser) -> Callable[[], Recommender]:
    def made() -> Recommender:
        settings = ablated(Settings(), "learned")
        recommender = make_recommender(settings=settings, clock=clock, storage=MemoryStorage(), analyser=remembering)
        recommender.add_items(demo_items())
        return recommender

    return made


def test_what_readers_open_comes_first_for_a_reader_of_whom_nothing_is_known(
    learning: Callable[[], Recommender], clock: ManualClock
) -> None:
    """Everybody opens the longest article of three. A newcomer, shown others, then gets the longest one higher."""
    recommender = learning()
    lengths = {item.id: sum(map(len, item.paragraphs)) for item in demo_items()}
    by_length = sorted(lengths, key=lambda item: (lengths[item], item))
    tested = tuple(by_length[n] for n in (0, 7, 14))
    order = Request("newcomer", list_id="same", candidates=tested)
    before = {place.item: place.score for place in recommender.recommend(order).items}
    rest = [item for item in by_length if item not in tested]
    for number in range(30):
        three = [rest[(number + step) % len(rest)] for step in (0, 4, 8)]
        longest = max(three, key=lambda item: lengths[item])
        user, list_id = f"r{number}", f"l{number}"
        clock.at = NOW + timedelta(minutes=20 * number)
        recommender.observe([impression(list_id, *three, user=user, at=clock.at)])
        opened = act("open", longest, user=user, at=clock.at + timedelta(minutes=1), view=f"v{number}", list=list_id)
        clock.at = opened.at
        recommender.observe([opened])
    clock.at += timedelta(hours=1)
    recommender.observe([act("viewable", rest[0], user="somebody", at=clock.at)])

    after = {place.item: place.score for place in recommender.recommend(order).items}

    short, _, long = tested
    assert after[long] - after[short] > before[long] - before[short]


def test_the_contributions_are_those_of_the_learned_weights_and_sum_to_the_score(
    learning: Callable[[], Recommender], clock: ManualClock
) -> None:
    recommender = learning()
    ids = [item.id for item in demo_items()]
    recommender.observe([impression("l", *ids[:6], at=NOW)])
    clock.at = NOW + timedelta(minutes=1)
    recommender.observe([act("open", ids[2], at=clock.at, view="v", list="l")])
    clock.at = NOW + timedelta(hours=1)
    recommender.observe([act("viewable", ids[7], at=clock.at)])

    made = recommender.recommend(Request("ann", limit=10))

    for place in made.items:
        assert place.score == pytest.approx(sum(place.contributions.values()))
    assert np.any(recommender.weights != recommender.registry.priors)
