"""All items in memory, as arrays that ranking can work on. Grows by appending; an item that changes gets a new row.

A row number names one version of one item for as long as the process lives.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Final

import numpy as np
from numpy.typing import NDArray

from nlp.analysis import Analysis
from nlp.keywords import Keyword, phrases_in, weigh_phrases
from reader.profile.content import Content
from reader.profile.excerpts import Span, spoken_in
from reader.recommend.arrays import Column, greatest
from reader.recommend.filed_keywords import FiledKeywords
from reader.recommend.form import FORM, describe_form
from reader.recommend.forward import Forward, Trait
from reader.recommend.impacts import CandidateIndex
from reader.recommend.nearest import Nearest
from reader.recommend.popularity import Popularity
from reader.recommend.reach import Reach, Unlimited
from reader.recommend.shelf import Shelf
from reader.recommend.stories import Stories
from reader.settings_lists import StorySettings
from reader.types import AnyItem, Video

# What an item is as a whole, for counting: kind is article or video, length a fifth of the log scale.
TRAIT_KINDS: Final = ("topic", "source", "author", "creator", "sound", "language", "kind", "length")
# Keywords by which a whole item is known; ours, untuned.
KEYWORDS_PER_ITEM = 16
# Words whose frequencies are at hand, some 100 bytes each. Ours.
FREQUENCIES_KEPT: Final = 50_000

Rows = NDArray[np.int64]


class Catalogue:
    """Items by row: content, vectors, lexical index, features, popularity. Implements `profile.Library`."""

    def __init__(
        self,
        dim: int,
        popularity: Popularity,
        load: Callable[[str], Content],
        *,
        keywords_per_paragraph: int,
        stories: StorySettings,
        words_around_s: float = 0.0,
    ) -> None:
        """dim: of the vectors; load: fetches what is stored of a known item; words_around_s: see `spoken_in`."""
        self.index = CandidateIndex()
        self.popularity = popularity
        self.published_s = Column(np.float64)
        self.is_video = Column(np.bool_)
        self.is_current = Column(np.bool_)
        # Of a clip, s; 0 where it is not known, and of articles.
        self.duration_s = Column(np.float64)
        self.vectors = Column(np.float32, (dim,))
        self.nearest = Nearest(self.vectors)
        self.form = Column(np.float32, (len(FORM),))
        self.keyword_postings = FiledKeywords()
        self.traits = Forward(TRAIT_KINDS)
        self.stories = Stories(stories, self.vectors, self.published_s)
        # Sum over all items, each as it is now; the mean is what all texts share.
        self.vector_sum = np.zeros(dim)
        popularity.look_into(self.traits, self.vectors)
        # Who may get which rows; everybody all, unless whoever made the catalogue knows better.
        self.reach: Reach = Unlimited()
        # Told when an item gets a new row, besides the popularity: what else is kept by row.
        self.on_move: Callable[[int, int], None] = lambda old, new: None
        self._keywords_per_paragraph = keywords_per_paragraph
        self._words_around_s = words_around_s
        self._shelf = Shelf(load)
        # As long as the catalogue stays as it is: weighed keywords by row and paragraph, how many items have a word,
        # and the newest rows with a feature.
        self._keywords: dict[tuple[int, int | None, Span | None], tuple[Keyword, ...]] = {}
        self._frequencies: dict[str, int] = {}
        self._newest: dict[tuple[Trait, int], Rows] = {}
        self._paragraphs = Column(np.int32)
        # Rows that the lexical index counts still.
        self._retired: list[int] = []
        self._row_of: dict[str, int] = {}
        # Names of creators and sounds, and when the clip was published that has it.
        self._names: dict[Trait, tuple[float, str]] = {}
        self.version = 0

    def __len__(self) -> int:
        return len(self._row_of)

    def count_anew(self) -> None:
        """Forget how popular anything is, for a log that is gone through again."""
        self.popularity = Popularity()
        self.popularity.look_into(self.traits, self.vectors)
        self.popularity.grow_to(len(self.vectors))
        self.version += 1

    def add(self, items: Sequence[tuple[AnyItem, Analysis]], *, known_at: datetime) -> None:
        """Append items; an item without a date counts as published when it became known."""
        self.index.add([analysis.terms for _, analysis in items])
        # What is rare has changed a little for all.
        self._keywords.clear()
        self._frequencies.clear()
        self._newest.clear()
        self.version += 1
        for item, analysis in items:
            self._append(Content(item, analysis), item.published_at or known_at)
        self.index.retire(self._retired)
        self._retired = []
        self.keyword_postings.catch_up()
        self.nearest.catch_up(self.vector_sum / max(1, len(self)))

    def _append(self, content: Content, published_at: datetime) -> None:
        row = len(self._shelf)
        self._shelf.append(content)
        earlier = self._row_of.get(content.item.id)
        if earlier is not None:
            self._retire(earlier)
        self._row_of[content.item.id] = row
        for feature, name in content.names.items():
            self._names[feature] = max((published_at.timestamp(), name), self._names.get(feature, (0.0, "")))
        self.published_s.append(published_at.timestamp())
        self.is_video.append(content.item.kind == "video")
        self.is_current.append(True)
        self.duration_s.append((content.item.duration_s or 0.0) if isinstance(content.item, Video) else 0.0)
        self._paragraphs.append(len(content.analysis.paragraphs))
        self.vectors.append(_mean_vector(content.analysis))
        self.vector_sum += self.vectors.values[row]
        self.form.append(describe_form(content))
        self.keyword_postings.append(_salient_terms(content.analysis))
        self.traits.append((*content.traits, *_format(content, self.form.values[row])))
        self.stories.append(content)
        self.popularity.grow_to(row + 1)
        if earlier is not None:
            self.popularity.move(earlier, row)
            self.on_move(earlier, row)

    def _retire(self, row: int) -> None:
        """Let an older version count no more in what is said of all items: a start would not know it."""
        self.is_current.values[row] = False
        self.stories.retire(row)
        self.vector_sum -= self.vectors.values[row]
        self.keyword_postings.retire(row)
        self._retired.append(row)

    def row(self, item: str) -> int | None:
        """Return the row of the current version of an item."""
        return self._row_of.get(item)

    def positions(self, rows: Rows) -> NDArray[np.int32]:
        """Return for every row its place in `rows`, -1 for the others."""
        position = np.full(len(self.published_s), -1, dtype=np.int32)
        position[rows] = np.arange(len(rows))
        return position

    def rows_of(self, items: Iterable[str]) -> Rows:
        """Return the rows of those items that are known, in their order."""
        rows = (self._row_of.get(item) for item in items)
        return np.array([row for row in rows if row is not None], dtype=np.int64)

    def id_at(self, row: int) -> str:
        """Return the id of the item in a row."""
        return self._shelf.id_at(row)

    def ids_at(self, rows: Rows) -> list[str]:
        """Return the ids of the items in some rows."""
        return self._shelf.ids_at(rows.tolist())

    def content(self, item: str) -> Content | None:
        """Return a known item with its analysis."""
        return self._shelf.content(item) if item in self._row_of else None

    def paragraphs(self, item: str) -> int | None:
        """Return how many paragraphs a known item has, without fetching it; None for an unknown one."""
        row = self._row_of.get(item)
        return None if row is None else int(self._paragraphs.values[row])

    def rows_with(self, feature: Trait) -> Rows:
        """Return the rows of the items that have a feature."""
        return (self.keyword_postings if feature[0] == "keyword" else self.traits).rows(feature)

    def newest_with(self, feature: Trait, count: int) -> Rows:
        """Return the rows of the current items with a feature that were published last, newest first, `count` at most.

        Looked for once as long as the catalogue stays as it is: a feature may have as many items as there are.
        """
        if (feature, count) not in self._newest:
            rows = self.rows_with(feature)
            rows = rows[self.is_current.values[rows]]
            self._newest[feature, count] = rows[greatest(self.published_s.values[rows], count)]
        return self._newest[feature, count]

    def keywords(self, item: str, paragraph: int | None, part: Span | None = None) -> tuple[Keyword, ...]:
        """Return the weighted keywords of one paragraph, or of the whole item (None); of a clip those of a part of it.

        part: seconds from its start.
        """
        row = self._row_of.get(item)
        if row is None:
            return ()
        key = row, paragraph, part
        if key not in self._keywords:
            self._keywords[key] = self._weigh(self._shelf.content(item), paragraph, part)
        return self._keywords[key]

    def _weigh(self, content: Content, paragraph: int | None, part: Span | None) -> tuple[Keyword, ...]:
        blocks = content.analysis.paragraphs
        if paragraph is None:
            phrases = [phrase for block in (content.analysis.title, *blocks) for phrase in block.phrases]
            limit = KEYWORDS_PER_ITEM
        else:
            phrases, limit = list(blocks[paragraph].phrases), self._keywords_per_paragraph
            if part is not None and isinstance(content.item, Video):
                said = spoken_in(content.item, part, self._words_around_s)
                phrases = phrases_in(phrases, said, content.analysis.language)
        return tuple(weigh_phrases(phrases, self._frequency, len(self), limit=limit))

    def _frequency(self, word: str) -> int:
        frequency = self._frequencies.get(word)
        if frequency is None:
            if len(self._frequencies) >= FREQUENCIES_KEPT:
                self._frequencies.clear()
            frequency = self._frequencies[word] = self.index.document_frequency(word)
        return frequency

    def name(self, feature: Trait) -> str:
        """Return what to call a feature: of a creator or sound its newest name, else the value."""
        return self._names.get(feature, (0.0, feature[1]))[1]

    def readers(self, item: str) -> float:
        """Return how many have opened the item so far."""
        row = self._row_of.get(item)
        return 0.0 if row is None else self.popularity.readers(row)


def _mean_vector(analysis: Analysis) -> NDArray[np.float32]:
    """Return the (d,) unit mean of title and paragraphs; zero if there is no text at all."""
    mean = analysis.vectors.mean(axis=0)
    norm = float(np.linalg.norm(mean))
    unit: NDArray[np.float32] = mean / norm if norm > 0 else mean
    return unit


def _format(content: Content, form: NDArray[np.float32]) -> tuple[Trait, ...]:
    """Return article or video, and a fifth of the length on a log scale, as traits; a clip may not tell its length."""
    kind = ("kind", content.item.kind)
    if isinstance(content.item, Video) and not content.item.duration_s:
        return (kind,)
    length = form[list(FORM).index("duration" if content.item.kind == "video" else "words")]
    return kind, ("length", str(min(4, int(5 * length))))


def _salient_terms(analysis: Analysis) -> list[tuple[str, float]]:
    """Return each keyword of an item with its greatest salience in any block."""
    salience: dict[str, float] = {}
    for block in (analysis.title, *analysis.paragraphs):
        for phrase in block.phrases:
            salience[phrase.term] = max(phrase.score, salience.get(phrase.term, 0.0))
    return list(salience.items())
