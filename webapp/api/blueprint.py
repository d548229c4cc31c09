"""The blueprint that all views of the API hang on."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import request

from webapp.archive import MAX_ARCHIVE_BYTES

# Bytes. Events: 64 KiB (DESIGN 3.3); items: a day of articles with their texts. Everything else fits in the first.
MAX_BODY = 64 * 1024
MAX_ITEMS_BODY = 10_000_000
LARGER = {
    "api.post_items": MAX_ITEMS_BODY,
    "api.post_opml": MAX_ITEMS_BODY,
    "api.post_import": MAX_ARCHIVE_BYTES,
}

api = APIBlueprint("api", __name__, url_prefix="/api/v1", tag="Reread")


@api.before_request
def limit_body() -> None:
    """Answer longer bodies with 413 before they are read."""
    request.max_content_length = LARGER.get(request.endpoint or "", MAX_BODY)
