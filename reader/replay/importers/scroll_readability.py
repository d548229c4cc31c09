"""The scroll log of Gooding et al., with the texts of OneStopQA, as our items and events.

What the log has: for each of two articles of a participant and each phase (reading, then answering questions with the
text at hand) the moment of every scroll event and the percentage of each paragraph then on screen. What we derive:

- A paragraph's visit is a run of scroll events with it on screen. Between two events the screen does not change, so
  the time is known; it is shared among the paragraphs by their visible words (words x percentage). Words are what
  spaces part.
- After the last event the screen is known but not for how long: that time is 0. The log's own `reading_time_ms` is
  faulty (the same for both articles); `question_time_ms` is not, but includes answering, so it tells the length of
  the view only. A reading without a second event gets no `close`: nobody knows how long it was.
- `coverage` is the log's share of the paragraph; ours is of min(paragraph, viewport), which this log does not know.
- Absolute times are invented: participant k reads on day k after EPOCH, so that all of one reader's views are settled
  before the next begins; first the elementary text (which came first is not known), then the advanced one, phases one
  second apart.

Source: Gooding, Berzak, Mak and Sharifi, Predicting Text Readability from Scrolling Interactions, CoNLL 2021.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from reader.errors import InvalidInputError
from reader.replay.importers._files import PROGRESS_ROWS, Progress, find_files, open_binary, require
from reader.replay.importers._log import Log
from reader.replay.importers.onestop import LEVELS, Text, load_texts, match_texts, split_study_name
from reader.replay.importers.scroll_phases import COLUMNS, PHASES, parse_reading
from reader.replay.importers.scroll_visits import phase_events
from reader.types import Article, Event

SESSIONS_FILE = "scroll_sessions.csv"
EPOCH = datetime(2021, 1, 1, 8, tzinfo=UTC)
# From one participant to the next. The longest session of the log takes 44 minutes; views settle after two hours.
PARTICIPANT_SPACING = timedelta(days=1)
PHASE_SPACING_MS = 1_000.0
ARTICLES = ("elementary", "advanced")


def read_log(paths: Sequence[Path], out: Path, progress: Progress | None) -> Log:
    """Read the sessions file and OneStopQA's texts from `paths`: files, or the folders that hold them."""
    files = require(find_files(paths, [SESSIONS_FILE]) or _csv_files(paths), SESSIONS_FILE)
    rows = [row for file in files for row in _rows(file)]
    texts = load_texts(require(_text_files(paths), "a text of onestop_qa (*.txt)"))
    items, skipped = _items(rows, texts)
    return Log(_events(rows, items, skipped, progress), lambda: items.values(), skipped)


def _csv_files(paths: Sequence[Path]) -> list[Path]:
    """Return sessions files that were given by another name."""
    return [path for path in paths if path.is_file() and path.name.endswith((".csv", ".csv.gz"))]


def _text_files(paths: Sequence[Path]) -> list[Path]:
    files = [file for path in paths for file in (sorted(path.iterdir()) if path.is_dir() else [path])]
    return [file for file in files if file.suffix == ".txt"]


@dataclass(frozen=True, slots=True)
class Row:
    """One participant's line. place: file and line, for messages."""

    place: str
    number: int
    cells: Mapping[str, str]


def _rows(file: Path) -> Iterator[Row]:
    with open_binary(file) as binary, io.TextIOWrapper(binary, encoding="utf-8", newline="") as lines:
        reader = csv.DictReader(lines)
        missing = [name for name in _needed_columns() if name not in (reader.fieldnames or ())]
        if missing:
            raise InvalidInputError("columns", f"{file.name} has no {', '.join(missing)}", "give the published file")
        for number, cells in enumerate(reader):
            yield Row(f"{file.name} line {reader.line_num}", number, {k: v or "" for k, v in cells.items() if k})


def _needed_columns() -> Iterator[str]:
    yield "participant"
    for article in ARTICLES:
        yield f"{article}_text"
        yield f"{article}_question_time_ms"
        yield from (f"{article}_{phase}_{column}" for phase in PHASES for column in COLUMNS)


def _items(rows: Sequence[Row], texts: Sequence[Text]) -> tuple[dict[str, Article], list[str]]:
    """Return the file name of the study -> its article, and the names that fit no text."""
    names = sorted({row.cells[f"{article}_text"] for row in rows for article in ARTICLES})
    split = {name: parts for name in names if (parts := _split(name)) is not None}
    matched = match_texts(sorted({title for title, _ in split.values()}), texts)
    items = {name: _article(title, level, matched[title]) for name, (title, level) in split.items() if title in matched}
    return items, [f"text {name!r} fits no file of onestop_qa" for name in names if name not in items]


def _split(name: str) -> tuple[str, str] | None:
    try:
        return split_study_name(name)
    except InvalidInputError:
        return None


def _article(name: str, level: str, text: Text) -> Article:
    slug = "-".join(re.findall(r"[a-z0-9]+", name.lower()))
    paragraphs = text.paragraphs[LEVELS[level]]
    return Article(id=f"onestop-{slug}-{level}", title=text.title, language="en", paragraphs=paragraphs)


def _events(
    rows: Sequence[Row], items: Mapping[str, Article], skipped: list[str], progress: Progress | None
) -> Iterator[Event]:
    for count, row in enumerate(rows, start=1):
        began_ms = 0.0
        for article in ARTICLES:
            try:
                reading = parse_reading(row.cells, article, items)
            except InvalidInputError as error:
                skipped.append(f"{row.place}: {error}")
                continue
            for phase in reading.phases:
                yield from phase_events(reading, phase, _began(row.number, began_ms))
                began_ms += phase.length_ms + PHASE_SPACING_MS
        if progress and (count % PROGRESS_ROWS == 0 or count == len(rows)):
            progress(count)


def _began(participant: int, ms: float) -> datetime:
    return EPOCH + participant * PARTICIPANT_SPACING + timedelta(milliseconds=ms)
