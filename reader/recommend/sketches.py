"""What of an item is compared to find reports of the same story: some words, as numbers, and whose they are.

What belongs here: making a sketch from one item, and comparing one with many. What does not: which items are compared,
and what follows (`reader.recommend.stories`). A sketch depends on its item alone, never on the rest of the catalogue,
so whether two items tell the same story is the same whenever they are compared.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from nlp.terms import index_terms
from reader.profile.content import Content
from reader.recommend.arrays import Column, read_only
from reader.settings_lists import StorySettings
from reader.types import AnyItem, Video

# Terms compared, the most frequent ones: a report of 150 words has about as many. With 32 two unlike articles on one
# subject come nearer to each other than two reports of one event (fixtures/stories, the demo); 48 and 64 do not differ.
TERMS: Final = 64
TITLE_TERMS: Final = 12
# Two items are compared at all if they share two of their first terms. All pairs of fixtures/stories do among 10, not
# among 8.
FIRST_TERMS: Final = 10
PAIRS: Final = FIRST_TERMS * (FIRST_TERMS - 1) // 2
# Below this many terms an item is little more than its title, and only titles are compared; ours.
FEW_TERMS: Final = 12
_DIGITS: Final = re.compile(r"\d+")
# Sums of the same numbers in another order differ behind these; which of two items came first must not matter.
DIGITS_COMPARED: Final = 5

Numbers = NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class Sketch:
    """words: (k,) ascending numbers of terms, k <= TERMS; weights: (k,) float32, unit length; title: (t,) numbers.

    about: number of kind and language; maker: of who made it, 0 if unknown; form, digits: of the title without its
    digits, and of these; pairs: (<= PAIRS,) numbers of pairs of first terms.
    """

    words: Numbers
    weights: NDArray[np.float32]
    title: Numbers
    about: int
    maker: int
    form: int
    digits: int
    pairs: Numbers


def sketch(content: Content) -> Sketch:
    """Return the sketch of an item."""
    item, analysis = content.item, content.analysis
    terms, counts = list(analysis.terms), np.fromiter(analysis.terms.values(), np.float64, len(analysis.terms))
    # Ties in the order of the text, which begins with the title: what matters comes first.
    best = np.argsort(-counts, kind="stable")[:TERMS]
    numbers = np.array([_number(terms[place]) for place in best.tolist()], dtype=np.uint32)
    weights = (1 + np.log(counts[best])).astype(np.float32)
    order = np.argsort(numbers)
    title = dict.fromkeys(_number(term) for term in index_terms(item.title, analysis.language))
    return Sketch(
        words=numbers[order],
        weights=(weights / max(float(np.linalg.norm(weights)), 1e-9))[order],
        title=np.array(list(title)[:TITLE_TERMS], dtype=np.uint32),
        about=_number(f"{item.kind} {analysis.language}"),
        maker=_number(_maker(item)) if _maker(item) else 0,
        form=_number(_DIGITS.sub("#", item.title.lower())),
        digits=_number(" ".join(_DIGITS.findall(item.title))),
        pairs=_pairs(numbers[:FIRST_TERMS]),
    )


def _number(text: str) -> int:
    # 0 stands for nothing.
    return crc32(text.encode("utf-8", "surrogatepass")) or 1


def _maker(item: AnyItem) -> str:
    return (item.creator or item.source) if isinstance(item, Video) else item.source


def _pairs(first: Numbers) -> Numbers:
    left, right = _each_with_each(len(first))
    ordered = np.sort(first).astype(np.uint64)
    # Two odd constants with well spread bits (those of splitmix64 and xxHash64): each pair its own number.
    mixed = (ordered[left] * np.uint64(0x9E3779B97F4A7C15)) ^ (ordered[right] * np.uint64(0xC2B2AE3D27D4EB4F))
    return (mixed >> np.uint64(32)).astype(np.uint32)


@lru_cache(FIRST_TERMS + 1)
def _each_with_each(count: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the places of the first and of the second of all pairs of `count`."""
    left, right = np.triu_indices(count, k=1)
    return read_only(left), read_only(right)


class Sketches:
    """The sketches of all rows as arrays."""

    def __init__(self) -> None:
        self._words = Column(np.uint32, (TERMS,))
        # As float16: 100,000 items take 38 MB.
        self._weights = Column(np.float16, (TERMS,))
        self._count = Column(np.int16)
        self._title = Column(np.uint32, (TITLE_TERMS,))
        self._title_count = Column(np.int16)
        self._named = Column(np.uint32, (4,))

    def append(self, own: Sketch) -> None:
        """Keep the sketch of the next row."""
        self._words.append(_padded(own.words, TERMS))
        self._weights.append(_padded(own.weights, TERMS))
        self._count.append(len(own.words))
        self._title.append(_padded(own.title, TITLE_TERMS))
        self._title_count.append(len(own.title))
        self._named.append((own.about, own.maker, own.form, own.digits))

    def same_story(
        self, own: Sketch, rows: NDArray[np.int64], cosines: NDArray[np.float32], settings: StorySettings
    ) -> NDArray[np.bool_]:
        """Return for each row whether it tells the story of a sketch. cosines: (rows,) of the vectors, rounded.

        Symmetric: it is the same whichever of two items came first.
        """
        about, maker, form, digits = self._named.values[rows].T
        same_maker, same_form = (maker == own.maker) & (own.maker != 0), form == own.form
        few, own_few = self._count.values[rows] < FEW_TERMS, len(own.words) < FEW_TERMS
        texts = self._words_alike(own, rows) >= np.where(same_maker, settings.same_maker_words, settings.words)
        titles = self._titles_alike(own, rows, settings) & (~same_maker | same_form)
        # A title's vector and a text's are further apart than two of a kind.
        meaning = np.where(few & own_few, settings.title_meaning, settings.meaning)
        meaning = np.where(few != own_few, settings.mixed_meaning, meaning)
        is_series = same_form & (digits != own.digits)
        alike: NDArray[np.bool_] = np.where(few | own_few, titles, texts) & (about == own.about) & ~is_series
        return alike & (cosines >= meaning)

    def _words_alike(self, own: Sketch, rows: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return (rows,): the cosine of the words."""
        if not len(own.words):
            return np.zeros(len(rows))
        words = self._words.values[rows]
        places = np.minimum(np.searchsorted(own.words, words), len(own.words) - 1)
        weights = np.where(own.words[places] == words, own.weights.astype(np.float16)[places], np.float16(0))
        cosines: NDArray[np.float64] = (weights.astype(np.float64) * self._weights.values[rows]).sum(axis=1)
        return np.round(cosines, DIGITS_COMPARED)

    def _titles_alike(self, own: Sketch, rows: NDArray[np.int64], settings: StorySettings) -> NDArray[np.bool_]:
        title, counts = self._title.values[rows], self._title_count.values[rows]
        shared = (np.isin(title, own.title) & (title != 0)).sum(axis=1)
        cosine = shared / np.sqrt(np.maximum(1, counts.astype(np.float64) * len(own.title)))
        alike: NDArray[np.bool_] = (shared >= settings.title_shared) & (cosine >= settings.title_words)
        return alike


def _padded(values: NDArray[np.generic], length: int) -> NDArray[np.generic]:
    padded = np.zeros(length, dtype=values.dtype)
    padded[: len(values)] = values
    return padded
