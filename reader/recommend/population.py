"""What all readers share: the expected return and the heat of items. A fold, like a profile, but over all events."""

from __future__ import annotations

from typing import Final

from reader.behaviour.returns import ExpectedReturn
from reader.recommend.catalogue import Catalogue
from reader.recommend.popularity import HeatAct
from reader.settings import ReadingSettings
from reader.types import Event, Impression

_HEAT_OF: Final[dict[str, HeatAct]] = {"viewable": "viewable", "open": "open", "like": "like", "save": "save"}


class Population:
    """Shared statistics."""

    def __init__(self, settings: ReadingSettings) -> None:
        self.expected_return = ExpectedReturn(settings.return_prior_weight)

    def apply(self, event: Event, catalogue: Catalogue) -> None:
        """Count one event of any reader toward the heat of its items."""
        at_s = event.at.timestamp()
        if isinstance(event, Impression):
            for shown in event.items:
                self._count(shown.item, "impression", at_s, catalogue)
        elif event.type in _HEAT_OF and event.item is not None:
            self._count(event.item, _HEAT_OF[event.type], at_s, catalogue)

    def _count(self, item: str, act: HeatAct, at_s: float, catalogue: Catalogue) -> None:
        row = catalogue.row(item)
        if row is not None:
            catalogue.popularity.observe(row, act, at_s)
