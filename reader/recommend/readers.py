"""The folds of all readers, and when their views settle.

What belongs here: whose state is which, and in step with the log. What does not: what a state is (`reader.profile`).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from heapq import heappop, heappush

from reader.profile.content import Library
from reader.profile.outcomes import ViewOutcome
from reader.profile.state import Lessons, ReaderState
from reader.profile.steering import Steering
from reader.settings import Settings
from reader.types import Event


class Readers:
    """States by reader, made when they are first asked for."""

    def __init__(self, library: Library, lessons: Lessons, settings: Settings) -> None:
        self._library = library
        self._lessons = lessons
        self._settings = settings
        self._settled_after = timedelta(hours=settings.reading.settled_after_h, milliseconds=1)
        self.states: dict[str, ReaderState] = {}
        # When a view of whom will be old enough to settle, a heap.
        self._due: list[tuple[datetime, str]] = []

    def state(self, user: str) -> ReaderState:
        """Return a reader's state; of one who is not known, an empty one that is kept."""
        if user not in self.states:
            self.states[user] = self.new(user, Steering())
        return self.states[user]

    def new(self, user: str, steering: Steering) -> ReaderState:
        """Return an empty state, which is not kept."""
        return ReaderState(user, self._library, self._lessons, self._settings, steering)

    def outcome(self, user: str, view: str) -> ViewOutcome | None:
        """Return what a view has come to; None if nobody knows."""
        state = self.states.get(user)
        return None if state is None else state.outcome(view)

    def settle_before(self, event: Event) -> None:
        """Settle the views of all readers whose time has come by this event, so that others learn from them."""
        while self._due and self._due[0][0] <= event.at:
            _, user = heappop(self._due)
            self.state(user).settle_before(event.at)
        if event.type == "open":
            heappush(self._due, (event.at + self._settled_after, event.user))

    def fold_again(self, user: str, events: Iterable[Event]) -> None:
        """Fold a reader's log anew with what they want forgotten known from the start."""
        old, log = self.state(user), list(events)
        state = self.new(user, Steering(forgotten_paragraphs=dict(old.steering.forgotten_paragraphs)))
        items = {event.item for event in log}
        state.readers_before.update({item: count for item, count in old.readers_before.items() if item in items})
        state.teaches = False
        for event in log:
            state.apply(event)
        state.teaches = True
        self.states[user] = state

    def forget(self, user: str) -> None:
        """Drop a reader's state."""
        self.states.pop(user, None)
