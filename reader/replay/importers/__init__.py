"""Published logs -> our items.jsonl and events.jsonl, ready for replay.

What belongs here: one module per published format, each of which says what it adds (ids, times) and what it leaves
out. What does not: replaying, and judging what an event means.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from reader.errors import InvalidInputError
from reader.replay.importers import deskdrop, ebnerd, kuairand, mind, scroll_readability
from reader.replay.importers._files import Progress, write_events, write_items
from reader.replay.importers._log import Log
from reader.types import Event

Importer = Callable[[Sequence[Path], Path, Progress | None], Log]

FORMATS: dict[str, Importer] = {
    "mind": mind.read_log,
    "ebnerd": ebnerd.read_log,
    "deskdrop": deskdrop.read_log,
    "scroll-readability": scroll_readability.read_log,
    "kuairand": kuairand.read_log,
}


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import came to.

    skipped: each row that could not be read, by file, line and cause. notes: what the log as a whole lacks, such as a
    file that was not given.
    """

    events: int
    items: int
    users: int
    skipped: tuple[str, ...]
    notes: tuple[str, ...] = ()


def import_log(format: str, paths: Sequence[Path], out: Path, *, progress: Progress | None = None) -> Imported:
    """Write `out`/items.jsonl and `out`/events.jsonl (ordered by at, then id) from a published log.

    format: a key of FORMATS. paths: its files, or the folders that hold them. progress: is told now and then how many
    rows have been read so far. Raises InvalidInputError for an unknown format and for a missing file or column.
    """
    if format not in FORMATS:
        raise InvalidInputError("format", f"{format!r} is unknown", f"use one of {', '.join(FORMATS)}")
    out.mkdir(parents=True, exist_ok=True)
    log = FORMATS[format]([Path(path) for path in paths], out, progress)
    users: set[str] = set()
    events = write_events(_counting(log.events, users), out / "events.jsonl")
    # The items last: some logs know an item's first day only when all events have been seen.
    items = write_items(log.items(), out / "items.jsonl")
    return Imported(events, items, len(users), tuple(log.skipped), tuple(log.notes))


def _counting(events: Iterator[Event], users: set[str]) -> Iterator[Event]:
    for event in events:
        users.add(event.user)
        yield event
