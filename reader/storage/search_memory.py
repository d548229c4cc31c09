"""Searching in memory: by going through all texts. It is also the second opinion on what the other engine finds."""

from __future__ import annotations

import math
import threading
import unicodedata
from collections.abc import Mapping, Sequence
from itertools import groupby

from reader.storage.search import written
from reader.types import AnyItem
from reader.types_search import WRITTEN_FIELDS, SearchQuery, SearchWords, Sought

Fields = tuple[list[str], ...]
# BM25 as FTS5 has it (sqlite.org/fts5.html, section 5.1.1).
_K1, _B = 1.2, 0.75
_LEAST_IDF = 1e-6


def words_in(text: str) -> list[str]:
    """Return the words of a text as a search compares them: runs of letters and digits, in lower case, without accents.

    >>> words_in("Die Häuser von É. & Co-op 7")
    ['die', 'hauser', 'von', 'e', 'co', 'op', '7']
    """
    runs = groupby(unicodedata.normalize("NFC", text), key=lambda char: unicodedata.category(char)[0] in "LNM")
    return [folded for is_word, run in runs if is_word and (folded := _fold("".join(run)))]


def _fold(word: str) -> str:
    bare = unicodedata.normalize("NFD", word)
    return "".join(char for char in bare if not unicodedata.combining(char)).lower()


class MemorySearch:
    """The part `SearchStorage` of the engine."""

    _lock: threading.Lock
    _items: dict[str, tuple[int, AnyItem]]
    is_searched = True

    def __init__(self) -> None:
        super().__init__()
        self._words: dict[str, SearchWords] = {}

    def search(self, query: SearchQuery, weights: Sequence[float]) -> list[tuple[int, float]]:
        with self._lock:
            known = sorted((seq, self._fields(item)) for seq, item in self._items.values())
        if not any(query.all_of):
            return []
        sought = [one for group in query.all_of for one in group]
        counts = {
            one: [_counts(one, fields) for _, fields in known] for one in dict.fromkeys((*sought, *query.none_of))
        }
        wanted = [index for index in range(len(known)) if _matches(query, {one: counts[one][index] for one in counts})]
        lengths = [sum(map(len, fields)) for _, fields in known]
        found = [counts[one] for one in sought]
        return [(known[index][0], _bm25(found, lengths, weights, index)) for index in wanted]

    def _fields(self, item: AnyItem) -> Fields:
        forms = self._words.get(item.id, SearchWords())
        return tuple(words_in(text) for text in (*written(item), forms.title, forms.text))

    def unworded(self, ids: Sequence[str]) -> list[str]:
        with self._lock:
            return sorted({item for item in ids if item in self._items and item not in self._words})

    def put_words(self, words: Mapping[str, SearchWords]) -> None:
        with self._lock:
            self._words.update({item: forms for item, forms in words.items() if item in self._items})

    def check_search(self) -> list[str]:
        with self._lock:
            gaps = len(self._items) - len(self._words)
        return [f"{gaps:,} items lack base forms"] if gaps else []

    def rebuild_search(self) -> None:
        with self._lock:
            self._words.clear()


def _counts(one: Sought, fields: Fields) -> list[int]:
    """Return how often something stands in each field."""
    words = words_in(" ".join(one.words))
    count = len(WRITTEN_FIELDS) if one.as_written else len(fields)
    return [_times(words, field, one.is_prefix) if words else 0 for field in fields[:count]]


def _times(words: list[str], field: list[str], is_prefix: bool) -> int:
    *first, last = words
    starts = range(len(field) - len(first))
    return sum(
        field[start : start + len(first)] == first
        and (field[start + len(first)].startswith(last) if is_prefix else field[start + len(first)] == last)
        for start in starts
    )


def _matches(query: SearchQuery, counts: Mapping[Sought, list[int]]) -> bool:
    wanted = all(any(any(counts[one]) for one in group) for group in query.all_of if group)
    return wanted and not any(any(counts[one]) for one in query.none_of)


def _bm25(found: Sequence[list[list[int]]], lengths: Sequence[int], weights: Sequence[float], index: int) -> float:
    mean = sum(lengths) / len(lengths)
    total = 0.0
    for counts in found:
        holding = sum(map(any, counts))
        idf = max(math.log((len(lengths) - holding + 0.5) / (holding + 0.5)), _LEAST_IDF)
        times = sum(weight * count for weight, count in zip(weights, counts[index], strict=False))
        total += idf * times * (_K1 + 1) / (times + _K1 * (1 - _B + _B * lengths[index] / mean)) if times else 0.0
    return total
