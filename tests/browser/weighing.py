"""What a site sends, weighed where it leaves: bodies and headers by path, whoever asks, workers included."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

# Kinds of what is sent, by the end of the path; whatever else there is, is a page.
KINDS = {
    "scripts": r"\.js$",
    "style sheets": r"\.css$",
    "icons and manifest": r"(favicon\.svg|icon[^/]*\.png|\.webmanifest)$",
    "thumbnails": r"\.jpg$",
}


class Scales:
    """A WSGI application around another one, that writes down how many bytes go out."""

    def __init__(self, app: Any) -> None:
        self._app = app
        self.sent: list[tuple[str, int]] = []

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterator[bytes]:
        head = 0

        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            nonlocal head
            # The line of the status, each header with colon and end of line, and the empty line.
            head = len(f"HTTP/1.1 {status}") + 4 + sum(len(name) + len(value) + 4 for name, value in headers)
            return start_response(status, headers, *rest)

        body: Iterable[bytes] = self._app(environ, start)
        count = 0
        try:
            for part in body:
                count += len(part)
                yield part
        finally:
            getattr(body, "close", lambda: None)()
        self.sent.append((environ["PATH_INFO"], head + count))

    def bytes_by_kind(self) -> dict[str, int]:
        """Return how many bytes were sent of each kind."""
        found: dict[str, int] = {}
        for path, count in self.sent:
            kind = next((kind for kind, end in KINDS.items() if re.search(end, path)), "page")
            found[kind] = found.get(kind, 0) + count
        return found
