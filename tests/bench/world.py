"""What the benchmarks share: options, a folder for their files, and the synthetic catalogue on SQLite with readers.

What belongs here: things that take long to make and are made once a run. What does not: timing.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from itertools import count
from pathlib import Path
from typing import cast

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from nlp.analysis import Analyser
from reader.clock import ManualClock
from reader.recommend.recommender import Recommender
from reader.settings import Settings
from reader.types import Event
from reader.wiring import make_recommender
from tests.bench.synthetic import NOW, TOPICS, SyntheticAnalyser, make_item
from tests.builders import ReadingStory

# Items that are stored at a time when the catalogue is filled.
PORTION = 5_000
# The reader whose lists are timed: a month of reading, on a few topics.
READER = "ann"
VIEWS = 40
TOPICS_READ = 5
# While lists are timed, the reader opens another article this often: a heavy reader, with 24 views open to change.
MINUTES_BETWEEN_VIEWS = 5
# Others, so that some items are hot.
OTHERS = 40
VIEWS_OF_OTHERS = 3


@dataclass(frozen=True)
class Options:
    """What the command was asked. data: folder of the data sets; texts: of each data set, 0 for all."""

    data: Path
    items: int = 100_000
    paragraphs: int = 4
    runs: int = 30
    texts: int = 0


class World:
    """See the module. folder: for files of this run; console: for progress and remarks."""

    def __init__(self, options: Options, folder: Path, console: Console) -> None:
        self.options = options
        self.folder = folder
        self.console = console
        self.clock = ManualClock(NOW)
        self.settings = Settings(local_user=READER, secret_key="a key for benchmarks")
        self._new_numbers = count(options.items)
        self._views = count()

    @property
    def db(self) -> Path:
        """Where the catalogue lies."""
        return self.folder / "catalogue.db"

    @cached_property
    def recommender(self) -> Recommender:
        """The synthetic catalogue on SQLite, with readers who have read in it."""
        made = make_recommender(
            self.db, settings=self.settings, clock=self.clock, analyser=cast(Analyser, SyntheticAnalyser())
        )
        self._fill(made)
        made.observe([event for story in self._histories() for event in story])
        return made

    def _fill(self, recommender: Recommender) -> None:
        total = self.options.items
        with self.bar("Making the catalogue", total) as bar:
            for start in range(0, total, PORTION):
                numbers = range(start, min(total, start + PORTION))
                recommender.add_items([make_item(number, self.options.paragraphs) for number in numbers])
                bar(numbers.stop)

    def _histories(self) -> Iterator[ReadingStory]:
        """Yield a month of one reader, and a day of the others."""
        for view in range(VIEWS):
            number = (view % TOPICS_READ + TOPICS * (view // TOPICS_READ)) % self.options.items
            at = self.clock() - timedelta(hours=18 * (VIEWS - view))
            yield self.story(number, READER, at).read(0, 1, 2, 3, seconds=12).go_back(1, seconds=15).close()
        for other in range(OTHERS):
            for view in range(VIEWS_OF_OTHERS):
                at = self.clock() - timedelta(hours=1 + other % 12)
                yield self.story((other * other + 7 * view) % self.options.items, f"reader {other}", at).read(0, 1)

    def story(self, number: int, user: str, at: datetime) -> ReadingStory:
        """Begin a view of an item."""
        return ReadingStory(f"i{number}", user=user, view=f"view-{next(self._views)}", at=at)

    def new_number(self) -> int:
        """Return the number of an item that is not there yet."""
        return next(self._new_numbers)

    def tick(self, seconds: float = 1.0) -> datetime:
        """Let time pass, so that every list is a new one; return the new time."""
        self.clock.at += timedelta(seconds=seconds)
        return self.clock.at

    def read_and_go_back(self, number: int, user: str = READER) -> tuple[list[Event], Event]:
        """Return a reading up to now: what came before, and the scroll-back with which it ends."""
        self.tick(60 * MINUTES_BETWEEN_VIEWS)
        story = self.story(number, user, self.clock.at).read(0, 1, 2, 3, seconds=12).go_back(1, seconds=15)
        self.tick(story.clock_ms / 1000)
        *before, back = story.events
        return before, back

    @contextmanager
    def bar(self, text: str, total: int) -> Iterator[Bar]:
        """Show a progress bar; call what it yields with the number of things done."""
        columns = (TextColumn("  {task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=self.console, transient=True) as progress:
            yield Bar(progress, total, text)


class Bar:
    """One progress bar."""

    def __init__(self, progress: Progress, total: int, text: str) -> None:
        self._progress = progress
        self._task = progress.add_task(text, total=total)

    def __call__(self, done: int) -> None:
        self._progress.update(self._task, completed=done)
