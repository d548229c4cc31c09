"""Attention that counts only while its reader is here: held in memory, laid over their profile, and dropped.

The fold of the log is never touched by it. A sitting is a second fold, of the log and of what is held, that ranks this
reader's lists and teaches nobody; to end it is to forget it. Nothing of it is written, so a restart ends it, too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from reader.profile.state import ReaderState
from reader.recommend.readers import Readers
from reader.recommend.requests import Rejected
from reader.settings_consent import ConsentSettings
from reader.types import Event

_FULL = "too many events were held since this reader came; they are forgotten when the reader leaves"


@dataclass(slots=True)
class _Sitting:
    """state: the log and what is held; held: by id, in order of arrival; last_at: when the last of it arrived."""

    state: ReaderState
    last_at: datetime
    held: dict[str, Event] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a batch that is to be held."""

    accepted: int
    duplicates: int
    rejected: tuple[Rejected, ...]


class Sittings:
    """The sittings that are going on."""

    def __init__(self, readers: Readers, settings: ConsentSettings, log: Callable[[str], Iterable[Event]]) -> None:
        """log: returns what was taken in of the log of one reader; what comes after it is told by `apply`."""
        self._readers = readers
        self._rest = timedelta(minutes=settings.sitting_rest_min)
        self._most = settings.sitting_events
        self._log = log
        self._sittings: dict[str, _Sitting] = {}

    def state(self, user: str) -> ReaderState | None:
        """Return the fold that ranks a reader's lists while they are here; None if nothing is held of them."""
        sitting = self._sittings.get(user)
        return None if sitting is None else sitting.state

    def hold(self, events: Sequence[Event], now: datetime) -> Taken:
        """Take in events that must not be written down."""
        accepted, duplicates, rejected = 0, 0, []
        for event in events:
            sitting = self._sitting(event.user, now)
            if event.id in sitting.held:
                duplicates += 1
            elif len(sitting.held) >= self._most:
                rejected.append(Rejected(event.id, "type", _FULL))
            else:
                sitting.held[event.id] = event
                sitting.state.apply(event)
                accepted += 1
        return Taken(accepted, duplicates, tuple(rejected))

    def _sitting(self, user: str, now: datetime) -> _Sitting:
        if user not in self._sittings:
            self._sittings[user] = _Sitting(self._fold(user, self._log(user), ()), now)
        self._sittings[user].last_at = now
        return self._sittings[user]

    def _fold(self, user: str, log: Iterable[Event], held: Iterable[Event]) -> ReaderState:
        state = self._readers.begun(user)
        # Nothing of it may stay with others.
        state.teaches = False
        for event in (*log, *held):
            state.apply(event)
        return state

    def apply(self, event: Event) -> None:
        """Take in an event that came into the log."""
        if event.user in self._sittings:
            self._sittings[event.user].state.apply(event)

    def fold_again(self, user: str, log: Iterable[Event]) -> None:
        """Begin the fold anew, because that of the log has been. log: of this reader, as far as it was taken in."""
        sitting = self._sittings.get(user)
        if sitting is not None:
            sitting.state = self._fold(user, log, sitting.held.values())

    def begin_anew(self, readers: Readers) -> None:
        """Lay what is held over other folds of the log. Of whom it has nothing any more was erased: theirs ends."""
        self._readers = readers
        for user in list(self._sittings):
            if log := list(self._log(user)):
                self.fold_again(user, log)
            else:
                self.end(user)

    def end(self, user: str) -> int:
        """Forget what is held of a reader; return how many events."""
        sitting = self._sittings.pop(user, None)
        return 0 if sitting is None else len(sitting.held)

    def end_rested(self, now: datetime) -> None:
        """Forget what is held of readers who have not been seen for a while."""
        for user in [user for user, sitting in self._sittings.items() if now - sitting.last_at > self._rest]:
            self.end(user)
