"""The blueprint that all views of the API hang on."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import request

# Bytes. Events: 64 KiB (DESIGN 3.3); items: a day of articles with their texts. Everything else fits in the first.
MAX_BODY = 64 * 1024
MAX_ITEMS_BODY = 10_000_000
_LARGE = ("api.post_items", "api.post_opml")

api = APIBlueprint("api", __name__, url_prefix="/api/v1", tag="Reread")


@api.before_request
def limit_body() -> None:
    """Answer longer bodies with 413 before they are read."""
    request.max_content_length = MAX_ITEMS_BODY if request.endpoint in _LARGE else MAX_BODY
