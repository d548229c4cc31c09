"""What of a reader's data a grant is about: which records are of which class, and which of them may go out now.

What belongs here: pure choices. What does not: taking the records from the store and packing them
(`webapp.granting.parcels`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final

from reader.types import Consent, Event
from reader.types_consent import ATTENTION_TYPES, Purpose
from reader.types_consent import Terms as Allowed
from reader.types_grants import GRANT_CLASSES, Grant, GrantClass, Terms
from reader.types_undo import Undo

# The events of each class. Every type is in one of them, but for `undo`, since what was taken back
# does not go out at all, and `folded_view`: nobody has granted sums.
TYPES: Final[dict[GrantClass, tuple[str, ...]]] = {
    "lists": ("impression",),
    "opens": ("open", "mark_read", "mark_unread"),
    "reading": ("paragraph_visit", "viewable", "close"),
    "watches": ("watch",),
    "feedback": ("like", "unlike", "save", "unsave", "share", "comment", "hide"),
    "steering": (
        *("follow", "unfollow", "mute", "unmute", "weigh", "unweigh", "tune"),
        *("forget", "forget_paragraph", "keep_paragraph", "reset"),
    ),
}
_CLASS_OF: Final = {kind: name for name, kinds in TYPES.items() for kind in kinds}
# Which answer of the reader a class stands on; after a no to it, nothing of the class goes out.
_STANDS_ON: Final[dict[GrantClass, Purpose]] = {
    "reading": "attention",
    "watches": "attention",
    "feedback": "feedback",
    "steering": "feedback",
}
# What a reader is told that each class is.
MEANINGS: Final[dict[GrantClass, str]] = {
    "lists": "Lists you were shown: which items, in which order, when",
    "opens": "What you opened, or marked as read",
    "reading": "How you read: paragraphs and cards on your screen, when and how long",
    "watches": "What you watched: which stretches of which clips",
    "feedback": "What you told of items: likes, saves, shares, comments, hides",
    "steering": "What you follow, mute, weigh and correct",
    "interests": "Your interests as they were learned from everything, with weights, without evidence",
    "subscriptions": "The feeds you follow: their names and sites, since when",
}


def class_of(event_type: str) -> GrantClass | None:
    """Return the class that events of a type are of; None for what never goes out."""
    return _CLASS_OF.get(event_type)


def is_of_the_time(terms: Terms, at: datetime | None) -> bool:
    """Tell whether a record of a moment is of the time that a grant is about.

    One without a time is, if the grant's time has no beginning.
    """
    if at is None:
        return terms.records_from is None
    ends = terms.ends_at if terms.records_to is None else terms.records_to
    return (terms.records_from is None or at >= terms.records_from) and at < ends


def open_classes(
    grant: Grant, allowed: Allowed, answers: Sequence[Consent], counts: Mapping[str, int]
) -> tuple[GrantClass, ...]:
    """Return those of the granted classes that may go out now.

    allowed, answers: what may be taken of the reader now, and all their answers; counts: of their events by type. A no
    stops a class for this grant for good: whoever says yes again later has not granted anew. Interests stop while
    something that they were learned from was said no to.
    """
    if allowed.is_child:
        return ()
    refused = _refused(grant, allowed, answers)
    return tuple(name for name in grant.terms.classes if not _is_stopped(name, refused, counts))


def _refused(grant: Grant, allowed: Allowed, answers: Sequence[Consent]) -> set[str]:
    """Return the purposes that the reader has said no to, now or once since the grant."""
    later = {one.purpose for one in answers if one.at >= grant.granted_at and not _is_yes(one)}
    now = {"attention": allowed.handling("watch"), "feedback": allowed.handling("like")}
    return later | {purpose for purpose, handling in now.items() if handling != "keep"}


def _is_yes(answer: Consent) -> bool:
    return answer.granted and answer.level in ("", "kept")


def _is_stopped(name: GrantClass, refused: Collection[str], counts: Mapping[str, int]) -> bool:
    if name != "interests":
        return _STANDS_ON.get(name) in refused
    told = (*TYPES["feedback"], *TYPES["steering"])
    learned_from = {"attention": ATTENTION_TYPES, "feedback": told}
    return any(counts.get(kind) for purpose, kinds in learned_from.items() if purpose in refused for kind in kinds)


def going_out(
    terms: Terms, classes: Collection[GrantClass], events: Iterable[Event], undone: Collection[str]
) -> Iterator[tuple[GrantClass, Event]]:
    """Go through those of a reader's events that a grant lets out, each with its class. undone: ids taken back."""
    for event in events:
        name = class_of(event.type)
        if name in classes and event.id not in undone and is_of_the_time(terms, event.at):
            assert name is not None  # no class is None
            yield name, event


def undone_by(events: Iterable[Event]) -> set[str]:
    """Return the ids of what was taken back."""
    return {event.event for event in events if isinstance(event, Undo)}


def in_order(classes: Collection[str]) -> tuple[GrantClass, ...]:
    """Return classes once each, in the order in which they are always told; what is none is left out."""
    return tuple(name for name in GRANT_CLASSES if name in classes)
