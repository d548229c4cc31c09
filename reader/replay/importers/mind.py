"""MIND's published logs as our items and events.

Files (Microsoft's description, msnews.github.io; no header, parted by tabs): `news.tsv` with news id, category,
subcategory, title, abstract, url, title entities, abstract entities; `behaviors.tsv` with impression id, user id,
time ("11/11/2019 9:05:58 AM", taken as UTC), history (news ids) and impressions ("N1-1 N2-0", 1 = clicked). What we
add:

- The history has no times. What of it a reader is not yet known to have opened becomes `open` events before the
  impression that tells of it, one HISTORY_SPACING apart, the latest last.
- Clicks have no times either: the n-th click of an impression comes n CLICK_SPACING after it.
- News has no date: `published_at` is the first time that an item is seen in the log, its openings from a history
  included.
- The lists that a history was opened from are not in the log: `list` of its openings is "history".
- Lists are named by file and line, since impression ids start again in every file. The abstract is the only
  paragraph.

A line that cannot be read whole is named and left out whole, but for items of a history that are not in the news: a
sample of the news has lost them, and the list can be scored without. Source: Wu et al., MIND: A Large-scale Dataset for
News Recommendation, ACL 2020.
"""

from __future__ import annotations

import tempfile
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from reader.errors import InvalidInputError
from reader.records import format_time
from reader.replay.importers._files import PROGRESS_ROWS, Progress, find_files, numbered_lines, require
from reader.replay.importers._log import HISTORY_LIST, Log
from reader.replay.sorting import sort_rows
from reader.types import Article, Event, Impression, Shown

NEWS_FILE = "news.tsv"
BEHAVIORS_FILE = "behaviors.tsv"
NEWS_COLUMNS = ("news id", "category", "subcategory", "title", "abstract", "url", "title entities", "abstract entities")
BEHAVIORS_COLUMNS = ("impression id", "user id", "time", "history", "impressions")
TIME_FORMAT = "%m/%d/%Y %I:%M:%S %p"
# Ours: MIND's histories reach back four weeks and mostly hold some dozens of items.
HISTORY_SPACING = timedelta(hours=1)
CLICK_SPACING = timedelta(seconds=1)


@dataclass(slots=True)
class Catalogue:
    """The news by id, in the file's order, and when each was first seen."""

    articles: dict[str, Article] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    first_seen: dict[str, datetime] = field(default_factory=dict)

    def add(self, article: Article) -> None:
        """Take an article in; the first of an id stays (training and test files share most of theirs)."""
        self.numbers.setdefault(article.id, len(self.numbers))
        self.articles.setdefault(article.id, article)

    def see(self, item: str, at: datetime) -> None:
        """Note that an item existed at `at`."""
        self.first_seen[item] = min(at, self.first_seen.get(item, at))

    def dated(self) -> Iterator[Article]:
        """Yield every article with the first time it was seen, if it was."""
        return (replace(article, published_at=self.first_seen.get(id)) for id, article in self.articles.items())


@dataclass(frozen=True, slots=True)
class Behavior:
    """One line of behaviors.tsv. shown: (item, clicked) in order; list: file and line."""

    list: str
    at: datetime
    user: str
    history: tuple[str, ...]
    shown: tuple[tuple[str, bool], ...]


def read_log(paths: Sequence[Path], out: Path, progress: Progress | None) -> Log:
    """Read news.tsv and behaviors.tsv (one or several of each, plain or .gz) from `paths`; `out` takes sorted runs."""
    skipped: list[str] = []
    catalogue = Catalogue()
    behaviors = require(find_files(paths, [BEHAVIORS_FILE]), BEHAVIORS_FILE)
    for file in require(find_files(paths, [NEWS_FILE]), NEWS_FILE):
        _read_news(file, catalogue, skipped)
    return Log(_events(behaviors, catalogue, skipped, out, progress), catalogue.dated, skipped)


def _read_news(file: Path, catalogue: Catalogue, skipped: list[str]) -> None:
    for number, line in numbered_lines(file):
        try:
            catalogue.add(parse_news(line))
        except InvalidInputError as error:
            skipped.append(f"{file.name} line {number}: {error}")


def parse_news(line: bytes) -> Article:
    """Return the article of one line of news.tsv; InvalidInputError names what is wrong."""
    id, category, subcategory, title, abstract, url, *_ = _cells(line, NEWS_COLUMNS)
    if not id or not title:
        raise InvalidInputError("title" if id else "news id", "is empty")
    topics = tuple(dict.fromkeys(filter(None, (category, subcategory))))
    return Article(id=id, title=title, url=url, topics=topics, paragraphs=(abstract,) if abstract else ())


def _cells(line: bytes, columns: Sequence[str]) -> list[str]:
    try:
        cells = [cell.strip() for cell in line.decode("utf-8").split("\t")]
    except UnicodeDecodeError as error:
        raise InvalidInputError("line", f"is not UTF-8: {error.reason} at byte {error.start}") from error
    if len(cells) != len(columns):
        raise InvalidInputError("columns", f"{len(cells)} instead of {len(columns)} ({', '.join(columns)})")
    return cells


def parse_behavior(line: bytes, list_id: str, catalogue: Catalogue) -> Behavior:
    """Return the impression of one line of behaviors.tsv; InvalidInputError names what is wrong."""
    _, user, time, history, impressions = _cells(line, BEHAVIORS_COLUMNS)
    if not user:
        raise InvalidInputError("user id", "is empty")
    known = tuple(item for item in history.split() if item in catalogue.articles)
    behavior = Behavior(list_id, _parse_at(time), user, known, tuple(map(_parse_shown, impressions.split())))
    _check_known(behavior, catalogue)
    return behavior


def _parse_at(text: str) -> datetime:
    try:
        return datetime.strptime(text, TIME_FORMAT).replace(tzinfo=UTC)
    except ValueError as error:
        raise InvalidInputError("time", f"{text!r:.80} is not like 11/11/2019 9:05:58 AM") from error


def _parse_shown(text: str) -> tuple[str, bool]:
    item, _, label = text.rpartition("-")
    if not item or label not in ("0", "1"):
        raise InvalidInputError("impressions", f"{text!r:.80} is no news id with -0 or -1", "test files have no labels")
    return item, label == "1"


def _check_known(behavior: Behavior, catalogue: Catalogue) -> None:
    if not behavior.shown:
        raise InvalidInputError("impressions", "is empty")
    unknown = next((item for item, _ in behavior.shown if item not in catalogue.articles), None)
    if unknown is not None:
        raise InvalidInputError("impressions", f"{unknown!r:.80} is not in {NEWS_FILE}")


def _events(
    files: Sequence[Path], catalogue: Catalogue, skipped: list[str], out: Path, progress: Progress | None
) -> Iterator[Event]:
    """Yield the events of all files, impression by impression in the order of time."""
    opened: dict[str, array[int]] = {}
    with tempfile.TemporaryDirectory(dir=out) as runs:
        lines = _timed_lines(files, catalogue, skipped, progress)
        for key, line in sort_rows(lines, Path(runs)):
            behavior = parse_behavior(line.encode(), key.split(" ")[1], catalogue)
            yield from _behavior_events(behavior, opened.setdefault(behavior.user, array("L")), catalogue)


def _timed_lines(
    files: Sequence[Path], catalogue: Catalogue, skipped: list[str], progress: Progress | None
) -> Iterator[tuple[str, str]]:
    """Yield ("time list", line) of every line that can be read."""
    count = 0
    for file_number, file in enumerate(files, start=1):
        for number, line in numbered_lines(file):
            try:
                behavior = parse_behavior(line, f"mind-{file_number}-{number:09d}", catalogue)
                yield f"{format_time(behavior.at)} {behavior.list}", line.decode("utf-8")
            except InvalidInputError as error:
                skipped.append(f"{file.name} line {number}: {error}")
            count += 1
            if progress and count % PROGRESS_ROWS == 0:
                progress(count)
    if progress:
        progress(count)


def _behavior_events(behavior: Behavior, opened: array[int], catalogue: Catalogue) -> Iterator[Event]:
    """Yield what is new of the history, the impression and its clicks, and note them all."""
    # An array of numbers, made a set when it is used: sets of ids for all readers of MIND would not fit in memory.
    known = set(opened)
    new = [item for item in dict.fromkeys(behavior.history) if catalogue.numbers[item] not in known]
    clicked = [(position, item) for position, (item, is_clicked) in enumerate(behavior.shown, start=1) if is_clicked]
    opened.extend({catalogue.numbers[item] for item in (*new, *(item for _, item in clicked))} - known)
    events = [*_history_opens(behavior, new), _impression(behavior), *_clicks(behavior, clicked)]
    for event in events:
        for item in _items_of(event):
            catalogue.see(item, event.at)
    yield from events


def _history_opens(behavior: Behavior, items: Sequence[str]) -> Iterator[Event]:
    for back, item in zip(range(len(items), 0, -1), items, strict=True):
        view = f"{behavior.list}-history-{item}"
        yield Event(
            id=view,
            type="open",
            at=behavior.at - back * HISTORY_SPACING,
            user=behavior.user,
            item=item,
            view=view,
            list=HISTORY_LIST,
        )


def _impression(behavior: Behavior) -> Impression:
    shown = tuple(Shown(item, position) for position, (item, _) in enumerate(behavior.shown, start=1))
    return Impression(
        id=behavior.list, type="impression", at=behavior.at, user=behavior.user, list=behavior.list, items=shown
    )


def _clicks(behavior: Behavior, clicked: Sequence[tuple[int, str]]) -> Iterator[Event]:
    for count, (position, item) in enumerate(clicked, start=1):
        view = f"{behavior.list}-open-{position:04d}-{item}"
        yield Event(
            id=view,
            type="open",
            at=behavior.at + count * CLICK_SPACING,
            user=behavior.user,
            item=item,
            view=view,
            list=behavior.list,
            position=position,
        )


def _items_of(event: Event) -> list[str]:
    if isinstance(event, Impression):
        return [shown.item for shown in event.items]
    return [event.item] if event.item else []
