"""/feeds/KIND/SECRET.atom: the one page that a secret in its address opens, and what goes along with its answer.

The secret stands in no log of ours: metrics and the log of requests name routes, not paths (`webapp.logs`).
"""

from __future__ import annotations

import hashlib
import uuid
from datetime import timedelta
from typing import Final

from apiflask import APIBlueprint
from flask import Response, current_app, g, request
from flask.typing import ResponseReturnValue

from reader.accounts.outlets import Outlets
from reader.types_outlets import Outlet
from webapp.language.choice import speak_for
from webapp.outlets.atom import CONTENT_TYPE, NAME, Feed, write_atom
from webapp.outlets.contents import Contents, contents_of
from webapp.services import now, services
from webapp.third_parties import load_for

outlets = APIBlueprint("outlets", __name__, enable_openapi=False)

# How exactly it is known when an outlet was last used: what asks often is not to write often. Ours.
_USED_GRAIN: Final = timedelta(minutes=10)
HEADERS: Final = {
    # Of one reader, and asked for anew each time; a program may keep what it got.
    "Cache-Control": "private, no-cache",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}


def all_outlets() -> Outlets:
    """Return what deals with outlets."""
    recommender = services().recommender
    return Outlets(recommender.storage, recommender.clock, with_accounts=services().accounts is not None)


@outlets.get("/feeds/<any('for-you', saved, folder):kind>/<secret>.atom")
def feed(kind: str, secret: str) -> ResponseReturnValue:
    """Send the list that a secret opens, or 304 if the program has it as it is."""
    outlet = all_outlets().find(kind, secret)
    _read_for(outlet)
    contents = contents_of(outlet)
    _note_use(outlet, contents.list_id)
    body = write_atom(_feed_of(outlet, contents))
    response = Response(body, content_type=CONTENT_TYPE, headers=HEADERS)
    # Weak: what is sent may be compressed. No time beside it: of a list that stays, entries go once opened or hidden.
    response.set_etag(hashlib.sha256(body).hexdigest()[:32], weak=True)
    return response.make_conditional(request)


def _read_for(outlet: Outlet) -> None:
    """Let what is asked of the present reader be answered for the outlet's, whoever's browser it is."""
    g.user = outlet.user
    speak_for(outlet.user)
    load_for(outlet.user)


def _note_use(outlet: Outlet, list_id: str) -> None:
    is_known = outlet.used_at is not None and now() - outlet.used_at < _USED_GRAIN
    if not is_known or list_id != outlet.list:
        services().recommender.storage.touch_outlet(outlet.digest, now(), list_id)


def _feed_of(outlet: Outlet, contents: Contents) -> Feed:
    title = contents.title if not outlet.name else f"{contents.title} ({outlet.name})"
    return Feed(
        id=f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'reread:outlet:{outlet.digest}')}",
        title=f"Reread: {title}",
        updated=contents.at,
        self_url=request.base_url,
        url=contents.page_url,
        author=NAME,
        version=str(getattr(current_app, "version", "")),
        entries=contents.entries,
    )
