"""The values that travel when a reader sees, takes along or deletes what is kept; a part of `reader.types`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Erasure:
    """That something was erased, and when; not whose it was. id: random, that of the receipt."""

    id: str
    at: datetime
