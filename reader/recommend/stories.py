"""Stories: which items report the same event. Incremental, and the same whatever the order in which items came.

Two items are linked if their sketches say so (`reader.recommend.sketches`), they are current, and lie within some
hours of each other. A story is what links hold together (a connected component), so it is a function of the set of
current items alone: no order of arrival, no batch and no restart changes it. An item that is replaced takes its links
with it.

An item finds those it may be linked to by pairs of its first terms, filed by pair and span of time. A table of fixed
size holds, for each number of a pair, the last item filed there, and each entry leads to the one before: so an item
costs some hundred steps, and no dictionary grows with all pairs of words there ever were.
"""

from __future__ import annotations

from array import array
from typing import Final

import numpy as np
from numpy.typing import NDArray

from reader.profile.content import Content
from reader.recommend.arrays import Column
from reader.recommend.sketches import DIGITS_COMPARED, PAIRS, Numbers, Sketches, sketch
from reader.settings_lists import StorySettings

Rows = NDArray[np.int64]
# 8 MB once full. 100,000 items of 45 pairs file two to a number, some of other pairs: that costs steps, not truth.
_TABLE_BITS: Final = 21
_RETIRED: Final = -1


class Stories:
    """Rows of the catalogue by story. For one thread at a time."""

    def __init__(self, settings: StorySettings, vectors: Column, published_s: Column) -> None:
        """vectors, published_s: the catalogue's own, which grow before a row is added here."""
        self._settings = settings
        self._least_meaning = min(settings.meaning, settings.title_meaning, settings.mixed_meaning)
        self._vectors = vectors
        self._published_s = published_s
        self._sketches = Sketches()
        # Entries count from 1, so that 0 is none and the table costs nothing as long as it is empty.
        self._latest = np.zeros(1 << _TABLE_BITS, dtype=np.int32)
        self._before = array("i", [0])
        # The story of each row: the least row in it; of a row alone, itself.
        self.label = Column(np.int64)
        self._links: dict[int, set[int]] = {}
        self._members: dict[int, list[int]] = {}

    def append(self, content: Content) -> None:
        """Take in the next row."""
        row = len(self.label)
        own = sketch(content)
        self.label.append(row)
        near = self._shares_a_pair(row, own.pairs)
        self._file(row, own.pairs)
        self._sketches.append(own)
        cosines = np.round(self._vectors.values[near] @ self._vectors.values[row], DIGITS_COMPARED)
        # Most are out already, and comparing words costs more than all before.
        worth = cosines >= self._least_meaning
        if worth.any():
            near = near[worth]
            linked = near[self._sketches.same_story(own, near, cosines[worth], self._settings)]
            self._link(row, linked.tolist())

    def retire(self, row: int) -> None:
        """Take out a row whose item has a newer version; what hung together by it alone falls apart."""
        linked = self._links.pop(row, None)
        # A pair's number still leads here, but nothing can be linked to a row that is marked so.
        story = int(self.label.values[row])
        self.label.values[row] = _RETIRED
        if linked is None:
            return
        for other in linked:
            self._links[other].discard(row)
            if not self._links[other]:
                del self._links[other]
        left = [other for other in self._members.pop(story) if other != row]
        for other in left:
            self.label.values[other] = other
        for other in left:
            self._name(self._reached_from(other))

    def members(self, row: int) -> tuple[int, ...]:
        """Return the rows of the story of a row, ascending, itself among them."""
        return tuple(self._members.get(int(self.label.values[row]), (row,)))

    def linked(self, row: int) -> frozenset[int]:
        """Return the rows that tell the very same, not only a part of the same story."""
        return frozenset(self._links.get(row, ()))

    def with_links(self, rows: Rows) -> list[int]:
        """Return the places of those rows that are linked to any other."""
        return [place for place, row in enumerate(rows.tolist()) if row in self._links] if self._links else []

    # --- finding ----------------------------------------------------------------------------------

    def _span(self, row: int) -> int:
        return int(self._published_s.values[row] // (3600 * self._settings.window_h))

    def _places(self, pairs: Numbers, span: int) -> NDArray[np.uint32]:
        """Return the places of pairs in the table for one span of time."""
        mixed = (pairs ^ np.uint32(span * 0x9E3779B1 & 0xFFFFFFFF)) * np.uint32(0x85EBCA77)
        places: NDArray[np.uint32] = mixed >> np.uint32(32 - _TABLE_BITS)
        return places

    def _file(self, row: int, pairs: Numbers) -> None:
        first = row * PAIRS + 1
        places = self._places(pairs, self._span(row))
        self._before.extend(self._latest[places].tolist())
        self._before.extend([0] * (PAIRS - len(pairs)))
        self._latest[places] = np.arange(first, first + len(pairs), dtype=np.int32)

    def _shares_a_pair(self, row: int, pairs: Numbers) -> Rows:
        """Return the current rows that may share a pair with a new one, within the hours, ascending."""
        span = self._span(row)
        begun = np.concatenate([self._latest[self._places(pairs, near)] for near in (span - 1, span, span + 1)])
        found: set[int] = set()
        before = self._before
        for entry in begun[begun > 0].tolist():
            while entry:
                found.add((entry - 1) // PAIRS)
                entry = before[entry]
        rows: Rows = np.array(sorted(found), dtype=np.int64)
        apart_s = np.abs(self._published_s.values[rows] - self._published_s.values[row])
        near: Rows = rows[(self.label.values[rows] != _RETIRED) & (apart_s <= 3600 * self._settings.window_h)]
        return near

    # --- holding together -------------------------------------------------------------------------

    def _link(self, row: int, others: list[int]) -> None:
        for other in others:
            self._links.setdefault(row, set()).add(other)
            self._links.setdefault(other, set()).add(row)
        if others:
            # Each story hangs together already: no walk along its links, of which many alike reports have many.
            stories = {int(self.label.values[other]) for other in others}
            self._name(sorted({row}.union(*(self._members.get(story, (story,)) for story in stories))))

    def _reached_from(self, row: int) -> list[int]:
        reached, frontier = {row}, {row}
        while frontier:
            frontier = {other for one in frontier for other in self._links.get(one, ())} - reached
            reached |= frontier
        return sorted(reached)

    def _name(self, rows: list[int]) -> None:
        """Have these rows be one story."""
        for row in rows:
            self._members.pop(int(self.label.values[row]), None)
        self.label.values[rows] = rows[0]
        if len(rows) > 1:
            self._members[rows[0]] = rows
