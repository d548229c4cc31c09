"""Which items were opened from which list: what replay scores by, and never ranks by.

Kept as arrays of digests (24 bytes an opening), so that the labels of a log larger than memory fit.
"""

from __future__ import annotations

import hashlib
from array import array
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


def digest(text: str) -> int:
    """Return 64 bits of a hash, the same in every process; of 10 million ids, two are the same once in 370,000 logs."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big")


@dataclass(frozen=True, slots=True)
class Labels:
    """Openings ordered by list: (openings,) uint64 digests of list and item, float64 seconds since 1970."""

    lists: NDArray[np.uint64]
    items: NDArray[np.uint64]
    at_s: NDArray[np.float64]

    def opened(self, list_id: str) -> dict[int, float]:
        """Return the digests of the items that were opened from a list, with the first time of each."""
        key = np.uint64(digest(list_id))
        start, stop = (int(np.searchsorted(self.lists, key, side)) for side in ("left", "right"))
        opened: dict[int, float] = {}
        for item, at_s in zip(self.items[start:stop].tolist(), self.at_s[start:stop].tolist(), strict=True):
            opened[item] = min(at_s, opened.get(item, at_s))
        return opened


class LabelCollector:
    """Gathers openings in any order."""

    def __init__(self) -> None:
        self._lists, self._items, self._at_s = array("Q"), array("Q"), array("d")

    def add(self, list_id: str, item: str, at_s: float) -> None:
        """Take in one opening from a list."""
        self._lists.append(digest(list_id))
        self._items.append(digest(item))
        self._at_s.append(at_s)

    def labels(self) -> Labels:
        """Return what was gathered."""
        lists, items = np.array(self._lists, dtype=np.uint64), np.array(self._items, dtype=np.uint64)
        at_s = np.array(self._at_s, dtype=np.float64)
        order = np.lexsort((at_s, items, lists))
        return Labels(lists[order], items[order], at_s[order])
