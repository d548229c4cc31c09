"""What settled views leave behind: it can be had again from the log alone, and is never revised.

What belongs here: what is held. What does not: how events get there (state.py).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from reader.behaviour.speed import Speed
from reader.profile.clusters import Clusters
from reader.profile.interests import Interests
from reader.profile.watched import Watched

# Items read to their end that are remembered, so that no list shows the same story again; stories last some days. Ours.
FINISHED_KEPT = 128
# Items of which the last opening is remembered, so that one right after it is known as the same once more; and of which
# it is remembered that they were left at once. Ours.
OPENINGS_KEPT = 64


@dataclass(slots=True)
class Base:
    """What settled views have left behind.

    openings: of the items opened last, when; bounced: those left at once last, and not opened since; oldest first.
    """

    interests: Interests
    clusters: Clusters
    speeds: dict[str, Speed] = field(default_factory=dict)
    finished: dict[str, datetime] = field(default_factory=dict)
    watched: dict[str, Watched] = field(default_factory=dict)
    left: dict[str, None] = field(default_factory=dict)
    openings: dict[str, datetime] = field(default_factory=dict)
    bounced: dict[str, None] = field(default_factory=dict)

    def copy(self) -> Base:
        own = dict(self.speeds), dict(self.finished), dict(self.watched), dict(self.left)
        return Base(self.interests.copy(), self.clusters.copy(), *own, dict(self.openings), dict(self.bounced))

    def finish(self, item: str, at: datetime) -> None:
        """Note that an item was read to its end; the earliest beyond those kept are forgotten."""
        self.finished[item] = max(at, self.finished.pop(item, at))
        while len(self.finished) > FINISHED_KEPT:
            del self.finished[min(self.finished, key=lambda known: (self.finished[known], known))]

    def is_repeat(self, item: str, at: datetime, within_s: float) -> bool:
        """Whether an opening follows so soon upon one that earned its credit that it is the same once more."""
        last = self.openings.get(item)
        return last is not None and abs((at - last).total_seconds()) < within_s

    def note_opening(self, item: str, at: datetime) -> None:
        """Note an opening that earned its credit, or that is the same as one that did."""
        self.bounced.pop(item, None)
        self.openings[item] = max(at, self.openings.pop(item, at))
        while len(self.openings) > OPENINGS_KEPT:
            del self.openings[next(iter(self.openings))]

    def note_bounce(self, item: str) -> None:
        """Note that an item was left at once that had not been opened before."""
        self.bounced[item] = None
        while len(self.bounced) > OPENINGS_KEPT:
            del self.bounced[next(iter(self.bounced))]
