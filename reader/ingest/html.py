"""HTML of strangers -> safe HTML, and -> paragraphs, as plain text and as they look.

What belongs here: the allow-list and the rule by which HTML falls into paragraphs. What does not: finding the article
in a page (`pages`), plain text (`nlp.paragraphs`), what may stand in the look of one (`markup`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from html.parser import HTMLParser
from typing import Final, NamedTuple

import nh3

from nlp.words import clean
from reader.ingest.markup import INLINE_TAGS, TABLE_TAGS, picture, safe_markup

_HEADINGS: Final = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_LISTS: Final = frozenset(("ul", "ol", "dl"))
_LIST_ITEMS: Final = frozenset(("li", "dt", "dd"))
_BLOCK_NAMES: Final = """
    p div section article aside header footer main blockquote pre figure figcaption hr address details summary center
    table caption thead tbody tfoot tr td th
"""
_INLINE_NAMES: Final = """
    a abbr b bdi bdo br cite code del dfn em i ins kbd mark q rp rt ruby s samp small span strong sub sup time u var wbr
"""
# What goes with all it contains; the content of other unknown tags stays as text.
_DROPPED_NAMES: Final = """
    script style noscript noembed noframes template iframe frame frameset object embed applet svg math head title
    textarea select option button input audio video canvas map nav dialog datalist xmp plaintext
"""
_BLOCKS: Final = frozenset(_BLOCK_NAMES.split())
ALLOWED_TAGS: Final = _HEADINGS | _LISTS | _LIST_ITEMS | _BLOCKS | frozenset(_INLINE_NAMES.split())
DROPPED_TAGS: Final = frozenset(_DROPPED_NAMES.split())
# Tags that end when the next of their kind begins, or at once, or that hold no tags; outside svg and math none nests.
_SELF_ENDING_NAMES: Final = """
    p li dt dd tr td th thead tbody tfoot caption colgroup option optgroup rt rp
    area base br col embed hr img input link meta param source track wbr
    script style textarea title xmp iframe noembed noframes plaintext
"""
_SELF_ENDING: Final = frozenset(_SELF_ENDING_NAMES.split())
# Deeper than any page of the wild; the parser's time grows with the square of the depth (20,000: five seconds).
MAX_DEPTH: Final = 100
_TAG: Final = re.compile(r"<(/?)([a-zA-Z][^\s/>]*)[^>]*>?")

_ATTRIBUTES: Final = {
    "*": {"dir", "lang"},
    "a": {"href", "title"},
    "abbr": {"title"},
    "time": {"datetime"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
    "ol": {"start"},
}
_SCHEMES: Final = {"http", "https", "mailto"}
# Tags that are shown as they stand; those of other blocks are shown by what they are.
_SHOWN: Final = INLINE_TAGS | _LISTS | _LIST_ITEMS
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
_BREAKS: Final = re.compile(r"<br>(?:\s*<br>)+")


class _Found(NamedTuple):
    """A block: whether it is a heading, its text, and how it looks."""

    is_heading: bool
    text: str
    markup: str


@dataclass(frozen=True, slots=True)
class Body:
    """The paragraphs of a text. markup: how each looks, "" if that is plain; () if all are."""

    paragraphs: tuple[str, ...] = ()
    markup: tuple[str, ...] = ()

    @property
    def length(self) -> int:
        """How many characters there are to read."""
        return sum(map(len, self.paragraphs))


def sanitise(html: str) -> str:
    """Return the HTML with nothing left but text, structure and links; links carry rel="nofollow noopener noreferrer".

    >>> sanitise('<p onclick="steal()">Salt <script>steal()</script><a href="javascript:steal()">trade</a></p>')
    '<p>Salt <a rel="nofollow noopener noreferrer">trade</a></p>'
    """
    return _cleaned(html, ALLOWED_TAGS, _ATTRIBUTES)


def _cleaned(html: str, tags: frozenset[str], attributes: dict[str, set[str]]) -> str:
    return nh3.clean(
        _flattened(clean(html)),
        tags=set(tags),
        clean_content_tags=set(DROPPED_TAGS),
        attributes={tag: set(names) for tag, names in attributes.items()},
        url_schemes=_SCHEMES,
        link_rel="nofollow noopener noreferrer",
        strip_comments=True,
    )


def _flattened(html: str) -> str:
    """Return the HTML without the start tags that would nest too deeply. What is left is not yet safe."""
    open_tags: Counter[str] = Counter()

    def kept(tag: re.Match[str]) -> str:
        name = tag[2].lower()
        if name in _SELF_ENDING and not (open_tags["svg"] or open_tags["math"]):
            return tag[0]
        if tag[1]:
            open_tags[name] -= open_tags[name] > 0
        elif open_tags.total() >= MAX_DEPTH:
            return " "
        else:
            open_tags[name] += 1
        return tag[0]

    return _TAG.sub(kept, html) if html.count("<") > MAX_DEPTH else html


def blocks(html: str) -> list[str]:
    """Return the paragraphs as plain text, in order; none is blank. White space becomes single spaces.

    A block element is a paragraph; two line breaks part one. A list is one paragraph. A heading, and any block of less
    than MIN_BLOCK characters, joins the next block (the previous, at the end).

    >>> blocks("<h2>Salt</h2><p>It was once worth its weight in gold, they say.</p><ul><li>One<li>Two</ul>")
    ['Salt. It was once worth its weight in gold, they say. One • Two']
    """
    return [found.text for found in _merged(_split(html))]


def body_of(html: str) -> Body:
    """Return the paragraphs of `blocks` and how each looks.

    >>> body_of("<h2>Salt</h2><p>It was once worth its weight in <em>gold</em>, they say.</p>").markup
    ('<h2>Salt</h2><p>It was once worth its weight in <em>gold</em>, they say.</p>',)
    """
    merged = _merged(_split(html))
    markup = tuple(safe_markup(found.markup) for found in merged)
    return Body(tuple(found.text for found in merged), markup if any(markup) else ())


def plain(html: str) -> str:
    """Return the text in one line, as for a title.

    >>> plain("<b>Salt</b> &amp; <i>light</i>")
    'Salt & light'
    """
    return " ".join(found.text for found in _split(html))


def _split(html: str) -> list[_Found]:
    splitter = _Splitter()
    cleaned = _cleaned(html, ALLOWED_TAGS | {"img"}, {**_ATTRIBUTES, "img": {"src", "alt", "width", "height"}})
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
        self._list_depth = 0
        # Of each table that is open, whether it is shown as one; it is a block, as a list is.
        self._tables: list[bool] = []
        self._quote_depth = 0
        self._pre_depth = 0
        self._has_text = False

    def take(self) -> list[_Found]:
        """End the last block and return all."""
        self._end_block("p")
        left = "".join(self._markup)
        if self._found and "<img " in left:
            self._found[-1] = self._found[-1]._replace(markup=f"{self._found[-1].markup}<p>{left}</p>")
        return self._found

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "img":
            self._markup.append(picture(dict(attrs)))
            return
        if tag == "table":
            self._tables.append((_HAS_HEADS, None) in attrs)
        self._at_tag(tag, depth_change=1)
        if tag == "br":
            self._parts.append("\n")
        elif (tag in _LIST_ITEMS or (tag == "tr" and self._in_table)) and self._has_text:
            self._parts.append(" • ")
            self._has_text = False
        self._quote_depth += tag == "blockquote"
        self._pre_depth += tag == "pre"
        if self._is_shown(tag):
            self._markup.append(self.get_starttag_text() or "")

    def handle_endtag(self, tag: str) -> None:
        if self._is_shown(tag):
            self._markup.append(f"</{tag}>")
        self._at_tag(tag, depth_change=-1, heading=tag in _HEADINGS)
        if tag == "table" and self._tables:
            self._tables.pop()
        self._quote_depth -= tag == "blockquote"
        self._pre_depth -= tag == "pre"

    def handle_data(self, data: str) -> None:
        spaced = re.sub(r"\s+", " ", data)
        self._parts.append(spaced)
        self._markup.append(escape(data if self._pre_depth else spaced, quote=False))
        self._has_text = self._has_text or not data.isspace()

    @property
    def _in_table(self) -> bool:
        return bool(self._tables) and self._tables[-1]

    def _is_shown(self, tag: str) -> bool:
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
                self._end_block("pre" if self._pre_depth else "p")

    def _end_block(self, name: str) -> None:
        """End a block that is shown as an element of this name; "": as it is."""
        texts = [text for text in (" ".join(part.split()) for part in _BLANK_LINE.split("".join(self._parts))) if text]
        self._parts.clear()
        self._has_text = False
        if not texts:
            return
        whole = "".join(self._markup)
        self._markup.clear()
        looks = [look for look in _BREAKS.split(whole) if look.strip()] if len(texts) > 1 else [whole]
        if len(looks) != len(texts):
            looks = [escape(text, quote=False) for text in texts]
        is_heading = name.startswith("h")
        shown = [self._shown(look, name) for look in looks]
        self._found.extend(_Found(is_heading, text, look) for text, look in zip(texts, shown, strict=True))

    def _shown(self, look: str, name: str) -> str:
        element = f"<{name}>{look}</{name}>" if name else look
        return f"<blockquote>{element}</blockquote>" if self._quote_depth else element


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
