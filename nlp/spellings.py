"""In what other ways a word may stand in a text: base forms, and German letters written out or not.

What belongs here: what a search must try besides the word as it was typed. What does not: accents and case, which the
index folds by itself, and words of like meaning.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

from nlp.words import lemma

# Languages whose base forms are tried for a word of which only the letters are known.
LANGUAGES: Final = ("en", "de")
_WRITTEN_OUT: Final = {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"}
_DIGRAPH: Final = re.compile("ae|oe|ue|ss")
_LETTER: Final = {out: letter for letter, out in _WRITTEN_OUT.items()}
# Digraphs of a word that are tried both ways: 2^4 spellings at most.
_DIGRAPHS_TRIED: Final = 4
_CACHE_SIZE: Final = 1 << 16


def fold(word: str) -> str:
    """Return a word as a search compares it: lower case, without accents, ß as ss.

    >>> fold("Äpfel"), fold("STRASSE") == fold("Straße"), fold("Café")
    ('apfel', True, 'cafe')
    """
    bare = unicodedata.normalize("NFD", word.casefold())
    return "".join(char for char in bare if not unicodedata.combining(char))


@lru_cache(maxsize=_CACHE_SIZE)
def spellings(word: str) -> tuple[str, ...]:
    """Return the ways to write a word and its base forms, in lower case, the word itself first.

    ae, oe, ue stand for an umlaut only where that makes a German word: "neue" is no "neü".

    >>> spellings("Häuser")
    ('häuser', 'haus', 'haeuser')
    >>> spellings("haeuser"), spellings("neue")
    (('haeuser', 'häuser', 'haus'), ('neue', 'neu'))
    """
    lower = word.lower()
    written = [word, *_with_umlauts(lower)]
    bases = [lemma(form, language) for one in written for form in _cases(one) for language in LANGUAGES]
    known = [*map(str.lower, written), *bases]
    return tuple(dict.fromkeys([*known, *map(_written_out, known), *_with_sharp_s(lower)]))


def _cases(word: str) -> tuple[str, ...]:
    # German nouns are looked up by their capital; acronyms keep their form.
    return (word, word.capitalize()) if word.islower() else (word,)


def _written_out(word: str) -> str:
    return "".join(_WRITTEN_OUT.get(char, char) for char in word)


def _with_umlauts(word: str) -> list[str]:
    """Return the German words that a spelling without German letters may stand for."""
    places = [match.start() for match in _DIGRAPH.finditer(word)][:_DIGRAPHS_TRIED]
    tried = (
        _replaced(word, [at for bit, at in enumerate(places) if mask >> bit & 1]) for mask in range(1, 1 << len(places))
    )
    return [one for one in tried if _is_german(one)]


def _replaced(word: str, places: list[int]) -> str:
    for at in reversed(places):
        word = word[:at] + _LETTER[word[at : at + 2]] + word[at + 2 :]
    return word


def _is_german(word: str) -> bool:
    from simplemma import is_known

    return bool(is_known(word, "de") or is_known(word.capitalize(), "de"))


def _with_sharp_s(word: str) -> list[str]:
    return [word.replace("ss", "ß")] if "ss" in word else []
