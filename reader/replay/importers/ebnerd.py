"""EB-NeRD's published logs as our items and events.

Files (its publishers' description, recsys.eb.dk): `behaviors.parquet`, `history.parquet` and `articles.parquet`, in one
folder or in a bundle's, whose splits lie in `train` and `validation`. Times have no zone and are taken as UTC. What we
add and leave out:

- The publishers shuffled what was in view: `position` only numbers it, and no propensity is known.
- A click comes when the time on the page that shows the list (`read_time`) is over, at least CLICK_SPACING after it;
  several of one impression come CLICK_SPACING apart. `next_read_time` and `next_scroll_percentage` tell of one click:
  where there are several, of none.
- An impression on an article's page is of a reader who is reading it. Where no click of that session led there, they
  came from elsewhere, and it becomes an `open` of its own, before the list.
- Read times include time away from the page. They become the `close`.
- `paragraph_visit`s are derived, where read time, depth and text are all known: the reader went down once at an even
  speed, so that the read time is shared among the paragraphs by their words above the depth; `coverage` is the part of
  a paragraph's words above it. How far down is real; pauses, skimming and going back are lost.
- The history's reads keep their times. Those from the first impression of the log on are left out, since the
  impressions tell of them (the history of `validation` overlaps `train`), and a read that two files hold counts once.
- History and articles are optional, and `notes` says what is missing for it.

A row that cannot be read whole is named and left out whole; a history row is one reader's. Source: Kruse et al.,
EB-NeRD: A Large-Scale Dataset for News Recommendation, RecSys Challenge 2024.
"""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any

from reader.errors import InvalidInputError
from reader.records import format_time, parse_time
from reader.replay.importers._files import PROGRESS_ROWS, Progress, find_files, require
from reader.replay.importers._log import HISTORY_LIST, Log
from reader.replay.importers.ebnerd_articles import ARTICLES_FILE, Catalogue
from reader.replay.importers.ebnerd_parquet import ColumnType, Row, read_rows
from reader.replay.importers.ebnerd_reads import Read, read_events
from reader.replay.sorting import sort_rows
from reader.types import Event, Impression, Shown

BEHAVIORS_FILE = "behaviors.parquet"
HISTORY_FILE = "history.parquet"
SPLITS = ("train", "validation")
BEHAVIORS_COLUMNS: dict[str, ColumnType] = {
    "impression_id": "number",
    "article_id": "number",
    "impression_time": "moment",
    "read_time": "share",
    "scroll_percentage": "share",
    "article_ids_inview": "numbers",
    "article_ids_clicked": "numbers",
    "user_id": "number",
    "session_id": "number",
    "next_read_time": "share",
    "next_scroll_percentage": "share",
}
HISTORY_COLUMNS: dict[str, ColumnType] = {
    "user_id": "number",
    "impression_time_fixed": "moments",
    "scroll_percentage_fixed": "shares",
    "article_id_fixed": "numbers",
    "read_time_fixed": "shares",
}
CLICK_SPACING = timedelta(seconds=1)
_NEEDED = ("impression_id", "impression_time", "user_id", "session_id")
_LISTS = ("impression_time_fixed", "scroll_percentage_fixed", "article_id_fixed", "read_time_fixed")


@dataclass(slots=True)
class Reading:
    """What is gathered while the rows are read: first: the first impression; counts: what the notes tell."""

    catalogue: Catalogue
    skipped: list[str] = field(default_factory=list)
    first: datetime | None = None
    counts: Counter[str] = field(default_factory=Counter)


def read_log(paths: Sequence[Path], out: Path, progress: Progress | None) -> Log:
    """Read the three files (one or several of each) from `paths`; `out` takes sorted runs."""
    folders = [folder for path in paths for folder in _with_splits(path)]
    behaviors = require(find_files(folders, [BEHAVIORS_FILE]), BEHAVIORS_FILE)
    history = find_files(folders, [HISTORY_FILE])
    reading = Reading(Catalogue(find_files(folders, [ARTICLES_FILE])))
    reading.catalogue.load(reading.skipped)
    notes: list[str] = []
    events = _events(behaviors, history, reading, out, progress)
    return Log(_and_then_noted(events, notes, reading, bool(history)), reading.catalogue.items, reading.skipped, notes)


def _with_splits(path: Path) -> list[Path]:
    return [path, *(path / split for split in SPLITS if (path / split).is_dir())]


def _and_then_noted(
    events: Iterator[Event], notes: list[str], reading: Reading, history_given: bool
) -> Iterator[Event]:
    yield from events
    notes.append("the publishers shuffled the items in view: positions say nothing")
    if not history_given:
        notes.append(f"{HISTORY_FILE} was not given: no reader has a past")
    if unknown := len(reading.catalogue.unknown()):
        cause = f"not in {ARTICLES_FILE}" if reading.catalogue.files else f"{ARTICLES_FILE} was not given"
        notes.append(f"{cause}: {unknown} items have only their id as title, and no text")
    notes.extend(f"{count} {what}" for what, count in sorted(reading.counts.items()))


def _events(
    behaviors: Sequence[Path], history: Sequence[Path], reading: Reading, out: Path, progress: Progress | None
) -> Iterator[Event]:
    """Yield the events of all files, reader by reader, each reader's in the order of time."""
    with tempfile.TemporaryDirectory(dir=out) as runs:
        rows = _counted(_keyed(behaviors, history, reading), progress)
        keyed = ((key.split(" "), json.loads(row)) for key, row in sort_rows(rows, Path(runs)))
        for _, of_reader in groupby(keyed, lambda one: one[0][0]):
            yield from _reader_events((record for _, record in of_reader), reading)


def _counted(rows: Iterator[tuple[str, str]], progress: Progress | None) -> Iterator[tuple[str, str]]:
    count = 0
    for count, row in enumerate(rows, start=1):
        if progress and count % PROGRESS_ROWS == 0:
            progress(count)
        yield row
    if progress:
        progress(count)


def _keyed(behaviors: Sequence[Path], history: Sequence[Path], reading: Reading) -> Iterator[tuple[str, str]]:
    """Yield ("user time id", JSON) of every impression and, after all of them, of every read of the history."""
    for file_number, file in enumerate(behaviors, start=1):
        for number, row in read_rows(file, BEHAVIORS_COLUMNS):
            try:
                check_behavior(row)
            except InvalidInputError as error:
                reading.skipped.append(f"{file.name} row {number}: {error}")
                continue
            at = row["impression_time"].replace(tzinfo=UTC)
            reading.first = min(at, reading.first or at)
            id = f"ebnerd-{file_number}-{number:09d}"
            record = {**row, "impression_time": format_time(at), "id": id}
            yield f"{row['user_id']} {format_time(at)} {id}", _json(record)
    for file in history:
        for number, row in read_rows(file, HISTORY_COLUMNS):
            try:
                check_history(row)
            except InvalidInputError as error:
                reading.skipped.append(f"{file.name} row {number}: {error}")
                continue
            yield from _history_reads(row, reading)


def _json(record: dict[str, Any]) -> str:
    return json.dumps(record, separators=(",", ":"))


def _history_reads(row: Row, reading: Reading) -> Iterator[tuple[str, str]]:
    """Yield the reads before the first impression. The same read has the same id in every file."""
    seen: Counter[str] = Counter()
    for moment, scrolled, article, read_s in zip(*(row[name] for name in _LISTS), strict=True):
        at = moment.replace(tzinfo=UTC)
        if reading.first is not None and at >= reading.first:
            reading.counts["reads of the history left out: from the first impression on, impressions tell of them"] += 1
            continue
        same = f"ebnerd-history-{row['user_id']}-{int(at.timestamp())}-{article}"
        id = f"{same}-{seen[same]}"
        seen[same] += 1
        record = {"id": id, "at": format_time(at), "user": row["user_id"], "article": article}
        yield f"{row['user_id']} {format_time(at)} {id}", _json({**record, "read_s": read_s, "scrolled": scrolled})


def check_behavior(row: Row) -> None:
    """Raise InvalidInputError, naming the column, if a row of behaviors.parquet is not whole."""
    for name in _NEEDED:
        if row[name] is None:
            raise InvalidInputError(name, "is empty")
    if not row["article_ids_inview"] or None in row["article_ids_inview"]:
        raise InvalidInputError("article_ids_inview", "is empty or has an empty place")
    for item in row["article_ids_clicked"] or ():
        if item not in row["article_ids_inview"]:
            raise InvalidInputError("article_ids_clicked", f"{item} is not among those in view")
    for name in ("read_time", "next_read_time"):
        row[name] = _measured(name, row[name])
    for name in ("scroll_percentage", "next_scroll_percentage"):
        row[name] = _measured(name, row[name], 100.0)


def check_history(row: Row) -> None:
    """Raise InvalidInputError, naming the column, if a row of history.parquet is not whole."""
    if row["user_id"] is None:
        raise InvalidInputError("user_id", "is empty")
    if any(row[name] is None for name in _LISTS) or len({len(row[name]) for name in _LISTS}) != 1:
        raise InvalidInputError("columns", f"{', '.join(_LISTS)} are of unequal length")
    for name in ("impression_time_fixed", "article_id_fixed"):
        if None in row[name]:
            raise InvalidInputError(name, "has an empty place")
    row["read_time_fixed"] = [_measured("read_time_fixed", value) for value in row["read_time_fixed"]]
    scrolled = row["scroll_percentage_fixed"]
    row["scroll_percentage_fixed"] = [_measured("scroll_percentage_fixed", value, 100.0) for value in scrolled]


# The longest read that can be: a day, in s. Ours; EB-NeRD's own end before the hour.
_LONGEST_S = 86_400.0


def _measured(name: str, value: float | None, highest: float = _LONGEST_S) -> float | None:
    """Return a measure, None for one that is not known: some tools write NaN for it."""
    if value is None or value != value:
        return None
    if not 0 <= value <= highest:
        raise InvalidInputError(name, f"{value:g} is not from 0 to {highest:g}")
    return value


def _reader_events(records: Iterator[dict[str, Any]], reading: Reading) -> Iterator[Event]:
    opened: set[tuple[int, int]] = set()
    last = ""
    for record in records:
        # Two files' copies of a read have the same key, so they are neighbours.
        if record["id"] != last:
            reads = _impression_reads(record, opened, reading) if "impression_id" in record else [_history_read(record)]
            if "impression_id" in record:
                yield _impression(record, reading.catalogue)
            for read in reads:
                reading.catalogue.see(read.article, read.at)
                yield from read_events(read, reading.catalogue.words.get(read.article, ()))
        last = record["id"]


def _history_read(record: dict[str, Any]) -> Read:
    at, user = parse_time(record["at"]), str(record["user"])
    return Read(record["id"], at, user, None, record["article"], record["read_s"], record["scrolled"], HISTORY_LIST)


def _impression(record: dict[str, Any], catalogue: Catalogue) -> Impression:
    at = parse_time(record["impression_time"])
    for item in record["article_ids_inview"]:
        catalogue.see(item, at)
    return Impression(
        id=f"{record['id']}-list",
        type="impression",
        at=at,
        user=str(record["user_id"]),
        session=str(record["session_id"]),
        list=record["id"],
        items=tuple(Shown(str(item), place) for place, item in enumerate(record["article_ids_inview"], start=1)),
    )


def _impression_reads(record: dict[str, Any], opened: set[tuple[int, int]], reading: Reading) -> Iterator[Read]:
    """Yield the read of the page that shows the list, if it is not known yet, and those of the clicks."""
    at, user, session = parse_time(record["impression_time"]), str(record["user_id"]), record["session_id"]
    page = record["article_id"]
    if page is not None and (session, page) not in opened:
        opened.add((session, page))
        # "article" comes before "list": of two events of one moment, the lesser id is first.
        yield Read(
            f"{record['id']}-article", at, user, str(session), page, record["read_time"], record["scroll_percentage"]
        )
    clicked = record["article_ids_clicked"] or ()
    if len(clicked) > 1:
        reading.counts["impressions with several clicks: whose read time is told is not known"] += 1
    first = at + max(timedelta(seconds=record["read_time"] or 0), CLICK_SPACING)
    for count, item in enumerate(clicked):
        opened.add((session, item))
        read_s = record["next_read_time"] if len(clicked) == 1 else None
        scrolled = record["next_scroll_percentage"] if len(clicked) == 1 else None
        position = record["article_ids_inview"].index(item) + 1
        view = f"{record['id']}-open-{position:04d}"
        came_at = first + count * CLICK_SPACING
        yield Read(view, came_at, user, str(session), item, read_s, scrolled, record["id"], position)
