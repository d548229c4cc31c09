"""The research log: events of those who said yes to it, under other names.

What belongs here: who is in it, and the disguise. What does not: what is measured with it (`reader.replay`).
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from reader.privacy.consents import Consents
from reader.storage.protocol import Storage
from reader.types import Event
from reader.types_undo import Undo

# What would lead from an event to its reader: their id, and ids that follow from it or are kept elsewhere.
_NAMES: Final = ("id", "user", "session", "view", "list")


def takes_part(consents: Consents, user: str) -> bool:
    """Whether a reader has said yes to the research log. A child is never in it."""
    answer = consents.newest(user).get("research")
    return answer is not None and answer.granted and not consents.terms(user).is_child


def disguised(event: Event, key: bytes) -> Event:
    """Return the event under other names: the same ones for the same key, so that what belongs together stays so."""
    other: dict[str, Any] = {name: _name(name, getattr(event, name), event.user, key) for name in _NAMES}
    if isinstance(event, Undo):
        other["event"] = _name("id", event.event, event.user, key)
    return replace(event, **other)


def _name(kind: str, value: str | None, user: str, key: bytes) -> str | None:
    if value is None:
        return None
    return hmac.new(key, f"{kind}\0{user}\0{value}".encode(), hashlib.sha256).hexdigest()[:24]


def research_log(storage: Storage, consents: Consents, key: bytes) -> Iterator[Event]:
    """Go through the events of all who take part, in the order of the log."""
    part = {user: takes_part(consents, user) for user in storage.users()}
    return (disguised(event, key) for event in storage.iter_events() if part.get(event.user))
