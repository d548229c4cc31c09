"""The texts of OneStopQA: their paragraphs without the marks, and which of them a name of the scroll study means.

Layout of a file: `# Title`, the title, then `# Paragraph` sections with one text each after `Adv:`, `Int:` and `Ele:`.
Source: Berzak, Malmaud and Levy, STARC: Structured Annotations for Reading Comprehension, ACL 2020.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import takewhile
from pathlib import Path

from reader.errors import InvalidInputError

# The levels of the scroll study, by the ending of its file names.
LEVELS = {"adv": "Adv", "ele": "Ele"}
_SPAN_MARK = re.compile(r"</?[AD]\d>")
_SECTION = re.compile(r"^#[ \t]*Paragraph\b.*$", re.MULTILINE)
_LEVEL_TEXT = r"^{level}:(.*?)(?=^\s*(?:Adv|Int|Ele|Q\d?):|\Z)"
_WORD = re.compile(r"[^\W_]+")
_STUDY_NAME = re.compile(r"(?:WNL )?(?P<name>.+)-(?P<level>adv|ele)(?:\.txt)?")
# Words this alike count as one ("hormonw", hormone; "Swedish", Sweden): the shared start, or difflib's ratio. Ours.
_SAME_START = 0.6
_ALIKE = 0.8
# Shorter words must be equal.
_ALIKE_LETTERS = 4
# What a word in the body is worth beside one in the title: the study calls one text by a word of its body. Ours.
_BODY_WEIGHT = 0.1


@dataclass(frozen=True, slots=True)
class Text:
    """One article. paragraphs: level (Adv, Ele) -> its paragraphs in order."""

    file: str
    title: str
    paragraphs: Mapping[str, tuple[str, ...]]


def split_study_name(name: str) -> tuple[str, str]:
    """Return the text and the level that a file name of the scroll study means.

    >>> split_study_name("WNL Four new elements-adv.txt")
    ('Four new elements', 'adv')
    """
    match = _STUDY_NAME.fullmatch(name.strip())
    if match is None:
        raise InvalidInputError("text", f"{name!r} names no text and level", "names end in -adv.txt or -ele.txt")
    return match["name"], match["level"]


def load_texts(files: Sequence[Path]) -> list[Text]:
    """Read OneStopQA files; InvalidInputError names one that has no title or no paragraphs."""
    return [parse_text(file.name, file.read_text(encoding="utf-8")) for file in files]


def parse_text(file: str, content: str) -> Text:
    """Return the title and the paragraphs of both levels, without span marks and with single spaces."""
    head, *sections = _SECTION.split(content)
    title = head.replace("# Title", "", 1).strip()
    paragraphs = {name: tuple(_level_text(section, name, file) for section in sections) for name in LEVELS.values()}
    if not title or not sections:
        raise InvalidInputError("text", f"{file} has no title or no paragraphs", "give a file of OneStopQA")
    return Text(file, title, paragraphs)


def _level_text(section: str, level: str, file: str) -> str:
    match = re.search(_LEVEL_TEXT.format(level=level), section, re.MULTILINE | re.DOTALL)
    if match is None:
        raise InvalidInputError("text", f"{file} has a paragraph without {level}", "give a file of OneStopQA")
    return " ".join(_SPAN_MARK.sub("", match[1]).split())


def match_texts(names: Sequence[str], texts: Sequence[Text]) -> dict[str, Text]:
    """Return name -> text for every name that fits one text better than all others; the rest is left out.

    Titles are compared word by word, rare words counting more; a word of the body counts a little. A text that two
    names claim goes to neither.
    """
    weights = _title_word_weights(texts)
    matched = {name: text for name in names if (text := _best(name, texts, weights)) is not None}
    claims = Counter(text.file for text in matched.values())
    return {name: text for name, text in matched.items() if claims[text.file] == 1}


def _best(name: str, texts: Sequence[Text], weights: Mapping[str, float]) -> Text | None:
    fits = sorted(((_fit(name, text, weights), index) for index, text in enumerate(texts)), reverse=True)
    second = fits[1][0] if len(fits) > 1 else 0.0
    return texts[fits[0][1]] if fits and fits[0][0] > second else None


def _title_word_weights(texts: Sequence[Text]) -> dict[str, float]:
    """Return word -> inverse document frequency over the titles."""
    titles = [set(_words(text.title)) for text in texts]
    counts = {word: sum(word in title for title in titles) for word in set().union(*titles)}
    return {word: math.log(1 + len(titles) / count) for word, count in counts.items()}


def _fit(name: str, text: Text, weights: Mapping[str, float]) -> float:
    title, body = _words(text.title), set(_words(" ".join(text.paragraphs["Adv"])))
    return sum(
        max((weights[word] for word in title if _alike(word, own)), default=_BODY_WEIGHT * (own in body))
        for own in _words(name)
    )


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())


def _alike(first: str, second: str) -> bool:
    if first == second:
        return True
    if min(len(first), len(second)) < _ALIKE_LETTERS:
        return False
    shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(first, second, strict=False)))
    return (
        shared >= _SAME_START * max(len(first), len(second)) or SequenceMatcher(None, first, second).ratio() >= _ALIKE
    )
