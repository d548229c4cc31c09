"""A log made ready for replay: every event once, in order of time, in one file; what is wrong with it counted by kind.

A log may be larger than memory. What is held of it are its items, 8 bytes an event, 24 an opening, 16 a session.
Equal times are ordered by id, impressions first: what was opened from a list in the same millisecond comes after it.
"""

from __future__ import annotations

import gzip
import json
import zlib
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO

import numpy as np
from numpy.typing import NDArray

from reader.behaviour.events import parse_event
from reader.errors import InvalidEventError, InvalidInputError
from reader.ingest.jsonl import BadLine, read_items
from reader.records import event_from_record, event_record, format_time
from reader.replay.labels import LabelCollector, Labels, digest
from reader.replay.sorting import sort_rows
from reader.types import AnyItem, Event, Impression

# Of every line in the prepared file: impressions sort before what happens in the same millisecond.
_FIRST, _THEN = "0", "1"


@dataclass(frozen=True, slots=True)
class Log:
    """Items, and a file of events in order of time.

    began_at: of the first event, None if there is none. problems: what was left out, by kind; notices: what was odd and
    taken all the same.
    """

    items: tuple[AnyItem, ...]
    path: Path
    events: int
    users: int
    impressions: int
    began_at: datetime | None
    labels: Labels
    problems: Counter[str]
    notices: Counter[str]

    def read(self) -> Iterator[Event]:
        """Go through the events without holding them in memory."""
        with self.path.open(encoding="utf-8") as lines:
            for line in lines:
                yield event_from_record(json.loads(line))


def read_log(events: Path, items: Sequence[Path], folder: Path) -> Log:
    """Prepare a log of JSON Lines. folder: takes the prepared file and, for a while, sorted runs.

    Raises InvalidInputError if a file is not there. Bad lines are counted and left out.
    """
    problems: Counter[str] = Counter()
    found = [item for path in items for item in _read_items(path, problems)]
    return prepare(found, _read_events(events, problems), folder, problems)


def prepare(
    items: Iterable[AnyItem], events: Iterable[Event], folder: Path, problems: Counter[str] | None = None
) -> Log:
    """Prepare a log of values. problems: goes on counting there."""
    survey = _Survey()
    rows = sort_rows(survey.rows(events), folder)
    kinds: Counter[str] = Counter() if problems is None else problems
    path = folder / "prepared.jsonl"
    count = _write(rows, path, survey, kinds)
    return Log(
        tuple(items),
        path,
        count,
        len(survey.sessions),
        survey.impressions - survey.repeated_impressions,
        survey.began_at,
        survey.collector.labels(),
        kinds,
        survey.all_notices(),
    )


@dataclass(slots=True)
class _Survey:
    """What is counted in the one pass over the events as they come."""

    ids: array[int] = field(default_factory=lambda: array("Q"))
    collector: LabelCollector = field(default_factory=LabelCollector)
    notices: Counter[str] = field(default_factory=Counter)
    # The last session of each reader, and (session, reader) digests of every change.
    sessions: dict[str, str | None] = field(default_factory=dict)
    pairs: array[int] = field(default_factory=lambda: array("Q"))
    lists: array[int] = field(default_factory=lambda: array("Q"))
    opens_outside: int = 0
    impressions: int = 0
    repeated_impressions: int = 0
    began_at: datetime | None = None
    ended_at: datetime | None = None

    def rows(self, events: Iterable[Event]) -> Iterator[tuple[str, str]]:
        """Yield the row to sort of each event."""
        for event in events:
            self._note(event)
            first = _FIRST if isinstance(event, Impression) else _THEN
            yield f"{format_time(event.at)} {first} {event.id}", json.dumps(event_record(event), ensure_ascii=False)

    def _note(self, event: Event) -> None:
        self.notices["event: out of order"] += self.ended_at is not None and event.at < self.ended_at
        self.began_at = event.at if self.began_at is None else min(self.began_at, event.at)
        self.ended_at = event.at if self.ended_at is None else max(self.ended_at, event.at)
        self.ids.append(digest(event.id))
        self._note_session(event)
        if isinstance(event, Impression):
            self.impressions += 1
            self.lists.append(digest(event.list or ""))
        elif event.type == "open" and event.item is not None:
            self._note_open(event, event.item)

    def _note_session(self, event: Event) -> None:
        if event.session is not None and self.sessions.get(event.user) != event.session:
            self.pairs.extend((digest(event.session), digest(event.user)))
        self.sessions[event.user] = event.session

    def _note_open(self, event: Event, item: str) -> None:
        if event.list is None:
            self.opens_outside += 1
        else:
            self.collector.add(event.list, item, event.at.timestamp())

    def repeated(self) -> set[int]:
        """Return the digests of ids that came more than once."""
        values, counts = np.unique(np.array(self.ids, dtype=np.uint64), return_counts=True)
        return set(values[counts > 1].tolist())

    def all_notices(self) -> Counter[str]:
        """Return what was odd, by kind; kinds that did not occur are left out."""
        found = Counter(self.notices)
        found["session: of several readers"] = _shared(np.array(self.pairs, dtype=np.uint64).reshape(-1, 2))
        opened_from = self.collector.labels().lists
        shown = np.array(self.lists, dtype=np.uint64)
        found["open: from a list that the log does not have"] = int((~np.isin(opened_from, shown)).sum())
        found["open: from no list"] = self.opens_outside if self.impressions else 0
        return +found


def _shared(pairs: NDArray[np.uint64]) -> int:
    """Return how many sessions have more than one reader. pairs: (n, 2) digests of session and reader."""
    sessions = np.unique(pairs, axis=0)[:, 0]
    return int((np.unique(sessions, return_counts=True)[1] > 1).sum())


def _write(rows: Iterable[tuple[str, str]], path: Path, survey: _Survey, problems: Counter[str]) -> int:
    """Write each event once: of equal ids the earliest. Return how many there are."""
    count, seen, repeated = 0, set[int](), None
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for key, row in rows:
            # Known only now: the rows begin to come when all events have been read.
            repeated = survey.repeated() if repeated is None else repeated
            _, first, event_id = key.split(" ", 2)
            if repeated and (number := digest(event_id)) in repeated:
                if number in seen:
                    problems["event: duplicate id"] += 1
                    survey.repeated_impressions += first == _FIRST
                    continue
                seen.add(number)
            file.write(row + "\n")
            count += 1
    return count


def _read_items(path: Path, problems: Counter[str]) -> Iterator[AnyItem]:
    for found in read_items(path):
        if isinstance(found, BadLine):
            problems[f"item: {found.field}"] += 1
        else:
            yield found


def _read_events(path: Path, problems: Counter[str]) -> Iterator[Event]:
    for raw in _lines(path, problems):
        if not raw.strip():
            continue
        try:
            yield parse_event(json.loads(raw))
        except InvalidEventError as error:
            problems[f"event: {error.field}"] += 1
        except (ValueError, RecursionError):  # not JSON, or not UTF-8: a truncated last line is common
            problems["event: not a JSON line"] += 1


def _lines(path: Path, problems: Counter[str]) -> Iterator[bytes]:
    with _opened(path) as lines:
        try:
            yield from lines
        except (EOFError, OSError, zlib.error):
            problems["events: the file is broken off"] += 1


def _opened(path: Path) -> IO[bytes]:
    if not path.is_file():
        raise InvalidInputError("events", f"{path} is not a file", "give the path of an events.jsonl")
    return gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb")  # type: ignore[return-value]  # both read bytes
