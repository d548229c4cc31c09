"""What every importer hands over."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from reader.types import AnyItem, Event


@dataclass(frozen=True, slots=True)
class Log:
    """A log as our values.

    events: in any order, read as they are asked for; items and skipped: whole once all events are read.
    """

    events: Iterator[Event]
    items: Callable[[], Iterable[AnyItem]]
    skipped: list[str]
