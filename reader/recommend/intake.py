"""How items come in: analysed, dated, stored, and taken into the catalogue in step with the store.

What belongs here: the way of an item from its source to the arrays. What does not: the arrays
(`reader.recommend.catalogue`), and how readers' events come in (`reader.recommend.admission`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from nlp.analysis import Analysis
from nlp.terms import index_terms
from reader.clock import Clock
from reader.profile.content import Content
from reader.recommend import lists
from reader.recommend.arrays import Column
from reader.recommend.catalogue import Catalogue
from reader.recommend.garbage import uncollected
from reader.storage.protocol import Storage
from reader.types import AnyItem
from reader.types_search import SearchWords

Progress = Callable[[int], None]

# Items taken in at once: what a start holds in memory besides the arrays.
TAKEN_AT_ONCE = 500
# A base form counts at most so often in an item: enough to tell a mention from a subject. Ours, untuned.
BASE_FORMS_COUNTED = 4


class Intake:
    """Items of a store, with their analyses. seq: number of the newest item that was taken in, 0 before the first."""

    def __init__(self, storage: Storage, analysing: lists.Analysing, clock: Clock) -> None:
        self._storage, self._analysing, self._clock = storage, analysing, clock
        self.seq = 0
        self._seqs = Column(np.int64)

    def add(self, items: Sequence[AnyItem], progress: Progress | None) -> None:
        """Analyse items and store them; what has no date gets the one it had, else now."""
        analyses = self._analysing.analyse(items, progress)
        stored = self._storage.items([item.id for item in items if item.published_at is None])
        dated = lists.dated(items, stored, lists.to_millisecond(self._clock()))
        # Base forms take as long as storing does: they are not looked for where nobody searches.
        self._storage.put_items(dated, _words(items, analyses) if self._storage.is_searched else None)

    def take_in(self, catalogue: Catalogue) -> None:
        """Take into the catalogue what this or another process has stored since the last call."""
        while fresh := self._storage.items_after(self.seq, limit=TAKEN_AT_ONCE):
            items = [item for _, item in fresh]
            known_at = lists.to_millisecond(self._clock())
            # Portion by portion, so that what analysing leaves behind is collected in between.
            with uncollected():
                analyses = self._analysing.analyse(items)
                catalogue.add(list(zip(items, analyses, strict=True)), known_at=known_at)
            for seq, _ in fresh:
                self._seqs.append(seq)
            self.seq = fresh[-1][0]
            self._fill_gaps(items, analyses)

    def _fill_gaps(self, items: Sequence[AnyItem], analyses: Sequence[Analysis]) -> None:
        """Let those be found by their base forms that were stored without, as by an older version."""
        missing = set(self._storage.unworded([item.id for item in items]))
        if missing:
            known = zip(items, analyses, strict=True)
            self._storage.put_words({item.id: search_words(item, found) for item, found in known if item.id in missing})

    def rows_at(self, seqs: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the rows of the catalogue of some versions of items, by seq; -1 where they were not taken in."""
        known = self._seqs.values
        if not len(known):
            return np.full(len(seqs), -1)
        places = np.minimum(np.searchsorted(known, seqs), len(known) - 1)
        return np.where(known[places] == seqs, places, -1)

    def load(self, item_id: str) -> Content:
        """Return an item that is stored, with its analysis."""
        item = self._storage.items([item_id])[item_id]
        return Content(item, self._analysing.analyse([item])[0])


def search_words(item: AnyItem, analysis: Analysis) -> SearchWords:
    """Return the base forms by which an item is found."""
    counted = ((term, min(count, BASE_FORMS_COUNTED)) for term, count in analysis.terms.items())
    text = " ".join(term for term, count in counted for _ in range(count))
    return SearchWords(" ".join(index_terms(item.title, analysis.language)), text)


def _words(items: Sequence[AnyItem], analyses: Sequence[Analysis]) -> dict[str, SearchWords]:
    known = zip(items, analyses, strict=True)
    return {item.id: search_words(item, analysis) for item, analysis in known}
