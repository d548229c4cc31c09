"""The event that takes an earlier one back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from reader.types import Event

# What can be taken back: acts of will, and words about one's own profile. What was shown, seen and opened stays so.
_OF_ITEMS: Final = frozenset(("like", "unlike", "save", "unsave", "share", "comment", "hide"))
_OF_INTERESTS: Final = frozenset(
    ("follow", "unfollow", "mute", "unmute", "weigh", "unweigh", "forget", "tune", "reset")
)
# Of these, what leaves no credit behind, so that taking it back needs no fold of all that was read.
WORDS: Final = frozenset(
    ("follow", "unfollow", "mute", "unmute", "weigh", "unweigh", "keep_paragraph", "tune", "mark_read", "mark_unread")
)
UNDOABLE: Final = WORDS | _OF_ITEMS | _OF_INTERESTS | frozenset(("forget_paragraph", "keep_paragraph"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Undo(Event):
    """An earlier act of the same reader counts as never done. event: its id."""

    event: str
