"""Words of any language: finding them, their lemma, and which carry no meaning alone.

What belongs here: what `terms`, `keywords`, `readability` and `paragraphs` must agree on, so that a keyword, an index
term and a word count mean the same word. What does not: parts of speech (the language modules) and weights.
"""

from __future__ import annotations

import importlib.util
import re
import sys
from functools import lru_cache
from pathlib import Path
from typing import Final

# Scripts written without spaces: each character is a token of its own (kana, Han, Hangul has spaces and is not here).
_UNSPACED: Final = "\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
UNSPACED: Final = re.compile(f"[{_UNSPACED}]")
WORD: Final = re.compile(f"[{_UNSPACED}]|(?:(?![{_UNSPACED}])[^\\W_])+(?:['’.\\-](?:(?![{_UNSPACED}])[^\\W_])+)*")

_RUN_OR_WORD: Final = re.compile(f"([{_UNSPACED}]+)|({WORD.pattern})")
_JOINT: Final = re.compile("['’-]")
_POSSESSIVE: Final = re.compile("['’][sS]$")

# Lemmas and stop words kept in memory; a catalogue of 100,000 news items has a few hundred thousand distinct words.
_CACHE_SIZE: Final = 1 << 17

_UNPRINTABLE: Final = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff]+")


def clean(text: str) -> str:
    """Return the text with control characters and lone surrogates made spaces; line breaks and tabs stay.

    >>> clean("a\\x00b\\ud800c")
    'a b c'
    """
    return _UNPRINTABLE.sub(" ", text)


def find_words(text: str) -> list[str]:
    """Return the words in order, as written. Inner apostrophes, hyphens and dots belong to the word.

    Han characters and kana come one by one, for want of spaces.

    >>> find_words("The U.S. well-known co-op isn't 2.5 km off.")
    ['The', 'U.S', 'well-known', 'co-op', "isn't", '2.5', 'km', 'off']
    """
    return WORD.findall(text)


@lru_cache(maxsize=_CACHE_SIZE)
def lemma(word: str, language: str) -> str:
    """Return the lower-cased base form; the lower-cased word where the language has no dictionary.

    Acronyms (all capitals) keep their form. `word` is best given as written: German nouns are looked up by their
    capital.

    >>> lemma("Batteries", "en"), lemma("Häuser", "de"), lemma("NASA", "en")
    ('battery', 'haus', 'nasa')
    """
    base = word
    if len(word) > 1 and not word.isupper() and language in _lemma_languages():
        from simplemma import lemmatize

        base = lemmatize(word, lang=language)
    # The German dictionary mixes old and new spelling: Fluß, Fluss.
    return base.lower().replace("ß", "ss")


def key(phrase: str, language: str) -> str:
    """Return the key of a phrase: the lemmas of its words, hyphens and apostrophes parted, single spaces.

    A run of Han characters or kana counts as one word.

    >>> key("Lithium-ion batteries", "en"), key("Tesla’s cars", "en")
    ('lithium ion battery', 'tesla car')
    """
    words = (run or _POSSESSIVE.sub("", word) for run, word in _RUN_OR_WORD.findall(phrase))
    pieces = (piece for word in words for piece in _JOINT.split(word))
    return " ".join(lemma(piece, language) for piece in pieces if piece)


@lru_cache(maxsize=_CACHE_SIZE)
def is_stop_word(word: str, language: str) -> bool:
    """Whether the word, in whatever case, is on spaCy's list for the language; False where there is no list."""
    return word.lower().replace("’", "'") in stop_words(language)


@lru_cache(maxsize=64)
def stop_words(language: str) -> frozenset[str]:
    """Return spaCy's stop words of a language, empty if it has none.

    The list's file is run by itself: importing spaCy takes seconds, which a server should not pay to build a query.
    """
    path = _stop_word_file(language)
    if path is None:
        return frozenset()
    name = f"nlp._stop_words_{language}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"cannot read stop words from {path}")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    sys.modules.pop(name, None)
    return frozenset(word.lower() for word in module.STOP_WORDS)


def _stop_word_file(language: str) -> Path | None:
    if not re.fullmatch("[a-z]{2,3}", language):
        return None
    package = importlib.util.find_spec("spacy")
    folders = (package.submodule_search_locations if package else None) or []
    paths = (Path(folder) / "lang" / language / "stop_words.py" for folder in folders)
    return next((path for path in paths if path.is_file()), None)


def words_of(text: str) -> frozenset[str]:
    """Return the set of words that a list written as text has."""
    return frozenset(text.split())


@lru_cache(maxsize=1)
def _lemma_languages() -> frozenset[str]:
    from simplemma.strategies.dictionaries.dictionary_factory import SUPPORTED_LANGUAGES

    return frozenset(SUPPORTED_LANGUAGES)
