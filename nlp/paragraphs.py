"""Paragraphs of plain text, and how many words they have. HTML is `reader.ingest`'s affair."""

from __future__ import annotations

from itertools import groupby
from typing import Final

from nlp.words import UNSPACED, clean, find_words

# Readers manage about 255 Chinese characters but 158 Chinese words a minute (IReST, Trauzettel-Klosinski & Dietz 2012).
_UNSPACED_PER_WORD: Final = 1.6


def split_paragraphs(text: str) -> list[str]:
    """Part the text at blank lines; white space within a paragraph becomes single spaces, empty ones are dropped.

    >>> split_paragraphs("One\\nline.\\n \\n\\n  Two.")
    ['One line.', 'Two.']
    """
    lines = [line.strip() for line in clean(text.replace("\u2029", "\n\n")).splitlines()]
    return [" ".join(" ".join(run).split()) for has_text, run in groupby(lines, key=bool) if has_text]


def count_words(text: str) -> int:
    """Count words as a reader would: `well-known` is one, 1.6 Chinese or Japanese characters are one.

    >>> count_words("It isn't a well-known 2.5 km road – yet.")
    8
    """
    unspaced = len(UNSPACED.findall(text))
    return len(find_words(text)) - unspaced + round(unspaced / _UNSPACED_PER_WORD)
