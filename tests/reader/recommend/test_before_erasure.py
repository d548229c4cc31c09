"""What a page that was left open still sends of a reader who was erased does not come back."""

from __future__ import annotations

from datetime import timedelta

from reader.clock import ManualClock
from reader.storage.memory import MemoryStorage
from reader.types_privacy import Erasure
from tests.bench.synthetic import NOW
from tests.builders import act
from tests.reader.recommend.test_old_events import ARTICLES, opened


def test_events_from_before_an_erasure_do_not_come_back() -> None:
    """Of the erased reader alone; what they do from now on is taken, and so is an export that they bring."""
    clock, item = ManualClock(NOW), ARTICLES[0].id
    recommender = opened(MemoryStorage(), clock)
    began = clock.at
    queued = [act("open", item, user=user, view=f"{user}-1", at=began) for user in ("ann", "bob")]
    recommender.observe([act("like", item, user=user, at=began) for user in ("ann", "bob")])
    clock.at += timedelta(minutes=5)
    recommender.erase("ann", Erasure("r1", clock.at))
    clock.at += timedelta(minutes=5)

    seen = recommender.observe([*queued, act("like", item, user="ann", at=clock.at)])

    assert [(one.id, one.field) for one in seen.rejected] == [(queued[0].id, "at")]
    assert "from before an erasure" in seen.rejected[0].detail
    assert seen.accepted == 2
    assert recommender.put_back([queued[0]]).accepted == 1
    assert recommender.observe([act("save", item, user="ann", at=began)]).accepted == 1


def test_of_whom_nothing_was_there_nothing_older_is_taken() -> None:
    clock = ManualClock(NOW)
    recommender = opened(MemoryStorage(), clock)
    recommender.erase("ann", Erasure("r1", clock.at))

    late = act("like", ARTICLES[0].id, user="ann", at=clock.at - timedelta(seconds=1))
    assert recommender.observe([late]).accepted == 0
    assert recommender.storage.events_after(0) == []
