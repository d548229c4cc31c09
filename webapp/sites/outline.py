"""How a publisher's page finds the paragraphs that the server knows, without the text being sent there again.

Of each paragraph the page is told how it begins and how long it is, counted in letters and digits alone: what stands
between them (spaces, quotes, tags, soft hyphens) differs between a page and what was made of it.
"""

from __future__ import annotations

import unicodedata
from typing import Final

from nlp.paragraphs import count_words
from reader.types import AnyItem

# Letters and digits of a beginning; two paragraphs of one text that begin alike for so long are taken in their order.
START_LENGTH: Final = 24


def outline(item: AnyItem) -> list[tuple[str, int, int]]:
    """Return start, length and words of each paragraph. Lengths are in UTF-16 units, as JavaScript counts.

    >>> from reader.types import Article
    >>> outline(Article(id="a", title="A", paragraphs=("“Salt,” she said.",)))
    [('saltshesaid', 11, 3)]
    """
    return [_line(text) for text in item.paragraphs]


def _line(text: str) -> tuple[str, int, int]:
    letters = bare(text)
    return letters[:START_LENGTH], len(letters.encode("utf-16-le")) // 2, count_words(text)


def bare(text: str) -> str:
    """Return letters and digits in lower case; `bare` of embed.js must do the same.

    >>> bare("Straße 5: ﬁne, co\u00adoperate!")
    'straße5finecooperate'
    """
    lowered = unicodedata.normalize("NFKC", text).lower()
    return "".join(letter for letter in lowered if unicodedata.category(letter)[0] in "LN")
