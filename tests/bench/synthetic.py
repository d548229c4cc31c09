"""A catalogue of any size without models: items whose analyses are drawn, not computed.

Vocabulary, vectors and sizes are made like those of real news (171 articles of wikinews_en: 13 phrases a paragraph,
1.65 words a phrase, 25 index terms a paragraph; cosine of two articles 0.25, of a paragraph and its article 0.6), apart
from the number of paragraphs, which is the caller's choice (wikinews_en: 9). Item n is the same in every process.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from nlp.analysis import Analysis, Block, Text
from nlp.phrases import Phrase
from reader.types import AnyItem, Article

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
DIM = 384  # as all-MiniLM-L6-v2
VOCABULARY = 60_000
# Zipf-Mandelbrot: without stop words the most frequent term of real news stands in about a quarter of the articles.
RANK_SHIFT = 50
TERMS_PER_BLOCK = 25
PHRASES_PER_BLOCK = 13
WORDS_PER_BLOCK = 53
TITLE_PHRASES = 4
TOPICS = 200
SOURCES = 300
AUTHORS = 2_000
# An item every so many minutes, the first one newest.
MINUTES_BETWEEN = 1.3
MODEL_ID = "synthetic/1"


def make_item(number: int, paragraphs: int) -> Article:
    """Return item `number`; its title names it, so that the analyser knows which one it is."""
    words = [f"w{word}" for word in draw_words(number, paragraphs)]
    texts = [words[start : start + TERMS_PER_BLOCK] for start in range(0, len(words), TERMS_PER_BLOCK)]
    return Article(
        id=f"i{number}",
        title=f"Item {number}",
        url=f"https://news.example/{number}",
        source=f"Source {number % SOURCES}",
        author=f"Author {number % AUTHORS}",
        topics=(f"topic {topic_of(number)}",),
        language="en",
        published_at=NOW - timedelta(minutes=int(number * MINUTES_BETWEEN)),
        paragraphs=tuple(" ".join(text * 2) for text in texts[1:]),
    )


def topic_of(number: int) -> int:
    """Return the topic of an item."""
    return number % TOPICS


def draw_words(number: int, paragraphs: int) -> list[int]:
    """Return the index terms of title and paragraphs, TERMS_PER_BLOCK each."""
    drawn = _rng(number).random((1 + paragraphs) * TERMS_PER_BLOCK)
    words: list[int] = np.searchsorted(_cumulative(), drawn).tolist()
    return words


def draw_terms(number: int, paragraphs: int) -> dict[str, int]:
    """Return the index terms of an item with counts, one of them its own: `item` + number."""
    return dict(Counter([f"w{word}" for word in draw_words(number, paragraphs)])) | {f"item{number}": 1}


class SyntheticAnalyser:
    """Stands where `nlp.analysis.Analyser` stands, for texts of `make_item`."""

    dim = DIM
    model_id = MODEL_ID

    def key(self, title: str, paragraphs: Sequence[str], language: str) -> str:
        """Return the key under which the store keeps the analysis."""
        return f"{MODEL_ID} {title} {len(paragraphs)}"

    def analyse(self, texts: Sequence[Text], *, progress: Callable[[int], None] | None = None) -> list[Analysis]:
        """Return one analysis for each text."""
        return [make_analysis(int(text.title.split()[1]), len(text.paragraphs)) for text in texts]


def make_analysis(number: int, paragraphs: int) -> Analysis:
    """Return the analysis of item `number`."""
    words = draw_words(number, paragraphs)
    title, *blocks = (_block(words[start : start + TERMS_PER_BLOCK]) for start in range(0, len(words), TERMS_PER_BLOCK))
    title = Block(8, 40.0, title.phrases[:TITLE_PHRASES])
    return Analysis("en", title, tuple(blocks), draw_terms(number, paragraphs), _vectors(number, paragraphs), MODEL_ID)


def analysis_of(item: AnyItem) -> tuple[str, bytes]:
    """Return key and stored form of the analysis of an item of `make_item`."""
    text = Text(item.title, item.paragraphs, item.language)
    analyser = SyntheticAnalyser()
    return analyser.key(text.title, text.paragraphs, text.language), analyser.analyse([text])[0].to_bytes()


def _block(words: list[int]) -> Block:
    """Return a paragraph: two phrases of two words to one of a single word."""
    pairs = list(pairwise(words))[:PHRASES_PER_BLOCK]
    terms = [f"w{first}" if place % 3 == 2 else f"w{first} w{second}" for place, (first, second) in enumerate(pairs)]
    scores = (1 - place / len(pairs) for place in range(len(pairs)))
    phrases = tuple(
        Phrase(term, term.upper(), "noun_phrase", round(score, 4)) for term, score in zip(terms, scores, strict=True)
    )
    return Block(WORDS_PER_BLOCK, 45.0, phrases)


def _vectors(number: int, paragraphs: int) -> NDArray[np.float32]:
    """Return unit rows, in float16 precision: what all share, what the topic shares, what the item shares, chance."""
    noise = _rng(number).normal(size=(2 + paragraphs, DIM)) / np.sqrt(DIM)
    common = 0.5 * _directions()[TOPICS] + 0.5 * _directions()[topic_of(number)] + 0.7 * noise[0]
    rows = 0.6 * common + 0.8 * noise[1:]
    unit: NDArray[np.float32] = (
        (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float16).astype(np.float32)
    )
    return unit


def _rng(number: int) -> np.random.Generator:
    return np.random.default_rng([0, number])


@cache
def _cumulative() -> NDArray[np.float64]:
    weights = 1 / (np.arange(1, VOCABULARY + 1) + RANK_SHIFT)
    cumulative: NDArray[np.float64] = np.cumsum(weights / weights.sum())
    return cumulative


@cache
def _directions() -> NDArray[np.float64]:
    """Return a unit vector for each topic and, last, one for all news."""
    rows = np.random.default_rng(1).normal(size=(TOPICS + 1, DIM))
    unit: NDArray[np.float64] = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return unit
