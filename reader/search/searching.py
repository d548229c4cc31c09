"""Looking for items: the index finds, the catalogue says what may be seen and what was wished for.

What belongs here: putting both together, order, pages. What does not: reading what was typed (`reader.search.query`),
the index (`reader.storage.search`), and anything that is written down: a search leaves no trace.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from reader.profile.state import ReaderState
from reader.recommend.candidates import Mask, obtainable, without_opened, without_refused
from reader.recommend.catalogue import TRAIT_KINDS, Catalogue, Rows
from reader.recommend.recommender import Recommender
from reader.search.query import Question, read_question, to_query
from reader.types import ItemKind
from reader.types_search import SearchQuery

Order = Literal["relevance", "newest"]
Reading = Literal["any", "saved", "unread", "read"]
# Of the first so many that were found it is counted whose they are, to narrow the search down; ours.
COUNTED: Final = 2_000
# A value for each row; NaN where it does not match.
Relevance = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Wish:
    """What is looked for. text: as it was typed; "" for everything. The rest narrows it down.

    topic: as items have it. language: two letters. since, until: when it was published, both included. feeds: brought
    by one of these; None for any. with_refused: also what the reader has muted or hidden.
    """

    text: str = ""
    kind: ItemKind | None = None
    source: str = ""
    topic: str = ""
    language: str = ""
    since: datetime | None = None
    until: datetime | None = None
    reading: Reading = "any"
    feeds: tuple[str, ...] | None = None
    order: Order = "relevance"
    with_refused: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """A page of what was found. items: ids; count: on all pages; refused: left out, since the reader muted or hid it.

    question: what the words were taken for. is_widened: nothing had them, so that words that begin with them counted,
    too. sources, languages: of the first that were found, the most frequent first.
    """

    question: Question
    items: tuple[str, ...]
    count: int
    refused: int = 0
    is_widened: bool = False
    sources: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()


class Searcher:
    """Searches in the items of a recommender. Nothing about a search is kept."""

    def __init__(self, recommender: Recommender) -> None:
        self._recommender = recommender

    def find(self, user: str, wish: Wish, *, begin: int = 0, count: int = 20) -> Found:
        """Return the places [begin, begin + count) of what a reader may see that fits the wish."""
        question = read_question(wish.text)
        found = self._find(user, wish, question, slice(begin, begin + count), is_widened=False)
        if found.count or found.refused or not question.all_of:
            return found
        return self._find(user, wish, question.widened(), slice(begin, begin + count), is_widened=True)

    def _find(self, user: str, wish: Wish, question: Question, page: slice, *, is_widened: bool) -> Found:
        self._recommender.catch_up()
        # Before the recommender is held: others may go on meanwhile.
        found = self._search(to_query(question))
        brought = None if wish.feeds is None else self._recommender.storage.items_of_feeds(wish.feeds)
        with self._recommender.held(user) as state:
            catalogue, at_s = self._recommender.catalogue, self._recommender.clock().timestamp()
            relevance = self._by_row(found, len(catalogue.published_s))
            fitting = ~np.isnan(relevance) & _fitting(catalogue, state, wish, at_s)
            if brought is not None:
                fitting &= _mask(catalogue.rows_of({item for item, _, _ in brought}), len(fitting))
            seen = fitting if wish.with_refused else without_refused(fitting, catalogue, state, at_s)
            ordered = _ordered(catalogue, np.flatnonzero(seen), relevance, wish.order)
            return Found(
                question,
                tuple(catalogue.ids_at(ordered[page])),
                len(ordered),
                int(fitting.sum()) - len(ordered),
                is_widened,
                *(_most_frequent(catalogue, ordered[:COUNTED], kind) for kind in ("source", "language")),
            )

    def _search(self, query: SearchQuery) -> tuple[bool, list[tuple[int, float]]]:
        """Return hits, and whether they are what is wanted or, for a query that only leaves out, what is not."""
        weights = self._recommender.settings.search.weights
        if query.all_of or not query.none_of:
            return bool(query.all_of), self._recommender.storage.search(query, weights)
        return False, self._recommender.storage.search(SearchQuery((query.none_of,)), weights)

    def _by_row(self, found: tuple[bool, list[tuple[int, float]]], count: int) -> Relevance:
        wanted, hits = found
        rows = self._recommender.rows_at(np.array([seq for seq, _ in hits], dtype=np.int64))
        known = rows >= 0
        by_row = np.full(count, np.nan if wanted else 0.0)
        by_row[rows[known]] = np.array([value for _, value in hits])[known] if wanted else np.nan
        return by_row


def _fitting(catalogue: Catalogue, state: ReaderState, wish: Wish, at_s: float) -> Mask:
    mask = obtainable(catalogue, state, at_s, (wish.kind,) if wish.kind else ())
    for kind, name in (("source", wish.source), ("topic", wish.topic), ("language", wish.language)):
        if name:
            mask &= _mask(_rows_named(catalogue, kind, name), len(mask))
    if wish.since is not None:
        mask &= catalogue.published_s.values >= wish.since.timestamp()
    if wish.until is not None:
        mask &= catalogue.published_s.values <= wish.until.timestamp()
    if wish.reading == "saved":
        return mask & _mask(catalogue.rows_of(state.steering.saved), len(mask))
    if wish.reading == "any":
        return mask
    unread = without_opened(mask, catalogue, state)
    return unread if wish.reading == "unread" else mask & ~unread


def _mask(rows: Rows, count: int) -> Mask:
    mask = np.zeros(count, dtype=np.bool_)
    mask[rows] = True
    return mask


def _rows_named(catalogue: Catalogue, kind: str, name: str) -> Rows:
    """Return the rows of a source or language, whatever the case of its letters."""
    names = {own for own in catalogue.traits.named(kind).values() if own.casefold() == name.strip().casefold()}
    return np.concatenate([np.zeros(0, dtype=np.int64), *(catalogue.rows_with((kind, own)) for own in sorted(names))])


def _ordered(catalogue: Catalogue, rows: Rows, relevance: Relevance, order: Order) -> Rows:
    """Return rows in the wished order; of equals the newest first, then what came last."""
    published_s = catalogue.published_s.values[rows]
    keys = (-rows, -published_s) if order == "newest" else (-rows, -published_s, -relevance[rows])
    ordered: Rows = rows[np.lexsort(keys)]
    return ordered


def _most_frequent(catalogue: Catalogue, rows: Rows, kind: str) -> tuple[str, ...]:
    features = catalogue.traits.entries(rows).features
    own = features[catalogue.traits.kinds_of(features) == TRAIT_KINDS.index(kind)]
    counts = Counter(own.tolist())
    names = catalogue.traits.named(kind) if counts else {}
    return tuple(sorted((names[number] for number in counts), key=lambda name: name.casefold()))
