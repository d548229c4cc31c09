"""Where a reader stands in a feed of clips, and what stands before and after. Pure: lists and items in, steps out.

A feed is a list that was made of clips alone, gone through place by place. A clip that was asked for by name stands
before the first place of its feed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from reader.profile.steering import Steering
from reader.types import AnyItem, RecommendationList
from webapp.pages.targets import targets_of


@dataclass(frozen=True, slots=True)
class Feed:
    """A list, and the clip that stands before it, if any ("" if none)."""

    made: RecommendationList
    first: str = ""

    @property
    def count(self) -> int:
        """How many clips there are."""
        return len(self.made.items) + bool(self.first)

    def number(self, position: int) -> int:
        """Return the how-manieth clip stands at a place."""
        return position + bool(self.first)


def open_places(feed: Feed, items: Mapping[str, AnyItem], steering: Steering, at: datetime) -> tuple[int, ...]:
    """Return the places that may be shown, ascending; 0 is that of the clip before the list.

    Left out are items that are gone, that one clip, and what the reader has hidden or muted since the list was made.
    """
    places = (
        place.position
        for place in feed.made.items
        if (item := items.get(place.item)) is not None and item.id != feed.first and not is_refused(item, steering, at)
    )
    return (*((0,) if feed.first in items else ()), *places)


def is_refused(item: AnyItem, steering: Steering, at: datetime) -> bool:
    """Whether the reader wants none of an item: it is hidden, or its source, maker, sound or topic is muted."""
    targets = targets_of(item)
    return item.id in steering.hidden or any(steering.is_muted((target.kind, target.value), at) for target in targets)


def next_place(places: Iterable[int], position: int) -> int | None:
    """Return the place after a position, None if there is none.

    >>> next_place((1, 2, 5), 2), next_place((1, 2, 5), 5)
    (5, None)
    """
    return min((place for place in places if place > position), default=None)


def place_before(places: Iterable[int], position: int) -> int | None:
    """Return the place before a position, None if there is none.

    >>> place_before((1, 2, 5), 5), place_before((1, 2, 5), 1)
    (2, None)
    """
    return max((place for place in places if place < position), default=None)
