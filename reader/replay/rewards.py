"""What an item may earn in a place, from what was seen before: the reward model of doubly robust estimates."""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Iterable
from typing import Final

from reader.types import Event, Impression

# Expected openings that the prior of an item is worth, and showings that of a place; ours, untuned. A poor model makes
# the estimate wider, not wrong.
ITEM_PRIOR: Final = 3.0
PLACE_PRIOR: Final = 50.0
# Lists whose openings can still come; ours.
LISTS_KEPT: Final = 10_000


class RewardModel:
    """Chance of an opening = rate of the place x how much more than expected the item has been opened, up to 1."""

    def __init__(self) -> None:
        self._shown: dict[int, float] = defaultdict(float)
        self._opened: dict[int, float] = defaultdict(float)
        self._expected_of: dict[str, float] = defaultdict(float)
        self._opened_of: dict[str, float] = defaultdict(float)
        self._total_shown = self._total_opened = 0.0
        self._places: OrderedDict[str, dict[str, int]] = OrderedDict()

    def expected(self, item: str, position: int) -> float:
        """Return the chance of an opening, 0 to 1."""
        lift = (self._opened_of.get(item, 0.0) + ITEM_PRIOR) / (self._expected_of.get(item, 0.0) + ITEM_PRIOR)
        return min(1.0, self._rate(position) * lift)

    def _rate(self, position: int) -> float:
        overall = (self._total_opened + 1.0) / (self._total_shown + 20.0)
        opened = self._opened.get(position, 0.0) + PLACE_PRIOR * overall
        return opened / (self._shown.get(position, 0.0) + PLACE_PRIOR)

    def learn(self, events: Iterable[Event]) -> None:
        """Take in what was shown and opened, in order of time."""
        for event in events:
            if isinstance(event, Impression) and event.origin is not None:
                continue
            if isinstance(event, Impression):
                self._learn_impression(event)
            elif event.type == "open" and event.list is not None and event.item is not None:
                self._learn_open(self._places.get(event.list, {}), event.item)

    def _learn_impression(self, event: Impression) -> None:
        for shown in event.items:
            self._expected_of[shown.item] += self._rate(shown.position)
            self._shown[shown.position] += 1
            self._total_shown += 1
        places = self._places.setdefault(event.list or event.id, {})
        places.update({shown.item: shown.position for shown in event.items})
        if len(self._places) > LISTS_KEPT:
            self._places.popitem(last=False)

    def _learn_open(self, places: dict[str, int], item: str) -> None:
        position = places.pop(item, None)
        if position is not None:
            self._opened[position] += 1
            self._opened_of[item] += 1
            self._total_opened += 1
