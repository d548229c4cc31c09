"""Index terms: what a text is found by. Phrases and their weights are `nlp.keywords`' affair."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from nlp.words import UNSPACED, clean, is_stop_word, lemma

_TOKEN: Final = re.compile(f"({UNSPACED.pattern}+)|((?:(?!{UNSPACED.pattern})[^\\W_])+(?:['’][^\\W\\d_]+)*)")
# Ours, untuned: where more than this share of three or more words is in capitals, capitals mean no acronym.
_SHOUTING_SHARE: Final = 0.5
_CACHE_SIZE: Final = 1 << 17


def index_terms(text: str, language: str) -> list[str]:
    """Return the terms in order of the text, with repeats: lower-cased lemmas without stop words and single letters.

    Hyphenated words are parted. Acronyms are kept even where a stop word is spelled alike ("US"). Chinese and
    Japanese give overlapping pairs of characters, the usual stand-in for words. The same text and language always
    give the same list.

    >>> index_terms("The batteries of U.S. factories aren't lithium-ion.", "en")
    ['battery', 'factory', 'lithium', 'ion']
    """
    tokens = _TOKEN.findall(clean(text))
    if _is_shouting([word for _, word in tokens]):
        tokens = [(run, word.lower()) for run, word in tokens]
    return [term for run, word in tokens for term in (_pairs(run) if run else _terms(word, language))]


def _pairs(run: str) -> list[str]:
    return [run[i : i + 2] for i in range(max(1, len(run) - 1))]


@lru_cache(maxsize=_CACHE_SIZE)
def _terms(word: str, language: str) -> tuple[str, ...]:
    word = word.replace("’", "'")
    if word.lower().endswith("n't"):
        return ()
    return tuple(_kept(word.split("'"), language))


def _kept(pieces: list[str], language: str) -> Iterator[str]:
    for piece in pieces:
        term = lemma(piece, language)
        acronym = piece.isupper()
        if len(term) > 1 and (acronym or not (is_stop_word(piece, language) or is_stop_word(term, language))):
            yield term


def _is_shouting(words: list[str]) -> bool:
    letters = [word for word in words if word[:1].isalpha()]
    return len(letters) >= 3 and sum(map(str.isupper, letters)) > _SHOUTING_SHARE * len(letters)
