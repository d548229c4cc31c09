"""Which openings are the first of their item by their reader, and which follow upon another.

A reader is one of those who opened an item, however often they come back to it; else who looks up one article each
day would count as so many readers who do. Heat counts how often an item is opened, but for what is the same opening
once more: a page loaded again, or gone back to.
"""

from __future__ import annotations

from collections import defaultdict


class Openings:
    """Items by reader: opened, and clicked. As many as there are openings in `reader.recommend.co_opening`."""

    def __init__(self, repeat_within_s: float) -> None:
        self._repeat_within_s = repeat_within_s
        # The Unix time of the last opening.
        self._opened: defaultdict[str, dict[str, float]] = defaultdict(dict)
        self._clicked: defaultdict[str, set[str]] = defaultdict(set)

    def is_first(self, user: str, item: str) -> bool:
        """Return whether an opening that is not taken in yet is the reader's first of the item."""
        return item not in self._opened[user]

    def take(self, user: str, item: str, at_s: float) -> bool:
        """Take in an opening; return whether it is one of its own."""
        last_s = self._opened[user].get(item)
        self._opened[user][item] = at_s if last_s is None else max(at_s, last_s)
        return last_s is None or abs(at_s - last_s) >= self._repeat_within_s

    def is_first_click(self, user: str, item: str) -> bool:
        """Take in a click; what was opened before by another way may still be clicked for the first time."""
        is_new = item not in self._clicked[user]
        self._clicked[user].add(item)
        return is_new

    def readers_of(self, item: str) -> list[str]:
        """Return those who opened an item; asks all readers."""
        return [user for user, items in self._opened.items() if item in items]

    def forget(self, user: str) -> None:
        """Let a reader begin anew."""
        self._opened.pop(user, None)
        self._clicked.pop(user, None)
