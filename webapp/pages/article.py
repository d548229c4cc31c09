"""The page of one article or clip."""

from __future__ import annotations

import uuid
from collections.abc import Set
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from nlp.paragraphs import count_words
from reader.types import AnyItem, Event, Video
from webapp.pages.blueprint import is_tracked, pages
from webapp.pages.cards import Card, make_cards, reading_minutes
from webapp.pages.visits import visit_id
from webapp.security import from_other_site
from webapp.services import new_event, observe, services

RELATED_SHOWN = 6
_PREFETCH_HEADERS = ("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz")


@pages.get("/a/<path:item_id>")
def article(item_id: str) -> ResponseReturnValue:
    """Show an item. Opening it counts as an act: the tracker says so where it runs, else this view."""
    item = services().recommender.item(item_id)
    list_id, position = _came_from()
    if not is_tracked() and _is_opened_by_reader():
        observe([_open_event(item, list_id, position)])
    return render_template("article.html", list_id=list_id, position=position, **_contents(item))


def _came_from() -> tuple[str | None, int | None]:
    list_id, position = request.args.get("list", ""), request.args.get("position", "")
    valid = 0 < len(list_id) <= 200 and list_id.isprintable()
    return (list_id, int(position)) if valid and position.isdecimal() and len(position) < 6 else (None, None)


def _is_opened_by_reader() -> bool:
    # Not a look ahead by the browser, nor a picture or frame on another site that points here.
    ahead = any("prefetch" in request.headers.get(name, "") for name in _PREFETCH_HEADERS)
    return request.method == "GET" and not ahead and not from_other_site(request)


def _open_event(item: AnyItem, list_id: str | None, position: int | None) -> Event:
    # One opening a visit, list and item: coming back after a click on Like, or a reload, is the same view. The id says
    # so, and the log takes an id but once.
    view = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{visit_id()}/{list_id}/{item.id}"))
    fields = {"session": visit_id(), "item": item.id, "view": view, "list": list_id, "position": position}
    return new_event("open", services().reader, event_id=view, **fields)


def _contents(item: AnyItem) -> dict[str, Any]:
    state = services().recommender.state(services().reader)
    video = item if isinstance(item, Video) else None
    return {
        "item": item,
        "paragraphs": [(text, count_words(text)) for text in item.paragraphs],
        "minutes": reading_minutes(item, services().recommender.settings.reading),
        "media_url": video.media_url if video else "",
        "poster_url": video.poster_url if video else "",
        "liked": item.id in state.steering.liked,
        "saved": item.id in state.steering.saved,
        "hidden": item.id in state.steering.hidden,
        "related": _related(item, state.opened.keys()),
    }


def _related(item: AnyItem, seen: Set[str]) -> list[Card]:
    recommender = services().recommender
    places = recommender.related(item.id, limit=RELATED_SHOWN)
    items = recommender.storage.items([place.item for place in places])
    return make_cards(places, items, seen, recommender.settings.reading)
