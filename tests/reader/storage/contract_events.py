"""What every engine must keep about the log: ids, order, and what is found in it."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from reader.storage.protocol import Appended, Storage
from reader.types import Event
from tests.reader.storage.builders import NOW, make_event, make_events
from tests.reader.storage.contract_accounts import any_values
from tests.reader.storage.steps import events_in


class EventsContract:
    """The promises of the log of events."""

    def fresh(self) -> AbstractContextManager[Storage]:
        """Lend an empty store."""
        raise NotImplementedError

    def test_an_event_that_arrives_again_changes_nothing(self, storage: Storage) -> None:
        """Whatever the second one says: the id decides."""
        storage.append_events([make_event("e1")])
        before = storage.events_after(0)

        again = storage.append_events([make_event("e1", at=NOW + timedelta(days=1)), make_event("e2")])

        assert again == Appended(("e2",), ("e1",))
        assert storage.events_after(0)[:1] == before
        assert storage.users() == ["ada"]

    def test_of_equal_ids_in_one_batch_the_first_counts(self, storage: Storage) -> None:
        """The answer keeps the order of the batch and names each duplicate."""
        batch = [make_event("e1"), make_event("e2"), *[make_event("e1", at=NOW + timedelta(days=1))] * 2]

        assert storage.append_events(batch) == Appended(("e1", "e2"), ("e1", "e1"))
        assert events_in(storage) == batch[:2]

    def test_the_same_id_of_another_reader_is_another_event(self, storage: Storage) -> None:
        """In one batch or later: no answer tells one reader which ids another has used."""
        batch = [make_event("e1"), make_event("e1", user="eve"), make_event("e1", user="bob")]

        assert storage.append_events(batch[:2]) == Appended(("e1", "e1"), ())
        assert storage.append_events(batch) == Appended(("e1",), ("e1", "e1"))
        assert events_in(storage) == batch
        assert storage.users() == ["ada", "bob", "eve"]

    def test_an_id_is_free_again_once_its_reader_is_erased(self, storage: Storage) -> None:
        """And only theirs: what others sent under it stays and is known."""
        storage.append_events([make_event("e1"), make_event("e1", user="eve")])
        storage.erase_user("ada")

        again = storage.append_events([make_event("e1", user="eve"), make_event("e1")])

        assert again == Appended(("e1",), ("e1",))
        assert [event.user for event in events_in(storage)] == ["eve", "ada"]

    @any_values
    @given(batches=st.lists(st.lists(st.sampled_from("abcdef"), max_size=6), max_size=5))
    def test_however_events_are_repeated_each_stands_once_in_order_of_arrival(self, batches: list[list[str]]) -> None:
        """Every id is answered for, as new or as a duplicate."""
        with self.fresh() as storage:
            answers = [storage.append_events([make_event(key) for key in batch]) for batch in batches]

            arrived = list(dict.fromkeys(key for batch in batches for key in batch))
            assert [event.id for event in events_in(storage)] == arrived
            assert [key for answer in answers for key in answer.accepted] == arrived
            counts = [len(answer.accepted) + len(answer.duplicates) for answer in answers]
            assert counts == [len(batch) for batch in batches]

    def test_seq_grows_and_events_after_gives_the_next_ones(self, storage: Storage) -> None:
        storage.append_events(make_events("a", 3))
        storage.append_events(make_events("b", 2, user="bob"))
        seqs = [seq for seq, _ in storage.events_after(0)]

        assert seqs == sorted(set(seqs))
        assert storage.last_event_seq() == seqs[-1]
        assert [event.id for _, event in storage.events_after(seqs[1], limit=2)] == ["a-2", "b-0"]
        assert storage.events_after(seqs[-1]) == []

    def test_events_on_an_item_are_those_of_one_reader_in_order(self, storage: Storage) -> None:
        told = make_events("a", 3) + make_events("b", 2, user="bob")
        storage.append_events(told)
        items = {event.item for event in told if event.item}
        assert items

        for item in [*items, "nowhere"]:
            for user in ("ada", "bob", "nobody"):
                wanted = [event for event in told if event.item == item and event.user == user]
                assert storage.events_on(item, user=user) == wanted

    def test_events_of_one_reader_are_found_by_reader(self, storage: Storage) -> None:
        """Paging works within one reader too."""
        storage.append_events([make_event(f"e{number}", user="ada" if number % 2 else "bob") for number in range(6)])
        (first,) = storage.events_after(0, user="ada", limit=1)

        assert first[1].id == "e1"
        assert [event.id for _, event in storage.events_after(first[0], user="ada")] == ["e3", "e5"]
        assert [event.id for event in storage.iter_events(user="bob")] == ["e0", "e2", "e4"]
        assert storage.users() == ["ada", "bob"]

    def test_iter_events_passes_the_whole_log_and_ends_though_events_are_added(self, storage: Storage) -> None:
        """It ends with the event that was the newest when it began."""
        log = make_events("e", 2_500)
        storage.append_events(log)
        passed: list[Event] = []
        for event in storage.iter_events():
            storage.append_events([make_event(f"later-{len(passed)}")] if len(passed) % 100 == 0 else [])
            passed.append(event)

        assert passed == log
