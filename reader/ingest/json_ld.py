"""What a page says of its article in JSON-LD (schema.org): for machines, and so more exact than what can be guessed."""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from typing import Any, Final

from nlp.paragraphs import split_paragraphs
from nlp.words import clean

_OPEN: Final = re.compile(r"<script\b[^>]{0,300}?application/ld\+json[^>]{0,300}>", re.IGNORECASE)
_CLOSE: Final = re.compile(r"</script>", re.IGNORECASE)
# Types of schema.org that are texts to read; NewsArticle, ReportageNewsArticle and the like end so.
_TYPES: Final = ("Article", "BlogPosting", "Report")
_OG_ARTICLE: Final = re.compile(
    r"<meta\b[^>]{0,200}?(?:property=[\"']?og:type[\"']?[^>]{0,200}?content=[\"']?article"
    r"|content=[\"']?article[\"']?[^>]{0,200}?property=[\"']?og:type)",
    re.IGNORECASE,
)
# Deeper, or more, than any page of the wild nests its graph; ours.
_MAX_DEPTH: Final = 6
_MAX_NODES: Final = 500


@dataclass(frozen=True, slots=True)
class Declared:
    """An article as its page declares it; empty: not said. published_at: as written there."""

    title: str = ""
    author: str = ""
    published_at: str = ""
    language: str = ""
    source: str = ""
    url: str = ""
    topics: tuple[str, ...] = ()
    paragraphs: tuple[str, ...] = ()


def declared_article(html: str) -> Declared | None:
    """Return the first article that the page declares in JSON-LD; what cannot be read there is as if it were not.

    >>> declared_article('<script type="application/ld+json">{"@type":"NewsArticle","headline":"Salt"}</script>').title
    'Salt'
    """
    for script in _scripts(html):
        try:
            graph = json.loads(script, strict=False)
        except (ValueError, RecursionError):
            continue
        for node in _nodes(graph):
            if _is_article(node):
                return _declared(node)
    return None


def declares_article(html: str) -> bool:
    """Tell whether the page says that it is an article: in JSON-LD, or as an `og:type`."""
    return declared_article(html) is not None or _OG_ARTICLE.search(html) is not None


def _scripts(html: str) -> Iterator[str]:
    """Go through the page once: one expression for all would try each opening up to the end of the page."""
    at = 0
    while (start := _OPEN.search(html, at)) and (end := _CLOSE.search(html, start.end())):
        yield html[start.end() : end.start()]
        at = end.end()


def _nodes(graph: Any) -> Iterator[dict[str, Any]]:
    waiting, seen = deque([(graph, 0)]), 0
    while waiting and seen < _MAX_NODES:
        node, depth = waiting.popleft()
        seen += 1
        if isinstance(node, dict):
            yield node
        if depth < _MAX_DEPTH:
            inner = node if isinstance(node, list) else [node.get("@graph"), node.get("mainEntity")] if node else []
            waiting += [(one, depth + 1) for one in inner if isinstance(one, dict | list)]


def _is_article(node: dict[str, Any]) -> bool:
    types = node.get("@type")
    return any(isinstance(one, str) and one.endswith(_TYPES) for one in (types if isinstance(types, list) else [types]))


def _declared(node: dict[str, Any]) -> Declared:
    keywords = node.get("articleSection") or node.get("keywords")
    return Declared(
        title=_text(node.get("headline")) or _text(node.get("name")),
        author=_name(node.get("author")),
        published_at=_text(node.get("datePublished")),
        language=_text(node.get("inLanguage")),
        source=_name(node.get("publisher")),
        url=_text(node.get("url")),
        topics=tuple(filter(None, map(_text, keywords if isinstance(keywords, list) else [keywords]))),
        paragraphs=_paragraphs(node.get("articleBody")),
    )


def _paragraphs(body: Any) -> tuple[str, ...]:
    """Part the text at blank lines; where there is none, at line breaks."""
    if not isinstance(body, str):
        return ()
    text = unescape(body)
    found = split_paragraphs(text)
    return tuple(found if len(found) > 1 else split_paragraphs(text.replace("\n", "\n\n")))


def _name(value: Any) -> str:
    values = value if isinstance(value, list) else [value]
    names = [_text(one.get("name")) if isinstance(one, dict) else _text(one) for one in values]
    return ", ".join(filter(None, names))


def _text(value: Any) -> str:
    return " ".join(clean(unescape(value)).split()) if isinstance(value, str) else ""
