"""What a store must do about data grants: a part of `Storage`. The ledger only grows, until its reader is erased."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from reader.types_grants import Grant, GrantEntry


class GrantStorage(Protocol):
    """Kept under the same promises as everything else (`reader.storage.protocol.Storage`)."""

    def add_grant(self, grant: Grant, entry: GrantEntry) -> None:
        """Store a new grant together with the first line of its ledger."""

    def grants(self, user: str) -> list[Grant]:
        """Return the grants of a reader, newest first, then by id."""

    def grant(self, grant_id: str, *, user: str) -> Grant | None:
        """Return a grant of this reader; another's is as little as none."""

    def grant_by_key(self, key_digest: str) -> Grant | None:
        """Return the grant of this secret address; None for ""."""

    def end_grant(self, entry: GrantEntry) -> bool:
        """End a grant at the time of an entry, and write the entry down; False if it had ended, or is not there.

        Of several callers at once, one is told yes.
        """

    def note_export(self, entry: GrantEntry) -> bool:
        """Write down that something is about to go out; False, and nothing written, if the grant has ended by then."""

    def grant_ledger(self, grant_id: str, *, user: str) -> list[GrantEntry]:
        """Return the ledger of a reader's grant, in the order in which it was written."""

    def grants_over(self, at: datetime, *, user: str) -> list[Grant]:
        """Return the grants of a reader that have not ended though their time was over by `at`."""
