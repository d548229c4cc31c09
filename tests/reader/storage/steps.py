"""Steps that the tests of storage share: fill a store, look into it, write each kind of thing."""

from __future__ import annotations

from collections.abc import Callable

from reader.storage.protocol import Storage
from reader.types import Consent, Event, Feed
from tests.reader.storage.builders import NOW, make_article, make_event, make_events, make_list, make_token

# Each writes something; for tests of what happens when an engine cannot.
WRITES: dict[str, Callable[[Storage], object]] = {
    "put_items": lambda storage: storage.put_items([make_article("a9")]),
    "put_analyses": lambda storage: storage.put_analyses([("a9", b"x")]),
    "append_events": lambda storage: storage.append_events([make_event("e9")]),
    "save_list": lambda storage: storage.save_list(make_list("l9")),
    "drop_lists_before": lambda storage: storage.drop_lists_before(NOW),
    "put_consent": lambda storage: storage.put_consent(Consent("ada", "attention", True, NOW, "v1")),
    "put_token": lambda storage: storage.put_token(make_token("d9")),
    "put_feed": lambda storage: storage.put_feed(Feed("https://a/")),
    "put_parts": lambda storage: storage.put_parts({"ada": b"x"}),
    "erase_user": lambda storage: storage.erase_user("ada"),
}


def fill(storage: Storage, user: str) -> None:
    """Store something of every kind about one reader."""
    storage.append_events(make_events(user, 3, user=user))
    storage.save_list(make_list(f"list-{user}", user=user))
    for granted in (True, False):
        storage.put_consent(Consent(user, "attention", granted, NOW, "v1"))
    storage.put_token(make_token(f"digest-{user}", user=user))
    storage.put_parts({user: b"part"})


def erased(storage: Storage, user: str) -> bool:
    """Return whether what `fill` stored is gone."""
    left = (
        storage.events_after(0, user=user),
        storage.load_list(f"list-{user}"),
        storage.consent(user, "attention"),
        storage.token(f"digest-{user}"),
        storage.parts().get(user),
    )
    return not any(left)


def poll(storage: Storage, seen: list[tuple[int, Event]]) -> None:
    """Add what came after the last event seen."""
    seen.extend(storage.events_after(seen[-1][0] if seen else 0))


def events_in(storage: Storage) -> list[Event]:
    """Return the whole log."""
    return [event for _, event in storage.events_after(0)]
