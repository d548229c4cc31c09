"""The values that keyword extraction passes on, and the seam between languages.

What belongs here: `Phrase`, `Keyword`, `PhraseExtractor`. How phrases are found is the language modules' affair, how
they are weighed that of `nlp.keywords`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

PhraseKind = Literal["entity", "noun_phrase", "word"]


@dataclass(frozen=True, slots=True)
class Phrase:
    """One candidate keyword of one paragraph.

    term: the key under which all forms of the phrase meet: lower-case lemmas, single spaces. label: as the text
    writes it. score: salience within its paragraph, in (0, 1], the best has 1; the catalogue is not known yet.
    """

    term: str
    label: str
    kind: PhraseKind
    score: float


@dataclass(frozen=True, slots=True)
class Keyword:
    """A phrase weighed against the catalogue. weight: in (0, 1]."""

    term: str
    label: str
    weight: float


class PhraseExtractor(Protocol):
    """What finds the phrases of a language. Any thread may call it."""

    def extract(self, paragraphs: Sequence[str]) -> list[list[Phrase]]:
        """Return the phrases of each paragraph, best first, at most `salience.MAX_PHRASES`; one list per paragraph."""
