"""What others would learn from a page: that it is read. For a child nothing of other sites is loaded, unless allowed.

What belongs here: whether it may be, items without it, and the policy that holds the browser to it.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TypeVar

from flask import Flask, Response, g

from reader.ingest.markup import without_pictures
from reader.types import AnyItem, Article, Video
from webapp.identity import browser_caller
from webapp.services import services

Some = TypeVar("Some", bound=AnyItem)
# The sources that stand for sites of others in a policy, up to the end of its directive.
_OTHERS = re.compile(r"\bhttps?:(//[^\s;]*)?(?=[\s;]|$)")


def may_load_others() -> bool:
    """Tell whether pages of this request may load pictures, clips and players of other sites."""
    if "may_load_others" not in g:
        caller = browser_caller()
        is_child = caller is not None and caller.is_child
        g.may_load_others = not is_child or _may_child(caller.user if caller else "")
    return bool(g.may_load_others)


def load_for(user: str) -> None:
    """Let the rest of this request load for a reader what they may, whoever asks and by whatever browser."""
    account = services().recommender.storage.account(user) if services().accounts else None
    g.may_load_others = account is None or account.role != "child" or _may_child(user)


def _may_child(user: str) -> bool:
    child = services().recommender.storage.child(user)
    return child is not None and child.embeds


def as_may_be_shown(item: Some) -> Some:
    """Return an item without what would be loaded from elsewhere, where that may not be."""
    if may_load_others():
        return item
    if isinstance(item, Article):
        return replace(item, markup=tuple(map(without_pictures, item.markup)), audio_url=_own(item.audio_url))
    if not isinstance(item, Video):
        return item
    return replace(
        item,
        embed_url="",
        media_url=_own(item.media_url),
        poster_url=_own(item.poster_url),
        captions_url=_own(item.captions_url),
    )


def _own(url: str) -> str:
    return "" if "//" in url else url


def keep_others_out(app: Flask) -> None:
    """Tighten the policy of every page of a child, so that the browser holds to it whatever a page says."""

    @app.after_request
    def tighten(response: Response) -> Response:
        policy = response.headers.get("Content-Security-Policy", "")
        # Who was not looked for is on no page of this answer.
        if policy and "browser_caller" in g and not may_load_others():
            response.headers["Content-Security-Policy"] = " ".join(_OTHERS.sub("", policy).split())
        return response
