"""Scripts as they travel: without comments and indentation, and compressed where the browser takes it.

The sources are written to be read, and there is no build: what a page loads is made from them as it is asked for. In a
script of ours a comment stands behind a space or begins a line, and ` // ` stands in no string (a test looks); a string
of several lines loses its indentation.
"""

from __future__ import annotations

import gzip
import re
from functools import lru_cache
from pathlib import Path
from typing import Final

from flask import Flask, Response, request
from flask.typing import ResponseReturnValue

_COMMENT: Final = re.compile(r"(^|\s)// .*$", re.MULTILINE)
_LINE_START: Final = re.compile(r"\n\s*")


def slim(source: str) -> str:
    """Return a script without what only people read. Lines stay lines, so no statement runs into the next.

    >>> slim('// Counts.\\n\\nexport function next(n) {\\n  return n + 1; // from 0\\n}\\n')
    'export function next(n) {\\nreturn n + 1;\\n}\\n'
    """
    return _LINE_START.sub("\n", _COMMENT.sub("", source)).strip() + "\n"


@lru_cache(maxsize=64)
def compressed(text: str) -> bytes:
    """Return a text as UTF-8 after gzip, the same bytes every time."""
    return gzip.compress(text.encode(), 9, mtime=0)


def send_slim(app: Flask) -> None:
    """Have the scripts of the static folder sent slim; whatever else lies there is sent as it is."""

    def static(filename: str) -> ResponseReturnValue:
        whole = app.send_static_file(filename)
        if not filename.endswith(".js"):
            return whole
        whole.close()
        return _slimmed(Path(app.static_folder or "", filename))

    app.view_functions["static"] = static


def _slimmed(path: Path) -> Response:
    text = slim(path.read_text(encoding="utf-8"))
    response = Response(text, mimetype="text/javascript")
    if request.accept_encodings.quality("gzip") > 0:
        response.set_data(compressed(text))
        response.content_encoding = "gzip"
    response.vary.add("Accept-Encoding")
    response.cache_control.no_cache = True
    response.add_etag()
    response.make_conditional(request)
    return response
