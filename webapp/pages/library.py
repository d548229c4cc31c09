"""What a reader has saved, and what they have opened: newest first, page by page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.pages.blueprint import pages
from webapp.pages.cards import make_card
from webapp.pages.lists import PAGE_LENGTH, parse_number
from webapp.services import services
from webapp.third_parties import as_may_be_shown


@pages.get("/saved")
def saved() -> ResponseReturnValue:
    """List what was saved."""
    return _page("saved", services().recommender.state(services().reader).steering.saved)


@pages.get("/history")
def history() -> ResponseReturnValue:
    """List what was opened."""
    return _page("history", services().recommender.state(services().reader).opened)


def _page(name: str, known: Mapping[str, datetime]) -> ResponseReturnValue:
    begin = parse_number(request.args.get("from", "0"), "from")
    recommender = services().recommender
    state, reading = recommender.state(services().reader), recommender.settings.reading
    ordered = sorted(known.items(), key=lambda pair: (pair[1], pair[0]), reverse=True)
    page = ordered[begin : begin + PAGE_LENGTH]
    items = recommender.storage.items([item for item, _ in page])
    end = begin + PAGE_LENGTH
    return render_template(
        "library.html",
        shelf=name,
        cards=[
            (at, make_card(as_may_be_shown(items[item]), None, "", state.has_read(item), reading))
            for item, at in page
            if item in items
        ],
        count=len(ordered),
        more_url=url_for(f"pages.{name}", **{"from": end}) if end < len(ordered) else None,  # type: ignore[arg-type]  # a value, not an option
        saved_ids=state.steering.saved,
    )
