"""The page that asks why less, for a card of a list; and what the page of an item shows for the same."""

from __future__ import annotations

from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from reader.types import AnyItem, Target, Video
from webapp.pages.blueprint import pages
from webapp.pages.openings import came_from
from webapp.pages.targets import name_of, targets_of
from webapp.services import now, services

KEYWORDS_SHOWN = 6


@pages.get("/less/<path:item_id>")
def less(item_id: str) -> ResponseReturnValue:
    """Ask why less."""
    item = services().item(item_id)
    list_id, position = came_from()
    return render_template(
        "less.html", item=item, list_id=list_id, position=position, back=_back(list_id, position), **steering_of(item)
    )


def _back(list_id: str | None, position: int | None) -> str:
    """Return the page of the list that the reader came from."""
    if list_id is None or position is None:
        return ""
    return url_for("pages.list_page", list_id=list_id, position=position)


def steering_of(item: AnyItem) -> dict[str, Any]:
    """Return what the reader may follow, mute or want less of in an item."""
    recommender, at = services().recommender, now()
    with recommender.held(services().reader) as state:
        keywords = recommender.catalogue.keywords(item.id, None)[:KEYWORDS_SHOWN]
        targets = [*targets_of(item), *(Target("keyword", keyword.term) for keyword in keywords)]
        labels = {keyword.term: keyword.label for keyword in keywords}
        subjects = [
            (
                target,
                labels.get(target.value, "") if target.kind == "keyword" else name_of(target, item),
                (target.kind, target.value) in state.steering.followed,
                state.steering.is_muted((target.kind, target.value), at),
            )
            for target in targets
        ]
    return {
        "subjects": subjects,
        "keywords": keywords,
        "maker": item.entity_name("creator") if isinstance(item, Video) else item.author,
        "hidden": item.id in state.steering.hidden,
    }
