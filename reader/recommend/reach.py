"""Which items a reader may get at all: those given without a feed, and those of feeds that are shared or their own.

What belongs here: what brought each item, kept in step with the store, and the rows that follow from it. What does not:
what a reader wants to see of that (`reader.recommend.candidates`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from reader.recommend.arrays import Column
from reader.storage.feeds import FeedStorage

Mask = NDArray[np.bool_]
# The items that no feed brought first: given by whoever looks after the installation, for everybody.
_EVERYBODY: Final = 0


class Reach(Protocol):
    """Knows what each reader may get."""

    def catch_up(self, id_at: Callable[[int], str], row_of: Callable[[str], int | None], count: int) -> None:
        """Take in what feeds have brought since the last call; count: rows of the catalogue by now."""

    def rows(self, user: str) -> Mask | None:
        """Return which rows of the catalogue a reader may get, (rows,); None: all."""

    def of(self, user: str) -> Callable[[str], bool]:
        """Return what tells whether a reader may get an item, as things stand now."""


class Unlimited:
    """Everything is for everybody: for a catalogue of its own, and a replay."""

    def catch_up(self, id_at: Callable[[int], str], row_of: Callable[[str], int | None], count: int) -> None:
        """Do nothing: nothing is looked up."""

    def rows(self, user: str) -> Mask | None:
        """Return that there is no limit."""
        return None

    def of(self, user: str) -> Callable[[str], bool]:
        """Return yes to everything."""
        return lambda item: True


class FeedReach:
    """By the feeds of a store. open_to: readers whose feeds are everybody's.

    Items that the same feeds brought are one group. So a reader's rows are found by the few groups of their feeds, and
    not by going through all items.
    """

    def __init__(self, storage: FeedStorage, *, open_to: Iterable[str] = ()) -> None:
        self._storage = storage
        self._open = tuple(open_to)
        self._seq = 0
        self._groups: dict[tuple[str, ...], int] = {(): _EVERYBODY}
        self._groups_of: defaultdict[str, list[int]] = defaultdict(list)
        self._feeds: list[tuple[str, ...]] = [()]
        self._group_of: dict[str, int] = {}
        self._group_at = Column(np.int32)

    def catch_up(self, id_at: Callable[[int], str], row_of: Callable[[str], int | None], count: int) -> None:
        """Take in what feeds have brought since the last call. count: rows of the catalogue by now.

        After the catalogue has taken in its items, and not before: who brought an item is stored before the item is.
        """
        fresh = self._storage.feed_items_after(self._seq)
        given = self._storage.given_items([item for _, _, item in fresh]) if fresh else frozenset()
        for seq, feed, item in fresh:
            if item in given:
                self._group_of.pop(item, None)  # it may have been withdrawn before
            else:
                self._group_of[item] = self._with(self._group_of.get(item, _EVERYBODY), feed)
            self._seq = seq
        for row in range(len(self._group_at), count):
            self._group_at.append(self._group_of.get(id_at(row), _EVERYBODY))
        for item in {item for _, _, item in fresh}:
            known = row_of(item)
            if known is not None:
                self._group_at.values[known] = self._group_of.get(item, _EVERYBODY)

    def _with(self, group: int, feed: str) -> int:
        feeds = self._feeds[group]
        wanted = feeds if feed in feeds else (*feeds, feed)
        if wanted not in self._groups:
            number = self._groups[wanted] = len(self._feeds)
            self._feeds.append(wanted)
            for each in wanted:
                self._groups_of[each].append(number)
        return self._groups[wanted]

    def rows(self, user: str) -> Mask | None:
        """Return which rows of the catalogue a reader may get, (rows,); None: all."""
        if len(self._feeds) == 1:
            return None
        allowed = np.zeros(len(self._feeds), dtype=np.bool_)
        allowed[_EVERYBODY] = True
        for feed in self._feeds_of(user):
            allowed[self._groups_of.get(feed, ())] = True
        mask: Mask = allowed[self._group_at.values]
        return mask

    def of(self, user: str) -> Callable[[str], bool]:
        """Return what tells whether a reader may get an item, as things stand now."""
        known: list[frozenset[str]] = []

        def may(item: str) -> bool:
            group = self._group_of.get(item, _EVERYBODY)
            if group == _EVERYBODY:
                return True
            if not known:
                known.append(self._feeds_of(user))
            return not known[0].isdisjoint(self._feeds[group])

        return may

    def _feeds_of(self, user: str) -> frozenset[str]:
        return self._storage.feeds_within_reach((user, *self._open))
