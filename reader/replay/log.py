"""A log made ready for replay: every event once, in order of time, in one file; what is wrong with it counted by kind.

A log may be larger than memory. What is held of it are its items, 8 bytes an event, 40 an opening, 24 a list,
16 a session.
Equal times are ordered by id, impressions first: what was opened from a list in the same millisecond comes after it.
"""

from __future__ import annotations

import gzip
import json
import zlib
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import IO

import numpy as np
from numpy.typing import NDArray

from reader.behaviour.events import parse_event
from reader.errors import InvalidEventError, InvalidInputError
from reader.ingest.jsonl import BadLine, read_items
from reader.records import event_from_record, event_record, format_time
from reader.replay.feeds import FeedWatches, lengths_of
from reader.replay.labels import LabelCollector, Labels, digest, list_digest
from reader.replay.sorting import sort_rows
from reader.types import AnyItem, Event, Impression
from reader.types_folding import FoldedView

# Of every line in the prepared file: impressions sort before what happens in the same millisecond.
_FIRST, _THEN = "0", "1"


@dataclass(frozen=True, slots=True)
class Log:
    """Items, and a file of events in order of time.

    began_at: of the first event, None if there is none. problems: what was left out, by kind; notices: what was odd and
    taken all the same; examples: of a kind of bad lines the first, with its value and what to give instead.
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
    examples: Mapping[str, BadLine] = field(default_factory=dict)

    def read(self) -> Iterator[Event]:
        """Go through the events without holding them in memory."""
        with self.path.open(encoding="utf-8") as lines:
            for line in lines:
                yield event_from_record(json.loads(line))


def read_log(events: Path, items: Sequence[Path], folder: Path) -> Log:
    """Prepare a log of JSON Lines. folder: takes the prepared file and, for a while, sorted runs.

    Raises InvalidInputError if a file is not there. Bad lines are counted and left out.
    """
    bad = _BadLines()
    found = [item for path in items for item in _read_items(path, bad)]
    return replace(prepare(found, _read_events(events, bad), folder, bad.kinds), examples=bad.examples)


def prepare(
    items: Iterable[AnyItem], events: Iterable[Event], folder: Path, problems: Counter[str] | None = None
) -> Log:
    """Prepare a log of values. problems: goes on counting there."""
    kinds: Counter[str] = Counter() if problems is None else problems
    arrival, known = _Arrival(), tuple(items)
    survey = _Survey(arrival, FeedWatches(lengths_of(known)))
    path = folder / "prepared.jsonl"
    _write(survey.kept(sort_rows(arrival.rows(events), folder), kinds), path)
    return Log(
        known,
        path,
        survey.events,
        len(survey.sessions),
        survey.impressions,
        survey.began_at,
        survey.feeds.applied_to(survey.labels.labels()),
        kinds,
        survey.notices(),
    )


@dataclass(slots=True)
class _Arrival:
    """What is counted as events come: their ids and lists, to know which come more than once, and their order."""

    ids: array[int] = field(default_factory=lambda: array("Q"))
    lists: array[int] = field(default_factory=lambda: array("Q"))
    out_of_order: int = 0
    latest: datetime | None = None

    def rows(self, events: Iterable[Event]) -> Iterator[tuple[str, str]]:
        """Yield the row to sort of each event."""
        for event in events:
            self.out_of_order += self.latest is not None and event.at < self.latest
            self.latest = event.at if self.latest is None else max(self.latest, event.at)
            self.ids.append(digest(_key(event)))
            first = _THEN
            if isinstance(event, Impression):
                first = _FIRST
                self.lists.append(list_digest(event.list or "", event.user))
            yield f"{format_time(event.at)} {first} {_key(event)}", json.dumps(event_record(event), ensure_ascii=False)


@dataclass(slots=True)
class _Survey:
    """What is counted of the events that are kept, in order of time."""

    arrival: _Arrival
    feeds: FeedWatches
    labels: LabelCollector = field(default_factory=LabelCollector)
    # The last session of each reader, and (session, reader) digests of every change.
    sessions: dict[str, str | None] = field(default_factory=dict)
    pairs: array[int] = field(default_factory=lambda: array("Q"))
    # Digests of the lists that were shown, and of those that were opened from: by id alone, and with their reader.
    shown: tuple[array[int], array[int]] = field(default_factory=lambda: (array("Q"), array("Q")))
    opened: tuple[array[int], array[int]] = field(default_factory=lambda: (array("Q"), array("Q")))
    opens_outside: int = 0
    folded: int = 0
    events: int = 0
    impressions: int = 0
    began_at: datetime | None = None

    def kept(self, rows: Iterable[tuple[str, str]], problems: Counter[str]) -> Iterator[str]:
        """Yield the row of each event once: of equal ids of one reader the earliest."""
        seen: set[int] = set()
        repeated: tuple[set[int], set[int]] | None = None
        for key, row in rows:
            # Known only now: the rows begin to come when all events have been read.
            repeated = (_repeated(self.arrival.ids), _repeated(self.arrival.lists)) if repeated is None else repeated
            number = digest(key.split(" ", 2)[2]) if repeated[0] else 0
            if number in seen:
                problems["event: duplicate id"] += 1
                continue
            if number in repeated[0]:
                seen.add(number)
            self._note(event_from_record(json.loads(row)), repeated[1])
            yield row

    def _note(self, event: Event, repeated_lists: set[int]) -> None:
        self.events += 1
        self.began_at = self.began_at or event.at
        if event.session is not None and self.sessions.get(event.user) != event.session:
            self.pairs.extend((digest(event.session), digest(event.user)))
        self.sessions[event.user] = event.session
        self.feeds.note(event)
        if isinstance(event, Impression):
            self._note_impression(event, repeated_lists)
        elif event.type == "open" and event.item is not None:
            self._note_open(event, event.item)
        elif isinstance(event, FoldedView):
            self.folded += 1

    def _note_impression(self, event: Impression, repeated_lists: set[int]) -> None:
        self.impressions += event.origin is None
        list_id = event.list or ""
        number = list_digest(list_id, event.user)
        self.shown[0].append(digest(list_id))
        self.shown[1].append(number)
        if number in repeated_lists:
            self.labels.add_shown(list_id, event.user, [place.item for place in event.items], event.at.timestamp())

    def _note_open(self, event: Event, item: str) -> None:
        if event.list is None:
            self.opens_outside += 1
            return
        self.labels.add(event.list, event.user, item, event.at.timestamp())
        self.opened[0].append(digest(event.list))
        self.opened[1].append(list_digest(event.list, event.user))

    def notices(self) -> Counter[str]:
        """Return what was odd, by kind; kinds that did not occur are left out."""
        by_id, by_reader = (np.isin(_array(self.opened[k]), _array(self.shown[k])) for k in (0, 1))
        found = Counter(
            {
                "event: out of order": self.arrival.out_of_order,
                "session: of several readers": _shared(_array(self.pairs).reshape(-1, 2)),
                "open: from a list that the log does not have": int((~by_id).sum()),
                "open: from another reader's list": int((by_id & ~by_reader).sum()),
                "view: only its sum is kept": self.folded,
                "open: from no list": self.opens_outside if self.impressions else 0,
            }
        )
        return +found


def _key(event: Event) -> str:
    """Return what is unique of an event: its id with its reader. No id holds the character between the two."""
    return f"{event.id}\0{event.user}"


def _array(numbers: array[int]) -> NDArray[np.uint64]:
    return np.array(numbers, dtype=np.uint64)


def _repeated(numbers: array[int]) -> set[int]:
    values, counts = np.unique(_array(numbers), return_counts=True)
    return set(values[counts > 1].tolist())


def _write(rows: Iterable[str], path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(f"{row}\n" for row in rows)


def _shared(pairs: NDArray[np.uint64]) -> int:
    """Return how many sessions have more than one reader. pairs: (n, 2) digests of session and reader."""
    sessions = np.unique(pairs, axis=0)[:, 0]
    return int((np.unique(sessions, return_counts=True)[1] > 1).sum())


@dataclass(slots=True)
class _BadLines:
    """Bad lines by kind: how many, and the first."""

    kinds: Counter[str] = field(default_factory=Counter)
    examples: dict[str, BadLine] = field(default_factory=dict)

    def take(self, kind: str, line: BadLine) -> None:
        self.kinds[kind] += 1
        self.examples.setdefault(kind, line)


def _read_items(path: Path, bad: _BadLines) -> Iterator[AnyItem]:
    for found in read_items(path):
        if isinstance(found, BadLine):
            bad.take(f"item: {found.field}", found)
        else:
            yield found


def _read_events(path: Path, bad: _BadLines) -> Iterator[Event]:
    for number, raw in enumerate(_lines(path, bad), start=1):
        if not raw.strip():
            continue
        try:
            yield parse_event(json.loads(raw))
        except InvalidEventError as error:
            detail = f"{error.detail}; {error.remedy}" if error.remedy else error.detail
            bad.take(f"event: {error.field}", BadLine(str(path), number, error.field, detail))
        except (ValueError, RecursionError):  # not JSON, or not UTF-8: a truncated last line is common
            told = BadLine(str(path), number, "line", "is not JSON in UTF-8; write one JSON object a line")
            bad.take("event: not a JSON line", told)


def _lines(path: Path, bad: _BadLines) -> Iterator[bytes]:
    read = 0
    with _opened(path) as lines:
        try:
            for line in lines:
                read += 1
                yield line
        except (EOFError, OSError, zlib.error) as error:
            detail = f"the data end or are damaged here ({error}); get the file anew"
            bad.take("events: the file is broken off", BadLine(str(path), read + 1, "line", detail))


def _opened(path: Path) -> IO[bytes]:
    if not path.is_file():
        raise InvalidInputError("events", f"{path} is not a file", "give the path of an events.jsonl")
    return gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb")  # type: ignore[return-value]  # both read bytes
