"""Views that are open for revision: which events each has, how long it stays open, and when whose are due to settle.

What belongs here: the bookkeeping. What does not: what a view means, and what settling it leaves behind.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from heapq import heappop, heappush
from typing import Generic, TypeVar

from reader.settings import Settings
from reader.types import Event
from reader.types_folding import FoldedView

Kept = TypeVar("Kept")
VIEW_TYPES = frozenset(("open", "paragraph_visit", "watch", "close", "folded_view"))


def began_at(event: Event) -> datetime:
    """Return when the first of what an event tells of was."""
    return event.began_at if isinstance(event, FoldedView) else event.at


def tells_more(event: Event) -> bool:
    """Whether an event of a view tells more than that it was opened and left."""
    if isinstance(event, FoldedView):
        return bool(event.paragraphs) or event.played is not None
    return event.type not in ("open", "close")


class OpenViews(Generic[Kept]):
    """The open views of one reader, by name. What is kept of each event is the caller's choice."""

    def __init__(self, settings: Settings) -> None:
        self._open_for = timedelta(hours=settings.reading.settled_after_h)
        self._most = settings.interests.open_views_kept
        self.events: dict[str, list[Kept]] = {}
        # Those of items that had been opened before: leaving one at once says nothing against it.
        self.returns: set[str] = set()
        self._since: dict[str, datetime] = {}

    def add(self, view: str, began: datetime, kept: Kept) -> None:
        """Take in one event of a view."""
        self.events.setdefault(view, []).append(kept)
        self._since[view] = min(began, self._since.get(view, began))

    def due(self, at: datetime) -> list[str]:
        """Return the views to be settled by a moment, oldest first: those too old, and the oldest of too many."""
        limit, surplus = at - self._open_for, len(self._since) - self._most
        oldest_first = sorted(self._since.items(), key=lambda pair: (pair[1], pair[0]))
        return [view for index, (view, since) in enumerate(oldest_first) if index < surplus or since < limit]

    def take(self, view: str) -> list[Kept]:
        """Take a view out; return what was kept of it."""
        del self._since[view]
        self.returns.discard(view)
        return self.events.pop(view)

    def clear(self) -> None:
        """Forget all."""
        self.events.clear()
        self.returns.clear()
        self._since.clear()

    def go_on_from(
        self, events: Mapping[str, Sequence[Kept]], began: Mapping[str, datetime], returns: Iterable[str]
    ) -> None:
        """Take up where another has left off."""
        self.events = {view: list(own) for view, own in events.items()}
        self.returns = set(returns)
        self._since = dict(began)


class Settling:
    """When a view of whom will be old enough to settle, over all readers."""

    def __init__(self, settings: Settings) -> None:
        # A view is settled once it is older than that; times are kept to the millisecond.
        self._after = timedelta(hours=settings.reading.settled_after_h, milliseconds=1)
        self._due: list[tuple[datetime, str]] = []

    def opened(self, event: Event) -> None:
        """Note an opening."""
        heappush(self._due, (event.at + self._after, event.user))

    def until(self, at: datetime) -> Iterator[tuple[datetime, str]]:
        """Go through what is due by a moment, in order of time, whichever events came between."""
        while self._due and self._due[0][0] <= at:
            yield heappop(self._due)
