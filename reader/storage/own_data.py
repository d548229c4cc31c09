"""What a store must do so that readers can see, take along and delete what is theirs: a part of `Storage`."""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

from reader.types_privacy import Erasure


class OwnDataStorage(Protocol):
    """Kept under the same promises as everything else (`reader.storage.protocol.Storage`)."""

    def erasures(self) -> int:
        """Return a number that grows whenever events are deleted that folds may have taken in.

        A fold that began at another number must begin anew: so an erasure reaches the memory of every process.
        """

    def erasure(self, erasure_id: str) -> Erasure | None:
        """Return the note that something was erased under this id."""

    def drop_some_events(self, user: str, ids: Collection[str]) -> int:
        """Delete those of some events that are this reader's, and count an erasure if there were any; return how many.

        A later event of the same id is a new one.
        """

    def drop_parts(self) -> int:
        """Delete the parts of all readers (`put_parts`); return how many."""
