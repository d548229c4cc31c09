"""Where in a text a question is answered: the words that hit, and the piece of the text that has most of them. Pure.

The text comes back in pieces, of which some are hits. No HTML is made here, so none can be smuggled in.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from nlp.spellings import LANGUAGES, fold, spellings
from nlp.words import lemma
from reader.search.query import Asked, Question

_WORD: Final = re.compile(r"[^\W_]+")
# Characters of an excerpt, about three lines, and how many of them stand before the first hit. Ours.
EXCERPT_LENGTH: Final = 240
_LEAD: Final = 60
# Hits of a paragraph that an excerpt may begin with; ours.
_STARTS_TRIED: Final = 100


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text. is_hit: it is what was looked for."""

    text: str
    is_hit: bool = False


Span = tuple[int, int, int]


class Marker:
    """Finds what a question asks for in texts of one language."""

    def __init__(self, question: Question, language: str) -> None:
        """language: as the item has it, "" where it is unknown."""
        asked = [one for group in question.all_of for one in group]
        self._plain = {
            fold(form): number for number, one in enumerate(asked) if one.is_plain for form in spellings(one.words[0])
        }
        self._others = [
            (number, one, list(map(fold, one.words))) for number, one in enumerate(asked) if not one.is_plain
        ]
        short = language.partition("-")[0].lower()
        self._languages = (short,) if short in LANGUAGES else LANGUAGES

    def spans(self, text: str) -> list[Span]:
        """Return (begin, end, which of what was asked) of every hit, in order, none within another."""
        words = list(_WORD.finditer(text))
        folded = [fold(word[0]) for word in words]
        found: list[Span] = []
        at = 0
        while at < len(words):
            number, count = self._hit(words, folded, at)
            if count:
                found.append((words[at].start(), words[at + count - 1].end(), number))
            at += max(1, count)
        return found

    def _hit(self, words: Sequence[re.Match[str]], folded: Sequence[str], at: int) -> tuple[int, int]:
        for number, one, wanted in self._others:
            if _stands(one, wanted, folded[at : at + len(wanted)]):
                return number, len(wanted)
        number = self._plain.get(folded[at], -1)
        if number < 0 and self._plain:
            bases = (fold(lemma(words[at][0], language)) for language in self._languages)
            number = next((self._plain[base] for base in bases if base in self._plain), -1)
        return number, int(number >= 0)

    def mark(self, text: str) -> tuple[Piece, ...]:
        """Return the whole text in pieces."""
        return _pieces(text, self.spans(text), 0, len(text))

    def excerpt(self, paragraphs: Sequence[str]) -> tuple[Piece, ...]:
        """Return the stretch with the most different hits, the first of equals; () if there is none."""
        best: tuple[int, str, list[Span], int, int] | None = None
        for text in paragraphs:
            spans = self.spans(text)
            for first in range(min(len(spans), _STARTS_TRIED)):
                count, begin, end = _window(text, spans, first)
                if best is None or count > best[0]:
                    best = count, text, spans, begin, end
        if best is None:
            return ()
        _, text, spans, begin, end = best
        pieces = _pieces(text, [span for span in spans if begin <= span[0] and span[1] <= end], begin, end)
        return ((Piece("… "),) if begin else ()) + pieces + ((Piece(" …"),) if end < len(text) else ())


def _stands(one: Asked, wanted: Sequence[str], folded: Sequence[str]) -> bool:
    if len(folded) < len(wanted) or folded[:-1] != wanted[:-1]:
        return False
    return folded[-1].startswith(wanted[-1]) if one.is_prefix else folded[-1] == wanted[-1]


def _window(text: str, spans: Sequence[Span], first: int) -> tuple[int, int, int]:
    """Return how many different hits an excerpt has that begins a little before one of them, and its ends."""
    start, stop, _ = spans[first]
    blank = text.find(" ", start - _LEAD, start)
    begin = 0 if start <= _LEAD else blank + 1 if blank >= 0 else start
    limit = max(begin + EXCERPT_LENGTH, stop)
    blank = text.rfind(" ", stop, limit + 1)
    end = len(text) if limit >= len(text) else blank if blank >= 0 else limit
    return len({number for left, right, number in spans if begin <= left and right <= end}), begin, end


def _pieces(text: str, spans: Sequence[Span], begin: int, end: int) -> tuple[Piece, ...]:
    pieces, at = [], begin
    for start, stop, _ in spans:
        pieces += [Piece(text[at:start]), Piece(text[start:stop], True)]
        at = stop
    return tuple(piece for piece in (*pieces, Piece(text[at:end])) if piece.text)
