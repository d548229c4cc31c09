"""The app behind the server that `reread serve` uses, on a free port of loopback."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from waitress.server import create_server  # type: ignore[import-untyped]  # it has no annotations

from webapp.commands.serve import SERVER_OPTIONS


@contextmanager
def served(app: Flask, **options: Any) -> Iterator[str]:
    """Serve the app in a thread of its own; yield its address. options: those of waitress."""
    sockets: dict[int, Any] = {}
    server = create_server(app, host="127.0.0.1", port=0, map=sockets, **SERVER_OPTIONS, **options)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        server.task_dispatcher.shutdown()
        # The loop ends when there is nothing left to listen to.
        server.trigger.pull_trigger(lambda: [each.close() for each in list(sockets.values())])
        thread.join()
