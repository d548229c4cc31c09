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

_HEAT_OF: Final[dict[str, HeatAct]] = {"viewable": "viewable", "like": "like", "save": "save"}
# Feeds that are known as such: those of some hours of a busy site. Ours.
FEEDS_KEPT: Final = 50_000


class Population:
    """Shared statistics."""

    def __init__(self, settings: Settings, catalogue: Catalogue) -> None:
        self.expected_return = ExpectedReturn(settings.reading.return_prior_weight)
        self.watch_shares = WatchShares(settings.watching)
        self.watch_heat = WatchHeat(catalogue)
        self.co_opening = CoOpening(catalogue)
        self._catalogue = catalogue
        self._valid_quantile = settings.watching.valid_quantile
        # Reader and list of the feeds shown last, oldest first.
        self._feeds: dict[tuple[str, str | None], None] = {}

    def apply(self, event: Event) -> None:
        """Count one event of any reader toward its items."""
        at_s = event.at.timestamp()
        if isinstance(event, Impression):
            self._note_list(event)
            for shown in event.items:
                self._count(shown.item, "impression", at_s)
        elif event.type == "open":
            if event.item is not None and (event.user, event.list) not in self._feeds:
                self._open(event.user, event.item, at_s)
        elif event.type in _HEAT_OF and event.item is not None:
            self._count(event.item, _HEAT_OF[event.type], at_s)

    def _note_list(self, event: Impression) -> None:
        if event.is_feed:
            self._feeds[event.user, event.list] = None
            if len(self._feeds) > FEEDS_KEPT:
                del self._feeds[next(iter(self._feeds))]

    def _open(self, user: str, item: str, at_s: float) -> None:
        self._count(item, "open", at_s)
        self.co_opening.observe(user, item)

    def watched(self, watching: Watching) -> None:
        """Take in a settled watch. Clips of a feed open by themselves: there a valid watch counts as the opening."""
        view = watching.view
        if (view.user, view.list) in self._feeds and watching.quantile >= self._valid_quantile and not watching.skipped:
            self._open(view.user, view.item, view.opened_at.timestamp())
        self.watch_heat.observe(watching.view.item, watched_of(watching))
        if watching.duration_s > 0:
            self.watch_shares.learn(watching.duration_s, watching.share)

    def _count(self, item: str, act: HeatAct, at_s: float) -> None:
        row = self._catalogue.row(item)
        if row is not None:
            self._catalogue.popularity.observe(row, act, at_s)
