"""The folds of all readers, and when their views settle.

What belongs here: whose state is which, and in step with the log. What does not: what a state is (`reader.profile`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from reader.profile.content import Library
from reader.profile.open_views import Settling
from reader.profile.outcomes import ViewOutcome
from reader.profile.state import Lessons, ReaderState
from reader.profile.steering import Steering
from reader.settings import Settings
from reader.types import Event, Judge
from reader.types_undo import UNDOABLE, WORDS, Undo


class Readers:
    """States by reader, made when they are first asked for."""

    def __init__(self, library: Library, lessons: Lessons, settings: Settings) -> None:
        self._library = library
        self._lessons = lessons
        self._settings = settings
        self.states: dict[str, ReaderState] = {}
        self._settling = Settling(settings)

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

    def settle_until(self, at: datetime) -> Iterator[datetime]:
        """Settle the views of all readers whose time has come, so that others learn from them.

        Each by itself, in order of time; that time is told before it is done.
        """
        for due, user in self._settling.until(at):
            yield due
            self.state(user).settle_before(due)

    def note(self, event: Event) -> None:
        """Remember when the view that an event opens will be settled."""
        if event.type == "open":
            self._settling.opened(event)

    def fold_again(self, user: str, events: Iterable[Event]) -> None:
        """Fold a reader's log anew with what they want forgotten or undone known from the start."""
        old, log = self.state(user), list(events)
        state = self.new(user, known_wishes(log))
        items = {event.item for event in log}
        state.readers_before.update({item: count for item, count in old.readers_before.items() if item in items})
        state.teaches = False
        for event in log:
            state.apply(event)
        state.teaches = True
        self.states[user] = state

    def take_back(self, wish: Event, log: Iterable[Event]) -> None:
        """Have something in the past of a reader count as never done: an act, or going back to a paragraph.

        log: of this reader, up to the wish.
        """
        log = list(log)
        if not isinstance(wish, Undo):
            self.fold_again(wish.user, log)
            return
        done = next((event for event in log if event.id == wish.event and event.type in UNDOABLE), None)
        if done is None:
            return
        if done.type in WORDS:
            self.state(wish.user).steering.reword(log)
        else:
            self.fold_again(wish.user, log)

    def begun(self, user: str) -> ReaderState:
        """Return an empty state of a reader, not kept, to fold their log with: it knows what the log will ask for."""
        now = self.state(user)
        wishes = Steering(undone=set(now.steering.undone), forgotten_paragraphs=dict(now.steering.forgotten_paragraphs))
        begun = self.new(user, wishes)
        begun.readers_before.update(now.readers_before)
        return begun


def known_wishes(log: Iterable[Event]) -> Steering:
    """Return what must be known before a log is folded: what is undone, and which paragraphs are forgotten."""
    log = list(log)
    wishes = Steering(undone={event.event for event in log if isinstance(event, Undo)})
    for event in log:
        if isinstance(event, Judge) and event.type == "forget_paragraph" and not wishes.is_undone(event):
            wishes.apply(event)
    return wishes
