"""Forgetting: the part of the recommender that deletes, and by which nothing is left of it in what was learned.

Whatever is deleted from the log gives the store another number of erasures. Whoever began to fold at another one begins
anew, at the next call: the log is gone through from its start, and its newest lists teach again (ADR 0019).
"""

from __future__ import annotations

import threading
from abc import abstractmethod
from collections.abc import Sequence

from reader.recommend.sittings import Sittings
from reader.storage.protocol import Storage
from reader.types_consent import ATTENTION_TYPES
from reader.types_privacy import Erasure


class Forgetting:
    """What `Recommender` deletes of its readers."""

    storage: Storage
    sittings: Sittings
    _lock: threading.RLock

    @abstractmethod
    def catch_up(self) -> None:
        """Take in what has been stored, and begin anew if something was deleted."""

    @abstractmethod
    def save_learned(self) -> bool:
        """Write down what was learned."""

    def erase(self, user: str, erasure: Erasure | None = None) -> dict[str, int]:
        """Delete all that is stored about a reader, and their share of what is learned from all; return counts by kind.

        erasure: the note to keep of it, which does not name the reader.
        """
        with self._lock:
            self.sittings.end(user)
            counts = self.storage.erase_user(user, erasure)
            self.catch_up()
        self.save_learned()
        return counts

    def forget_events(self, user: str, types: Sequence[str]) -> int:
        """Delete a reader's events of some types, and what was derived from them; return the number of events."""
        with self._lock:
            count = self.sittings.end(user) + self.storage.drop_events(user, types)
            self.catch_up()
        self.save_learned()
        return count

    def forget_attention(self, user: str) -> int:
        """Delete how a reader has read and watched, and what was derived from it; return the number of events."""
        return self.forget_events(user, sorted(ATTENTION_TYPES))
