"""What somebody typed, as a question to the index. Pure.

Words all have to be there, in whatever form; "…" is taken as it is written; a word with * may go on; -x must not be
there; OR stands between two of which one will do. There is no wrong syntax: what makes no sense is read as plain words,
and a hint says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from nlp.spellings import LANGUAGES, spellings
from nlp.words import is_stop_word
from reader.types_search import SearchQuery, Sought

# Ours: longer questions, and more words, are cut.
MAX_LENGTH: Final = 300
MAX_WORDS: Final = 16
_TOKEN: Final = re.compile(r'(?P<minus>-?)(?:"(?P<phrase>[^"]*)"|(?P<word>[^\s"]+))')
_WORD: Final = re.compile(r"[^\W_]+")
_OR: Final = ("OR", "ODER", "|")
_AND: Final = ("AND", "UND", "&")


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing that was asked for: words that stand together. is_quoted: as they are written; is_prefix: with *."""

    words: tuple[str, ...]
    is_quoted: bool = False
    is_prefix: bool = False

    @property
    def is_plain(self) -> bool:
        """Whether it may stand in any form: one word, neither quoted nor cut off."""
        return len(self.words) == 1 and not self.is_quoted and not self.is_prefix


@dataclass(frozen=True, slots=True)
class Question:
    """all_of: groups of which each has one that must be there. left_out: words that say nothing alone.

    hints: what could not be read as it was meant, by name: quote (not closed), or (with one side only), long (cut),
    marks (nothing but signs).
    """

    all_of: tuple[tuple[Asked, ...], ...] = ()
    none_of: tuple[Asked, ...] = ()
    left_out: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()

    def widened(self) -> Question:
        """Return the same question with words that may go on."""
        groups = (tuple(_widened(one) for one in group) for group in self.all_of)
        return Question(tuple(groups), self.none_of, self.left_out, self.hints)


def _widened(one: Asked) -> Asked:
    return one if one.is_quoted else Asked(one.words, is_prefix=True)


@dataclass(slots=True)
class _Reading:
    groups: list[list[Asked]] = field(default_factory=list)
    none_of: list[Asked] = field(default_factory=list)
    hints: list[str] = field(default_factory=list)
    # Whether the last word was OR, and what is next belongs to the last group.
    joins: bool = False

    def take(self, token: re.Match[str]) -> None:
        word = token["word"] or ""
        if word in _AND and not token["minus"]:
            return
        if word in _OR and not token["minus"]:
            self._join()
            return
        asked = _asked(token)
        if asked is None:
            return
        if token["minus"]:
            self.none_of.append(asked)
        elif self.joins:
            self.groups[-1].append(asked)
        else:
            self.groups.append([asked])
        self.joins = False

    def _join(self) -> None:
        if self.joins or not self.groups:
            self.hints.append("or")
        self.joins = bool(self.groups)


def _asked(token: re.Match[str]) -> Asked | None:
    text = token["phrase"] if token["phrase"] is not None else token["word"]
    words = tuple(_WORD.findall(text))
    if not words:
        return None
    return Asked(words, is_quoted=token["phrase"] is not None, is_prefix=bool(token["word"]) and text.endswith("*"))


def read_question(text: str) -> Question:
    """Read what was typed.

    >>> [[one.words for one in group] for group in read_question('solar OR wind -"nuclear power" panel*').all_of]
    [[('solar',), ('wind',)], [('panel',)]]
    >>> read_question('the "price of salt').hints
    ('quote',)
    """
    reading = _Reading()
    if len(text) > MAX_LENGTH:
        reading.hints.append("long")
    text = text[:MAX_LENGTH]
    if text.count('"') % 2:
        reading.hints.append("quote")
        text = text.replace('"', " ")
    for token in _TOKEN.finditer(text):
        reading.take(token)
    if reading.joins:
        reading.hints.append("or")
    if text.strip() and not reading.groups and not reading.none_of:
        reading.hints.append("marks")
    return _question(reading)


def _question(reading: _Reading) -> Question:
    words = sum(len(one.words) for group in reading.groups for one in group)
    hints = [*reading.hints, *(["long"] if words > MAX_WORDS else [])]
    groups, left_out = _telling([tuple(group) for group in reading.groups[:MAX_WORDS]])
    return Question(tuple(groups), tuple(reading.none_of[:MAX_WORDS]), tuple(left_out), tuple(dict.fromkeys(hints)))


def _telling(groups: list[tuple[Asked, ...]]) -> tuple[list[tuple[Asked, ...]], list[str]]:
    """Leave out words such as "the", unless there are no others."""
    dull = [group for group in groups if len(group) == 1 and _is_dull(group[0])]
    kept = [group for group in groups if group not in dull]
    return (kept, [group[0].words[0] for group in dull]) if kept else (groups, [])


def _is_dull(one: Asked) -> bool:
    # Acronyms are spelt like stop words now and then: US, IT.
    word = one.words[0]
    return (
        one.is_plain and not (word.isupper() and len(word) > 1) and any(is_stop_word(word, lang) for lang in LANGUAGES)
    )


def to_query(question: Question) -> SearchQuery:
    """Return the question to the index."""
    groups = (tuple(dict.fromkeys(sought for one in group for sought in _sought(one))) for group in question.all_of)
    none_of = dict.fromkeys(sought for one in question.none_of for sought in _sought(one))
    return SearchQuery(tuple(groups), tuple(none_of))


def _sought(one: Asked) -> Iterable[Sought]:
    if one.is_plain:
        return [Sought((form,)) for form in spellings(one.words[0])]
    written = tuple(word.lower() for word in one.words)
    return [Sought(written, as_written=not one.is_prefix, is_prefix=one.is_prefix)]
