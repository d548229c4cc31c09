"""Everything that is known of a text before any reader comes: computed once, stored under a key, never computed again.

What belongs here: putting the parts of `nlp` together in batches, and the stored form's key. The bytes are
`nlp.packing`'s affair, what is made of an analysis that of `reader`.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from nlp import packing
from nlp.keywords import ENGLISH_PIPELINE, extract
from nlp.language import detect_language
from nlp.packing import Block
from nlp.paragraphs import count_words
from nlp.phrases import Phrase
from nlp.readability import difficulty
from nlp.terms import index_terms
from nlp.vectors import Embedder
from nlp.words import clean

__all__ = ["ANALYSER_VERSION", "Analyser", "Analysis", "Block", "Text"]

# Part of the key: raise it whenever the same text would give another analysis.
ANALYSER_VERSION: Final = 1

_CHUNK: Final = 32  # texts analysed before progress is reported; about 200 paragraphs, enough to batch well


@dataclass(frozen=True, slots=True)
class Text:
    """What is analysed. language: what the source says, a language tag; empty if it says nothing."""

    title: str
    paragraphs: tuple[str, ...]
    language: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Analysis:
    """One text's analysis. Two are compared by `to_bytes`.

    language: ISO 639-1 or "und". terms: index terms of title and paragraphs with counts. vectors: (1 + paragraphs,
    dim) float32, row 0 the title's; unit rows to 0.1 % (they have the precision of float16), zero rows for empty
    texts. model_id: what made the vectors.
    """

    language: str
    title: Block
    paragraphs: tuple[Block, ...]
    terms: dict[str, int]
    vectors: NDArray[np.float32]
    model_id: str

    def to_bytes(self) -> bytes:
        """Return the stored form. `from_bytes` gives exactly this analysis again."""
        blocks = [self.title, *self.paragraphs]
        return packing.pack(self.language, self.model_id, blocks, self.terms, self.vectors)

    @classmethod
    def from_bytes(cls, stored: bytes) -> Analysis:
        """Read the stored form. ValueError if it is damaged or of another version: analyse the text again."""
        language, model_id, blocks, terms, vectors = packing.unpack(stored)
        return cls(language, blocks[0], tuple(blocks[1:]), terms, vectors, model_id)


class Analyser:
    """Analyses texts with one embedder. Any thread may call it; the models below wait for one another."""

    def __init__(self, embedder: Embedder, *, spacy_en: str = ENGLISH_PIPELINE) -> None:
        """spacy_en: an installed spaCy pipeline for English."""
        self._embedder = embedder
        self._spacy_en = spacy_en

    @property
    def model_id(self) -> str:
        """The id of the vectors' model."""
        return self._embedder.model_id

    @property
    def dim(self) -> int:
        """The length of the vectors."""
        return self._embedder.dim

    def key(self, title: str, paragraphs: Sequence[str], language: str) -> str:
        """Return the SHA-256, in hex, of all that the analysis depends on: versions, models, texts, language tag."""
        digest = hashlib.sha256()
        for part in (str(ANALYSER_VERSION), self.model_id, self._spacy_en, language, title, *paragraphs):
            encoded = part.encode("utf-8", "surrogatepass")
            digest.update(len(encoded).to_bytes(8, "big") + encoded)
        return digest.hexdigest()

    def analyse(self, texts: Sequence[Text], *, progress: Callable[[int], None] | None = None) -> list[Analysis]:
        """Return one analysis for each text.

        progress: called with the number of texts done so far. Words, difficulty and terms come from the whole of a
        paragraph, phrases from its first 2,000 words (`nlp.keywords`), vectors from as much as the model reads
        (`nlp.vectors`). Control characters and lone surrogates count as spaces.
        """
        done: list[Analysis] = []
        for start in range(0, len(texts), _CHUNK):
            done += self._analyse(texts[start : start + _CHUNK])
            if progress is not None:
                progress(len(done))
        return done

    def _analyse(self, texts: Sequence[Text]) -> list[Analysis]:
        parts = [[clean(part) for part in (text.title, *text.paragraphs)] for text in texts]
        languages = [_language(part, text.language) for part, text in zip(parts, texts, strict=True)]
        phrases = self._phrases(parts, languages)
        vectors = self._vectors(parts)
        rows = zip(parts, languages, phrases, vectors, strict=True)
        return [_analysis(*row, self.model_id) for row in rows]

    def _phrases(self, parts: list[list[str]], languages: list[str]) -> list[list[list[Phrase]]]:
        """Extract phrases of all texts of one language in one go."""
        by_language: dict[str, list[int]] = defaultdict(list)
        for i, language in enumerate(languages):
            by_language[language].append(i)
        found: list[list[list[Phrase]]] = [[] for _ in parts]
        for language, members in by_language.items():
            flat = extract([part for i in members for part in parts[i]], language, spacy_en=self._spacy_en)
            for i, phrases in zip(members, _regrouped(flat, [len(parts[i]) for i in members]), strict=True):
                found[i] = phrases
        return found

    def _vectors(self, parts: list[list[str]]) -> list[NDArray[np.float32]]:
        flat = self._embedder.encode([part for texts in parts for part in texts])
        # Rounded as they will be stored, so that a stored analysis ranks exactly as a fresh one.
        rounded = flat.astype(np.float16).astype(np.float32)
        return np.split(rounded, np.cumsum([len(texts) for texts in parts])[:-1])


def _language(parts: list[str], tag: str) -> str:
    title, *paragraphs = parts
    return detect_language(" ".join([*paragraphs, title]), hint=tag)


def _analysis(
    parts: list[str], language: str, phrases: list[list[Phrase]], vectors: NDArray[np.float32], model_id: str
) -> Analysis:
    title, *paragraphs = (_block(part, found) for part, found in zip(parts, phrases, strict=True))
    terms = Counter(term for part in parts for term in index_terms(part, language))
    return Analysis(language, title, tuple(paragraphs), dict(terms), vectors, model_id)


def _block(text: str, phrases: list[Phrase]) -> Block:
    return Block(count_words(text), difficulty(text), tuple(phrases))


def _regrouped(flat: list[list[Phrase]], sizes: list[int]) -> Iterator[list[list[Phrase]]]:
    start = 0
    for size in sizes:
        yield flat[start : start + size]
        start += size
