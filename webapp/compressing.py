"""Answers made for one request as they travel: compressed where the client takes it.

Files of the app are not of these (`webapp.files`). A token in a page that also repeats what the sender chose could be
guessed from the length of many compressed answers (BREACH). Here nobody can ask for them in a reader's name, since the
cookie stays away from requests of other sites (SameSite), and the token's signature is another one every second.
"""

from __future__ import annotations

import gzip
from typing import Final

from flask import Flask, Response, request

# Below it the frame of gzip and the header eat what is won; a packet of a network holds more anyway. Ours.
MIN_BYTES: Final = 600
# Of 1 to 9. A page of 60 kB takes 1 ms; 9 takes twice that for 1 % less.
LEVEL: Final = 6
TYPES: Final = (
    "text/html",
    "text/vtt",
    "text/csv",
    "application/json",
    "application/problem+json",
    "application/x-ndjson",
    "application/atom+xml",
    "application/manifest+json",
    "image/svg+xml",
)


def compress_answers(app: Flask) -> None:
    """Compress what is text and long enough; what is sent in pieces, or is part of a file, stays as it is."""

    @app.after_request
    def compress(response: Response) -> Response:
        if not _is_worth_it(response):
            return response
        response.vary.add("Accept-Encoding")
        if request.accept_encodings.quality("gzip") > 0:
            response.set_data(gzip.compress(response.get_data(), LEVEL, mtime=0))
            response.content_encoding = "gzip"
        return response


def _is_worth_it(response: Response) -> bool:
    if response.direct_passthrough or response.is_streamed or response.content_encoding:
        return False
    tag, is_weak = response.get_etag()
    # A strong tag is that of the very bytes that are sent.
    whole = response.status_code not in (204, 206, 304) and (tag is None or bool(is_weak))
    return whole and response.mimetype in TYPES and len(response.get_data()) >= MIN_BYTES
