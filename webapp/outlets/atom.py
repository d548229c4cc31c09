"""Atom (RFC 4287) with Media RSS for clips. Pure: values in, bytes out; equal values give equal bytes."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from typing import Final

from reader.records import format_time

ATOM: Final = "http://www.w3.org/2005/Atom"
# As https://www.rssboard.org/media-rss defines it.
MEDIA: Final = "http://search.yahoo.com/mrss/"
# Who speaks where nobody is known.
NAME: Final = "Reread"
CONTENT_TYPE: Final = "application/atom+xml; charset=utf-8"
_LANGUAGE: Final = "{http://www.w3.org/XML/1998/namespace}lang"
# What XML 1.0 has no way to write.
_UNWRITABLE: Final = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

# Prefixes are only shorthand, but some programs look for these.
ET.register_namespace("", ATOM)
ET.register_namespace("media", MEDIA)


@dataclass(frozen=True, slots=True)
class Clip:
    """What plays. media_url, poster_url: absolute, "" if there is none; duration_s: 0 if not known."""

    media_url: str
    media_type: str
    poster_url: str = ""
    duration_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Mark:
    """A category that says something to programs and not to people. scheme: an IRI."""

    term: str
    scheme: str
    label: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One item. id: an IRI, for ever the same; url: where it is read here; original_url: where it is from, or "".

    paragraphs: as plain text; full_text: whether they are all of it; why: why it is there, in words, "" for what needs
    none; source: what brought it.
    """

    id: str
    title: str
    url: str
    updated: datetime
    author: str
    paragraphs: tuple[str, ...] = ()
    why: str = ""
    original_url: str = ""
    source: str = ""
    language: str = ""
    categories: tuple[str, ...] = ()
    clip: Clip | None = None
    full_text: bool = False
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Feed:
    """A list. id: an IRI, for ever the same; self_url: where it is fetched; url: the page that shows it."""

    id: str
    title: str
    updated: datetime
    self_url: str
    url: str
    author: str
    version: str
    entries: Sequence[Entry] = ()


def write_atom(feed: Feed) -> bytes:
    """Return the feed as a document in UTF-8."""
    root = ET.Element(f"{{{ATOM}}}feed")
    _add(root, "id", feed.id)
    _add(root, "title", feed.title)
    _add(root, "updated", _moment(feed.updated))
    _add(_add(root, "author"), "name", feed.author)
    _add(root, "link", rel="self", type="application/atom+xml", href=feed.self_url)
    _add(root, "link", rel="alternate", type="text/html", href=feed.url)
    _add(root, "generator", "Reread", version=feed.version)
    for entry in feed.entries:
        _add_entry(root, entry)
    ET.indent(root, space=" ")
    text = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'.encode()


def _add_entry(root: ET.Element, entry: Entry) -> None:
    own = _add(root, "entry")
    if entry.language:
        own.set(_LANGUAGE, entry.language)
    _add(own, "id", entry.id)
    _add(own, "title", entry.title or "Untitled")
    _add(own, "updated", _moment(entry.updated))
    _add(own, "published", _moment(entry.updated))
    _add(_add(own, "author"), "name", entry.author)
    _add(own, "link", rel="alternate", type="text/html", href=entry.url)
    if entry.original_url:
        _add(own, "link", rel="via", href=entry.original_url)
    for category in entry.categories:
        _add(own, "category", term=category)
    for mark in entry.marks:
        _add(own, "category", term=mark.term, scheme=mark.scheme, label=mark.label)
    if entry.source:
        _add(_add(own, "source"), "title", entry.source)
    _add_clip(own, entry)
    html = _html(entry)
    _add(own, "summary", _html(entry, brief=True), type="html")
    if entry.full_text:
        _add(own, "content", html, type="html")


def _add_clip(own: ET.Element, entry: Entry) -> None:
    clip = entry.clip
    if clip is None or not (clip.media_url or clip.poster_url):
        return
    group = ET.SubElement(own, f"{{{MEDIA}}}group")
    if clip.media_url:
        _add(own, "link", rel="enclosure", type=clip.media_type, href=clip.media_url)
        content = ET.SubElement(group, f"{{{MEDIA}}}content", url=clip.media_url, type=clip.media_type, medium="video")
        if clip.duration_s:
            content.set("duration", str(round(clip.duration_s)))
    if clip.poster_url:
        ET.SubElement(group, f"{{{MEDIA}}}thumbnail", url=clip.poster_url)


def _html(entry: Entry, *, brief: bool = False) -> str:
    """Return the text, and after it why the entry is there; brief: the first paragraph alone."""
    shown = entry.paragraphs[:1] if brief else entry.paragraphs
    texts = [f"<p>{escape(text, quote=False)}</p>" for text in shown]
    why = [f"<p><em>{escape(entry.why, quote=False)}</em></p>"] if entry.why else []
    return "".join([*texts, *why])


def _add(parent: ET.Element, name: str, text: str = "", **attributes: str) -> ET.Element:
    values = {key: _UNWRITABLE.sub("", value) for key, value in attributes.items()}
    element = ET.SubElement(parent, f"{{{ATOM}}}{name}", values)
    if text:
        element.text = _UNWRITABLE.sub("", text)
    return element


def _moment(at: datetime) -> str:
    return format_time(at.astimezone(UTC))
