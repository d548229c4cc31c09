"""Events from before a reader was erased: a page that was left open in another tab may still send them.

No name of an erased reader is kept. But of a reader who was not erased something is there from before the erasure; so
of one of whom there is nothing, what is of that time is not taken. Whoever brings their own export is not asked.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from reader.storage.protocol import Storage


class BeforeErasure:
    """Knows from when on a reader's events may be. Looked up once a reader and erasure."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._erasures: int | None = None
        self._last: datetime | None = None
        self._known: dict[str, datetime | None] = {}

    def looked_up(self) -> Callable[[str], datetime | None]:
        """Return what tells of a reader, as things stand now: asked once for many events.

        It gives the time of the last erasure, if there is nothing of the reader from before it; else None.
        """
        erasures = self._storage.erasures()
        if erasures != self._erasures:
            self.forget()
            self._erasures, self._last = erasures, self._storage.last_erased_at()
        return self._earliest

    def _earliest(self, user: str) -> datetime | None:
        if self._last is None:
            return None
        if user not in self._known:
            has_older = self._storage.has_events_until(user, self._last)
            self._known[user] = None if has_older else self._last
        return self._known[user]

    def forget(self) -> None:
        """Look everybody up again: older events may have come by another way."""
        self._known.clear()
