"""/items: read one, find what is like it, add some."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import current_app, g, request

from reader.errors import InvalidItemError
from reader.ingest.items import parse_item
from reader.records import item_record
from reader.types import AnyItem
from webapp.api.auth import needs
from webapp.api.blueprint import api
from webapp.api.schemas import ItemsOut, RelatedOut, RelatedQuery
from webapp.api.shapes import recommended_objects
from webapp.language.reasons import told_places
from webapp.problems import fail
from webapp.services import now, services

# More would hold the request for minutes, since items are analysed before the answer; `reread ingest` takes any number.
MAX_ITEMS = 1000
_ITEM = {"type": "object", "required": ["id", "kind", "title"], "description": "See docs/items.md."}
_FOUND: Any = {"description": "The item", "content": {"application/json": {"schema": _ITEM}}}
_BATCH = {
    "type": "object",
    "properties": {"items": {"type": "array", "maxItems": MAX_ITEMS}},
    "description": 'One item as in docs/items.md, or {"items": […]}; each is judged by itself.',
}
_BODY = {
    "required": True,
    "content": {"application/json": {"schema": _BATCH}, "application/x-ndjson": {"schema": {"type": "string"}}},
}


@api.get("/items/<path:item_id>")
@needs(api, "recs:read")
@api.doc(responses={200: _FOUND, 401: "Unauthorized", 403: "Forbidden", 404: "Not Found"})
def get_item(item_id: str) -> dict[str, Any]:
    """Return one item as in docs/items.md."""
    return item_record(services().item(item_id))


@api.get("/items/<path:item_id>/related")
@needs(api, "recs:read")
@api.input(RelatedQuery, location="query")
@api.output(RelatedOut)
@api.doc(responses=[401, 403, 404])
def get_related(item_id: str, query_data: RelatedQuery) -> dict[str, Any]:
    """Return items like this one, most like first: of each story one, and none of its own."""
    services().item(item_id)
    found = services().recommender.related(item_id, limit=query_data.limit, user=g.user)
    related = told_places(found, now())
    items = services().recommender.storage.items([place.item for place in related])
    opened = services().recommender.state(g.user).opened
    return {"items": recommended_objects(related, items, opened=opened, explain="brief")}


@api.post("/items")
@needs(api, "items:write")
@api.output(ItemsOut)
@api.doc(responses=[400, 401, 403, 413, 422], extensions={"requestBody": _BODY})
def post_items() -> dict[str, Any]:
    """Add items, or replace those with the same id.

    The body is one item, `{"items": [...]}`, or JSON Lines (Content-Type: application/x-ndjson), up to 1,000 items and
    10 MB. Each wrong item is refused by itself, with its place in the body, its id, the field and what is wrong; the
    others are taken.
    """
    taken: list[AnyItem] = []
    rejected: list[dict[str, Any]] = []
    for index, record in enumerate(_records()):
        try:
            taken.append(_item(record))
        except InvalidItemError as error:
            rejected.append(_rejection(index, record, error))
    services().recommender.add_items(taken)
    return {"accepted": len(taken), "rejected": rejected}


def _records() -> list[Any]:
    lines = request.mimetype == "application/x-ndjson"
    records = list(_lines(request.get_data())) if lines else _objects(request.get_json(force=True))
    if len(records) > MAX_ITEMS:
        raise fail(422, f"{len(records)} items are too many; send at most {MAX_ITEMS}, or use `reread ingest`.")
    return records


def _objects(body: Any) -> list[Any]:
    if not isinstance(body, dict):
        raise fail(422, 'Send one item or {"items": [...]}.', errors=[("#", "is not an object")])
    if "items" not in body:
        return [body]
    if not isinstance(body["items"], list):
        raise fail(422, "items is not a list.", errors=[("#/items", "is not a list")])
    return body["items"]


def _lines(body: bytes) -> Iterator[Any]:
    """Yield each line as JSON, or the InvalidItemError that stands for it."""
    for line in body.split(b"\n"):
        if line.strip():
            try:
                yield current_app.json.loads(line)
            except ValueError as error:
                yield InvalidItemError("line", f"is not JSON: {error}", "write one JSON object a line")


def _item(record: Any) -> AnyItem:
    if isinstance(record, InvalidItemError):
        raise record
    if not isinstance(record, dict):
        raise InvalidItemError("item", f"{record!r:.80} is not an object", "see docs/items.md")
    return parse_item(record, clock=services().recommender.clock)


def _rejection(index: int, record: Any, error: InvalidItemError) -> dict[str, Any]:
    item_id = record.get("id") if isinstance(record, dict) else ""
    detail = error.detail + (f"; {error.remedy}" if error.remedy else "")
    return {"index": index, "id": item_id if isinstance(item_id, str) else "", "field": error.field, "detail": detail}
