"""How hard a text is to read."""

from __future__ import annotations

import re
from typing import Final

from nlp.words import find_words

LONG_WORD_LETTERS: Final = 7  # Björnsson: a long word has more than six letters
_SENTENCE_END: Final = re.compile(r"[.!?:…。！？]+(?=[\s\"'”’»)\]]|$|[^\x00-\x7f])")


def difficulty(text: str) -> float:
    """Return LIX = words / sentences + 100 x long words / words; 0.0 for a text without words.

    About 25 is a children's book, 40 a newspaper, 60 and more a bureau's letter. LIX needs no syllables and so works
    for any language with spaces; languages that build compounds (German, Swedish) read higher, so compare within one
    language. Dots inside numbers and abbreviations such as `U.S` end no sentence.

    Source: C. H. Björnsson, Läsbarhet, Stockholm: Liber, 1968.

    >>> difficulty("The cat sat. It purred.")
    2.5
    >>> difficulty("Parliament adopted the legislation.")
    79.0
    """
    words = find_words(text)
    if not words:
        return 0.0
    sentences = max(1, sum(1 for part in _SENTENCE_END.split(text) if find_words(part)))
    long_words = sum(len(word) >= LONG_WORD_LETTERS for word in words)
    return len(words) / sentences + 100 * long_words / len(words)
