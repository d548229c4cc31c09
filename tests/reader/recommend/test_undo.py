"""Taking acts back, and folding a log anew: afterwards all is as if the act had never been done."""

from __future__ import annotations

from datetime import timedelta

import pytest

from nlp.analysis import Analyser
from reader.clock import ManualClock
from reader.recommend.recommender import Recommender
from reader.storage.memory import MemoryStorage
from reader.types import Event, Hide, Judge, Steer, Target
from reader.types_undo import Undo
from reader.wiring import make_recommender
from tests.builders import ReadingStory, act
from tests.reader.conftest import NOW, MakeRecommender

ARTICLE, OTHER = "demo-en-energy-01", "demo-en-energy-02"
READ_AT = NOW - timedelta(minutes=30)
DONE_AT = NOW - timedelta(minutes=10)


def reading() -> list[Event]:
    return list(ReadingStory(ARTICLE, at=READ_AT).read(0, 1, 2, seconds=20).go_back(0, seconds=15))


def undo(event: Event, id: str = "undo") -> Undo:
    return Undo(id=id, type="undo", at=DONE_AT + timedelta(minutes=1), user=event.user, event=event.id)


def steer(type: str, kind: str = "topic", value: str = "energy") -> Steer:
    return Steer(id=type, type=type, at=DONE_AT, user="ann", target=Target(kind, value))  # type: ignore[arg-type]  # known kinds


@pytest.fixture
def recommender(make: MakeRecommender) -> Recommender:
    made = make()
    assert not made.observe(reading()).rejected
    return made


@pytest.mark.parametrize(
    "done",
    [
        act("like", OTHER, at=DONE_AT),
        Hide(id="hide", type="hide", at=DONE_AT, user="ann", item=OTHER),
        Hide(id="hide", type="hide", at=DONE_AT, user="ann", item=OTHER, target=Target("topic", "energy")),
        Judge(id="judge", type="forget_paragraph", at=DONE_AT, user="ann", item=ARTICLE, paragraph=0),
        steer("mute"),
        steer("forget"),
        act("reset", at=DONE_AT),
    ],
    ids=lambda event: event.type,
)
def test_an_act_that_is_undone_was_never_done(recommender: Recommender, done: Event) -> None:
    before, noticed = recommender.interests("ann"), recommender.noticed("ann")

    recommender.observe([done])
    changed = (recommender.interests("ann"), recommender.noticed("ann"))
    recommender.observe([undo(done)])

    assert changed != (before, noticed)
    assert recommender.interests("ann") == before
    assert recommender.noticed("ann") == noticed


def test_what_was_seen_and_opened_stays(recommender: Recommender) -> None:
    before, opening = recommender.interests("ann"), reading()[0]

    recommender.observe([undo(opening)])

    assert opening.type == "open"
    assert ARTICLE in recommender.state("ann").opened
    assert recommender.interests("ann") == before


def test_a_second_start_folds_the_same(
    recommender: Recommender, make: MakeRecommender, remembering: Analyser, clock: ManualClock
) -> None:
    """A log with acts before and after what has it folded anew: nothing counts twice."""
    liked = act("like", OTHER, at=DONE_AT)
    judged = Judge(id="judge", type="forget_paragraph", at=DONE_AT, user="ann", item=ARTICLE, paragraph=0)
    muted = steer("mute")
    recommender.observe([muted, judged, liked])
    recommender.observe([undo(muted), act("save", OTHER, at=DONE_AT)])
    storage = recommender.storage

    assert isinstance(storage, MemoryStorage)
    again = make_recommender(clock=clock, storage=storage, analyser=remembering)
    one_by_one = make()
    for event in storage.iter_events(user="ann"):
        one_by_one.observe([event])

    assert again.interests("ann") == recommender.interests("ann") == one_by_one.interests("ann")


def test_seen_already_says_nothing_against_it(recommender: Recommender) -> None:
    before = recommender.interests("ann")

    recommender.observe([Hide(id="hide", type="hide", at=DONE_AT, user="ann", item=OTHER, reason="seen")])

    assert recommender.interests("ann") == before
    assert OTHER in recommender.state("ann").steering.hidden


def test_a_named_reason_spares_the_rest(recommender: Recommender) -> None:
    source = recommender.item(OTHER).source
    weights = {each.target: each.weight for each in recommender.interests("ann")}

    recommender.observe(
        [Hide(id="hide", type="hide", at=DONE_AT, user="ann", item=OTHER, target=Target("source", source))]
    )

    now = {each.target: each.weight for each in recommender.interests("ann")}
    assert now[Target("source", source)] < weights.get(Target("source", source), 0.0)
    spared = {target: weight for target, weight in weights.items() if target.kind != "source"}
    assert {target: weight for target, weight in now.items() if target.kind != "source"} == pytest.approx(spared)
