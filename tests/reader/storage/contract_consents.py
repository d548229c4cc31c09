"""What every engine must keep about answers, and about what is deleted when one is taken back."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import timedelta

from reader.storage.protocol import Storage
from reader.types import Consent, Event
from tests.reader.storage.builders import NOW, make_list


def event(event_id: str, kind: str, user: str) -> Event:
    return Event(id=event_id, type=kind, at=NOW, user=user, item="a1", view="w1")


class ConsentsContract:
    """The promises about consents and `drop_events`."""

    def fresh(self) -> AbstractContextManager[Storage]:
        """Lend an empty store."""
        raise NotImplementedError

    def test_all_answers_come_in_the_order_of_their_times(self, storage: Storage) -> None:
        """Of equal times, in the order in which they were put; those of one reader alone."""
        answers = [
            Consent("ada", "attention", True, NOW + timedelta(minutes=2), "v1", "kept"),
            Consent("ada", "attention", False, NOW, "v1", "none", "gpc"),
            Consent("ada", "feedback", True, NOW, "v1", "kept", "u1"),
        ]
        for answer in (*answers, Consent("bob", "attention", True, NOW, "v1")):
            storage.put_consent(answer)

        assert storage.consents("ada") == [answers[1], answers[2], answers[0]]

    def test_events_of_some_types_are_dropped(self, storage: Storage) -> None:
        """With the lists and the part that go by them; the other types, and other readers, stay. Ids are free again."""
        for user in ("ada", "bob"):
            storage.append_events([event(f"e-{kind}", kind, user) for kind in ("open", "like")])
            storage.save_list(make_list(f"l-{user}", user=user))
            storage.put_parts({user: b"part"})

        assert storage.drop_events("ada", ["open", "close"]) == 1
        assert storage.drop_events("nobody", ["open"]) == 0

        assert [kept.type for kept in storage.iter_events(user="ada")] == ["like"]
        assert [kept.type for kept in storage.iter_events(user="bob")] == ["open", "like"]
        assert storage.load_list("l-ada") is None
        assert storage.load_list("l-bob") is not None
        assert storage.parts() == {"bob": b"part"}
        assert storage.append_events([event("e-open", "open", "ada")]).accepted == ("e-open",)
        assert storage.last_event_seq() == 5
        storage.drop_events("ada", ["open", "like"])
        assert storage.users() == ["bob"]
