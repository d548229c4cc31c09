"""How much a phrase stands out in its own paragraph, the same for all languages.

What belongs here: mentions in, scored phrases out, from what can be counted in one paragraph: place, repetition,
length. What does not: how mentions are found (the language modules) and the catalogue (`nlp.keywords.weigh_phrases`).

    salience = trust x length x (1 + 0.5 ln repeats) x (1 + 0.3 ln mean repeats of its words) x (1 - 0.3 place)

divided by the greatest of the paragraph. The shape follows what YAKE (Campos et al. 2020) and SIFRank (Sun et al.
2020) found to matter; the constants are ours, round numbers chosen on the dev half of SemEval-2017
(tests/bench/bench_keywords.py), where halving or doubling any one of them costs at most 0.03 of F1@10.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from nlp.phrases import Phrase, PhraseKind
from nlp.words import key

MAX_PHRASES: Final = 40  # a paragraph of 180 words has about as many candidates
_SCORE_DIGITS: Final = 4  # what is stored; finer differences mean nothing

# By number of words: single words are mostly general, phrases of more than three mostly accidental.
_LENGTH: Final = (0.5, 0.85, 1.0, 0.9, 0.65, 0.6)
_NAME: Final = 0.7  # a single word that is a name, "Copenhagen"
_REPEAT: Final = 0.5
_WORD_REPEAT: Final = 0.3
_PLACE: Final = 0.3  # what a mention at the very end loses against one at the start
_ACRONYM: Final = 2.0  # a lone word in capitals
_DECADE: Final = re.compile(r"\d+s")
_KIND_ORDER: Final[tuple[PhraseKind, ...]] = ("entity", "noun_phrase", "word")


@dataclass(frozen=True, slots=True)
class Mention:
    """One place where a candidate stands.

    place: 0 at the start of the paragraph, towards 1 at its end. trust: how sure the extractor is that this is a
    phrase worth naming; 1 is usual.
    """

    label: str
    kind: PhraseKind
    place: float
    trust: float


def rank(paragraph: str, mentions: Iterable[Mention], language: str) -> list[Phrase]:
    """Return one phrase per key, best first, ties by term, at most `MAX_PHRASES`.

    The label is that of the first mention. Keys without a letter, and single characters of a spaced script, are
    dropped.
    """
    groups: dict[str, list[Mention]] = defaultdict(list)
    for mention in mentions:
        groups[key(mention.label, language)].append(mention)
    words = key(paragraph, language).split()
    text, counts = f" {' '.join(words)} ", Counter(words)
    raw = {term: _salience(term, group, text, counts) for term, group in groups.items() if _is_nameable(term)}
    best = max(raw.values(), default=1.0)
    phrases = [_phrase(term, groups[term], score / best) for term, score in raw.items()]
    return sorted(phrases, key=lambda phrase: (-phrase.score, phrase.term))[:MAX_PHRASES]


def _salience(term: str, mentions: Sequence[Mention], text: str, counts: Counter[str]) -> float:
    words = term.split()
    repeats = max(1, text.count(f" {term} "))
    word_repeats = max(1.0, sum(counts[word] for word in words) / len(words))
    score = max(mention.trust for mention in mentions)
    score *= _length(len(words), mentions)
    score *= 1 + _REPEAT * math.log(repeats)
    score *= 1 + _WORD_REPEAT * math.log(word_repeats)
    score *= 1 - _PLACE * min(mention.place for mention in mentions)
    return score * (_ACRONYM if _is_acronym(mentions[0].label) else 1)


def _length(words: int, mentions: Sequence[Mention]) -> float:
    if words == 1 and any(mention.kind == "entity" for mention in mentions):
        return _NAME
    return _LENGTH[min(words, len(_LENGTH)) - 1]


def _phrase(term: str, mentions: Sequence[Mention], score: float) -> Phrase:
    first = min(mentions, key=lambda mention: mention.place)
    kind = min((mention.kind for mention in mentions), key=_KIND_ORDER.index)
    return Phrase(term, first.label, kind, max(round(score, _SCORE_DIGITS), 10**-_SCORE_DIGITS))


def _is_nameable(term: str) -> bool:
    return not _DECADE.fullmatch(term) and any(map(str.isalpha, term)) and (len(term) > 1 or ord(term) > 0x2E7F)


def _is_acronym(label: str) -> bool:
    return len(label) > 1 and label.isupper() and label.isalnum()
