"""Files of the static folder as they are sent: slim, compressed, and under addresses that browsers may keep for good.

`url_for("static", filename="app.css")` names a version, `/static/v-1f0a93c2/app.css`: a digest of all files, so that a
changed file has another address. Scripts import each other by relative addresses and so stay within their version.
Without a version, or with an old one, the present file is sent, and the browser asks again each time.
"""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from flask import Flask, Response, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound
from werkzeug.security import safe_join

from webapp.slim import compressed, slim, slim_sheet

# A year, the longest that HTTP speaks of (RFC 9111 knows no end, earlier versions advised against more).
KEPT_S: Final = 31_536_000
# Where an app keeps the version of its files, among its extensions.
VERSION: Final = "version of files"
_VERSION: Final = re.compile(r"v-[0-9a-f]{8}")
_SLIM: Final = {".js": slim, ".css": slim_sheet}
_TYPES: Final = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}


@dataclass(frozen=True, slots=True)
class Sent:
    """One file. packed: its body after gzip; None where it would not get smaller."""

    body: bytes
    packed: bytes | None
    mimetype: str


@lru_cache(maxsize=128)
def sent(path: Path) -> Sent:
    """Return a file as it travels; made once a process."""
    body = path.read_bytes()
    if path.suffix in _SLIM:
        body = _SLIM[path.suffix](body.decode("utf-8")).encode()
    packed = gzip.compress(body, 9, mtime=0)
    mimetype = _TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return Sent(body, packed if len(packed) < len(body) else None, mimetype)


def answer(path: Path) -> Response:
    """Return the answer with a file, compressed where the browser takes it. How long it holds is not said here."""
    file = sent(path)
    return _answer(file.body, file.packed, file.mimetype)


def answer_text(text: str, mimetype: str) -> Response:
    """Return the same with a text that is made for each request, and rarely another one."""
    return _answer(text.encode(), compressed(text), mimetype)


def _answer(body: bytes, packed: bytes | None, mimetype: str) -> Response:
    response = Response(body, mimetype=mimetype)
    if packed is not None:
        response.vary.add("Accept-Encoding")
        if request.accept_encodings.quality("gzip") > 0:
            response.set_data(packed)
            response.content_encoding = "gzip"
    response.add_etag()
    return response


def version_of(folder: Path) -> str:
    """Return the version of all files of a folder."""
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.iterdir() if path.is_file()):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return f"v-{digest.hexdigest()[:8]}"


def send_files(app: Flask) -> None:
    """Have the static folder sent as this module says."""
    folder = Path(app.static_folder or "")
    version = version_of(folder)

    def static(filename: str) -> ResponseReturnValue:
        first, _, rest = filename.partition("/")
        response = answer(_found(folder, rest if _VERSION.fullmatch(first) else filename))
        _say_how_long(response, first == version)
        response.make_conditional(request)
        return response

    def name_version(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static" and "filename" in values:
            values["filename"] = f"{version}/{values['filename']}"

    app.view_functions["static"] = static
    app.url_defaults(name_version)
    app.extensions[VERSION] = version


def _found(folder: Path, name: str) -> Path:
    path = safe_join(str(folder), name)
    if path is None or not Path(path).is_file():
        raise NotFound
    return Path(path)


def _say_how_long(response: Response, for_good: bool) -> None:
    if for_good:
        response.cache_control.public = True
        response.cache_control.max_age = KEPT_S
        response.cache_control.immutable = True
    else:
        response.cache_control.no_cache = True
