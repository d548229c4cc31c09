"""GET /recommendations: a new list, or the next page of one."""

from __future__ import annotations

from typing import Any, cast

from flask import g

from reader.errors import NotFoundError
from reader.recommend.lists import items_of
from reader.recommend.requests import Request
from reader.types import ItemKind, RecommendationList, Recommended
from webapp.api.auth import needs
from webapp.api.blueprint import api
from webapp.api.cursor import read_cursor, write_cursor
from webapp.api.schemas import ListOut, ListQuery, RecommendedOut
from webapp.api.shapes import list_object, recommended_objects
from webapp.language.reasons import told
from webapp.mode import chosen_mode
from webapp.problems import fail
from webapp.services import services


@api.get("/recommendations")
@needs(api, "recs:read")
@api.input(ListQuery, location="query")
@api.output(ListOut)
@api.doc(responses=[400, 401, 403, 410])
def get_recommendations(query_data: ListQuery) -> dict[str, Any]:
    """Recommend items, best first.

    The cursor pages over the list as it was made: no repeats, no gaps. An expired one is answered with 410.
    Reading a list does not change the profile; what was shown is logged, so that passing an item by can be told from
    never having seen it. The labels of reasons are in English or German, after the header Accept-Language.
    """
    made, offset = _continued(query_data.cursor) if query_data.cursor else (_new(query_data), 0)
    end = offset + query_data.limit
    page = made.items[offset:end]
    more = write_cursor(services().signer, made.id, end) if end < len(made.items) else None
    services().metrics.list_served(made.mode)
    if offset:
        services().recommender.log_impression(made, offset, end)
    items = services().recommender.storage.items(items_of(page))
    opened = services().recommender.state(g.user).opened
    why = services().recommender.why(made, page) if query_data.explain == "full" else None
    return list_object(made, page, items, opened=opened, explain=query_data.explain, next_cursor=more, why=why)


@api.get("/recommendations/<list_id>/<path:item_id>")
@needs(api, "recs:read")
@api.output(RecommendedOut)
@api.doc(responses=[401, 403, 404, 410])
def get_why(list_id: str, item_id: str) -> dict[str, Any]:
    """Return one place of a list as `explain=full` has it, with up to three counterfactuals.

    410 if the list is no longer kept.
    """
    recommender = services().recommender
    made = told(recommender.made_list(list_id, g.user))
    place = place_of(made, item_id)
    items, opened = recommender.storage.items(items_of([place])), recommender.state(g.user).opened
    why = recommender.why(made, [place])
    return recommended_objects([place], items, opened=opened, explain="full", why=why)[0]


def place_of(made: RecommendationList, item_id: str) -> Recommended:
    """Return the place of an item in a list; NotFoundError if it has none."""
    place = next((place for place in made.items if place.item == item_id), None)
    if place is None:
        raise NotFoundError(f"item {item_id!r:.80} is not in this list")
    return place


def _new(query: ListQuery) -> RecommendationList:
    mode = query.mode or chosen_mode(g.user)
    request = Request(user=g.user, limit=query.limit, kinds=parse_kinds(query.kinds), mode=mode)
    return told(services().recommender.recommend(request))


def _continued(cursor: str) -> tuple[RecommendationList, int]:
    list_id, offset = read_cursor(services().signer, cursor)
    try:
        return told(services().recommender.made_list(list_id, g.user)), offset
    except NotFoundError as error:
        # We signed the cursor, so the list was there once.
        raise fail(410, "The list of this cursor is no longer kept; begin without a cursor.") from error


def parse_kinds(text: str) -> tuple[ItemKind, ...]:
    """Return the kinds of a list like "article,video" (already checked), each once."""
    return cast(tuple[ItemKind, ...], tuple(dict.fromkeys(kind for kind in text.split(",") if kind)))
