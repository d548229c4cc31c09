"""English phrases from spaCy: noun chunks, runs of adjectives and nouns, named entities.

What belongs here: which stretches of a text are candidates and how far to trust them. What does not: their weight
(`nlp.salience`, `nlp.keywords`).
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Final, Literal

from nlp.phrases import Phrase, PhraseKind
from nlp.salience import Mention, rank
from nlp.words import is_stop_word, words_of

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc, Token

Source = Literal["entity", "chunk", "run"]

_BATCH: Final = 32  # paragraphs; larger ones gain nothing

# Entities that are amounts and times name nothing to be interested in.
_AMOUNTS: Final = frozenset({"DATE", "TIME", "PERCENT", "MONEY", "QUANTITY", "ORDINAL", "CARDINAL"})
_NOUNS: Final = frozenset({"NOUN", "PROPN"})
_PARTICIPLES: Final = frozenset({"VBN", "VBG"})
_EDGES: Final = frozenset({"NOUN", "PROPN", "ADJ", "X", "INTJ"})  # parts of speech at which a phrase may begin or end

# How often a stretch found by these sources is a good phrase, against one that chunk and run agree on. Ours, from the
# dev half of SemEval-2017, in round numbers.
_TRUST: Final[dict[frozenset[Source], float]] = {
    frozenset({"chunk", "run"}): 1.0,
    frozenset({"chunk"}): 0.5,
    frozenset({"run"}): 0.7,
    frozenset({"entity"}): 0.6,
    frozenset({"entity", "chunk"}): 0.8,
    frozenset({"entity", "run"}): 1.0,
    frozenset({"entity", "chunk", "run"}): 1.2,
}
_NOUN_FIRST: Final = 1.2  # "fuel cell" names a thing, "small cell" describes one
_GENERAL: Final = 0.3
# Nouns that name nothing alone, for as long as there is no catalogue to tell.
_GENERAL_NOUNS: Final = words_of("""
    addition approach area author bit case change day detail effect eq equation example fact fig figure form group idea
    kind lot moment month number order paper part people person place point presence problem question reason ref result
    section set study table term thing time today tomorrow type use way week work year yesterday
""")


class EnglishExtractor:
    """See `PhraseExtractor`. The pipeline loads at the first call; calls from several threads wait for each other."""

    def __init__(self, pipeline: str) -> None:
        """pipeline: an installed spaCy pipeline for English with tagger, parser and ner."""
        self._pipeline = pipeline
        self._lock = threading.Lock()

    def extract(self, paragraphs: Sequence[str]) -> list[list[Phrase]]:
        """See `PhraseExtractor.extract`."""
        with self._lock:
            docs = self._nlp.pipe(paragraphs, batch_size=_BATCH)
            return [rank(doc.text, _mentions(doc), "en") for doc in docs]

    @cached_property
    def _nlp(self) -> Language:
        import spacy

        # Keys take their lemmas from `nlp.words`, so that they meet the index terms.
        return spacy.load(self._pipeline, exclude=["lemmatizer"])


def _mentions(doc: Doc) -> Iterator[Mention]:
    sources: dict[tuple[int, int], set[Source]] = defaultdict(set)
    for source, tokens in _stretches(doc):
        trimmed = _trimmed(tokens)
        if trimmed:
            sources[trimmed[0].i, trimmed[-1].i + 1].add(source)
    for (start, end), found_by in sources.items():
        span = doc[start:end]
        kind: PhraseKind = "entity" if "entity" in found_by else "noun_phrase" if end - start > 1 else "word"
        trust = _TRUST[frozenset(found_by)] * _form(list(span))
        yield Mention(span.text, kind, start / len(doc), trust)


def _stretches(doc: Doc) -> Iterator[tuple[Source, list[Token]]]:
    for chunk in doc.noun_chunks:
        yield "chunk", list(chunk)
    for entity in doc.ents:
        if entity.label_ not in _AMOUNTS:
            yield "entity", list(entity)
    for run in _runs(doc):
        yield "run", run


def _runs(doc: Doc) -> Iterator[list[Token]]:
    """Find longest runs of adjectives, nouns and participles before nouns; hyphens inside belong to them."""
    run: list[Token] = []
    for token in doc:
        if token.pos_ in _NOUNS or token.pos_ == "ADJ" or _modifies(token) or (run and token.text in "-–"):
            run.append(token)
        else:
            yield run
            run = []
    yield run


def _modifies(token: Token) -> bool:
    return token.tag_ in _PARTICIPLES and token.dep_ in ("amod", "compound")


def _trimmed(tokens: list[Token]) -> list[Token]:
    """Cut articles, numbers, stop words and marks off both ends; nothing is left unless a noun is in it."""
    good = [i for i, token in enumerate(tokens) if _may_stand_at_edge(token)]
    trimmed = tokens[good[0] : good[-1] + 1] if good else []
    return trimmed if any(token.pos_ in _NOUNS for token in trimmed) else []


def _may_stand_at_edge(token: Token) -> bool:
    if token.pos_ not in _EDGES and token.tag_ not in _PARTICIPLES:
        return False
    return token.text.isupper() or not is_stop_word(token.text, "en")


def _form(tokens: list[Token]) -> float:
    if len(tokens) == 1:
        return _GENERAL if tokens[0].lower_ in _GENERAL_NOUNS else 1.0
    return _NOUN_FIRST if tokens[0].pos_ in _NOUNS else 1.0
