"""The opening of an item by its page: whether it is one, from which list, and the event that says so.

For pages without the tracker, which says it itself where it runs.
"""

from __future__ import annotations

import uuid

from flask import request

from reader.types import Event
from webapp.pages.visits import visit_id
from webapp.security import from_other_site
from webapp.services import new_event, services

_PREFETCH_HEADERS = ("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz")


def came_from() -> tuple[str | None, int | None]:
    """Return list and place that the reader came from, as the address of the page has them."""
    list_id, position = request.args.get("list", ""), request.args.get("position", "")
    valid = 0 < len(list_id) <= 200 and list_id.isprintable()
    return (list_id, int(position)) if valid and position.isdecimal() and len(position) < 6 else (None, None)


def is_opened_by_reader() -> bool:
    """Tell a reader's own visit from a look ahead, and from a picture or frame on another site that points here."""
    ahead = any("prefetch" in request.headers.get(name, "") for name in _PREFETCH_HEADERS)
    return request.method == "GET" and not ahead and not from_other_site(request)


def view_id(item_id: str, list_id: str | None) -> str:
    """Return the view of an opening: one a visit, list and item.

    Coming back after a click on Like, or a reload, is the same view. The id says so, and the log takes an id but once.
    """
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{visit_id()}/{list_id}/{item_id}"))


def open_event(item_id: str, list_id: str | None, position: int | None) -> Event:
    """Return the event of the opening that happens now."""
    view = view_id(item_id, list_id)
    fields = {"session": visit_id(), "item": item_id, "view": view, "list": list_id, "position": position}
    return new_event("open", services().reader, event_id=view, **fields)
