"""Nothing of an erased reader is left: not for them, not for the others, in no process and no file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from nlp.analysis import Analyser
from reader.clock import ManualClock
from reader.recommend.challenger.standing import Nobody
from reader.recommend.recommender import Recommender
from reader.recommend.requests import Request
from reader.settings import RankingSettings, Settings
from reader.storage.sqlite import SqliteStorage
from reader.types import RecommendationList
from reader.types_privacy import Erasure
from reader.wiring import make_recommender, model_path
from tests.reader.conftest import NOW, demo_items
from tests.reader.recommend.living import learned, live

# Without exploring slots, so that two lists differ by what was learned only.
PLAIN = Settings(ranking=RankingSettings(exploring_every=1000))
Open = Callable[[str], Recommender]


@pytest.fixture
def open_db(tmp_path: Path, clock: ManualClock, remembering: Analyser) -> Iterator[Open]:
    """Open a database by name, any number of times."""
    opened: list[Recommender] = []

    def make(name: str) -> Recommender:
        opened.append(make_recommender(tmp_path / name, settings=PLAIN, clock=clock, analyser=remembering))
        opened[-1].add_items(demo_items())
        return opened[-1]

    yield make
    for recommender in opened:
        recommender.storage.close()


def everything_for(recommender: Recommender, user: str) -> RecommendationList:
    """Return all items as ranked for a reader, without leaving a trace in the log."""
    return recommender.recommend(Request(user, list_id="same", candidates=tuple(item.id for item in demo_items())))


def without(open_db: Open, source: Recommender, user: str) -> Recommender:
    """Return a recommender that has seen all events but those of one reader, who never was."""
    other = open_db("never.db")
    other.storage.append_events([event for event in source.storage.iter_events() if event.user != user])
    other.catch_up()
    return other


def same(one: Recommender, other: Recommender) -> None:
    """Compare by lists, item by item with their scores and reasons, by interests and by all that was learned."""
    for user in ("ann", "bob", "cy"):
        assert everything_for(one, user).items == everything_for(other, user).items
        assert one.interests(user) == other.interests(user)
        assert one.learner.corrections(user) == other.learner.corrections(user)
    assert learned(one) == learned(other)
    assert one.learner.progress == other.learner.progress


def test_after_an_erasure_all_is_as_if_the_reader_had_never_been(open_db: Open, clock: ManualClock) -> None:
    """For them, for the others and for somebody new: lists, scores, reasons, interests, weights, corrections."""
    recommender = open_db("reread.db")
    live(recommender, clock, hours=9, users="ann bob cy")
    before = everything_for(recommender, "bob")
    never = without(open_db, recommender, "ann")

    recommender.erase("ann")

    same(recommender, never)
    assert everything_for(recommender, "bob").items != before.items  # else the test would say nothing
    assert recommender.interests("bob") != ()
    assert recommender.learner.progress.taught > 0


def test_what_follows_is_the_same_too(open_db: Open, clock: ManualClock) -> None:
    recommender = open_db("reread.db")
    live(recommender, clock, hours=6, users="ann bob cy")
    never = without(open_db, recommender, "ann")
    recommender.erase("ann")

    for one in (recommender, never):
        live(one, clock, hours=3, first=6, users="bob ann")

    same(recommender, never)


def test_an_erasure_by_another_process_reaches_a_running_one(open_db: Open, clock: ManualClock, tmp_path: Path) -> None:
    """By the next thing that it is asked for; so does the deletion of single events."""
    serving = open_db("reread.db")
    live(serving, clock, hours=9, users="ann bob cy")
    never = without(open_db, serving, "ann")
    other = SqliteStorage(tmp_path / "reread.db")

    other.erase_user("ann", Erasure("r1", NOW))
    other.close()

    same(serving, never)


def test_what_fails_on_the_way_is_begun_anew_by_the_next_call(
    open_db: Open, clock: ManualClock, tmp_path: Path
) -> None:
    serving = open_db("reread.db")
    live(serving, clock, hours=9, users="ann bob cy")
    never = without(open_db, serving, "ann")
    serving.challenge(Stuck())

    with pytest.raises(OSError, match="stuck"):
        serving.erase("ann")

    same(serving, never)


class Stuck(Nobody):
    """A challenger whose file cannot be deleted the first time."""

    tries = 0

    def drop(self) -> None:
        self.tries += 1
        if self.tries == 1:
            raise OSError("stuck")


def test_deleting_events_leaves_no_trace_of_them(open_db: Open, clock: ManualClock) -> None:
    recommender = open_db("reread.db")
    live(recommender, clock, hours=6, users="ann bob cy")
    mine = [event for event in recommender.storage.iter_events(user="ann") if event.type in ("like", "open")]
    never = open_db("never.db")
    kept = {event.id for event in mine}
    never.storage.append_events([event for event in recommender.storage.iter_events() if event.id not in kept])
    never.catch_up()

    assert recommender.storage.drop_some_events("ann", kept) == len(mine) > 2

    same(recommender, never)


def test_a_model_that_was_learned_before_an_erasure_is_not_used(
    open_db: Open, clock: ManualClock, tmp_path: Path
) -> None:
    """A server that dies before it notices leaves its file behind; the next start learns from the log."""
    first = open_db("reread.db")
    live(first, clock, hours=9, users="ann bob cy")
    assert first.save_learned()
    old = model_path(tmp_path / "reread.db").read_bytes()
    never = without(open_db, first, "ann")
    first.storage.erase_user("ann")
    first.storage.close()
    assert model_path(tmp_path / "reread.db").read_bytes() == old

    again = open_db("reread.db")

    same(again, never)
    assert model_path(tmp_path / "reread.db").read_bytes() != old
    assert set(again.storage.parts()) <= {"bob", "cy"}


def test_what_is_kept_after_an_erasure_is_what_a_start_goes_on_from(open_db: Open, clock: ManualClock) -> None:
    recommender = open_db("reread.db")
    live(recommender, clock, hours=9, users="ann bob cy")
    recommender.save_learned()

    recommender.erase("ann")

    again = open_db("reread.db")
    assert again.learned_notice == ""
    assert learned(again) == learned(recommender)
    # Parts are kept in fewer digits than they are learned with.
    assert again.learner.corrections("bob") == pytest.approx(recommender.learner.corrections("bob"), abs=1e-6)
