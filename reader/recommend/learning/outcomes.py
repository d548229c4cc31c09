"""From what was shown, and what came of it, to lessons: a list once its openings are in, a while after it was shown.

What belongs here: which places count, and what each was worth. What does not: what is learned from it.
All times are those of the events, so that a replay learns at the same moments as the server did.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from reader.recommend.factors.spec import Factors
from reader.settings import OutcomeSettings


@dataclass(frozen=True, slots=True, eq=False)
class Lesson:
    """One list, or one page of it, with what it was worth; only places that count.

    places: (n,) int64, from 0, of the list as shown; factors: (factors, n) float32; opened: (n,) bool; gains: (n,)
    float64 >= 0, 0 for what was passed by.
    """

    list: str
    reader: str
    at_s: float
    items: tuple[str, ...]
    places: NDArray[np.int64]
    factors: Factors
    opened: NDArray[np.bool_]
    gains: NDArray[np.float64]

    @property
    def weight(self) -> float:
        """The greatest gain, at most 1: of a list from which only bounces came, a quarter should be believed."""
        return min(1.0, float(self.gains.max(initial=0.0)))


@dataclass(slots=True)
class _Waiting:
    list: str
    reader: str
    at_s: float
    items: tuple[str, ...]
    factors: NDArray[np.floating]
    viewable: set[str] = field(default_factory=set)
    opened: set[str] = field(default_factory=set)
    # item -> view -> gain: what is known of a view grows, and an item can be opened twice.
    read: dict[str, dict[str, float]] = field(default_factory=dict)

    def gain(self, item: str) -> float:
        return max(self.read[item].values()) if item in self.read else float(item in self.opened)

    def lesson(self) -> Lesson:
        counted = [
            place
            for place, item in enumerate(self.items)
            if not self.viewable or item in self.viewable or item in self.opened
        ]
        items = tuple(self.items[place] for place in counted)
        return Lesson(
            list=self.list,
            reader=self.reader,
            at_s=self.at_s,
            items=items,
            places=np.array(counted, dtype=np.int64),
            factors=self.factors[:, counted].astype(np.float32),
            opened=np.array([item in self.opened for item in items], dtype=np.bool_),
            gains=np.array([self.gain(item) for item in items], dtype=np.float64),
        )


class Pending:
    """Lists that wait for their outcome, oldest first; of the same age in the order of their coming."""

    def __init__(self, settings: OutcomeSettings) -> None:
        self._settings = settings
        self._came = 0
        self._waiting: dict[int, _Waiting] = {}
        self._queue: list[tuple[float, int]] = []
        self._parts: dict[str, list[int]] = {}
        self._views: dict[str, tuple[str, str]] = {}

    def __len__(self) -> int:
        return len(self._waiting)

    def shown(
        self, list_id: str, reader: str, items: Sequence[str], factors: NDArray[np.floating], at_s: float
    ) -> list[Lesson]:
        """Take in a list, or a further page of one; return the lessons of the oldest lists that make room for it.

        factors: (factors, items) float16 or float32, kept as given: not to be changed. A page that waits already
        is not taken twice. at_s: of the event, in s since the epoch.
        """
        if factors.ndim != 2 or factors.shape[1] != len(items):
            raise ValueError(f"factors {factors.shape} for {len(items)} items of list {list_id}")
        if any(part.items == tuple(items) and part.reader == reader for part in self._parts_of(list_id)):
            return []
        self._came += 1
        self._waiting[self._came] = _Waiting(list_id, reader, at_s, tuple(items), factors)
        self._parts.setdefault(list_id, []).append(self._came)
        heapq.heappush(self._queue, (at_s, self._came))
        return [self._take_oldest() for _ in range(len(self._waiting) - self._settings.lists_kept)]

    def viewable(self, list_id: str, item: str) -> None:
        """Note that a card was seen. A list of which no card was is one whose sender does not tell."""
        for part in self._parts_with(list_id, item):
            part.viewable.add(item)

    def opened(self, list_id: str, item: str, view: str = "") -> None:
        """Note an opening. view: by which `read_view` finds the place."""
        for part in self._parts_with(list_id, item):
            part.opened.add(item)
            if view:
                self._views[view] = (list_id, item)

    def read(self, list_id: str, item: str, *, valid: bool, dwell_share: float, view: str = "") -> None:
        """Note what came of an opening; said again for the same view it replaces what was said, as a view goes on.

        dwell_share: dwell time by expected reading time, >= 0. Of several views of an item the best counts.
        """
        gain = self._gain(valid, dwell_share)
        for part in self._parts_with(list_id, item):
            part.opened.add(item)
            part.read.setdefault(item, {})[view] = gain

    def read_view(self, view: str, *, valid: bool, dwell_share: float) -> None:
        """Note what came of a view that was given with its opening; of others nothing is known here."""
        if view in self._views:
            list_id, item = self._views[view]
            self.read(list_id, item, valid=valid, dwell_share=dwell_share, view=view)

    def _gain(self, valid: bool, dwell_share: float) -> float:
        settings = self._settings
        if not 0 <= dwell_share < np.inf:
            raise ValueError(f"dwell_share is {dwell_share}: give a finite one of at least 0")
        if valid:
            return 1.0 + settings.dwell_gain * min(dwell_share, settings.dwell_limit)
        return settings.bounce_gain if dwell_share < settings.bounce_share else 1.0

    def due(self, at_s: float) -> list[Lesson]:
        """Take out the lists whose time has come by an event's time, oldest first."""
        lessons = []
        while self._queue and self._queue[0][0] + self._settings.settle_s <= at_s:
            lessons.append(self._take_oldest())
        return lessons

    def forget(self, reader: str) -> None:
        """Drop the lists of one reader, as an erasure asks for."""
        for came in [came for came, part in self._waiting.items() if part.reader == reader]:
            self._remove(came)
        self._queue = [entry for entry in self._queue if entry[1] in self._waiting]
        heapq.heapify(self._queue)

    def _take_oldest(self) -> Lesson:
        return self._remove(heapq.heappop(self._queue)[1]).lesson()

    def _remove(self, came: int) -> _Waiting:
        part = self._waiting.pop(came)
        self._parts[part.list].remove(came)
        if not self._parts[part.list]:
            del self._parts[part.list]
            for view in [view for view, (list_id, _) in self._views.items() if list_id == part.list]:
                del self._views[view]
        return part

    def _parts_of(self, list_id: str) -> list[_Waiting]:
        return [self._waiting[came] for came in self._parts.get(list_id, ())]

    def _parts_with(self, list_id: str, item: str) -> list[_Waiting]:
        return [part for part in self._parts_of(list_id) if item in part.items]
