"""GET /search: items by their words."""

from __future__ import annotations

from typing import Any

from flask import g

from webapp.api.auth import needs
from webapp.api.blueprint import api
from webapp.api.search_schemas import SearchOut, SearchQueryIn
from webapp.searching import Asked, found_record, wish_of
from webapp.services import services


@api.get("/search")
@needs(api, "recs:read")
@api.input(SearchQueryIn, location="query")
@api.output(SearchOut)
@api.doc(responses=[400, 401, 403])
def get_search(query_data: SearchQueryIn) -> dict[str, Any]:
    """Look for items by their words, best match first.

    All words have to be there, in whatever form; "…" is taken as it is written, -word must not be there, OR stands
    between two words, word* may go on. No syntax is wrong. Nothing about a search is kept.
    """
    asked = _asked(query_data)
    wish = wish_of(asked, services().subscriptions, g.user)
    found = services().searcher.find(g.user, wish, begin=query_data.offset, count=query_data.limit)
    page = slice(query_data.offset, query_data.offset + query_data.limit)
    return found_record(found, services().recommender, g.user, page)


def _asked(query: SearchQueryIn) -> Asked:
    return Asked(
        q=query.q,
        kind=query.kind or "",
        source=query.source,
        language=query.language,
        since=query.since.isoformat() if query.since else "",
        until=query.until.isoformat() if query.until else "",
        reading=query.reading,
        folder=query.folder,
        order=query.order,
        muted="show" if query.muted else "",
    )
