"""Streams as Atom, which programs written for the original, Newsboat for one, fetch instead of JSON."""

from __future__ import annotations

from typing import Final

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue

from reader.types import AnyItem
from webapp.greader import names, shapes
from webapp.greader.blueprint import greader
from webapp.greader.entries import Entry as Held
from webapp.greader.entries import choose
from webapp.greader.holdings import entries_among
from webapp.greader.reading import MOST_CONTENTS, choice_of, title_of
from webapp.makers import author_of
from webapp.outlets.atom import CONTENT_TYPE, NAME, Entry, Feed, Mark, write_atom
from webapp.services import now, services

# By this scheme programs know the states; it never led anywhere that they would ask.
_SCHEME: Final = "http://www.google.com/reader/"


@greader.get("/reader/atom/", defaults={"stream": ""})
@greader.get("/reader/atom/<path:stream>")
def stream_atom(stream: str) -> ResponseReturnValue:
    """Return a page of a stream with its texts and states."""
    asked = names.stream_of(stream or names.READING_LIST)
    followed = services().subscriptions.of(services().reader)
    page, _ = choose(entries_among(services().reader, followed), choice_of(asked, MOST_CONTENTS))
    items = services().recommender.storage.items([held.item for held in page])
    feed = Feed(
        id=f"tag:google.com,2005:reader/{asked}",
        title=title_of(asked, {one.feed.url: one.name for one in followed}),
        updated=max((held.at for held in page), default=now()),
        self_url=request.base_url,
        url=url_for("pages.for_you", _external=True),
        author=NAME,
        version="",
        entries=[_entry(held, items[held.item]) for held in page if held.item in items],
    )
    return Response(write_atom(feed), content_type=CONTENT_TYPE, headers={"Cache-Control": "private, no-cache"})


def _entry(held: Held, item: AnyItem) -> Entry:
    return Entry(
        id=names.long_id(held.number),
        title=item.title,
        url=shapes.address_of(item),
        updated=held.at,
        author=author_of(item) or NAME,
        paragraphs=item.paragraphs,
        source=item.source,
        language=item.language if item.language.isascii() else "",
        full_text=True,
        marks=tuple(_marks(held)),
    )


def _marks(held: Held) -> list[Mark]:
    # A program takes what says neither for a news item of its own that it has to keep count of.
    states = [(names.READ, "read")] if held.is_read else [(names.KEPT_UNREAD, "kept-unread")]
    if held.is_starred:
        states.append((names.STARRED, "starred"))
    return [Mark(term, _SCHEME, label) for term, label in states]
