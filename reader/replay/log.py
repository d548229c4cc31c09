"""A log as replay wants it: items and events from JSON Lines, in order of time, with what is wrong counted by kind."""

from __future__ import annotations

import gzip
import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from reader.behaviour.events import parse_event
from reader.errors import InvalidEventError, InvalidInputError
from reader.ingest.jsonl import BadLine, read_items
from reader.types import AnyItem, Event, Impression


@dataclass(slots=True)
class Log:
    """Items and events of a log. problems: what was left out, by kind, with its count."""

    items: list[AnyItem]
    events: list[Event]
    problems: Counter[str] = field(default_factory=Counter)

    @property
    def impressions(self) -> int:
        """How many impressions there are."""
        return sum(isinstance(event, Impression) for event in self.events)

    def opened_by_list(self) -> dict[str, set[str]]:
        """Return for each list the items that were opened from it: the labels. Replay never ranks by them."""
        opened: dict[str, set[str]] = defaultdict(set)
        for event in self.events:
            if event.type == "open" and event.list is not None and event.item is not None:
                opened[event.list].add(event.item)
        return opened


def read_log(events: Path, items: Sequence[Path]) -> Log:
    """Read a log; equal ids count once, events are put in order of (time, id)."""
    log = Log([], [])
    for path in items:
        _read_items(path, log)
    known: set[str] = set()
    for event in _read_events(events, log):
        if event.id in known:
            log.problems["event: duplicate id"] += 1
        else:
            known.add(event.id)
            log.events.append(event)
    log.events.sort(key=lambda event: (event.at, event.id))
    return log


def _read_items(path: Path, log: Log) -> None:
    for found in read_items(path):
        if isinstance(found, BadLine):
            log.problems[f"item: {found.field}"] += 1
        else:
            log.items.append(found)


def _read_events(path: Path, log: Log) -> Iterator[Event]:
    with _opened(path) as lines:
        for raw in lines:
            if not raw.strip():
                continue
            try:
                yield parse_event(json.loads(raw))
            except InvalidEventError as error:
                log.problems[f"event: {error.field}"] += 1
            except ValueError:  # not JSON, or not UTF-8: a truncated last line is common
                log.problems["event: not a JSON line"] += 1


def _opened(path: Path) -> IO[bytes]:
    if not path.is_file():
        raise InvalidInputError("events", f"{path} is not a file", "give the path of an events.jsonl")
    return gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb")  # type: ignore[return-value]  # both read bytes
