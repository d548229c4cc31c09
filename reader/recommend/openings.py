"""Which openings are the first of their item by their reader: these count for what readers have in common.

A reader is one of those who opened an item, however often they come back to it; else who looks up one article each
day would count as so many readers who do. Heat is not asked here: it is about how often an item is opened.
"""

from __future__ import annotations

from collections import defaultdict


class Openings:
    """Items by reader: opened, and clicked. As many as there are openings in `reader.recommend.co_opening`."""

    def __init__(self) -> None:
        self._opened: defaultdict[str, set[str]] = defaultdict(set)
        self._clicked: defaultdict[str, set[str]] = defaultdict(set)

    def is_first(self, user: str, item: str) -> bool:
        """Take in an opening; return whether it is the reader's first of the item."""
        return _is_new(self._opened[user], item)

    def is_first_click(self, user: str, item: str) -> bool:
        """Take in a click; what was opened before by another way may still be clicked for the first time."""
        return _is_new(self._clicked[user], item)

    def readers_of(self, item: str) -> list[str]:
        """Return those who opened an item; asks all readers."""
        return [user for user, items in self._opened.items() if item in items]

    def forget(self, user: str) -> None:
        """Let a reader begin anew."""
        self._opened.pop(user, None)
        self._clicked.pop(user, None)


def _is_new(known: set[str], item: str) -> bool:
    is_new = item not in known
    known.add(item)
    return is_new
