"""Attention that counts only while its reader is here, and attention that is deleted."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from nlp.analysis import Analyser
from reader.clock import ManualClock
from reader.privacy.consents import Consents
from reader.profile.packing import pack
from reader.recommend.recommender import Recommender
from reader.recommend.requests import Request
from reader.settings import LearningSettings, Settings
from reader.types import Event
from reader.types_consent import ATTENTION_TYPES
from reader.types_undo import Undo
from reader.wiring import make_recommender
from tests.builders import ReadingStory, act
from tests.reader.conftest import NOW, MakeRecommender, demo_items

PLAIN = Settings(learning=LearningSettings(enabled=False))


@pytest.fixture
def recommender(make: MakeRecommender) -> Recommender:
    return make(settings=PLAIN)


def reading(*, user: str = "ann", view: str = "v1") -> list[Event]:
    """One article read, and a paragraph of it gone back to."""
    story = ReadingStory(demo_items()[0].id, user=user, view=view, at=NOW - timedelta(minutes=10))
    return list(story.read(0, 1, 2, seconds=20).go_back(0, seconds=15, rest_ms=15_000.0).close())


def answer(recommender: Recommender, level: str, user: str = "ann") -> None:
    Consents(recommender.storage, recommender.clock).answer(user, "attention", level)


def listed(recommender: Recommender, user: str = "ann") -> list[tuple[str, float]]:
    made = recommender.recommend(Request(user, list_id=f"l-{user}"))
    return [(place.item, place.score) for place in made.items]


def test_held_attention_ranks_like_kept_attention(make: MakeRecommender) -> None:
    """The next list is the same as if it were kept, and nothing of it is in the log."""
    held, kept = make(settings=PLAIN), make(settings=PLAIN)
    answer(held, "session")
    answer(kept, "kept")

    observed = [recommender.observe(reading()) for recommender in (held, kept)]

    assert observed[0] == observed[1]
    assert held.interests("ann") == kept.interests("ann") != ()
    assert listed(held) == listed(kept)
    assert {event.type for event in held.storage.iter_events()} == {"open", "impression"}


@pytest.mark.parametrize("how", ["rest", "end", "erase attention"])
def test_what_was_held_leaves_no_trace(make: MakeRecommender, how: str) -> None:
    """After it, profile and list are those of a reader who did the same without being watched."""
    clock = ManualClock(NOW)
    held, never = make(settings=PLAIN), make(settings=PLAIN)
    held.clock = never.clock = clock
    answer(held, "session")
    answer(never, "none")
    held.observe(reading())
    never.observe(reading())
    assert held.interests("ann") != never.interests("ann")

    if how == "rest":
        clock.at = NOW + timedelta(minutes=31)
    elif how == "end":
        held.sittings.end("ann")
    else:
        held.forget_attention("ann")

    assert held.interests("ann") == never.interests("ann")
    assert pack(held.state("ann")) == pack(never.state("ann"))
    assert listed(held) == listed(never)


def test_a_sitting_goes_on_while_the_reader_is_here(recommender: Recommender) -> None:
    clock = ManualClock(NOW)
    recommender.clock = clock
    answer(recommender, "session")
    for number in range(4):
        recommender.observe(reading(view=f"v{number}"))
        clock.at += timedelta(minutes=25)

    assert recommender.sittings.state("ann") is not None


def test_what_comes_with_an_undo_in_one_batch_counts_once(make: MakeRecommender) -> None:
    """The log is folded anew for the undo; what follows it in the batch is in the log by then, and taken in next."""
    at_once, one_by_one = make(settings=PLAIN), make(settings=PLAIN)
    liked, saved = act("like", demo_items()[3].id, at=NOW), act("save", demo_items()[4].id, at=NOW)
    undo = Undo(id="undo", type="undo", at=NOW, user="ann", event=liked.id)
    passed = act("share", demo_items()[5].id, at=NOW)
    for recommender in (at_once, one_by_one):
        answer(recommender, "session")
        recommender.observe([*reading(), liked])

    at_once.observe([undo, saved, passed])
    for event in (undo, saved, passed):
        one_by_one.observe([event])

    assert at_once.sittings.state("ann") is not None
    assert at_once.interests("ann") == one_by_one.interests("ann") != ()
    assert listed(at_once) == listed(one_by_one)


def test_held_attention_teaches_nobody(make: MakeRecommender) -> None:
    """What all readers share is after a sitting what it would be without it, also when its views have settled."""
    held, never = make(), make()
    for recommender, level in ((held, "session"), (never, "none")):
        answer(recommender, level)
        events = reading()
        recommender.observe(events)
        recommender.recommend(Request("ann", list_id="l1"))
        recommender.clock = ManualClock(NOW + timedelta(hours=3))
        recommender.observe([act("open", events[0].item, user="ben", at=NOW + timedelta(hours=3), view="later")])

    assert (held.weights == never.weights).all()
    assert held.population.expected_return.observed == never.population.expected_return.observed == 0


def test_repeated_events_are_duplicates_and_too_many_are_refused(make: MakeRecommender) -> None:
    settings = PLAIN.model_copy(update={"consent": PLAIN.consent.model_copy(update={"sitting_events": 3})})
    recommender = make(settings=settings)
    answer(recommender, "session")
    events = [event for event in reading() if event.type in ATTENTION_TYPES]

    first = recommender.observe(events)
    again = recommender.observe(events)

    assert (first.accepted, len(first.rejected)) == (3, len(events) - 3)
    assert "held" in first.rejected[0].detail
    assert (again.accepted, again.duplicates) == (0, 3)


def test_held_events_do_not_outlive_the_process(tmp_path: Path, remembering: Analyser) -> None:
    """The file has none of it, and a second recommender on it knows nothing."""
    first, second = (
        make_recommender(tmp_path / "r.db", settings=PLAIN, clock=ManualClock(NOW), analyser=remembering)
        for _ in range(2)
    )
    first.add_items(demo_items()[:3])
    answer(first, "session")
    first.observe(reading())
    first.storage.close()

    assert first.state("ann").attended == {demo_items()[0].id}
    assert b"paragraph_visit" not in b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert second.state("ann").attended == set()
    second.storage.close()


# Deleting what was kept


def test_deleted_attention_leaves_what_the_reader_did_on_purpose(make: MakeRecommender) -> None:
    """Profile and list are those of a reader who was never watched."""
    kept, never = make(settings=PLAIN), make(settings=PLAIN)
    answer(kept, "kept")
    answer(never, "none")
    for recommender in (kept, never):
        recommender.observe([*reading(), act("like", demo_items()[3].id, at=NOW)])

    count = kept.forget_attention("ann")

    assert count == len([event for event in reading() if event.type in ATTENTION_TYPES])
    assert kept.interests("ann") == never.interests("ann") != ()
    assert pack(kept.state("ann")) == pack(never.state("ann"))
    assert listed(kept) == listed(never)


def test_deleting_attention_leaves_other_readers_alone(recommender: Recommender) -> None:
    for user in ("ann", "ben"):
        recommender.observe(reading(user=user))
    before = recommender.interests("ben")

    recommender.forget_attention("ann")

    assert recommender.interests("ben") == before
    assert recommender.forget_attention("nobody") == 0
