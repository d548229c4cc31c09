"""A language that is English in brackets: what a page shows outside of them went past the catalogues."""

from __future__ import annotations

import gettext
import re
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from typing import Final

OPEN, SHUT = "⟦", "⟧"
# What a reader sees or hears of an attribute.
SPOKEN: Final = ("alt", "title", "placeholder", "label", "aria-label", "aria-description", "aria-valuetext", "content")
# What is the same in every language: code, keys, moments (babel writes them), and names of languages.
SAME: Final = ("code", "kbd", "time", "script", "style")
VOID: Final = frozenset(("area", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"))
_WORD: Final = re.compile(r"[^\W\d_]{2,}")


class Brackets(gettext.NullTranslations):
    """Says everything in brackets."""

    def gettext(self, message: str) -> str:
        return f"{OPEN}{message}{SHUT}"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)

    def npgettext(self, context: str, msgid1: str, msgid2: str, n: int) -> str:
        return self.ngettext(msgid1, msgid2, n)

    def pgettext(self, context: str, message: str) -> str:
        return self.gettext(message)


class _Page(HTMLParser):
    """Takes from a page what is outside of brackets. language: of the page; what has another is content."""

    def __init__(self, language: str) -> None:
        super().__init__()
        self.language = language
        self.bare: list[str] = []
        self._depth = 0
        self._inside: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        foreign = values.get("lang", self.language) != self.language
        is_content = foreign or tag in SAME or (bool(self._inside) and self._inside[-1][1])
        if not is_content and tag != "meta":
            self.bare += [outside(values[name]) for name in SPOKEN if name in values]
        if tag not in VOID:
            self._inside.append((tag, is_content))

    def handle_endtag(self, tag: str) -> None:
        while self._inside and self._inside.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        kept = []
        for character in data:
            self._depth += {OPEN: 1, SHUT: -1}.get(character, 0)
            if self._depth == 0 and character != SHUT:
                kept.append(character)
        if not (self._inside and self._inside[-1][1]):
            self.bare.append("".join(kept))


def outside(text: str) -> str:
    """Return what of a text stands outside of brackets.

    >>> outside("a ⟦b ⟦c⟧ d⟧ e")
    'a  e'
    """
    while OPEN in text:
        shorter = re.sub(f"{OPEN}[^{OPEN}{SHUT}]*{SHUT}", "", text)
        if shorter == text:
            break
        text = shorter
    return text


def words_outside(page: str, content: Iterable[str], language: str = "de") -> Iterator[str]:
    """Yield what a page says that is neither in brackets nor content. content: names and texts of the catalogue."""
    parser = _Page(language)
    parser.feed(page)
    parser.close()
    known = sorted({text for text in content if text}, key=len, reverse=True)
    for bare in parser.bare:
        rest = bare
        for text in known:
            rest = rest.replace(text, " ")
        if _WORD.search(rest):
            yield " ".join(bare.split())
