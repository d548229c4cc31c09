"""What every importer hands over."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from reader.types import AnyItem, Event

# The list of openings that a log tells without the list they came from: they are learned from and not scored.
HISTORY_LIST = "history"


@dataclass(frozen=True, slots=True)
class Log:
    """A log as our values.

    events: in any order, read as they are asked for; items, skipped and notes: whole once all events are read.
    skipped: each row that could not be read. notes: what the log as a whole lacks, in sentences for its user.
    """

    events: Iterator[Event]
    items: Callable[[], Iterable[AnyItem]]
    skipped: list[str]
    notes: list[str] = field(default_factory=list)
