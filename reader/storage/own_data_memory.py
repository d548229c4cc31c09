"""What readers may do with their own data, in memory: numbers and notes of erasures, and what of a log is old."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from operator import itemgetter

from reader.storage.accounts_memory import kept_time
from reader.storage.own_data import parts_of
from reader.types import Event
from reader.types_folding import FOLDED, Fold, Unfolded
from reader.types_privacy import Erasure


class Erasures:
    """How often something was erased, and the notes of those erasures that have a receipt."""

    def __init__(self) -> None:
        self.count = 0
        self.noted: dict[str, Erasure] = {}

    def note(self, erasure: Erasure | None) -> None:
        """Count one more."""
        self.count += 1
        if erasure is not None:
            self.noted[erasure.id] = erasure


class MemoryOwnData:
    """A part of `OwnDataStorage` of the engine."""

    _lock: threading.Lock
    _event_log: list[tuple[int, Event]]
    _events_of: defaultdict[str, list[tuple[int, Event]]]
    _event_ids: defaultdict[str, set[str]]

    def old_events(self, types: Collection[str], before: datetime) -> int:
        limit = kept_time(before)
        with self._lock:
            return sum(event.type in types and event.at < limit for _, event in self._event_log)

    def unfolded(self, types: Collection[str], before: datetime, lead: timedelta) -> Unfolded | None:
        limit = kept_time(before)
        with self._lock:
            log = list(self._event_log)
        ours = [(seq, event) for seq, event in log if event.type in types and event.at < limit]
        if not ours:
            return None
        latest = max(event.at for seq, event in log if seq <= ours[0][0])
        first = next(seq for seq, event in log if event.at > latest - lead)
        views = {(event.user, event.view) for _, event in ours if event.view is not None}
        earlier = [event for seq, event in log if seq < first]
        return Unfolded(
            first,
            ours[-1][0],
            frozenset(
                (event.user, event.view)
                for _, event in log
                if event.view is not None
                and event.type in types
                and event.at >= limit
                and (event.user, event.view) in views
            ),
            parts_of(event for event in earlier if event.type == FOLDED and (event.user, event.view) in views),
            {event.user: event.at for event in earlier if event.type == "reset"},
        )

    def fold_events(self, user: str, folds: Sequence[Fold]) -> bool:
        with self._lock:
            own = dict(self._events_of.get(user, []))
            gone = [seq for fold in folds for seq in fold.gone]
            if not all(seq in own for seq in gone):
                return False
            log = dict(self._event_log)
            for part in (own, log):
                for seq in gone:
                    del part[seq]
                part.update({fold.seq: fold.event for fold in folds})
            self._event_log, self._events_of[user] = (
                sorted(log.items(), key=itemgetter(0)),
                sorted(own.items(), key=itemgetter(0)),
            )
            self._event_ids[user] = {event.id for event in own.values()}
            return True
