"""What a pass through a log came to, for the readers that it scored."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from reader.replay.scoring import Tally


@dataclass(slots=True)
class Outcome:
    """One tally a policy; what was left out and what was odd, by kind; items: how many were known in the end."""

    tallies: dict[str, Tally]
    problems: Counter[str] = field(default_factory=Counter)
    notices: Counter[str] = field(default_factory=Counter)
    items: int = 0

    def join(self, other: Outcome) -> None:
        """Take in the outcome for other readers."""
        for name, tally in other.tallies.items():
            self.tallies[name].join(tally)
        self.problems += other.problems
        self.notices += other.notices
