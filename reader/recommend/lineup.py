"""Who may stand in the next place of a list: one report a story, and not too many of one maker.

What belongs here: the rules that look at what stands above and at nothing else, no score among them. So what a place
could have been given is found again from a log (`drawable`). What does not: which of those allowed is best
(`reader.recommend.shaping`).
"""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from reader.profile.state import ReaderState
from reader.recommend.catalogue import TRAIT_KINDS, Catalogue, Rows
from reader.settings_lists import CapSettings

MAKERS: Final = ("source", "creator", "sound", "topic")
# More caps than there are: a candidate that is closed comes after all that break some.
_CLOSED: Final = 100


@dataclass(frozen=True)
class Field:
    """Candidates as far as the rules go.

    rows: (n,) of the catalogue, each once; ids: of their items; rank: (n,) places in the order of ids; stories: (n,)
    labels; makers: (4, n) numbers of source, creator, sound and first topic, -1 where there is none.
    """

    rows: Rows
    ids: list[str]
    rank: Rows
    stories: Rows
    makers: Rows

    def one_per_story(self, values: NDArray[np.floating]) -> Rows:
        """Return of each story the candidate with the greatest value, ties by id; greatest first."""
        order = np.lexsort((self.rank, -values))
        _, first = np.unique(self.stories[order], return_index=True)
        chosen: Rows = order[np.sort(first)]
        return chosen


def field_of(catalogue: Catalogue, rows: Rows) -> Field:
    """Look up what the rules need of some rows."""
    ids = catalogue.ids_at(rows)
    rank = np.empty(len(ids), dtype=np.int64)
    rank[sorted(range(len(ids)), key=ids.__getitem__)] = np.arange(len(ids))
    return Field(rows, ids, rank, catalogue.stories.label.values[rows], _makers(catalogue, rows))


def _makers(catalogue: Catalogue, rows: Rows) -> Rows:
    makers = np.full((len(MAKERS), len(rows)), -1, dtype=np.int64)
    entries = catalogue.traits.entries(rows)
    kinds = catalogue.traits.kinds_of(entries.features)
    for number, name in enumerate(MAKERS):
        own = kinds == TRAIT_KINDS.index(name)
        # Backward, so that of several topics the first stays.
        makers[number, entries.places[own][::-1]] = entries.features[own][::-1]
    return makers


class Lineup:
    """A list as it grows from the top, and what each candidate would break in the next place.

    cost: (n,) how many caps; from 100 on a candidate is closed: it, or its story, stands in the list already.
    """

    def __init__(
        self, field: Field, published_s: NDArray[np.float64], caps: CapSettings, *, by_topic: bool = False
    ) -> None:
        """published_s: (n,) of the candidates; by_topic: whether topics have a cap, too."""
        self.cost: NDArray[np.int16] = np.zeros(len(field.rows), dtype=np.int16)
        self._field = field
        # Drawn is the newest report of a story: no score is needed to know it again.
        newest = field.one_per_story(published_s)
        self._heads = newest[np.argsort(field.rank[newest])]
        rules = (
            (0, _Window(caps.stretch, caps.source)),
            (1, _Window(caps.stretch, caps.creator)),
            (2, _Window(caps.stretch, caps.sound)),
            (1, _Window(1 + caps.apart, 1)),
            (2, _Window(1 + caps.apart, 1)),
            *(((3, _Window(caps.stretch, caps.topic)),) if by_topic else ()),
        )
        # Articles have neither creators nor sounds.
        self._rules = [(kind, window) for kind, window in rules if (field.makers[kind] >= 0).any()]

    def place(self, candidate: int) -> None:
        """Put a candidate into the next place."""
        self.cost[self._field.stories == self._field.stories[candidate]] += _CLOSED
        for kind, window in self._rules:
            makers = self._field.makers[kind]
            full, free = window.push(int(makers[candidate]))
            if full >= 0:
                self.cost[makers == full] += 1
            if free >= 0:
                self.cost[makers == free] -= 1

    def may_follow(self, places: Rows) -> NDArray[np.bool_]:
        """Return which of some candidates may come next: those that break fewest caps; none once all are closed.

        So a cap holds as long as any candidate keeps it, and a list of a single source still fills.
        """
        costs = self.cost[places]
        least = int(costs.min(initial=_CLOSED))
        allowed: NDArray[np.bool_] = (costs == least) & (least < _CLOSED)
        return allowed

    def pool(self) -> Rows:
        """Return what may be drawn for the next place: of each story that may come its newest report, by id."""
        pool: Rows = self._heads[self.may_follow(self._heads)]
        return pool


class _Window:
    """How often each maker stands in the last places of a list. most: times after which it is full."""

    def __init__(self, length: int, most: int) -> None:
        self._most = most
        # The next place is the last of the stretch.
        self._last: deque[int] = deque(maxlen=length - 1)
        self._count: defaultdict[int, int] = defaultdict(int)

    def push(self, maker: int) -> tuple[int, int]:
        """Take in the next place; return which maker is now full, and which is so no longer (-1: none)."""
        if self._last.maxlen == 0:
            return -1, -1
        free = self._drop() if len(self._last) == self._last.maxlen else -1
        self._last.append(maker)
        if maker < 0:
            return -1, free
        self._count[maker] += 1
        full = maker if self._count[maker] == self._most else -1
        return (-1, -1) if full == free >= 0 else (full, free)

    def _drop(self) -> int:
        oldest = self._last[0]
        if oldest < 0:
            return -1
        self._count[oldest] -= 1
        return oldest if self._count[oldest] == self._most - 1 else -1


def lineup_of(catalogue: Catalogue, field: Field, caps: CapSettings, state: ReaderState) -> Lineup:
    """Return an empty list of these candidates for a reader."""
    return Lineup(field, catalogue.published_s.values[field.rows], caps, by_topic=state.is_unknown)


def drawable(catalogue: Catalogue, rows: Rows, above: Rows, caps: CapSettings, state: ReaderState) -> list[str]:
    """Return the items that could have been drawn for a place, by id, given the candidates and what stands above."""
    field = field_of(catalogue, np.concatenate([rows, above[~np.isin(above, rows)]]))
    lineup = lineup_of(catalogue, field, caps, state)
    place_of = {int(row): place for place, row in enumerate(field.rows)}
    for row in above:
        lineup.place(place_of[int(row)])
    return [field.ids[place] for place in lineup.pool()]
