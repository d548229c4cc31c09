"""What readers did, by age: how they read is folded into sums, other classes are deleted where the settings say so.

What belongs here: which events a class has, and folding. What does not: the sums (`reader.profile.folding`), and when
it is done, with what else is kept for a time (`webapp.purging`).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from reader.profile.folding import RAW_TYPES, Folding, lead_of
from reader.recommend.lists import to_millisecond
from reader.settings import Settings
from reader.storage.protocol import Storage
from reader.types import Event, Video
from reader.types_folding import FOLDED, Unfolded

# Class -> setting, its types, and what a reader is told. Words about one's own profile (follow, mute, weigh, forget, …)
# are no class: what they concern would come back.
CLASSES: Final[dict[str, tuple[str, tuple[str, ...], str]]] = {
    "sums": ("sums_days", (FOLDED,), "these sums, with what they gave to a profile"),
    "cards": ("cards_days", ("viewable",), "cards that were in view for a second"),
    "shown lists": ("impressions_days", ("impression",), "which lists were handed out, and what was on them"),
    "openings": (
        "openings_days",
        ("open", "mark_read", "mark_unread", *sorted(RAW_TYPES), FOLDED),
        "what was opened and marked as read, with how it was read",
    ),
    "feedback": (
        "feedback_days",
        ("like", "unlike", "save", "unsave", "share", "comment", "hide"),
        "likes, saves, shares, comments, hides, and taking them back",
    ),
}
# Events that are read from the store at a time; ours.
_PAGE: Final = 1_000


def fold_attention(storage: Storage, settings: Settings, before: datetime, *, only_count: bool = False) -> int:
    """Put sums in the place of old visits, stretches and closings; return how many of these went, or would.

    What is younger than `before`, and what belongs to a view with anything younger, stays. A log that changes
    meanwhile is left for the next time. Read is no more of the log than from somewhat before the first such row to the
    last: mostly a day.
    """
    before = to_millisecond(before)  # as the log is kept
    found = storage.unfolded(RAW_TYPES, before, lead_of(settings))
    if found is None:
        return 0
    folding = Folding(before, settings, _Lengths(storage), found)
    folding.take(_log(storage, found))
    count = 0
    for user, folds in folding.folds():
        if only_count or storage.fold_events(user, folds):
            count += sum(len(fold.gone) for fold in folds)
    return count


def _log(storage: Storage, found: Unfolded) -> Iterator[tuple[int, Event]]:
    seq = found.first - 1
    while seq < found.last and (page := storage.events_after(seq, limit=_PAGE)):
        yield from (pair for pair in page if pair[0] <= found.last)
        seq = page[-1][0]


class _Lengths:
    """Asks the store for the length of a clip, once."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._known: dict[str, float] = {}

    def __call__(self, item: str) -> float:
        if item not in self._known:
            found = self._storage.items([item]).get(item)
            self._known[item] = (found.duration_s or 0.0) if isinstance(found, Video) else 0.0
        return self._known[item]
