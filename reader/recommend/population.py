"""What all readers share: the expected return, how much of clips is watched, heat, what is opened together.

A fold over all events.
"""

from __future__ import annotations

from typing import Final

from reader.behaviour.returns import ExpectedReturn
from reader.behaviour.watch_shares import WatchShares
from reader.behaviour.watching import Watching
from reader.profile.watched import watched_of
from reader.recommend.catalogue import Catalogue
from reader.recommend.co_opening import CoOpening
from reader.recommend.popularity import HeatAct
from reader.recommend.watch_heat import WatchHeat
from reader.settings import Settings
from reader.types import Event, Impression

_HEAT_OF: Final[dict[str, HeatAct]] = {"viewable": "viewable", "open": "open", "like": "like", "save": "save"}


class Population:
    """Shared statistics."""

    def __init__(self, settings: Settings, catalogue: Catalogue) -> None:
        self.expected_return = ExpectedReturn(settings.reading.return_prior_weight)
        self.watch_shares = WatchShares(settings.watching)
        self.watch_heat = WatchHeat(catalogue)
        self.co_opening = CoOpening(catalogue)
        self._catalogue = catalogue

    def apply(self, event: Event) -> None:
        """Count one event of any reader toward its items."""
        at_s = event.at.timestamp()
        if isinstance(event, Impression):
            for shown in event.items:
                self._count(shown.item, "impression", at_s)
        elif event.type in _HEAT_OF and event.item is not None:
            self._count(event.item, _HEAT_OF[event.type], at_s)
        if event.type == "open" and event.item is not None:
            self.co_opening.observe(event.user, event.item)

    def watched(self, watching: Watching) -> None:
        """Take in a settled watch of any reader."""
        self.watch_heat.observe(watching.view.item, watched_of(watching))
        if watching.duration_s > 0:
            self.watch_shares.learn(watching.duration_s, watching.share)

    def _count(self, item: str, act: HeatAct, at_s: float) -> None:
        row = self._catalogue.row(item)
        if row is not None:
            self._catalogue.popularity.observe(row, act, at_s)
