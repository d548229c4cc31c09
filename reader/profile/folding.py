"""Old views folded: which rows of a log make room for which sums, so that every fold over it comes to the same.

What belongs here: going through a log as the folds do, and finding the places at which something looks at a view. What
does not: the sums themselves (`reader.behaviour`), and changing the log (`reader.storage`).

A view is looked at when a list is made for its reader, when a list of theirs teaches, and when it is settled. At each
of these places there has to be the sum of what was known by then: so a view leaves one event for each stretch of its
rows with no look in between, mostly one altogether. See docs/adr/0024.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from heapq import heappop, heappush
from typing import Final

from reader.behaviour.signals import sum_up
from reader.behaviour.views import derive_view
from reader.behaviour.watching import sum_up_playing
from reader.profile.open_views import VIEW_TYPES, OpenViews, Settling, began_at
from reader.settings import Settings
from reader.types import Close, Event, Impression
from reader.types_folding import Fold, FoldedView, Unfolded

# What is folded: how a text was read, what of a clip was played, how long it was open.
RAW_TYPES: Final = frozenset(("paragraph_visit", "watch", "close"))
# Item -> length of the clip, s; 0 if it is not known or none.
Length = Callable[[str], float]


@dataclass(slots=True)
class _Part:
    """The rows of a view up to its settling. ends: how many of them there were when something looked at it."""

    number: int
    rows: list[tuple[int, Event]] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)

    def cut(self) -> None:
        if not self.ends or self.ends[-1] < len(self.rows):
            self.ends.append(len(self.rows))

    def stretches(self) -> Iterator[tuple[list[tuple[int, Event]], list[Event]]]:
        """Yield the rows of each stretch, and all events up to its end."""
        self.cut()
        start = 0
        for end in self.ends:
            yield self.rows[start:end], [event for _, event in self.rows[:end]]
            start = end


class _Log:
    """The log of one reader, as far as it was gone through."""

    def __init__(self, user: str, settings: Settings, before: datetime, known: Unfolded) -> None:
        self._before = before
        self._open: OpenViews[None] = OpenViews(settings)
        self._now: dict[str, _Part] = {}
        self._parts: defaultdict[str, list[_Part]] = defaultdict(list)
        self._numbers = defaultdict(int, {view: parts for (own, view), parts in known.parts.items() if own == user})
        self._young = {view for own, view in known.young if own == user}
        self._reset_at = known.reset_at.get(user)

    def take(self, seq: int, event: Event) -> None:
        if isinstance(event, Impression):
            self.cut()
        elif event.type == "reset":
            self._now.clear()
            self._open.clear()
            self._reset_at = event.at
        elif event.type in VIEW_TYPES:
            self._take_of_view(seq, event, event.view or event.id)

    def _take_of_view(self, seq: int, event: Event, view: str) -> None:
        # What comes in late from before a reset counts for nothing, unless the reset is taken back.
        is_late = self._reset_at is not None and event.at <= self._reset_at
        if not is_late:
            self.settle(event.at)
            self._open.add(view, began_at(event), None)
        if isinstance(event, FoldedView):
            self._numbers[view] = max(self._numbers[view], event.part + 1)
        elif event.type in RAW_TYPES and event.at >= self._before:
            self._young.add(view)
        elif event.type in RAW_TYPES:
            part = self._last_part(view) if is_late else self._now.get(view)
            (part or self._new_part(view)).rows.append((seq, event))

    def _last_part(self, view: str) -> _Part | None:
        return self._parts[view][-1] if self._parts[view] else None

    def _new_part(self, view: str) -> _Part:
        part = self._now[view] = _Part(self._numbers[view])
        self._numbers[view] += 1
        self._parts[view].append(part)
        return part

    def cut(self) -> None:
        """Note that something looks at the open views."""
        for part in self._now.values():
            part.cut()

    def settle(self, at: datetime) -> None:
        """Note that the views that are due by a moment do not go on."""
        for view in self._open.due(at):
            self._open.take(view)
            self._now.pop(view, None)

    def old_parts(self) -> Iterator[_Part]:
        """Go through the parts of the views of which nothing is young."""
        return (part for view, parts in self._parts.items() if view not in self._young for part in parts)


def lead_of(settings: Settings) -> timedelta:
    """Return how long before the first row to be folded to begin: by then all that is open, or will teach, is known."""
    settled = timedelta(hours=settings.reading.settled_after_h, milliseconds=1)
    return max(settled, timedelta(seconds=settings.learning.outcomes.settle_s))


class Folding:
    """Goes through a log, of all readers, in its order. before: views with any younger row stay as they are.

    known: where it begins and ends, and what lies before; a whole log needs nothing but young views told, if any come
    after its end.
    """

    def __init__(self, before: datetime, settings: Settings, length: Length, known: Unfolded) -> None:
        self._before = before
        self._known = known
        self._settings = settings
        self._length = length
        self._logs: dict[str, _Log] = {}
        self._settling = Settling(settings)
        self._taught_after = timedelta(seconds=settings.learning.outcomes.settle_s)
        # When lists teach, and whose, a heap.
        self._lessons: list[tuple[datetime, str]] = []

    def take(self, events: Iterable[tuple[int, Event]]) -> None:
        """Take in the next events of the log."""
        for seq, event in events:
            self._pass_to(event.at)
            if event.type == "open":
                self._settling.opened(event)
            elif isinstance(event, Impression):
                heappush(self._lessons, (event.at + self._taught_after, event.user))
            self._log(event.user).take(seq, event)

    def _pass_to(self, at: datetime) -> None:
        while self._lessons and self._lessons[0][0] <= at:
            self._log(heappop(self._lessons)[1]).cut()
        for due, user in self._settling.until(at):
            self._log(user).settle(due)

    def _log(self, user: str) -> _Log:
        if user not in self._logs:
            self._logs[user] = _Log(user, self._settings, self._before, self._known)
        return self._logs[user]

    def folds(self) -> Iterator[tuple[str, list[Fold]]]:
        """Go through the readers of whom something is to be folded, with what."""
        for user, log in self._logs.items():
            folds = [fold for part in log.old_parts() for fold in self._folds_of(part)]
            if folds:
                yield user, folds

    def _folds_of(self, part: _Part) -> Iterator[Fold]:
        for rows, known in part.stretches():
            yield Fold(tuple(seq for seq, _ in rows), self._folded(rows, known, part.number))

    def _folded(self, rows: list[tuple[int, Event]], known: list[Event], part: int) -> FoldedView:
        view, item = derive_view(known), rows[-1][1].item or ""
        looks = sum_up(view.visits, self._settings.reading)
        watching, length_s = self._settings.watching, self._length(item) if view.stretches else 0.0
        return FoldedView(
            id=_id_of(rows),
            type="folded_view",
            at=max(event.at for event in known),
            user=view.user,
            item=item,
            view=rows[-1][1].view,
            list=view.list,
            part=part,
            folds=len(rows),
            began_at=min(event.at for event in known),
            active_ms=max((event.active_ms for event in known if isinstance(event, Close)), default=None),
            paragraphs=looks.paragraphs,
            returns=tuple(replace(back, started_s=0.0) for back in looks.returns),
            played=sum_up_playing(view.stretches, length_s, watching) if view.stretches else None,
        )


def _id_of(rows: list[tuple[int, Event]]) -> str:
    """Return an id of which those of one view are in the order of the log."""
    seq, event = rows[-1]
    digest = hashlib.sha256((event.view or "").encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return f"folded-{digest}-{seq:012}"
