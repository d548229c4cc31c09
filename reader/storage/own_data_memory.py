"""What readers may do with their own data, in memory: numbers and notes of erasures."""

from __future__ import annotations

from reader.types_privacy import Erasure


class Erasures:
    """How often something was erased, and the notes of those erasures that have a receipt."""

    def __init__(self) -> None:
        self.count = 0
        self.noted: dict[str, Erasure] = {}

    def note(self, erasure: Erasure | None) -> None:
        """Count one more."""
        self.count += 1
        if erasure is not None:
            self.noted[erasure.id] = erasure
