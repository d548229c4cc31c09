"""Marking what a reader holds: as read, starred, liked. What changes a state becomes an event, and nothing else does.

For programs (`webapp.greader.changing`) and for the pages of feeds (`webapp.pages.feed_items`).
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable
from typing import Final

from reader.types import Event
from webapp.greader.entries import Entry
from webapp.problems import fail
from webapp.services import new_event, observe, services

# Events handed to the recommender at once.
_BATCH: Final = 200
# What the events of one press of "Mark all as read" have in common: by it they are found when it is taken back.
_PRESS: Final = re.compile(r"all-[0-9a-f]{32}")


def note(wished: Iterable[tuple[Entry, str]], *, press: str = "") -> int:
    """Write down what changes something, and return how much; 403 where the reader's consent does not cover it.

    press: as `new_press` gives it; the ids of the events begin with it.
    """
    user = services().reader
    changes = [(entry, act) for entry, act in wished if _changes(entry, act)]
    return _take_in(
        [
            new_event(act, user, event_id=f"{press}-{number}" if press else None, item=entry.item)
            for number, (entry, act) in enumerate(changes)
        ]
    )


def _take_in(events: list[Event]) -> int:
    """Return how many of some events were taken."""
    count = 0
    for start in range(0, len(events), _BATCH):
        observed = observe(events[start : start + _BATCH])
        # What a feed has just brought may be known before the item itself is: it stays as it was.
        refused = [one for one in observed.rejected if one.field != "item"]
        if refused:
            raise fail(403, refused[0].detail)
        count += observed.accepted
    return count


def _changes(entry: Entry, act: str) -> bool:
    before = {"mark": entry.is_read, "save": entry.is_starred, "like": entry.is_liked}
    wanted = act in ("mark_read", "save", "like")
    return before[act.removeprefix("un").partition("_")[0]] != wanted


def new_press() -> str:
    """Return a name for the events of one press of a button."""
    return f"all-{uuid.uuid4().hex}"


def is_press(text: str) -> bool:
    """Tell a name of that kind from the id of an event."""
    return _PRESS.fullmatch(text) is not None


def take_back(press: str) -> int:
    """Mark as unread again what was marked at one press and still is by the reader's word; return how much.

    One pass over the reader's log. To undo each event by itself would take one for every item.
    """
    recommender, user = services().recommender, services().reader
    marked = {event.item for event in recommender.storage.iter_events(user=user) if event.id.startswith(press)}
    still = recommender.state(user).steering.read
    return _take_in(
        [new_event("mark_unread", user, item=item) for item in sorted(filter(None, marked)) if still.get(item)]
    )
