"""`python -m tests.bench.feed_server`: a server of feeds on loopback that answers after 50 ms. Prints its port.

A process of its own, so that it shares no interpreter with what is measured. `/feed/N/E` is feed N with E entries;
asked again with its ETag it answers 304.
"""

from __future__ import annotations

import random
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

LATENCY_S = 0.05
WORDS = """salt road brine lithium valley river glacier harbour market engine battery council museum orchard violin
telescope orbit island winter bridge library festival bakery garden forest mountain railway signal ocean current"""
WORDS_PER_ENTRY = 60


class Handler(BaseHTTPRequestHandler):
    """Answers with the feed that the path names."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Answer, late."""
        time.sleep(LATENCY_S)
        _, _, number, entries = self.path.split("/")
        tag = f'"{entries}"'
        same = self.headers.get("If-None-Match") == tag
        body = b"" if same else feed(int(number), int(entries))
        self.send_response(304 if same else 200)
        for name, value in (("ETag", tag), ("Content-Length", str(len(body))), ("Connection", "close")):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = True

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


def feed(number: int, entries: int) -> bytes:
    """Return an RSS feed whose texts are drawn from its number."""
    items = "".join(_entry(number, entry) for entry in range(entries))
    return f"<rss version='2.0'><channel><title>Feed {number}</title>{items}</channel></rss>".encode()


def _entry(number: int, entry: int) -> str:
    rng = random.Random(f"{number}/{entry}")
    words = rng.choices(WORDS.split(), k=WORDS_PER_ENTRY)
    text = ". ".join(" ".join(words[start : start + 10]).capitalize() for start in range(0, WORDS_PER_ENTRY, 10))
    title = " ".join(rng.choices(WORDS.split(), k=5)).capitalize()
    return (
        f"<item><title>{title}</title><guid isPermaLink='false'>{number}-{entry}</guid>"
        f"<link>https://{number}.example/{entry}</link><description>{text}.</description></item>"
    )


def main() -> None:
    """Serve until killed."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    print(server.server_address[1], flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
