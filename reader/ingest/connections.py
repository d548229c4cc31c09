"""Connections that go only where they may, and end when their time is up.

The name is resolved, every address checked, and the socket opened to a checked address, all in one place: a second
resolution between check and connection (DNS rebinding) cannot happen. Host header, SNI and certificate checks keep the
name, since the connection object still has it. What does not belong here: URLs, redirects, bodies (`fetch`).
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from functools import partial
from types import TracebackType
from typing import Any, Final

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.util.connection import create_connection

Resolve = Callable[[str, int], list[str]]
Refusal = Callable[[str], str]


class NotReachedError(Exception):
    """No connection, for a cause in plain words. Not an OSError, so that urllib3 lets it through as it is.

    trouble: what kind of cause (`reader.ingest.trouble`).
    """

    def __init__(self, words: str, trouble: str = "no connection") -> None:
        self.trouble = trouble
        super().__init__(words)


class RefusedError(NotReachedError):
    """The name leads to an address that is not allowed."""


def resolve(host: str, port: int) -> list[str]:
    """Return the numeric addresses of a host, in the order of the system's preference. OSError if there are none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


class Guard:
    """Opens sockets to allowed addresses, and cuts all of them when the time is up. For one fetch, in a `with`.

    A read time-out cannot do the latter: it begins anew with every byte that drips in. time_s: seconds for everything.
    """

    def __init__(self, *, resolve: Resolve, refusal: Refusal, time_s: float) -> None:
        self.time_is_up = False
        self._resolve = resolve
        self._refusal = refusal
        self._sockets: list[socket.socket] = []
        self._lock = threading.Lock()
        self._timer = threading.Timer(time_s, self._cut)
        self._timer.daemon = True

    def __enter__(self) -> Guard:
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()
        with self._lock:
            for twin in self._sockets:
                twin.close()
            self._sockets.clear()

    def open(self, host: str, port: int, **options: Any) -> socket.socket:
        """Return a socket connected to the host. options: those of urllib3's create_connection."""
        error: OSError | None = None
        for address in self._allowed(host, port):
            try:
                return self._watched(create_connection((address, port), **options))
            except OSError as one:
                error = one
        raise NotReachedError(f"no connection to {host} port {port}: {_words(error)}") from error

    def _allowed(self, host: str, port: int) -> list[str]:
        try:
            addresses = self._resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise NotReachedError(f"the host name {host!r} is not known", "unknown host") from error
        for address in addresses:
            # One bad address among good ones is how an attack would look, so all must be good.
            if why := self._refusal(address):
                raise RefusedError(f"{host} leads to {address}, {why}; set fetch_private_addresses to allow it")
        return addresses

    def _watched(self, opened: socket.socket) -> socket.socket:
        # A twin, because TLS takes the socket itself apart; shutting down either ends the connection.
        with self._lock:
            if self.time_is_up:
                opened.close()
                raise NotReachedError("the time is up")
            self._sockets.append(opened.dup())
        return opened

    def _cut(self) -> None:
        with self._lock:
            self.time_is_up = True
            for twin in self._sockets:
                try:
                    twin.shutdown(socket.SHUT_RDWR)
                except OSError:  # the other side was faster
                    continue


def _words(error: OSError | None) -> str:
    if isinstance(error, TimeoutError):
        return "no answer in time"
    return error.strerror or str(error) if error else "it has no address"


class _GuardedConnection(HTTPConnection):
    def __init__(self, *args: Any, guard: Guard, **options: Any) -> None:
        self._guard = guard
        super().__init__(*args, **options)

    def _new_conn(self) -> socket.socket:
        return _open(self, self._guard)


class _GuardedTlsConnection(HTTPSConnection):
    def __init__(self, *args: Any, guard: Guard, **options: Any) -> None:
        self._guard = guard
        super().__init__(*args, **options)

    def _new_conn(self) -> socket.socket:
        return _open(self, self._guard)


def _open(connection: HTTPConnection, guard: Guard) -> socket.socket:
    return guard.open(
        connection.host, connection.port, timeout=connection.timeout, socket_options=connection.socket_options
    )


_CONNECTIONS: Final = {"http": _GuardedConnection, "https": _GuardedTlsConnection}


class _GuardedPools(PoolManager):
    def __init__(self, guard: Guard, **options: Any) -> None:
        self._guard = guard
        super().__init__(**options)

    def _new_pool(
        self, scheme: str, host: str, port: int, request_context: dict[str, Any] | None = None
    ) -> HTTPConnectionPool:
        pool = super()._new_pool(scheme, host, port, request_context)
        pool.ConnectionCls = partial(_CONNECTIONS[scheme], guard=self._guard)  # type: ignore[assignment]  # called only
        return pool


class GuardedAdapter(HTTPAdapter):
    """The transport of a requests session whose every connection is opened by the guard."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard
        super().__init__(max_retries=0)

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **options: Any) -> None:
        """Make the pools; called by the base class."""
        self.poolmanager = _GuardedPools(self._guard, num_pools=connections, maxsize=maxsize, block=block, **options)
