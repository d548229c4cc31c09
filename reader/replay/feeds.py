"""Feeds of clips: there a clip opens by itself, so what counts as opened is what was watched validly.

A list of clips alone is a feed. Of its openings those count whose watch is in the better half at that length, among all
watches of feeds in the log: the quantile idea of D2Q (Zhan et al., KDD 2022), with exactly half of the watches valid at
every length; within a length they are compared as in serving, by `extent`. Where more than half see a clip to the end,
chance that follows from list and clip says who counts. So no length can win by itself.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from reader.behaviour.views import derive_view
from reader.behaviour.watch_shares import bucket_of, extent
from reader.behaviour.watching import covered
from reader.replay.labels import Labels, digest, list_digest
from reader.settings import WatchSettings
from reader.types import AnyItem, Event, Impression, Video, Watch
from reader.types_folding import FoldedView

# How long after its opening a view may still play; then it is counted and forgotten. As long as labels look ahead.
_KEPT: Final = timedelta(days=1)
_UNKNOWN_LENGTH: Final = -1
_WHOLE: Final = WatchSettings().whole_share


def lengths_of(items: Iterable[AnyItem]) -> dict[str, float]:
    """Return the length of each clip, s; 0 if it is not known."""
    return {item.id: item.duration_s or 0.0 for item in items if isinstance(item, Video)}


@dataclass(slots=True)
class FeedWatches:
    """Gathers the watches of feeds, in order of time. lengths: of clips; 28 bytes a watch are kept, 60 a feed."""

    lengths: Mapping[str, float]
    _feeds: set[int] = field(default_factory=set)
    # View -> its opening and what was played; oldest first.
    _open: dict[tuple[str, str], list[Event]] = field(default_factory=dict)
    _lists: array[int] = field(default_factory=lambda: array("Q"))
    _items: array[int] = field(default_factory=lambda: array("Q"))
    _buckets: array[int] = field(default_factory=lambda: array("b"))
    _extents: array[float] = field(default_factory=lambda: array("d"))

    def note(self, event: Event) -> None:
        """Take in one event."""
        if isinstance(event, Impression):
            if event.is_feed:
                self._feeds.add(list_digest(event.list or "", event.user))
        elif event.view is not None:
            self._note_view(event, (event.user, event.view))

    def _note_view(self, event: Event, view: tuple[str, str]) -> None:
        if event.type == "open" and event.list is not None and event.item in self.lengths:
            if list_digest(event.list, event.user) in self._feeds:
                self._count_before(event.at)
                self._open.setdefault(view, [event])
        elif isinstance(event, Watch | FoldedView) and view in self._open:
            self._open[view].append(event)

    def _count_before(self, at: datetime | None) -> None:
        """Count the views that are old enough; all, without a time."""
        while self._open:
            view = next(iter(self._open))
            if at is not None and at - self._open[view][0].at <= _KEPT:
                return
            self._count(self._open.pop(view))

    def _count(self, events: list[Event]) -> None:
        opening, view = events[0], derive_view(events)
        length_s = self.lengths[view.item]
        played_s = (
            view.played.covered_s if view.played else sum(stop - start for start, stop in covered(view.stretches))
        )
        self._lists.append(list_digest(opening.list or "", opening.user))
        self._items.append(digest(view.item))
        self._buckets.append(bucket_of(length_s) if length_s else _UNKNOWN_LENGTH)
        self._extents.append(_extent(played_s, length_s) if length_s else played_s)

    def applied_to(self, labels: Labels) -> Labels:
        """Return the labels without the openings of feeds that were not watched validly."""
        self._count_before(None)
        if not self._feeds:
            return labels
        valid = self._valid()
        feeds = np.isin(labels.lists, np.fromiter(self._feeds, dtype=np.uint64, count=len(self._feeds)))
        pairs = zip(labels.lists.tolist(), labels.items.tolist(), feeds.tolist(), strict=True)
        kept = np.array([not is_feed or (own, item) in valid for own, item, is_feed in pairs], dtype=np.bool_)
        return replace(labels, lists=labels.lists[kept], items=labels.items[kept], at_s=labels.at_s[kept])

    def _valid(self) -> set[tuple[int, int]]:
        """Return (list, item) of the better half of the watches of each length."""
        lists, items = np.array(self._lists, dtype=np.uint64), np.array(self._items, dtype=np.uint64)
        better = better_half(np.array(self._buckets, dtype=np.int8), np.array(self._extents), lists ^ items)
        return set(zip(lists[better].tolist(), items[better].tolist(), strict=True))


def _extent(played_s: float, length_s: float) -> float:
    """Return how far a watch goes; of the whole clip, as far as any of its length can."""
    share = played_s / length_s
    return 1.0 if share >= _WHOLE else extent(length_s, share)


def better_half(buckets: NDArray[np.int8], extents: NDArray[np.float64], luck: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """Return which watches are in the better half of their bucket, as (watches,). Ties go by luck.

    >>> better_half(np.zeros(4, np.int8), np.array([0.1, 1.0, 1.0, 1.0]), np.array([1, 9, 2, 7], np.uint64)).tolist()
    [False, True, False, True]
    """
    better = np.zeros(len(extents), dtype=np.bool_)
    for bucket in np.unique(buckets):
        own = np.flatnonzero(buckets == bucket)
        order = own[np.lexsort((luck[own], extents[own]))]
        better[order[(len(order) + 1) // 2 :]] = True
    return better
