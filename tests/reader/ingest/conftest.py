"""A web site on loopback, with pages that each test writes."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from reader.clock import ManualClock
from reader.ingest.fetch import Fetcher
from reader.settings import Settings

if TYPE_CHECKING:
    from tests.reader.ingest.feed_world import World

HERE = Path(__file__).parent
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)

Page = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    """Answers with the page of the path, and writes down what was asked."""

    protocol_version = "HTTP/1.1"
    server: Site

    def do_GET(self) -> None:
        self.server.asked.append((self.path, dict(self.headers)))
        self.close_connection = True
        try:
            self.server.pages[self.path](self)
        except (BrokenPipeError, ConnectionResetError):
            self.server.cut_off.set()

    def answer(self, body: bytes = b"", *, status: int = 200, **headers: str) -> None:
        """Send a whole answer; header names are given with _ for -."""
        self.start(status, {"Content_Length": str(len(body))} | headers)
        self.wfile.write(body)

    def start(self, status: int = 200, headers: dict[str, str] | None = None) -> None:
        """Send the beginning of an answer."""
        self.send_response(status)
        for name, value in ({"Connection": "close"} | (headers or {})).items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Keep the output of the tests clean."""


class Site(ThreadingHTTPServer):
    """asked: path and headers of each request; closing: set at the end, for pages that would go on for ever."""

    daemon_threads = True

    def __init__(self, address: str = "127.0.0.1", *, tls: bool = False) -> None:
        self.pages: dict[str, Page] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.closing = threading.Event()
        self.cut_off = threading.Event()
        super().__init__((address, 0), Handler)
        if tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(HERE / "feeds_test.pem")
            self.socket = context.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)
        self._thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01})

    def __enter__(self) -> Site:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        self.shutdown()
        self._thread.join()
        self.server_close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away in the middle is what many tests are about."""

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    @property
    def url(self) -> str:
        return f"http://{self.server_address[0]!s}:{self.port}"

    def put(self, path: str, body: bytes, status: int = 200, **headers: str) -> str:
        """Put a page and return its address."""
        self.pages[path] = lambda handler: handler.answer(body, status=status, **headers)
        return self.url + path

    def redirect(self, path: str, target: str, status: int = 302) -> str:
        """Put a redirect and return its address."""
        self.pages[path] = lambda handler: handler.answer(status=status, Location=target)
        return self.url + path


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as running:
        yield running


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOW)


@pytest.fixture
def fetcher(clock: ManualClock) -> Fetcher:
    """A fetcher that may go to loopback, and never really waits between two fetches."""
    return make_fetcher(clock=clock)


def make_fetcher(*, clock: ManualClock | None = None, pauses: list[float] | None = None, **values: Any) -> Fetcher:
    """Build a fetcher. pauses: collects what it would have waited; others: Fetcher's own, or settings."""
    extra = {name: values.pop(name) for name in ("resolve", "refusal", "ca_file") if name in values}
    settings = Settings(**{"fetch_private_addresses": True} | values)
    waited = [] if pauses is None else pauses
    return Fetcher(settings, clock=clock or ManualClock(NOW), pause=waited.append, **extra)


@pytest.fixture
def world(clock: ManualClock) -> World:
    """A store and a refresher, with nothing followed yet."""
    from tests.reader.ingest.feed_world import World  # which fetches as this module does

    return World(clock)
