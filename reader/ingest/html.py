"""HTML of strangers -> safe HTML, and -> paragraphs, as plain text and as they look.

What belongs here: the allow-list and the rule by which HTML falls into paragraphs. What does not: finding the article
in a page (`pages`), plain text (`nlp.paragraphs`), what may stand in the look of one (`markup`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from html.parser import HTMLParser
from typing import Final, NamedTuple

import nh3

from nlp.words import clean
from reader.ingest.markup import ATTRIBUTES, INLINE_TAGS, TABLE_TAGS, flattened, picture

_HEADINGS: Final = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_LISTS: Final = frozenset(("ul", "ol", "dl"))
_LIST_ITEMS: Final = frozenset(("li", "dt", "dd"))
_BLOCK_NAMES: Final = """
    p div section article aside header footer main blockquote pre figure figcaption hr address details summary center
    table caption thead tbody tfoot tr td th
"""
# What goes with all it contains; the content of other unknown tags stays as text.
_DROPPED_NAMES: Final = """
    script style noscript noembed noframes template iframe frame frameset object embed applet svg math head title
    textarea select option button input audio video canvas map nav dialog datalist xmp plaintext
"""
_BLOCKS: Final = frozenset(_BLOCK_NAMES.split())
ALLOWED_TAGS: Final = _HEADINGS | _LISTS | _LIST_ITEMS | _BLOCKS | INLINE_TAGS | {"img"}
DROPPED_TAGS: Final = frozenset(_DROPPED_NAMES.split())

# Tags that are shown as they stand; those of other blocks are shown by what they are.
_SHOWN: Final = INLINE_TAGS | _LISTS
_WHOLE: Final = tuple(f"<{name}" for name in (*sorted(_LISTS), "table"))
# No attribute is left after cleaning but those above, so this one can only be ours.
_HAS_HEADS: Final = "heads"

# A shorter block is no paragraph of its own but a label, a byline, a line of speech; in characters, ours, untuned.
MIN_BLOCK: Final = 40
# What is longer is no heading, however it is tagged; in characters, ours, untuned.
MAX_HEADING: Final = 300
_SENTENCE_END: Final = re.compile("[.!?:;,…–—。！？][”“»«\"')\\]]?$")
_BLANK_LINE: Final = re.compile(r"\n\s*\n")
# A table with heads has something to tell; others only part a page into regions. Those within each other are such, too.
_TABLE: Final = re.compile(r"<table\b(?:(?!<table\b).)*?</table>", re.DOTALL)


class _Found(NamedTuple):
    """A block: whether it is a heading, its text, and how it looks."""

    is_heading: bool
    text: str
    markup: str


@dataclass(frozen=True, slots=True)
class Body:
    """The paragraphs of a text. markup: how each looks, not yet made safe; () if nothing is known of that."""

    paragraphs: tuple[str, ...] = ()
    markup: tuple[str, ...] = ()

    @property
    def length(self) -> int:
        """How many characters there are to read."""
        return sum(map(len, self.paragraphs))


def blocks(html: str) -> list[str]:
    """Return the paragraphs as plain text, in order; none is blank. White space becomes single spaces.

    A block element is a paragraph; two line breaks part one. A list is one paragraph. A heading, and any block of less
    than MIN_BLOCK characters, joins the next block (the previous, at the end).

    >>> blocks("<h2>Salt</h2><p>It was once worth its weight in gold, they say.</p><ul><li>One<li>Two</ul>")
    ['Salt. It was once worth its weight in gold, they say. One • Two']
    """
    return [found.text for found in _merged(_split(html))]


def body_of(html: str) -> Body:
    """Return the paragraphs of `blocks` and how each looks; who keeps that has it made safe (`markup.safe_markup`).

    >>> body_of("<h2>Salt</h2><p>It was once worth its weight in <em>gold</em>, they say.</p>").markup
    ('<h2>Salt</h2><p>It was once worth its weight in <em>gold</em>, they say.</p>',)
    """
    merged = _merged(_split(html))
    return Body(tuple(found.text for found in merged), tuple(found.markup for found in merged))


def plain(html: str) -> str:
    """Return the text in one line, as for a title.

    >>> plain("<b>Salt</b> &amp; <i>light</i>")
    'Salt & light'
    """
    return " ".join(found.text for found in _split(html))


def _split(html: str) -> list[_Found]:
    splitter = _Splitter()
    cleaned = nh3.clean(
        flattened(clean(html)),
        tags=set(ALLOWED_TAGS),
        clean_content_tags=set(DROPPED_TAGS),
        attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
        link_rel=None,
    )
    splitter.feed(_TABLE.sub(lambda table: _marked(table[0]), cleaned))
    splitter.close()
    return splitter.take()


def _marked(table: str) -> str:
    return table.replace("<table", f"<table {_HAS_HEADS}", 1) if "<th>" in table or "<th " in table else table


class _Splitter(HTMLParser):
    """Collects what is found for every block of sanitised HTML. Pictures have no text: they go with the next block."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._found: list[_Found] = []
        self._parts: list[str] = []
        self._markup: list[str] = []
        # Tags of words that are open, with how they began: a block ends them, and the next begins with them.
        self._open: list[tuple[str, str]] = []
        self._list_depth = 0
        # Of each table that is open, whether it is shown as one; it is a block, as a list is.
        self._tables: list[bool] = []
        self._depths = dict.fromkeys((*_HEADINGS, "blockquote", "pre"), 0)
        self._has_text = False

    def take(self) -> list[_Found]:
        """End the last block and return all."""
        self._end_block("p")
        left = "".join(filter(_is_picture, self._markup))
        if self._found and left:
            self._found[-1] = self._found[-1]._replace(markup=f"{self._found[-1].markup}<p>{left}</p>")
        return self._found

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "img":
            self._markup.append(picture(dict(attrs)))
        elif tag == "br":
            self._break()
        else:
            self._begin(tag, (_HAS_HEADS, None) in attrs)

    def _begin(self, tag: str, has_heads: bool) -> None:
        if tag == "table":
            self._tables.append(has_heads)
        self._at_tag(tag, depth_change=1)
        if (tag in _LIST_ITEMS or (tag == "tr" and self._in_table)) and self._has_text:
            self._parts.append(" • ")
            self._has_text = False
        if tag in self._depths:
            self._depths[tag] += 1
        if self._is_shown(tag):
            self._markup.append(self.get_starttag_text() or "")
        if tag in INLINE_TAGS and tag != "wbr":
            self._open.append((tag, self._markup[-1]))

    def _break(self) -> None:
        """Break the line; a second time in a row it parts paragraphs, as far as nothing holds these together."""
        if self._list_depth or any(self._depths[name] for name in (*_HEADINGS, "pre")):
            self._parts.append("\n")
            self._markup.append("<br>")
        elif self._has_text and next((one for one in reversed(self._markup) if one.strip()), "") == "<br>":
            while self._markup.pop() != "<br>":
                pass
            self._end_block("p")
        elif self._has_text:
            self._parts.append("\n")
            self._markup.append("<br>")

    def handle_endtag(self, tag: str) -> None:
        if self._is_shown(tag):
            self._markup.append(f"</{tag}>")
        if self._open and self._open[-1][0] == tag:
            self._open.pop()
        self._at_tag(tag, depth_change=-1, heading=tag in _HEADINGS)
        if tag == "table" and self._tables:
            self._tables.pop()
        if tag in self._depths:
            self._depths[tag] -= 1

    def handle_data(self, data: str) -> None:
        spaced = re.sub(r"\s+", " ", data)
        self._parts.append(spaced)
        self._markup.append(escape(data if self._depths["pre"] else spaced, quote=False))
        self._has_text = self._has_text or not data.isspace()

    @property
    def _in_table(self) -> bool:
        return bool(self._tables) and self._tables[-1]

    def _is_shown(self, tag: str) -> bool:
        if tag in _LIST_ITEMS:
            return self._list_depth > 0
        return tag in _SHOWN or (tag in TABLE_TAGS and self._in_table)

    def _at_tag(self, tag: str, *, depth_change: int, heading: bool = False) -> None:
        if tag in _LISTS or (tag == "table" and self._in_table):
            # The outermost list, or table, alone begins and ends a block.
            outermost = self._list_depth == (0 if depth_change > 0 else 1)
            self._list_depth = max(0, self._list_depth + depth_change)
            if outermost:
                self._end_block("p" if depth_change > 0 else "")
        elif tag in _BLOCKS or tag in _HEADINGS:
            if self._list_depth:
                self._parts.append(" ")
                self._markup.append(" ")
            elif heading:
                self._end_block("h2" if tag in ("h1", "h2") else "h3")
            else:
                self._end_block("pre" if self._depths["pre"] else "p")

    def _end_block(self, name: str) -> None:
        """End a block that is shown as an element of this name; "": a list or table, as it is."""
        texts = [text for text in (" ".join(part.split()) for part in _BLANK_LINE.split("".join(self._parts))) if text]
        ended = self._ended() if name else self._ended_as_it_is()
        # What has no text leaves its pictures to the next that has.
        waiting = [] if texts else list(filter(_is_picture, self._markup))
        self._markup = [*(start for _, start in self._open), *waiting]
        self._parts.clear()
        self._has_text = False
        # Within a list, text may be parted where its look is not.
        looks = [ended] if len(texts) == 1 else [f"<p>{escape(text, quote=False)}</p>" for text in texts]
        for text, look in zip(texts, looks, strict=True):
            self._found.append(_Found(name.startswith("h"), text, self._shown(look, name if len(texts) == 1 else "")))

    def _ended(self) -> str:
        return "".join(self._markup) + "".join(f"</{tag}>" for tag, _ in reversed(self._open))

    def _ended_as_it_is(self) -> str:
        begins = (at for at, one in enumerate(self._markup) if one.startswith(_WHOLE))
        at = next(begins, len(self._markup))
        before = "".join(filter(_is_picture, self._markup[:at]))
        return (f"<p>{before}</p>" if before else "") + "".join(self._markup[at:])

    def _shown(self, look: str, name: str) -> str:
        element = f"<{name}>{look}</{name}>" if name else look
        return f"<blockquote>{element}</blockquote>" if self._depths["blockquote"] else element


def _is_picture(markup: str) -> bool:
    return markup.startswith("<img ")


def _merged(found: Iterable[_Found]) -> list[_Found]:
    merged: list[_Found] = []
    waiting = _Found(False, "", "")
    for one in found:
        waiting = _Found(False, _joined(waiting.text, one.text), waiting.markup + one.markup)
        if len(waiting.text) >= (MAX_HEADING if one.is_heading else MIN_BLOCK):
            merged.append(waiting)
            waiting = _Found(False, "", "")
    if waiting.text:
        last = merged.pop() if merged else _Found(False, "", "")
        merged.append(_Found(False, _joined(last.text, waiting.text), last.markup + waiting.markup))
    return merged


def _joined(first: str, second: str) -> str:
    if not first:
        return second
    # Without a stop, the language tools would take a heading for the beginning of the sentence after it.
    return f"{first} {second}" if _SENTENCE_END.search(first) else f"{first}. {second}"
