"""How items come in: analysed, dated, stored, and taken into the catalogue in step with the store.

What belongs here: the way of an item from its source to the arrays. What does not: the arrays
(`reader.recommend.catalogue`), and how readers' events come in (`reader.recommend.admission`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from reader.clock import Clock
from reader.profile.content import Content
from reader.recommend import lists
from reader.recommend.catalogue import Catalogue
from reader.storage.protocol import Storage
from reader.types import AnyItem

Progress = Callable[[int], None]

# Items taken in at once: what a start holds in memory besides the arrays.
TAKEN_AT_ONCE = 500


class Intake:
    """Items of a store, with their analyses. seq: number of the newest item that was taken in, 0 before the first."""

    def __init__(self, storage: Storage, analysing: lists.Analysing, clock: Clock) -> None:
        self._storage, self._analysing, self._clock = storage, analysing, clock
        self.seq = 0

    def add(self, items: Sequence[AnyItem], progress: Progress | None) -> None:
        """Analyse items and store them; what has no date gets the one it had, else now."""
        self._analysing.analyse(items, progress)
        stored = self._storage.items([item.id for item in items if item.published_at is None])
        self._storage.put_items(lists.dated(items, stored, lists.to_millisecond(self._clock())))

    def take_in(self, catalogue: Catalogue) -> None:
        """Take into the catalogue what this or another process has stored since the last call."""
        while fresh := self._storage.items_after(self.seq, limit=TAKEN_AT_ONCE):
            items = [item for _, item in fresh]
            catalogue.add(
                list(zip(items, self._analysing.analyse(items), strict=True)),
                known_at=lists.to_millisecond(self._clock()),
            )
            self.seq = fresh[-1][0]

    def load(self, item_id: str) -> Content:
        """Return an item that is stored, with its analysis."""
        item = self._storage.items([item_id])[item_id]
        return Content(item, self._analysing.analyse([item])[0])
