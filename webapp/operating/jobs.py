"""What the server does by itself, and how that went: for the admin page and the metrics."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

from reader.clock import Clock
from reader.errors import RereadError


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

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._known: dict[str, Job] = {}

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
