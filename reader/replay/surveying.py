"""What policies would make of the whole catalogue, against a known truth: their own lists, and new interests in them.

The candidates of a simulated list are drawn by chance; what a ranking is for is the choice among all there is. What
belongs here: when to look, and at what. What does not: the arithmetic of waiting (`metrics.taking_up`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from reader.replay.labels import digest
from reader.replay.metrics import LISTS_AFTER, TakingUp
from reader.replay.outcome import Outcome
from reader.replay.panel import Panel
from reader.replay.scoring import DEPTH
from reader.replay.truth import NewInterest, Sign, Truth
from reader.types import Impression

# Of so many lists of a log one is a moment at which policies make a list of the whole catalogue; chosen by its name.
SURVEYED_EVERY: Final = 5


@dataclass(slots=True)
class _Wait:
    """One new interest after one sign of it. lists: ranked since, that from which it showed being 0."""

    sign: Sign
    items: frozenset[str]
    lists: int = -1
    by_policy: dict[str, TakingUp] = field(default_factory=dict)


class Survey:
    """Ranks all that a reader could open at some lists of the log, before the reader sees them.

    Every fifth list, for the true value of the first ten; and for each new interest the list from which it first
    showed, and at most LISTS_AFTER more.
    """

    def __init__(self, panel: Panel, truth: Truth, outcome: Outcome) -> None:
        self._panel = panel
        self._truth = truth
        self._outcome = outcome
        self._waits: dict[str, list[_Wait]] = {}

    def wants(self, event: Impression) -> bool:
        """Whether to look before this list is seen."""
        self._begin(event)
        return bool(self._waits.get(event.user)) or self._is_valued(event)

    def _is_valued(self, event: Impression) -> bool:
        return self._truth.oracle is not None and digest(event.list or event.id) % SURVEYED_EVERY == 0

    def _begin(self, event: Impression) -> None:
        for new in self._truth.new_interests.get(event.user, ()):
            for sign, shown_in in new.shown_in.items():
                if shown_in == event.list:
                    self._waits.setdefault(event.user, []).append(self._wait(event.user, sign, new))

    def _wait(self, user: str, sign: Sign, new: NewInterest) -> _Wait:
        wait = _Wait(sign, new.items)
        for name, tally in self._outcome.tallies.items():
            wait.by_policy[name] = TakingUp()
            tally.taken_up.setdefault(sign, {}).setdefault(user, []).append(wait.by_policy[name])
        return wait

    def look(self, event: Impression) -> None:
        """Rank the catalogue with every policy, and note what its first ten are worth and which interests they meet."""
        catalogue = self._panel.first.catalogue
        items = sorted(catalogue.id_at(int(row)) for row in np.flatnonzero(self._panel.choice(event)))
        waits = self._waits.get(event.user, [])
        for name, scores in self._panel.scores(event, items).items():
            top = [items[int(place)] for place in np.argsort(-scores, kind="stable")[:DEPTH]]
            for wait in waits:
                wait.by_policy[name].listed(is_there=not wait.items.isdisjoint(top))
            if self._is_valued(event):
                self._value(event, name, top)
        for wait in waits:
            wait.lists += 1
        self._waits[event.user] = [wait for wait in waits if wait.lists < LISTS_AFTER]

    def _value(self, event: Impression, name: str, top: Sequence[str]) -> None:
        if self._truth.oracle is not None and top:
            known = self._truth.oracle.list_truth(event.user, event.at, top)
            tally = self._outcome.tallies[name]
            tally.add_truth("true_list_value", event.user, [float(np.mean(known.values(top)))])
            tally.add_truth("true_list_stays", event.user, [float(np.mean(known.kept_values(top)))])
