"""What the server does by itself, and how that went: for the admin page, the metrics and the doctor."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from reader.clock import Clock
from reader.errors import RereadError
from reader.records import format_time, parse_time
from webapp.operating.notes import read_note, write_note

# How often it is written down that all goes on as before: some jobs run every minute. Ours.
TOLD_EVERY: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Job:
    """One thing that is done again and again.

    failures: how often it failed; error: of the last time, "" if it went well;
    took_s: of the last time, by the clock of the app.
    """

    name: str
    runs: int = 0
    failures: int = 0
    started_at: datetime | None = None
    succeeded_at: datetime | None = None
    took_s: float = 0.0
    error: str = ""


class Jobs:
    """The record of all jobs of this process; safe between threads."""

    def __init__(self, clock: Clock, note: Path | None = None) -> None:
        """note: where to write down how each went last, for other processes; nowhere if not given."""
        self._clock = clock
        self._note_path = note
        self._lock = threading.Lock()
        self._known: dict[str, Job] = {}
        self._of_before = {} if note is None else {job.name: job for job in read_jobs(note)}
        self._told_at: datetime | None = None

    @contextmanager
    def running(self, name: str) -> Iterator[None]:
        """Write down how what is done inside went; what it raises goes on to the caller."""
        began = self._clock()
        try:
            yield
        except Exception as error:
            # What our own errors say is for people; of others, the text may be of what somebody reads.
            self._note(name, began, str(error) if isinstance(error, RereadError) else type(error).__name__)
            raise
        self._note(name, began, "")

    def all(self) -> list[Job]:
        """Return every job that has run, by name."""
        with self._lock:
            return sorted(self._known.values(), key=lambda job: job.name)

    def _note(self, name: str, began: datetime, error: str) -> None:
        ended = self._clock()
        with self._lock:
            before = self._known.get(name, Job(name))
            self._known[name] = replace(
                before,
                runs=before.runs + 1,
                failures=before.failures + bool(error),
                started_at=began,
                succeeded_at=before.succeeded_at if error else ended,
                took_s=(ended - began).total_seconds(),
                error=error,
            )
            is_old = self._told_at is None or ended - self._told_at >= TOLD_EVERY
            if self._note_path is not None and (is_old or error != before.error or not before.runs):
                self._told_at = ended
                write_note(self._note_path, [_record(job) for job in (self._of_before | self._known).values()])


def read_jobs(note: Path) -> list[Job]:
    """Return how jobs went last, as a server wrote it down; nothing if none did."""
    try:
        return [_job(record) for record in read_note(note) or ()]
    except (AttributeError, KeyError, TypeError, ValueError):
        return []


def _record(job: Job) -> dict[str, Any]:
    times = {"started_at": job.started_at, "succeeded_at": job.succeeded_at}
    return asdict(job) | {name: None if at is None else format_time(at) for name, at in times.items()}


def _job(record: dict[str, Any]) -> Job:
    times = {name: record[name] and parse_time(record[name]) for name in ("started_at", "succeeded_at")}
    return Job(**{**record, **times})
