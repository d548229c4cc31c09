"""How a paragraph of an article looks where it is read: its headings, links, lists, code and pictures, made safe.

What belongs here: what may stand in it. What does not: how HTML falls into paragraphs (`html`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from functools import partial
from html import escape
from typing import Final
from urllib.parse import urlsplit

import nh3

from reader.ingest.fields import urljoin_or_empty
from reader.ingest.tracking import without_tracking
from reader.types import AnyItem, Article

BLOCK_TAGS: Final = frozenset(("p", "h2", "h3", "ul", "ol", "li", "dl", "dt", "dd", "pre", "blockquote"))
TABLE_TAGS: Final = frozenset(("table", "caption", "thead", "tbody", "tfoot", "tr", "td", "th"))
_INLINE_NAMES: Final = """
    a abbr b bdi bdo br cite code del dfn em i ins kbd mark q rp rt ruby s samp small strong sub sup time u var wbr
"""
INLINE_TAGS: Final = frozenset(_INLINE_NAMES.split())
ATTRIBUTES: Final = {
    "*": {"dir", "lang"},
    "a": {"href", "title"},
    "abbr": {"title"},
    "time": {"datetime"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
    "img": {"src", "alt", "width", "height"},
}
_TAGS: Final = BLOCK_TAGS | TABLE_TAGS | INLINE_TAGS
# A picture is asked for when it comes near the screen, and its server is not told who reads what.
_CALM: Final = {"img": {"loading": "lazy", "decoding": "async", "referrerpolicy": "no-referrer"}}
_PLAIN: Final = re.compile("<p>([^<]*)</p>")
# A line's end at the beginning of <pre> is dropped by every reader of HTML.
_EDGE: Final = re.compile(r"(<(?:p|li|h2|h3|dd|dt)>)\s+|(?<!\s)\s+(</(?:p|li|h2|h3|dd|dt)>)|(<pre[^>]*>)\n")
_EMPTY: Final = re.compile(r"<(p|h2|h3|ul|ol|dl|pre|blockquote)>\s*</\1>")
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
# Pictures of so few pixels a side are there to count readers.
_PIXEL: Final = 2


def safe_markup(html: str, base: str = "") -> str:
    """Return a paragraph's HTML with nothing left but what may stand in one; "" if that is plain text in a <p>.

    Links lead to the web, without what tracks; pictures come over TLS. base: the page that addresses are seen from.

    >>> safe_markup('<p>Salt <b onclick="steal()">trade</b></p>')
    '<p>Salt <b>trade</b></p>'
    >>> safe_markup("<p>Salt</p>")
    ''
    """
    return _tidied(_cleaned(flattened(html), _TAGS | {"img"}, base=base))


def with_calm_pictures(markup: str) -> str:
    """Return a paragraph's markup as a page shows it: pictures come late, and tell nobody what is read."""
    return _cleaned(markup, _TAGS | {"img"}, _CALM) if markup else ""


def without_pictures(markup: str) -> str:
    """Return a paragraph's markup without its pictures, for whom nothing of other sites is to be loaded."""
    return _tidied(_cleaned(markup, _TAGS)) if "<img" in markup else markup


def looks_of(item: AnyItem) -> list[tuple[str, str]]:
    """Return the paragraphs of an item, each with the HTML to show it by; "" where it is plain.

    Made safe when the item was taken in, and once more here.
    """
    markup = item.markup if isinstance(item, Article) and item.markup else ("",) * len(item.paragraphs)
    return list(zip(item.paragraphs, map(with_calm_pictures, markup), strict=True))


def _tidied(cleaned: str) -> str:
    """Take out elements that hold nothing, and spaces at edges, until none is left."""
    tidy = ""
    while tidy != cleaned:
        tidy, cleaned = cleaned, _EMPTY.sub("", _EDGE.sub(r"\1\2\3", cleaned)).strip()
    return "" if _PLAIN.fullmatch(tidy) else tidy


def _cleaned(html: str, tags: frozenset[str], given: dict[str, dict[str, str]] | None = None, *, base: str = "") -> str:
    # Always by the parser: a text replaced within a tag could end its attribute and begin another.
    return nh3.clean(
        html,
        tags=set(tags),
        attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
        attribute_filter=partial(_kept, base),
        set_tag_attribute_values=given,
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow noopener noreferrer",
    )


def _kept(base: str, tag: str, name: str, value: str) -> str | None:
    """Return the value of an attribute as it may stand, None to leave it out."""
    if name in ("href", "src"):
        address, schemes = _whole(base, value), ("https",) if tag == "img" else ("http", "https", "mailto")
        if address.partition(":")[0] not in schemes:
            return None
        return address if tag == "img" else without_tracking(address)
    if tag == "img" and name in ("width", "height"):
        return value if value.isascii() and value.isdigit() else None
    return value


def _whole(base: str, address: str) -> str:
    """Return an address as seen from a page, its scheme in small letters; "" for what is none."""
    try:
        return urlsplit(urljoin_or_empty(base, address)).geturl()
    except ValueError:
        return ""


def picture(attributes: Mapping[str, str | None]) -> str:
    """Return the tag of a picture; "" for one that nobody is to look at."""
    sides = [attributes.get(side) or "" for side in ("width", "height")]
    if not attributes.get("src") or any(side.isdigit() and int(side) <= _PIXEL for side in sides):
        return ""
    given = {name: attributes.get(name) or "" for name in ("src", "alt", "width", "height")}
    # One without words for it is said to be nothing, and passed over by what reads pages aloud.
    values = (f'{name}="{escape(value)}"' for name, value in given.items() if value or name == "alt")
    return f"<img {' '.join(values)}>"


def flattened(html: str) -> str:
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
