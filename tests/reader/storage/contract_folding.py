"""What every engine must keep about events by age: counting and deleting them, and putting sums in their place."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta

from reader.storage.protocol import Storage
from reader.types import Event
from reader.types_folding import Fold, FoldedView, Unfolded
from reader.types_privacy import Erasure
from tests.reader.storage.builders import NOW, make_event


def timed(event_id: str, kind: str, *, days: int, user: str = "ada") -> Event:
    return replace(make_event(event_id, user=user), type=kind, at=NOW - timedelta(days=days))


def folded(event_id: str = "f1") -> FoldedView:
    return FoldedView(id=event_id, type="folded_view", at=NOW, user="ada", part=0, folds=2, began_at=NOW, item="a1")


class FoldingContract:
    """The promises about `old_events`, `drop_old_events` and `fold_events`."""

    def fresh(self) -> AbstractContextManager[Storage]:
        """Lend an empty store."""
        raise NotImplementedError

    def test_old_events_of_some_types_are_counted_and_dropped(self, storage: Storage) -> None:
        """Those of all readers; younger ones and other types stay. It counts as an erasure, if there were any."""
        storage.append_events([timed("e1", "viewable", days=3), timed("e2", "viewable", days=1)])
        storage.append_events([timed("e3", "like", days=3), timed("e1", "viewable", days=3, user="bob")])
        before = NOW - timedelta(days=2)

        assert storage.old_events(["viewable", "open"], before) == 2
        assert storage.erasures() == 0
        assert storage.drop_old_events(["viewable", "open"], before) == 2
        assert storage.drop_old_events(["viewable", "open"], before) == 0

        assert storage.erasures() == 1
        assert [event.id for event in storage.iter_events()] == ["e2", "e3"]

    def test_where_old_events_are_is_told_with_what_lies_before(self, storage: Storage) -> None:
        """By hand: the old ones are e6 and e7; a lead of a day before e6, four days ago, begins with e5."""
        earlier = replace(folded(), view="v1", part=1, at=NOW - timedelta(days=9))
        events = [
            replace(timed("e1", "reset", days=9), item=None),
            replace(timed("e2", "reset", days=8), item=None),
            earlier,
            timed("e4", "open", days=5),
            timed("e5", "open", days=4),
            replace(timed("e6", "share", days=4), view="v1"),
            replace(timed("e7", "share", days=3, user="bob"), view="v1"),
            replace(timed("e8", "share", days=1), view="v1"),
            replace(timed("e9", "open", days=0, user="bob"), view="v1"),
            timed("e10", "share", days=0),
        ]
        storage.append_events(events)
        seqs = [seq for seq, _ in storage.events_after(0)]

        found = storage.unfolded(["share"], NOW - timedelta(days=2), timedelta(days=1))

        assert found == Unfolded(
            first=seqs[4],
            last=seqs[6],
            young=frozenset({("ada", "v1")}),
            parts={("ada", "v1"): 2},
            reset_at={"ada": NOW - timedelta(days=8)},
        )
        assert storage.unfolded(["share"], NOW - timedelta(days=4), timedelta(days=1)) is None
        assert storage.unfolded(["watch"], NOW, timedelta(days=1)) is None

    def test_a_sum_takes_the_place_of_events(self, storage: Storage) -> None:
        """At the place of the last of them; no erasure is counted, and what comes later gets places of its own."""
        storage.append_events([make_event(f"e{number}") for number in range(4)])
        seqs = [seq for seq, _ in storage.events_after(0)]

        assert storage.fold_events("ada", [Fold((seqs[0], seqs[2]), folded())])
        storage.append_events([make_event("later")])

        events = storage.events_after(0)
        assert [event.id for _, event in events] == ["e1", "f1", "e3", "later"]
        assert [seq for seq, _ in events[:3]] == seqs[1:]
        assert events[3][0] > seqs[-1]
        assert events[1][1] == folded()
        assert [event.id for _, event in storage.events_after(0, user="ada")] == ["e1", "f1", "e3", "later"]
        assert storage.erasures() == 0

    def test_the_last_erasure_has_a_time_if_it_was_noted(self, storage: Storage) -> None:
        assert storage.last_erased_at() is None
        storage.append_events([timed("e1", "open", days=2), timed("e2", "open", days=1)])

        storage.erase_user("bob", Erasure("r1", NOW - timedelta(days=1)))
        storage.erase_user("cy", Erasure("r0", NOW - timedelta(days=3)))
        storage.drop_some_events("ada", ["e2"])

        assert storage.last_erased_at() == NOW - timedelta(days=1)
        assert storage.has_events_until("ada", NOW - timedelta(days=2))
        assert not storage.has_events_until("ada", NOW - timedelta(days=3))
        assert not storage.has_events_until("bob", NOW)

    def test_nothing_is_folded_of_what_has_gone_or_is_anothers(self, storage: Storage) -> None:
        storage.append_events([make_event("e1"), make_event("e1", user="bob")])
        (first, _), (others, _) = storage.events_after(0)

        assert not storage.fold_events("ada", [Fold((first,), folded()), Fold((others,), folded("f2"))])

        assert [event.id for event in storage.iter_events()] == ["e1", "e1"]
