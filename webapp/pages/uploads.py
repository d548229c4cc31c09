"""Files that readers send by a form: how large they may be, and their bytes."""

from __future__ import annotations

from apiflask import APIFlask
from flask import request

from reader.ingest.opml import MAX_OPML_BYTES, MAX_OUTLINES
from webapp.archive import MAX_ARCHIVE_BYTES
from webapp.services import services

# Of a form around the file; a packed file takes less than the file.
_FORM_BYTES = 100_000
_LISTS_OF_FEEDS = ("pages.preview_opml", "pages.take_opml")


def allow_uploads(app: APIFlask) -> None:
    """Let these forms be as large as what they are for. Called before whatever else looks into a form."""

    @app.before_request
    def allow() -> None:
        if request.endpoint == "pages.send_import":
            request.max_content_length = MAX_ARCHIVE_BYTES + _FORM_BYTES
        guardians = services().guardians
        if request.endpoint == "accounts.send_form" and guardians is not None:
            request.max_content_length = guardians.settings.form_max_bytes + _FORM_BYTES
        if request.endpoint in _LISTS_OF_FEEDS:
            request.max_content_length = request.max_form_memory_size = 2 * MAX_OPML_BYTES + _FORM_BYTES
            request.max_form_parts = MAX_OUTLINES


def uploaded() -> bytes:
    """Return the file of the form; nothing if none was chosen."""
    file = request.files.get("file")
    if file is None:
        return b""
    with file.stream as stream:  # it may be a file on disk
        content: bytes = stream.read()
    return content
