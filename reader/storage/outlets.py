"""What a store must do about lists that programs fetch by a secret address: a part of the protocol `Storage`."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from reader.types_outlets import Outlet


class OutletStorage(Protocol):
    """Kept under the same promises as everything else (`reader.storage.protocol.Storage`)."""

    def put_outlet(self, outlet: Outlet) -> None:
        """Store or replace an outlet by its digest."""

    def touch_outlet(self, digest: str, at: datetime, list_id: str) -> None:
        """Write down that an outlet was fetched, and which list it gave; nothing is made if it is gone."""

    def outlet(self, digest: str) -> Outlet | None:
        """Return the outlet with this digest."""

    def outlets(self, user: str) -> list[Outlet]:
        """Return all outlets of one reader, by time of creation, then digest."""

    def drop_outlet(self, user: str, digest: str) -> bool:
        """Delete an outlet of this reader; False if it is not there, or another's."""
