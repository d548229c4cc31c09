"""Phrases of any language, by counting: frequency, place, capitals, and n-grams without stop words at their edges.

The features are those of YAKE (Campos et al. 2020), as far as one paragraph allows. What this cannot do: it knows no
parts of speech, so a verb or an adjective can come out as a keyword; a phrase that stands once in small letters is
seen only as its words; inflected forms meet only where simplemma has a dictionary; without a stop word list words
under four letters are passed over; in Chinese and Japanese a run of Han characters or of katakana stands for a word,
which in Chinese is often half a clause.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from nlp.phrases import Phrase
from nlp.salience import Mention, rank
from nlp.words import WORD, is_stop_word, key, lemma, stop_words

MAX_WORDS: Final = 3  # of a phrase, as in YAKE

# Ours, untuned: a name in capitals within a sentence, a phrase that comes again, the same over a stop word, a lone
# word.
_NAME_TRUST: Final = 1.2
_REPEATED_TRUST: Final = 1.0
_BRIDGED_TRUST: Final = 0.7
_WORD_TRUST: Final = 0.6

_SHORT: Final = 4  # letters; shorter words count as stop words where the language has no list
_ELISION: Final = re.compile(r"^\w{1,4}['’](?=\w)")  # l'eau, qu'il, dell'arte
_SENTENCE_END: Final = re.compile(r"[.!?…。！？\n]")
_BREAK: Final = re.compile(r"[^\s]|\n")
_UNSPACED_WORD: Final = re.compile("[\u30a1-\u30ff]{2,12}|[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]{2,6}")


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    start: int
    end: int
    capital: bool  # begins with a capital that the start of a sentence does not explain
    stop: bool


class StatisticalExtractor:
    """See `PhraseExtractor`. Without state, so threads need not wait."""

    def __init__(self, language: str) -> None:
        """language: ISO 639-1; decides on stop words and lemmas."""
        self._language = language

    def extract(self, paragraphs: Sequence[str]) -> list[list[Phrase]]:
        """See `PhraseExtractor.extract`."""
        return [rank(text, self._mentions(text), self._language) for text in paragraphs]

    def _mentions(self, text: str) -> Iterator[Mention]:
        clauses = list(_clauses(text, self._language))
        counts = Counter(key(text[run[0].start : run[-1].end], self._language) for run in _ngrams(clauses))
        for run in _ngrams(clauses):
            label = text[run[0].start : run[-1].end]
            trust = _trust(run, counts[key(label, self._language)])
            if trust:
                place = run[0].start / len(text)
                yield Mention(label, "word" if len(run) == 1 else "noun_phrase", place, trust)
        for match in _UNSPACED_WORD.finditer(text):
            yield Mention(match.group(), "word", match.start() / len(text), _REPEATED_TRUST)


def _trust(run: Sequence[_Word], count: int) -> float:
    """Return 0 for a phrase of several words that nothing speaks for."""
    if all(word.capital for word in run):
        return _NAME_TRUST
    if count > 1:
        return _BRIDGED_TRUST if any(word.stop for word in run) else _REPEATED_TRUST
    return _WORD_TRUST if len(run) == 1 else 0.0


def _ngrams(clauses: Sequence[Sequence[_Word]]) -> Iterator[Sequence[_Word]]:
    for clause in clauses:
        for start in range(len(clause)):
            for end in range(start + 1, min(start + MAX_WORDS, len(clause)) + 1):
                if not (clause[start].stop or clause[end - 1].stop):
                    yield clause[start:end]


def _clauses(text: str, language: str) -> Iterator[list[_Word]]:
    """Part the text at punctuation and numbers into runs of words."""
    listed = bool(stop_words(language))
    clause: list[_Word] = []
    end, fresh = 0, True  # fresh: no word of this sentence has been seen yet
    for match in WORD.finditer(text):
        gap = text[end : match.start()]
        if _BREAK.search(gap) or match.group()[0].isdigit():
            yield clause
            clause = []
        fresh = fresh or bool(_SENTENCE_END.search(gap))
        if not match.group()[0].isdigit() and not _is_unspaced(match.group()):
            clause.append(_word(match, language, listed, fresh))
        end, fresh = match.end(), False
    yield clause


def _word(match: re.Match[str], language: str, listed: bool, fresh: bool) -> _Word:
    elided = _ELISION.match(match.group())
    start = match.start() + (elided.end() if elided else 0)
    text = match.group()[start - match.start() :]
    acronym = len(text) > 1 and text.isupper()
    capital = acronym or (text[0].isupper() and not fresh)
    stop = _is_listed(text, language) if listed else len(text) < _SHORT and not capital
    return _Word(text, start, match.end(), capital, (stop or len(text) < 2) and not acronym)


def _is_listed(word: str, language: str) -> bool:
    """Whether the word or its lemma is a stop word: lists name few forms of a verb."""
    return is_stop_word(word, language) or is_stop_word(lemma(word, language), language)


def _is_unspaced(word: str) -> bool:
    return "\u3041" <= word[0] <= "\u9fff"
