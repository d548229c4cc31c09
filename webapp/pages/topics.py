"""The pages of topics: what there is on one, newest first, and following or muting it."""

from __future__ import annotations

from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from reader.errors import NotFoundError
from reader.search.searching import Wish
from webapp.pages.blueprint import pages
from webapp.pages.cards import make_card
from webapp.pages.lists import PAGE_LENGTH, parse_number
from webapp.services import now, services
from webapp.third_parties import as_may_be_shown


@pages.get("/topic/<path:topic>")
def topic(topic: str) -> ResponseReturnValue:
    """Show what there is on a topic. One that the reader has muted is shown here all the same: they asked for it."""
    begin = parse_number(request.args.get("from", "0"), "from")
    recommender, user = services().recommender, services().reader
    state, end = recommender.state(user), begin + PAGE_LENGTH
    is_muted = state.steering.is_muted(("topic", topic), now())
    wish = Wish(topic=topic, order="newest", with_refused=is_muted)
    found = services().searcher.find(user, wish, begin=begin, count=PAGE_LENGTH)
    if not found.count and not found.refused:
        raise NotFoundError(f"topic {topic!r:.80}: nothing is on it")
    items = recommender.storage.items(found.items)
    known = [as_may_be_shown(items[item]) for item in found.items if item in items]
    reading, more = recommender.settings.reading, {"from": end}
    values: dict[str, Any] = {
        "cards": [make_card(item, None, "", state.has_read(item.id), reading) for item in known],
        "more_url": url_for("pages.topic", topic=topic, **more) if end < found.count else None,  # type: ignore[arg-type]  # a value, not an option
    }
    return render_template(
        "topic.html",
        topic=topic,
        found=found,
        followed=("topic", topic) in state.steering.followed,
        muted=is_muted,
        saved_ids=state.steering.saved,
        **values,
    )
