"""What all readers share: the expected return, how much of clips is watched, heat, what is opened together and by whom.

A fold over all events.
"""

from __future__ import annotations

from typing import Final

from reader.behaviour.returns import ExpectedReturn
from reader.behaviour.watch_shares import WatchShares
from reader.behaviour.watching import Watching
from reader.profile.state import ReaderState
from reader.profile.watched import watched_of
from reader.recommend.audience import Audience
from reader.recommend.catalogue import Catalogue, Rows
from reader.recommend.co_opening import CoOpening
from reader.recommend.discriminant import Discriminant
from reader.recommend.factors.spec import Moment
from reader.recommend.openings import Openings
from reader.recommend.popularity import HeatAct
from reader.recommend.watch_heat import WatchHeat
from reader.settings import Settings
from reader.types import Event, Impression

# Lists whose openings count as clicks, or do not because clips open by themselves; about 150 bytes each. Ours.
LISTS_KEPT: Final = 50_000
_HEAT_OF: Final[dict[str, HeatAct]] = {"viewable": "viewable", "like": "like", "save": "save"}


class Population:
    """Shared statistics."""

    def __init__(self, settings: Settings, catalogue: Catalogue) -> None:
        self.expected_return = ExpectedReturn(settings.reading.return_prior_weight)
        self.watch_shares = WatchShares(settings.watching)
        self.watch_heat = WatchHeat(catalogue)
        self.co_opening = CoOpening(catalogue)
        self._openings = Openings(settings.interests.repeat_within_s)
        self.audience = Audience(catalogue.vectors, lambda: (catalogue.vector_sum, len(catalogue)))
        self.discriminant = Discriminant(self.audience, catalogue.vectors)
        catalogue.on_move = self._moved
        self._catalogue = catalogue
        # The lists shown last by reader and id, oldest first, and whether they are feeds.
        self._shown: dict[tuple[str, str], bool] = {}

    def moment(self, state: ReaderState, rows: Rows, at_s: float) -> Moment:
        """Return what factors are computed from: a reader, candidates and a time, amid what all readers share."""
        return Moment(
            state,
            state.portrait,
            self._catalogue,
            rows,
            at_s,
            co_opening=self.co_opening,
            audience=self.audience,
            discriminant=self.discriminant,
            watch_heat=self.watch_heat,
        )

    def apply(self, event: Event) -> None:
        """Count one event of any reader toward its items."""
        at_s = event.at.timestamp()
        if isinstance(event, Impression) and event.origin is not None:
            return
        if isinstance(event, Impression):
            self._note_list(event)
            rows = self._catalogue.rows_of(shown.item for shown in event.items)
            self._catalogue.popularity.shown(rows, max(1, len(event.items)), at_s)
            self.audience.shown.add(rows.tolist(), self.audience.taste(event.user))
        elif event.type in _HEAT_OF and event.item is not None:
            self._count(event.item, _HEAT_OF[event.type], at_s)
        elif event.type == "open" and event.item is not None:
            if not self._shown.get((event.user, event.list or ""), False):
                self._opened(event.user, event.item, event.list, at_s)
        elif event.type == "reset":
            self.discriminant.forget(event.user)
            self.audience.forget(event.user)
            self._openings.forget(event.user)

    def watched(self, watching: Watching) -> None:
        """Take in a settled watch. Clips of a feed open by themselves: there a valid watch counts as the opening."""
        view = watching.view
        if watching.valid and self._shown.get((view.user, view.list or ""), False):
            self._opened(view.user, view.item, view.list, view.opened_at.timestamp())
        self.watch_heat.observe(view.item, watched_of(watching))
        if watching.duration_s > 0:
            self.watch_shares.learn(watching.duration_s, watching.share)
        else:
            self.watch_shares.learn_time(watching.covered_s)

    def _opened(self, user: str, item: str, list_id: str | None, at_s: float) -> None:
        row, is_click = self._catalogue.row(item), (user, list_id) in self._shown
        self.co_opening.observe(user, item)
        if row is None:
            return
        # The catalogue's own string: that of each event would stay in memory.
        own = self._catalogue.id_at(row)
        is_first = self._openings.is_first(user, own)
        if self._openings.take(user, own, at_s):
            self._count(item, "open", at_s)
            if is_click:
                self._count(item, "click", at_s)
        if is_click and self._openings.is_first_click(user, own):
            self.audience.clicked.add([row], self.audience.taste(user))
        if is_first:
            self.discriminant.opened(user, row)
            self.audience.opened(user, row)

    def _moved(self, old: int, new: int) -> None:
        """Count what was opened as the version that is there now."""
        self.discriminant.move(old, new)
        self.audience.move(old, new, self._openings.readers_of(self._catalogue.id_at(new)))

    def _note_list(self, event: Impression) -> None:
        self._shown[event.user, event.list or event.id] = event.is_feed
        if len(self._shown) > LISTS_KEPT:
            del self._shown[next(iter(self._shown))]

    def _count(self, item: str, act: HeatAct, at_s: float) -> None:
        row = self._catalogue.row(item)
        if row is not None:
            self._catalogue.popularity.observe(row, act, at_s)
