"""What an act of will says, and what a reader's "less like this" is about: all of the item, or a part of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from reader.profile.axes import Feature, Signal
from reader.types import Hide

# Whoever is answerable for a title that promises too much.
_MAKERS: Final = ("source", "author", "creator")
# Acts of will on a whole item: type -> (signal, sign).
WILL: Final[dict[str, tuple[Signal, int]]] = {
    "like": ("plus", 1),
    "unlike": ("plus", -1),
    "save": ("plus", 1),
    "unsave": ("plus", -1),
    "share": ("plus", 1),
    "comment": ("plus", 1),
    "hide": ("minus", 1),
}
# What stands until it is taken back, and gives credit once: the act that takes it back -> the act.
STANDING: Final = {"unlike": "like", "unsave": "save"}
# A reader's word on what is read: type -> whether it is.
MARKS: Final = {"mark_read": True, "mark_unread": False}
# Reasons that narrow what a hide is about, beside a target.
SEEN: Final = "seen"
BAIT: Final = "bait"


@dataclass(frozen=True, slots=True)
class Aim:
    """The features that an act is about. target: this one; else those of the item that are of one of `kinds`."""

    target: tuple[Feature, str] | None = None
    kinds: tuple[str, ...] = ()

    def shares(self, traits: Sequence[Feature]) -> list[tuple[Feature, str, float]]:
        """Return (feature, label, share of the credit). traits: what the item is by and about."""
        if self.target is not None:
            return [(*self.target, 1.0)]
        return [(trait, trait[1], 1.0) for trait in traits if trait[0] in self.kinds]


def aim_of(event: Hide) -> Aim | None:
    """Return what a hide is about; None: all that the item is by and about.

    A named target alone; of bait those who made it; of what was seen already nothing, since it may well be liked.
    """
    if event.target is not None:
        feature: Feature = (event.target.kind, event.target.value)
        return Aim(target=(feature, event.target.value))
    return {SEEN: Aim(), BAIT: Aim(kinds=_MAKERS)}.get(event.reason)
