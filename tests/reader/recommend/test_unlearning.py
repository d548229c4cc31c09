"""What was learned of a reader goes with the reader, or when they start over; what all share stays as it should."""

from __future__ import annotations

import pytest

from reader.clock import ManualClock
from tests.builders import act
from tests.reader.recommend.living import Make, listed, live


def test_the_lists_of_an_erased_reader_are_those_of_one_never_seen(open_db: Make, clock: ManualClock) -> None:
    recommender = open_db()
    live(recommender, clock, hours=8)
    recommender.save_learned()
    assert listed(recommender, "ann").items != listed(recommender, "somebody").items

    assert recommender.learner.corrections("ann")
    recommender.erase("ann")

    assert recommender.learner.corrections("ann") == {}
    assert listed(recommender, "ann").items == listed(recommender, "somebody").items
    assert "ann" not in recommender.storage.parts()
    again = open_db()
    assert listed(again, "ann").items == listed(again, "somebody").items


def test_erasing_the_last_reader_takes_the_weights_too(open_db: Make, clock: ManualClock) -> None:
    """All that they say was learned from that reader alone."""
    recommender = open_db()
    live(recommender, clock, hours=4, users="ann")
    recommender.save_learned()

    recommender.erase("ann")

    assert recommender.weights.tolist() == recommender.registry.priors.tolist()
    assert open_db().weights.tolist() == recommender.registry.priors.tolist()


def test_a_reset_drops_the_readers_own_part_for_good(open_db: Make, clock: ManualClock) -> None:
    recommender = open_db()
    live(recommender, clock, hours=5)
    recommender.observe([act("reset", user="ann", at=clock.at)])
    recommender.save_learned()

    for one in (recommender, open_db()):
        own, other = one.learner.utility("ann"), one.learner.utility("nobody")
        assert own.weights.tolist() == other.weights.tolist()


def test_what_was_learned_since_a_reset_outlives_restarts(open_db: Make, clock: ManualClock) -> None:
    """The reset is in the log that a start goes through; the part that is kept is of after it."""
    first = open_db()
    live(first, clock, hours=4)
    first.observe([act("reset", user="ann", at=clock.at)])
    live(first, clock, hours=4, first=5)
    first.save_learned()
    assert first.learner.corrections("ann")

    for _ in range(2):
        again = open_db()
        assert again.learner.corrections("ann") == pytest.approx(first.learner.corrections("ann"), rel=1e-5)
        again.save_learned()


def test_a_reset_leaves_what_all_readers_share_also_with_a_single_reader(open_db: Make, clock: ManualClock) -> None:
    """As the page says; an erasure of the same reader begins it anew."""
    recommender = open_db()
    live(recommender, clock, hours=4, users="ann")
    learned = recommender.weights.tolist()
    assert learned != recommender.registry.priors.tolist()

    recommender.observe([act("reset", user="ann", at=clock.at)])

    assert recommender.learner.corrections("ann") == {}
    assert recommender.weights.tolist() == learned
