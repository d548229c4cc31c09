"""OPML, the list of feeds that readers exchange: bytes -> a tree of outlines, and back without loss.

What belongs here: the file. What does not: whose feeds they are (`subscriptions`), and fetching them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from xml.etree import ElementTree

from nlp.words import clean
from reader.errors import InvalidInputError

# Bytes; ten thousand feeds take some three million.
MAX_OPML_BYTES: Final = 5_000_000
# Outlines, and folders within folders; ours.
MAX_OUTLINES: Final = 20_000
MAX_DEPTH: Final = 20
# Characters of one attribute that are kept, and attributes of one outline; ours.
MAX_VALUE: Final = 4_000
MAX_ATTRIBUTES: Final = 60
# Addresses of files in use often have a bare & in them.
_BARE: Final = re.compile(rb"&(?!(?:#[0-9]{1,7}|#x[0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});)")
# Namespaces by the prefix that their owners use.
_PREFIXES: Final = {"frss": "https://freshrss.org/opml"}


@dataclass(frozen=True, slots=True)
class Outline:
    """One line of the list: a feed if it has an address, else a folder.

    name: its `text`, else its `title`; url: its `xmlUrl`; attributes: all others in the order of the file, with
    namespaces in Clark notation; children: of a folder.
    """

    name: str
    url: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    children: tuple[Outline, ...] = ()

    @property
    def is_feed(self) -> bool:
        """Tell feeds from folders; a feed without address is one that cannot be used."""
        said = self.attributes.get("type", "").lower() in ("rss", "atom", "rdf", "link")
        return bool(self.url) or (not self.children and (said or bool(self.attributes.get("htmlUrl"))))


@dataclass(frozen=True, slots=True)
class Opml:
    """A file. notes: what of it was wrong, in words, though the rest was taken."""

    title: str
    outlines: tuple[Outline, ...]
    notes: tuple[str, ...] = ()


def parse_opml(content: bytes) -> Opml:
    """Read a file, a damaged one as far as it goes. It loads nothing, and resolves no entities.

    Raises InvalidInputError if it is too large or no OPML.
    """
    if len(content) > MAX_OPML_BYTES:
        raise InvalidInputError("opml", f"has {len(content):,} bytes", f"give at most {MAX_OPML_BYTES:,}")
    root, damage = _parsed(content)
    body = None if root is None else _first(root, "body")
    if root is None or _name(root) != "opml" or body is None:
        raise InvalidInputError("opml", "is no OPML file", "give the file that another reader exported, mostly *.opml")
    head = _first(root, "head")
    title = None if head is None else _first(head, "title")
    reading = _Reading()
    outlines = reading.outlines(body, depth=0)
    return Opml(_text("" if title is None else title.text), outlines, (*damage, *reading.notes))


def write_opml(opml: Opml) -> bytes:
    """Write a file that `parse_opml` reads as the same tree."""
    for prefix, namespace in _PREFIXES.items():
        ElementTree.register_namespace(prefix, namespace)
    root = ElementTree.Element("opml", {"version": "2.0"})
    ElementTree.SubElement(ElementTree.SubElement(root, "head"), "title").text = opml.title
    _write(ElementTree.SubElement(root, "body"), opml.outlines)
    ElementTree.indent(root)
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"


def _parsed(content: bytes) -> tuple[Any, list[str]]:
    from lxml import etree  # type: ignore[import-untyped]  # has no types; comes with trafilatura

    parser = etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(_BARE.sub(b"&amp;", content.lstrip(b" \t\r\n")), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None, []
    errors = [error for error in parser.error_log if error.level >= etree.ErrorLevels.ERROR]
    damage = [f"line {errors[0].line} is damaged ({errors[0].message}); what could be read was taken"] if errors else []
    return root, damage


class _Reading:
    """Goes through a file once, within the caps."""

    def __init__(self) -> None:
        self.notes: list[str] = []
        self._left = MAX_OUTLINES

    def outlines(self, element: Any, *, depth: int) -> tuple[Outline, ...]:
        return tuple(self._read(element, depth))

    def _read(self, element: Any, depth: int) -> Iterator[Outline]:
        for child in element:
            if _name(child) != "outline":
                continue
            if self._left == 0 or depth > MAX_DEPTH:
                self._note(f"only {MAX_OUTLINES:,} outlines, {MAX_DEPTH} folders deep, are taken")
                return
            self._left -= 1
            yield self._outline(child, depth)

    def _outline(self, element: Any, depth: int) -> Outline:
        values = {str(name): _text(value) for name, value in element.attrib.items()}
        if len(values) > MAX_ATTRIBUTES or any(len(value) > MAX_VALUE for value in values.values()):
            self._note(f"outlines keep {MAX_ATTRIBUTES} attributes of {MAX_VALUE:,} characters")
        kept = [(name, value) for name, value in values.items() if len(value) <= MAX_VALUE][:MAX_ATTRIBUTES]
        attributes = dict(kept)
        url = attributes.pop("xmlUrl", "").strip()
        name = " ".join((attributes.pop("text", "") or attributes.get("title", "")).split())
        return Outline(name, url, attributes, self.outlines(element, depth=depth + 1))

    def _note(self, text: str) -> None:
        if text not in self.notes:
            self.notes.append(text)


def _write(parent: ElementTree.Element, outlines: Sequence[Outline]) -> None:
    for outline in outlines:
        values = {"text": outline.name, **outline.attributes} | ({"xmlUrl": outline.url} if outline.url else {})
        _write(ElementTree.SubElement(parent, "outline", values), outline.children)


def _first(element: Any, name: str) -> Any:
    return next((child for child in element if _name(child) == name), None)


def _name(element: Any) -> str:
    # Comments and entities have a function for a tag.
    return element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else ""


def _text(value: str | None) -> str:
    # What XML cannot hold would make the file that is written unreadable.
    return clean(value or "")
