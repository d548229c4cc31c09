"""Which items were opened from which list: what replay scores by, and never ranks by.

Kept as arrays of digests (24 bytes an opening), so that the labels of a log larger than memory fit. An opening belongs
to the latest list before it that has its id, its reader and its item, and to none if that was shown more than a day
before.
"""

from __future__ import annotations

import hashlib
from array import array
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# How long after it was shown a list may still be opened from; ours. With it, the figures of a day stand the day after.
WINDOW_S = 86_400.0


def digest(text: str) -> int:
    """Return 64 bits of a hash, the same in every process; of 10 million ids, two are the same once in 370,000 logs."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big")


def list_digest(list_id: str, user: str) -> int:
    """Return what stands for a list of a reader: the same id with another reader is another list."""
    return digest(f"{list_id}\0{user}")


@dataclass(frozen=True, slots=True)
class Opened:
    """What was opened from a list as it was shown at one time, by digests of items.

    early: opened before it was shown; late: after the window; other: openings of items that the list did not show.
    """

    items: frozenset[int]
    early: frozenset[int]
    late: frozenset[int]
    other: int


@dataclass(frozen=True, slots=True)
class Labels:
    """Openings ordered by list: (openings,) uint64 digests of list and item, float64 seconds since 1970.

    shown_again: of lists that were logged more than once, the times at which each (list, item) was shown, ascending.
    """

    lists: NDArray[np.uint64]
    items: NDArray[np.uint64]
    at_s: NDArray[np.float64]
    shown_again: Mapping[tuple[int, int], Sequence[float]]

    def opened(self, list_id: str, user: str, items: Sequence[str], at_s: float) -> Opened:
        """Return what was opened from a list that showed these items at this time."""
        key = list_digest(list_id, user)
        shown = {digest(item) for item in items}
        kinds: dict[str, set[int]] = {"opened": set(), "early": set(), "late": set(), "later list": set()}
        other = 0
        for item, opened_s in self._openings(key):
            if item not in shown:
                other += (key, item) not in self.shown_again
            else:
                kinds[self._kind(key, item, at_s, opened_s)].add(item)
        opened = kinds["opened"]
        return Opened(frozenset(opened), frozenset(kinds["early"] - opened), frozenset(kinds["late"] - opened), other)

    def _openings(self, key: int) -> list[tuple[int, float]]:
        wanted = np.uint64(key)
        start, stop = (int(np.searchsorted(self.lists, wanted, side)) for side in ("left", "right"))
        return list(zip(self.items[start:stop].tolist(), self.at_s[start:stop].tolist(), strict=True))

    def _kind(self, key: int, item: int, at_s: float, opened_s: float) -> str:
        times = self.shown_again.get((key, item), (at_s,))
        if opened_s < at_s:
            return "early" if opened_s < times[0] else "later list"
        if any(at_s < again_s <= opened_s for again_s in times):
            return "later list"
        return "opened" if opened_s - at_s <= WINDOW_S else "late"


class LabelCollector:
    """Gathers openings, in any order, and the lists that were logged more than once, in order of time."""

    def __init__(self) -> None:
        self._lists, self._items, self._at_s = array("Q"), array("Q"), array("d")
        self._shown_again: defaultdict[tuple[int, int], list[float]] = defaultdict(list)

    def add(self, list_id: str, user: str, item: str, at_s: float) -> None:
        """Take in one opening from a list."""
        self._lists.append(list_digest(list_id, user))
        self._items.append(digest(item))
        self._at_s.append(at_s)

    def add_shown(self, list_id: str, user: str, items: Sequence[str], at_s: float) -> None:
        """Take in one showing of a list that was logged more than once."""
        key = list_digest(list_id, user)
        for item in dict.fromkeys(items):
            self._shown_again[key, digest(item)].append(at_s)

    def labels(self) -> Labels:
        """Return what was gathered."""
        lists, items = np.array(self._lists, dtype=np.uint64), np.array(self._items, dtype=np.uint64)
        at_s = np.array(self._at_s, dtype=np.float64)
        order = np.lexsort((at_s, items, lists))
        return Labels(lists[order], items[order], at_s[order], dict(self._shown_again))
