"""German phrases from HanTa's parts of speech: runs of adjectives and nouns, runs of names.

There is no German spaCy pipeline to be had as a package, so `spacy.blank("de")` parts words and sentences and the
Hanover Tagger (Wartena 2019) tags them. What it cannot do: it knows no named entities beyond runs of words tagged as
names, and no phrases over prepositions or genitives ("Haus der Geschichte" gives two).
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from nlp.phrases import Phrase, PhraseKind
from nlp.salience import Mention, rank
from nlp.words import is_stop_word, lemma, words_of

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc, Token

Tagged = list[tuple["Token", str]]

_NAMES: Final = frozenset({"NE", "FM"})  # names, foreign material
_NOUNS: Final = _NAMES | {"NN"}
_RUN: Final = _NOUNS | {"ADJ(A)"}  # attributive adjectives only

# Ours, after the values for English.
_NAME_TRUST: Final = 1.2
_GENERAL: Final = 0.3
_GENERAL_NOUNS: Final = words_of("""
    abend anfang anteil anzahl art beispiel bereich ende ergebnis fall form frage gestern grund gruppe heute hälfte idee
    jahr jahre jahren jahres leute mal mensch menschen million millionen milliarden minute minuten moment monat monate
    monaten morgen nacht ort platz problem prozent punkt rolle sache seite stelle stunde stunden tag tage tagen teil uhr
    weise welt woche wochen zahl zeit ziel
""")


class GermanExtractor:
    """See `PhraseExtractor`. The models load at the first call; calls from several threads wait for each other."""

    def __init__(self) -> None:
        self._lock = threading.Lock()

    def extract(self, paragraphs: Sequence[str]) -> list[list[Phrase]]:
        """See `PhraseExtractor.extract`."""
        with self._lock:
            return [rank(doc.text, self._mentions(doc), "de") for doc in self._nlp.pipe(paragraphs)]

    @cached_property
    def _nlp(self) -> Language:
        import spacy

        nlp = spacy.blank("de")
        nlp.add_pipe("sentencizer")
        return nlp

    @cached_property
    def _tagger(self) -> Any:
        from HanTa.HanoverTagger import HanoverTagger  # type: ignore[import-untyped]  # the package has no types

        return HanoverTagger("morphmodel_ger.pgz")

    def _mentions(self, doc: Doc) -> Iterator[Mention]:
        for sentence in doc.sents:
            tokens = [token for token in sentence if not token.is_space]
            tags = [tag for _, _, tag in self._tagger.tag_sent([token.text for token in tokens])]
            yield from _mentions(list(zip(tokens, tags, strict=True)), len(doc))


def _mentions(tagged: Tagged, length: int) -> Iterator[Mention]:
    for run in _runs(tagged, _RUN):
        trimmed = _trimmed(run)
        if trimmed:
            yield _mention(trimmed, length)
    for run in _runs(tagged, _NAMES):
        yield _mention(run, length)


def _runs(tagged: Tagged, wanted: frozenset[str]) -> Iterator[Tagged]:
    """Find the longest runs of words with wanted tags; a bare hyphen or number ends a run."""
    run: Tagged = []
    for token, tag in tagged:
        if tag in wanted and token.text[0].isalpha():
            run.append((token, tag))
        elif run:
            yield run
            run = []
    if run:
        yield run


def _trimmed(run: Tagged) -> Tagged:
    """Cut stop words ("viele", "andere") off the front and adjectives off the end."""
    start, end = 0, len(run)
    while start < end and _is_general(run[start][0].text):
        start += 1
    while end > start and run[end - 1][1] not in _NOUNS:
        end -= 1
    return run[start:end]


def _is_general(word: str) -> bool:
    """Whether the word in any ending is a stop word: the list has "neue", but neither "neues" nor "neu"."""
    return any(is_stop_word(form, "de") for form in (word, lemma(word, "de"), lemma(word, "de") + "e"))


def _mention(run: Tagged, length: int) -> Mention:
    label = " ".join(token.text for token, _ in run)
    named = all(tag in _NAMES for _, tag in run)
    kind: PhraseKind = "entity" if named else "noun_phrase" if len(run) > 1 else "word"
    trust = _NAME_TRUST if named else _GENERAL if label.lower() in _GENERAL_NOUNS else 1.0
    return Mention(label, kind, run[0][0].i / length, trust)
