"""What of foreign HTML gets as far as an article's page, read as a browser would read it."""

from __future__ import annotations

from html import escape
from html.parser import HTMLParser

from reader.ingest.items import parse_item
from reader.ingest.markup import BLOCK_TAGS, INLINE_TAGS, TABLE_TAGS, looks_of
from reader.types import Article

_ALLOWED = {"href", "rel", "title", "lang", "dir", "datetime", "colspan", "rowspan", "start"}
_PICTURE = {"src", "alt", "width", "height", "loading", "decoding", "referrerpolicy", "lang", "dir"}


class Auditor(HTMLParser):
    """Collects what has no business in the output, the text, and what stands at the top of it."""

    def __init__(self) -> None:
        super().__init__()
        self.faults: list[str] = []
        self.text: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.outside: list[str] = []
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag not in BLOCK_TAGS | INLINE_TAGS | TABLE_TAGS | {"img"}:
            self.faults.append(tag)
        if not self._open and tag in INLINE_TAGS | {"img"}:
            self.outside.append(tag)
        if tag not in ("img", "br", "wbr"):
            self._open.append(tag)
        for name, value in attrs:
            # A browser passes over spaces and line ends within an address.
            whole = "".join((value or "").split()).lower()
            if name not in (_PICTURE if tag == "img" else _ALLOWED):
                self.faults.append(f"{tag} {name}")
            if (name == "href" and not whole.startswith(("http://", "https://", "mailto:"))) or (
                name == "src" and not whole.startswith("https://")
            ):
                self.faults.append(f"{name} {value}")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._open:
            while self._open.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        self.text.append(data)
        if not self._open and not data.isspace():
            self.outside.append(data)

    def handle_comment(self, data: str) -> None:
        self.faults.append(f"comment {data}")


def audited(html: str) -> Auditor:
    """Return an auditor that has read some HTML."""
    auditor = Auditor()
    auditor.feed(html)
    auditor.close()
    return auditor


def article_of(html: str, url: str = "https://a.example/salt/") -> Article:
    """Return the article that has this for its text."""
    item = parse_item({"id": "a", "kind": "article", "title": "Salt", "html": html, "url": url})
    assert isinstance(item, Article)
    return item


def shown(html: str) -> str:
    """Return the text of an article as its page shows it."""
    return "".join(look or f"<p>{escape(text)}</p>" for text, look in looks_of(article_of(html)))
