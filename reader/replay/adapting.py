"""Time-to-adapt against a known truth: how soon a new interest is in the first ten of the whole catalogue.

What belongs here: when to look, and at what. What does not: the arithmetic (`metrics.taking_up`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from reader.replay.metrics import LISTS_AFTER, TakingUp
from reader.replay.outcome import Outcome
from reader.replay.panel import Panel
from reader.replay.scoring import DEPTH
from reader.replay.truth import NewInterest, Sign
from reader.types import Impression


@dataclass(slots=True)
class _Wait:
    """One new interest after one sign of it. lists: ranked since, that from which it showed being 0."""

    sign: Sign
    items: frozenset[str]
    lists: int = -1
    by_policy: dict[str, TakingUp] = field(default_factory=dict)


class Adapting:
    """Ranks the whole catalogue, as the reader could open it, at the lists that follow the sign of a new interest.

    Every list of a simulated log is a moment at which a policy would make one of its own. Looked at are the list from
    which the interest first showed, before it did, and at most LISTS_AFTER more.
    """

    def __init__(self, panel: Panel, new_interests: Mapping[str, Sequence[NewInterest]], outcome: Outcome) -> None:
        self._panel = panel
        self._new = new_interests
        self._outcome = outcome
        self._waits: dict[str, list[_Wait]] = {}

    def waits_for(self, event: Impression) -> bool:
        """Whether something is to be looked at before the reader sees this list."""
        self._begin(event)
        return bool(self._waits.get(event.user))

    def _begin(self, event: Impression) -> None:
        for new in self._new.get(event.user, ()):
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
        """Rank the catalogue, and note for each waiting interest whether an item of it is among the first ten."""
        catalogue = self._panel.first.catalogue
        items = sorted(catalogue.id_at(int(row)) for row in np.flatnonzero(self._panel.choice(event)))
        for name, scores in self._panel.scores(event, items).items():
            top = {items[int(place)] for place in np.argsort(-scores, kind="stable")[:DEPTH]}
            for wait in self._waits[event.user]:
                wait.by_policy[name].listed(is_there=not top.isdisjoint(wait.items))
        for wait in self._waits[event.user]:
            wait.lists += 1
        self._waits[event.user] = [wait for wait in self._waits[event.user] if wait.lists < LISTS_AFTER]
