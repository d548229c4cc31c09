"""Lists that programs fetch by a secret address, in memory."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import datetime

from reader.storage.accounts_memory import kept_time
from reader.types_outlets import Outlet


class MemoryOutlets:
    """The part `OutletStorage` of the engine."""

    _lock: threading.Lock

    def __init__(self) -> None:
        super().__init__()
        self._outlets: dict[str, Outlet] = {}

    def put_outlet(self, outlet: Outlet) -> None:
        used = None if outlet.used_at is None else kept_time(outlet.used_at)
        with self._lock:
            self._outlets[outlet.digest] = replace(outlet, created_at=kept_time(outlet.created_at), used_at=used)

    def touch_outlet(self, digest: str, at: datetime, list_id: str) -> None:
        with self._lock:
            if digest in self._outlets:
                self._outlets[digest] = replace(self._outlets[digest], used_at=kept_time(at), list=list_id)

    def outlet(self, digest: str) -> Outlet | None:
        with self._lock:
            return self._outlets.get(digest)

    def outlets(self, user: str) -> list[Outlet]:
        with self._lock:
            own = [outlet for outlet in self._outlets.values() if outlet.user == user]
        return sorted(own, key=lambda outlet: (outlet.created_at, outlet.digest))

    def drop_outlet(self, user: str, digest: str) -> bool:
        with self._lock:
            own = digest in self._outlets and self._outlets[digest].user == user
            return own and self._outlets.pop(digest) is not None

    def _erase_outlets(self, user: str) -> None:
        self._outlets = {digest: outlet for digest, outlet in self._outlets.items() if outlet.user != user}
