"""What the server did of late, in steps of five minutes over a day: counts alone, in memory, gone with the process."""

from __future__ import annotations

import math
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from reader.clock import Clock
from reader.recommend.learning.progress import Progress

# Five minutes are fine enough to see a disturbance; a day of them is 288 steps. Ours.
STEP: Final = timedelta(minutes=5)
KEPT: Final = 288


@dataclass(slots=True)
class Step:
    """Counts from `at` on, for five minutes. auc: of late, at the last request in it; NaN while nothing is learned."""

    at: datetime
    requests: int = 0
    failures: int = 0
    lists: int = 0
    events: int = 0
    auc: float = math.nan


class History:
    """The steps; safe between threads."""

    def __init__(self, clock: Clock, progress: Callable[[], Progress]) -> None:
        self.since = clock()
        self._clock = clock
        self._progress = progress
        self._lock = threading.Lock()
        self._steps: deque[Step] = deque(maxlen=KEPT)

    def request(self, status: int) -> None:
        """Count an answer; those from 500 on are failures of ours."""
        with self._lock:
            step = self._step()
            step.requests += 1
            step.failures += status >= 500
            step.auc = self._progress().late_auc

    def list_served(self) -> None:
        """Count a list."""
        with self._lock:
            self._step().lists += 1

    def events(self, accepted: int) -> None:
        """Count events that were taken."""
        with self._lock:
            self._step().events += accepted

    def steps(self) -> list[Step]:
        """Return the steps in which anything happened, oldest first, none older than a day."""
        oldest = self._clock() - KEPT * STEP
        with self._lock:
            return [step for step in self._steps if step.at >= oldest]

    def _step(self) -> Step:
        now = self._clock()
        at = now - (now - datetime.min.replace(tzinfo=now.tzinfo)) % STEP
        # A clock that is set back does not open a step before the last one.
        if not self._steps or self._steps[-1].at < at:
            self._steps.append(Step(at))
        return self._steps[-1]
