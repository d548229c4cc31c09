"""How a paragraph of an article looks where it is read: its headings, links, lists, code and pictures, made safe.

What belongs here: what may stand in it. What does not: how HTML falls into paragraphs (`html`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape
from typing import Final

import nh3

from reader.ingest.tracking import without_tracking

BLOCK_TAGS: Final = frozenset(("p", "h2", "h3", "ul", "ol", "li", "dl", "dt", "dd", "pre", "blockquote"))
TABLE_TAGS: Final = frozenset(("table", "caption", "thead", "tbody", "tfoot", "tr", "td", "th"))
_INLINE_NAMES: Final = """
    a abbr b bdi bdo br cite code del dfn em i ins kbd mark q rp rt ruby s samp small strong sub sup time u var wbr
"""
INLINE_TAGS: Final = frozenset(_INLINE_NAMES.split())
_ATTRIBUTES: Final = {
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
_EDGE: Final = re.compile(r"(<(?:p|li|h2|h3|dd|dt)>)\s+|\s+(</(?:p|li|h2|h3|dd|dt)>)|(<pre[^>]*>)\n")
_EMPTY: Final = re.compile(r"<(p|h2|h3|ul|ol|dl|pre|blockquote)>\s*</\1>")
# Pictures of so few pixels a side are there to count readers.
_PIXEL: Final = 2


def safe_markup(html: str) -> str:
    """Return a paragraph's HTML with nothing left but what may stand in one; "" if that is plain text in a <p>.

    Links lead to the web, without what tracks; pictures come over TLS.

    >>> safe_markup('<p>Salt <b onclick="steal()">trade</b></p>')
    '<p>Salt <b>trade</b></p>'
    >>> safe_markup("<p>Salt</p>")
    ''
    """
    return _tidied(_cleaned(html, _TAGS | {"img"}))


def with_calm_pictures(markup: str) -> str:
    """Return a paragraph's markup as a page shows it: pictures come late, and tell nobody what is read."""
    return _cleaned(markup, _TAGS | {"img"}, _CALM) if markup else ""


def without_pictures(markup: str) -> str:
    """Return a paragraph's markup without its pictures, for whom nothing of other sites is to be loaded."""
    return _tidied(_cleaned(markup, _TAGS)) if markup else ""


def _tidied(cleaned: str) -> str:
    """Take out elements that hold nothing, and spaces at edges, until none is left."""
    tidy = ""
    while tidy != cleaned:
        tidy, cleaned = cleaned, _EMPTY.sub("", _EDGE.sub(r"\1\2\3", cleaned)).strip()
    return "" if _PLAIN.fullmatch(tidy) else tidy


def _cleaned(html: str, tags: frozenset[str], given: dict[str, dict[str, str]] | None = None) -> str:
    # Always by the parser: a text replaced within a tag could end its attribute and begin another.
    return nh3.clean(
        html,
        tags=set(tags),
        attributes={tag: set(names) for tag, names in _ATTRIBUTES.items()},
        attribute_filter=_kept,
        set_tag_attribute_values=given,
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow noopener noreferrer",
    )


def _kept(tag: str, name: str, value: str) -> str | None:
    """Return the value of an attribute as it may stand, None to leave it out."""
    if tag == "a" and name == "href":
        return without_tracking(value) if value.startswith(("http://", "https://", "mailto:")) else None
    if tag == "img" and name == "src":
        return value if value.startswith("https://") else None
    if tag == "img" and name in ("width", "height"):
        return value if value.isascii() and value.isdigit() else None
    return value


def picture(attributes: Mapping[str, str | None]) -> str:
    """Return the tag of a picture; "" for one that nobody is to look at, or that does not come over TLS."""
    source = attributes.get("src") or ""
    sides = [attributes.get(side) or "" for side in ("width", "height")]
    if not source.startswith("https://") or any(side.isdigit() and int(side) <= _PIXEL for side in sides):
        return ""
    given = {name: attributes.get(name) or "" for name in ("src", "alt", "width", "height")}
    # One without words for it is said to be nothing, and passed over by what reads pages aloud.
    values = (f'{name}="{escape(value)}"' for name, value in given.items() if value or name == "alt")
    return f"<img {' '.join(values)}>"
