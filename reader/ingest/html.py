"""HTML of strangers -> safe HTML, and -> plain-text paragraphs.

What belongs here: the allow-list and the rule by which HTML falls into paragraphs. What does not: finding the article
in a page (`pages`), plain text (`nlp.paragraphs`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from html.parser import HTMLParser
from typing import Final

import nh3

from nlp.words import clean

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
# No images: a reader's browser asks no third party for anything.
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

# A shorter block is no paragraph of its own but a label, a byline, a line of speech; in characters, ours, untuned.
MIN_BLOCK: Final = 40
# What is longer is no heading, however it is tagged; in characters, ours, untuned.
MAX_HEADING: Final = 300
_SENTENCE_END: Final = re.compile("[.!?:;,…–—。！？][”“»«\"')\\]]?$")
_BLANK_LINE: Final = re.compile(r"\n\s*\n")


def sanitise(html: str) -> str:
    """Return the HTML with nothing left but text, structure and links; links carry rel="nofollow noopener noreferrer".

    >>> sanitise('<p onclick="steal()">Salt <script>steal()</script><a href="javascript:steal()">trade</a></p>')
    '<p>Salt <a rel="nofollow noopener noreferrer">trade</a></p>'
    """
    return nh3.clean(
        _flattened(clean(html)),
        tags=set(ALLOWED_TAGS),
        clean_content_tags=set(DROPPED_TAGS),
        attributes={tag: set(names) for tag, names in _ATTRIBUTES.items()},
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
    return _merged(_split(html))


def plain(html: str) -> str:
    """Return the text in one line, as for a title.

    >>> plain("<b>Salt</b> &amp; <i>light</i>")
    'Salt & light'
    """
    return " ".join(text for _, text in _split(html))


def _split(html: str) -> list[tuple[bool, str]]:
    splitter = _Splitter()
    splitter.feed(sanitise(html))
    splitter.close()
    return splitter.take()


class _Splitter(HTMLParser):
    """Collects (is a heading, text) for every block of sanitised HTML."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._found: list[tuple[bool, str]] = []
        self._parts: list[str] = []
        self._list_depth = 0
        self._has_text = False

    def take(self) -> list[tuple[bool, str]]:
        """End the last block and return all."""
        self._end_block()
        return self._found

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._at_tag(tag, depth_change=1)
        if tag == "br":
            self._parts.append("\n")
        elif tag in _LIST_ITEMS and self._has_text:
            self._parts.append(" • ")
            self._has_text = False

    def handle_endtag(self, tag: str) -> None:
        self._at_tag(tag, depth_change=-1, heading=tag in _HEADINGS)

    def handle_data(self, data: str) -> None:
        self._parts.append(re.sub(r"\s+", " ", data))
        self._has_text = self._has_text or not data.isspace()

    def _at_tag(self, tag: str, *, depth_change: int, heading: bool = False) -> None:
        if tag in _LISTS:
            # The outermost list alone begins and ends a block.
            outermost = self._list_depth == (0 if depth_change > 0 else 1)
            self._list_depth = max(0, self._list_depth + depth_change)
            if outermost:
                self._end_block()
        elif tag in _BLOCKS or tag in _HEADINGS:
            if self._list_depth:
                self._parts.append(" ")
            else:
                self._end_block(heading=heading)

    def _end_block(self, *, heading: bool = False) -> None:
        texts = (" ".join(part.split()) for part in _BLANK_LINE.split("".join(self._parts)))
        self._found.extend((heading, text) for text in texts if text)
        self._parts.clear()
        self._has_text = False


def _merged(found: Iterable[tuple[bool, str]]) -> list[str]:
    merged: list[str] = []
    waiting = ""
    for is_heading, text in found:
        text = _joined(waiting, text)
        waiting = text if len(text) < (MAX_HEADING if is_heading else MIN_BLOCK) else ""
        if not waiting:
            merged.append(text)
    if waiting:
        merged[-1:] = [_joined("".join(merged[-1:]), waiting)]
    return merged


def _joined(first: str, second: str) -> str:
    if not first:
        return second
    # Without a stop, the language tools would take a heading for the beginning of the sentence after it.
    return f"{first} {second}" if _SENTENCE_END.search(first) else f"{first}. {second}"
