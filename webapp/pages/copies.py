"""What the service worker asks for in a reader's name: copies of articles to keep, and which were saved.

A copy is the page of an article without what needs a connection. Fetching one is no opening: nobody looks at it yet.
"""

from __future__ import annotations

import json
from typing import Any, Final
from urllib.parse import quote

from flask import jsonify, make_response, render_template, url_for
from flask.typing import ResponseReturnValue

from reader.types import AnyItem
from webapp.language.saying import _
from webapp.pages.article import contents
from webapp.pages.blueprint import pages, tracking_level
from webapp.services import now, services
from webapp.third_parties import as_may_be_shown

# Saved items that are fetched ahead, the newest; ours: 100 articles take some 2 MB.
SAVED_KEPT: Final = 100
# What the list without a connection says of a copy: JSON, percent-encoded.
HEADER: Final = "Reread-Copy"


@pages.get("/offline/a/<path:item_id>")
def copy(item_id: str) -> ResponseReturnValue:
    """Show an item as it is kept. What counts only while its reader is here cannot be measured without a connection."""
    item = as_may_be_shown(services().item(item_id))
    found = contents(item)
    is_tracked = tracking_level() == "kept"
    page = render_template("article.html", **found, is_copy=True, copied_at=now(), tracking=is_tracked)
    response = make_response(page)
    response.headers[HEADER] = quote(json.dumps(_told(item, found)))
    return response


def _told(item: AnyItem, found: dict[str, Any]) -> dict[str, Any]:
    images = [found["poster_url"]] if found["poster_url"] else []
    return {
        "title": item.title,
        "language": item.language,
        "source": item.source,
        "length": _("%(minutes)s min", minutes=found["minutes"]) if found["minutes"] else "",
        "images": images,
    }


@pages.get("/offline/saved")
def saved_paths() -> ResponseReturnValue:
    """List the pages of what was saved, the last first."""
    saved = services().recommender.state(services().reader).steering.saved
    ordered = sorted(saved.items(), key=lambda pair: (pair[1], pair[0]), reverse=True)[:SAVED_KEPT]
    return jsonify(saved=[url_for("pages.article", item_id=item) for item, _ in ordered])
