"""When a list is learned from, and what of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np
import pytest

from nlp.analysis import Analyser
from reader.clock import ManualClock
from reader.profile.outcomes import ViewOutcome
from reader.recommend.factors.registry import Registry
from reader.recommend.factors.spec import Explained, Factors, FactorSpec, Moment
from reader.recommend.learning import learner as module
from reader.recommend.learning.learner import Learner
from reader.recommend.recommender import Recommender
from reader.recommend.requests import Request
from reader.settings import ChoiceSettings, LearningSettings, OutcomeSettings
from reader.storage.memory import MemoryStorage
from reader.types import Event
from reader.wiring import make_recommender
from tests.builders import START, act, impression
from tests.reader.conftest import NOW, demo_items

SETTINGS = LearningSettings(choice=ChoiceSettings(learning_rate=0.5), outcomes=OutcomeSettings(settle_s=600.0))


@dataclass(frozen=True)
class Named:
    """A family of factors that are handed over and not computed."""

    specs: tuple[FactorSpec, ...]

    def fill(self, moment: Moment, out: Factors) -> tuple[Explained, ...]:
        raise AssertionError("nothing is to be computed")


def make(
    family_sizes: dict[str, int] | None = None, views: dict[str, ViewOutcome] | None = None, weight: float = 0.0
) -> Learner:
    sizes = family_sizes or {"one": 1, "two": 1}
    specs = tuple(
        FactorSpec(f"{family}.{n}", family, "", 0, 1, "", "", weight)
        for family, size in sizes.items()
        for n in range(size)
    )
    return Learner(Registry((Named(specs),)), SETTINGS, lambda reader, view: (views or {}).get(view))


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


def test_each_list_is_judged_by_the_scores_it_was_shown_with() -> None:
    """Both weights are 1, so c stands first, then b; b is opened. What it then teaches does not change that."""
    learner = make(weight=1.0)
    shown(learner, [[0, 1, 1], [0, 0, 1]])
    learner.observe(act_on("b"))
    learner.teach_until(START.timestamp() + 600)

    assert (learner.progress.ranked, learner.progress.auc) == (1.0, 0.5)
    assert (learner.progress.places, learner.progress.opened) == (3.0, 1.0)


def test_a_list_without_an_opening_lowers_the_chances_and_nothing_else() -> None:
    learner = make(weight=1.0)
    before = learner.utility("ann")
    shown(learner, [[0, 1, 1], [0, 0, 1]])
    learner.teach_until(START.timestamp() + 600)
    after = learner.utility("ann")

    assert after.intercepts[0] < before.intercepts[0]
    assert after.intercepts[1:].tolist() == before.intercepts[1:].tolist()
    assert learner.weights.tolist() == [1.0, 1.0]
    assert (learner.progress.taught, learner.progress.ranked) == (1.0, 0.0)


def taught_by_clicks(count: int = 30) -> Learner:
    """Teach openings, and nothing of what came after."""
    learner = make({"one": 2, "two": 1, "three": 1})
    rng = np.random.default_rng(1)
    for number in range(count):
        learner.shown(impression(f"l{number}", "a", "b", "c"), ["a", "b", "c"], draw(rng, 3), number)
        learner.observe(act_on("abc"[int(rng.integers(3))], list_id=f"l{number}"))
        learner.teach_until(START.timestamp() + 9_999)
    return learner


def draw(rng: np.random.Generator, items: int) -> Factors:
    return rng.normal(size=(4, items)).astype(np.float32)


def test_a_log_of_openings_alone_leaves_the_order_to_the_open_score() -> None:
    """Exactly: the reader's own part included, and whatever was learned of the level."""
    learner = taught_by_clicks()
    raw = learner.raw(draw(np.random.default_rng(2), 200))
    utility = learner.utility("ann")

    open_scores = raw.sum(axis=0) + (utility.weights[0] / utility.slope - 1) @ raw

    assert not np.allclose(open_scores, raw.sum(axis=0))
    assert np.argsort(utility.scores(raw)).tolist() == np.argsort(open_scores).tolist()
    assert np.ptp(utility.scores(raw)) == pytest.approx(np.ptp(open_scores), rel=0.5)


def test_what_is_opened_and_left_at_once_falls_below_what_is_read() -> None:
    """Both kinds are opened alike, so only what comes after tells them apart."""
    bounce = ViewOutcome(valid=False, finished=False, bounced=True)
    read = ViewOutcome(valid=True, finished=True, bounced=False, dwell_share=0.0)
    learner = make(views={"open-a": bounce, "open-b": read})
    settings = replace(SETTINGS, {"outcomes": {"bounce_gain": 1.0}})
    learner = Learner(learner._registry, settings, lambda reader, view: {"open-a": bounce, "open-b": read}.get(view))
    for number in range(60):
        list_id = f"l{number}"
        learner.shown(impression(list_id, "a", "b", "c"), ["a", "b", "c"], np.eye(2, 3, dtype=np.float32))
        for item in "ab":
            learner.observe(act_on(item, list_id=list_id))
        learner.teach_until(START.timestamp() + 9_999)

    clickbait, good = learner.utility("somebody").scores(learner.raw(np.eye(2, dtype=np.float32)))
    chances = learner.utility("somebody").chances(learner.raw(np.eye(2, dtype=np.float32)))[0]

    assert chances[0] == pytest.approx(chances[1])
    assert good > clickbait + 0.1


def test_what_is_hidden_falls_below_what_is_passed_by() -> None:
    learner = make(weight=0.5)
    for number in range(60):
        list_id = f"l{number}"
        learner.shown(impression(list_id, "a", "b", "c"), ["a", "b", "c"], np.eye(2, 3, dtype=np.float32))
        learner.observe(act_on("a", "hide", list_id))
        learner.teach_until(START.timestamp() + 9_999)

    hidden, passed = learner.utility("somebody").scores(learner.raw(np.eye(2, dtype=np.float32)))

    assert hidden < passed - 0.1
    assert learner.utility("somebody").expected(learner.raw(np.eye(2, dtype=np.float32)))[0] < 0


def test_a_reader_gets_a_part_of_their_own() -> None:
    """Ann opens what the first family speaks for, bob what it speaks against; to all it means what it meant."""
    learner = make(weight=1.0)
    for number in range(40):
        user, item = ("ann", "a") if number % 2 else ("bob", "b")
        factors = np.array([[1, -1, 0], [0, 0, 0]], dtype=np.float32)
        learner.shown(impression(f"l{number}", "a", "b", "c", user=user), ["a", "b", "c"], factors)
        learner.observe(act("open", item, user=user, list=f"l{number}", view=f"v{number}"))
        learner.teach_until(START.timestamp() + 9_999)
    raw = learner.raw(np.array([[1, -1], [0, 0]], dtype=np.float32))

    of_ann, of_bob, of_cat = (np.ptp(learner.utility(user).scores(raw)[::-1]) for user in ("ann", "bob", "cat"))

    assert of_ann > of_cat > of_bob


def apart(learner: Learner, user: str) -> list[float]:
    found: list[float] = (learner.utility(user).weights[0] / learner.utility(user).slope).tolist()
    return found


def taught_by_ann(learner: Learner, *, count: int = 5, first: int = 0) -> None:
    for number in range(first, first + count):
        at = START + timedelta(hours=number)
        learner.shown(impression(f"l{number}", "a", "b", at=at), ["a", "b"], np.eye(2, dtype=np.float32), number)
        learner.observe(act("open", "a", list=f"l{number}", view=f"v{number}", at=at))
        learner.teach_until(at.timestamp() + 601)


def test_a_reset_takes_a_readers_part_and_lists_from_before_it_do_not_bring_it_back() -> None:
    learner = make(weight=1.0)
    taught_by_ann(learner)
    assert apart(learner, "ann")[0] > 1.0
    at = START + timedelta(hours=9)
    learner.shown(impression("before", "a", "b", at=at), ["a", "b"], np.eye(2, dtype=np.float32), 9)
    learner.observe(act("open", "a", list="before", view="v", at=at))

    learner.observe(act("reset", at=at + timedelta(minutes=1)))
    learner.teach_until(at.timestamp() + 601)

    assert apart(learner, "ann") == [1.0, 1.0]
    taught_by_ann(learner, first=10)
    assert apart(learner, "ann")[0] > 1.0


def test_lists_that_a_saved_model_knows_are_not_wanted_but_those_that_waited_are() -> None:
    learner = make()
    for number, seq in enumerate((3, 5)):
        at = START + timedelta(minutes=11 * number)
        learner.shown(impression(f"l{seq}", "a", "b", at=at), ["a", "b"], np.eye(2, dtype=np.float32), seq)
    learner.teach_until((START + timedelta(minutes=11)).timestamp())
    model = learner.model(8)

    again = Learner(learner._registry, SETTINGS, model=model)

    assert [seq for seq in range(1, 12) if again.wants(seq)] == [5, 9, 10, 11]
    again.has_caught_up()
    assert again.wants(1)


def test_without_a_model_only_the_newest_lists_of_a_log_are_wanted() -> None:
    settings = replace(SETTINGS, {"relearned_lists": 2})
    learner = Learner(make()._registry, settings)
    events = [(seq, impression(f"l{seq}", "a") if seq % 2 else act("viewable", "a")) for seq in range(1, 10)]

    learner.begin_at(events)

    assert [seq for seq in range(1, 10, 2) if learner.wants(seq)] == [7, 9]


def replace(settings: LearningSettings, changes: dict[str, Any]) -> LearningSettings:
    """Return the settings with some numbers changed."""
    return LearningSettings.model_validate(merged(settings.model_dump(), changes))


def merged(values: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    return values | {k: merged(values[k], v) if isinstance(v, dict) else v for k, v in changes.items()}


@pytest.fixture
def learning(clock: ManualClock, remembering: Analyser) -> Callable[[], Recommender]:
    def made() -> Recommender:
        recommender = make_recommender(clock=clock, storage=MemoryStorage(), analyser=remembering)
        recommender.add_items(demo_items())
        return recommender

    return made


def test_what_readers_open_is_learned_for_a_reader_of_whom_nothing_is_known(
    learning: Callable[[], Recommender], clock: ManualClock
) -> None:
    """Everybody opens the longest article of three. For a newcomer, length then speaks for the longest one.

    What else is learned there, that opened items are opened again, is no fault, and speaks for whatever is near them.
    """
    recommender = learning()
    lengths = {item.id: sum(map(len, item.paragraphs)) for item in demo_items()}
    by_length = sorted(lengths, key=lambda item: (lengths[item], item))
    tested = tuple(by_length[n] for n in (0, 7, 14))
    rest = [item for item in by_length if item not in tested]
    assert _form_speaks_for(recommender, tested, clock) == pytest.approx([0.0, 0.0, 0.0])

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

    short, middle, long = _form_speaks_for(recommender, tested, clock)
    assert long > middle > short
    assert long - short > 0.1


def _form_speaks_for(recommender: Recommender, items: tuple[str, ...], clock: ManualClock) -> list[float]:
    """Return what the form of items, such as their length, brings them for a newcomer."""
    state, rows = recommender.state("newcomer"), recommender.catalogue.rows_of(items)
    moment = Moment(state, state.portrait, recommender.catalogue, rows, clock.at.timestamp())
    raw = recommender.learner.raw(recommender.registry.compute(moment).values)
    return [float(part) for part in raw[recommender.learner.families.index("intrinsic")]]


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
