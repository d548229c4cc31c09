"""What a store must do so that readers can see, take along and delete what is theirs: a part of `Storage`."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Literal, Protocol

from reader.types import Event, RecommendationList
from reader.types_folding import Fold, FoldedView, Unfolded, ViewOf
from reader.types_privacy import Erasure

# What is kept for a time; logins go by their beginning, idle ones by their last use, invitations by when they expire.
OldKind = Literal["lists", "logins", "idle logins", "attempts", "invitations", "audits"]


def parts_of(folded: Iterable[Event]) -> dict[ViewOf, int]:
    """Return how many parts of each view had been folded by the last of some sums."""
    parts: dict[ViewOf, int] = {}
    for event in folded:
        if isinstance(event, FoldedView) and event.view is not None:
            view = event.user, event.view
            parts[view] = max(parts.get(view, 0), event.part + 1)
    return parts


class OwnDataStorage(Protocol):
    """Kept under the same promises as everything else (`reader.storage.protocol.Storage`)."""

    def erasures(self) -> int:
        """Return a number that grows whenever events are deleted that folds may have taken in.

        A fold that began at another number must begin anew: so an erasure reaches the memory of every process.
        """

    def erasure(self, erasure_id: str) -> Erasure | None:
        """Return the note that something was erased under this id."""

    def last_erased_at(self) -> datetime | None:
        """Return when the last reader was erased, of those erasures whose time is known; None if none was."""

    def has_events_until(self, user: str, at: datetime) -> bool:
        """Return whether there are events of a reader of a time up to `at`."""

    def drop_some_events(self, user: str, ids: Collection[str]) -> int:
        """Delete those of some events that are this reader's, and count an erasure if there were any; return how many.

        A later event of the same id is a new one.
        """

    def old_events(self, types: Collection[str], before: datetime) -> int:
        """Return how many events of some types are of a time before `before`, of all readers."""

    def unfolded(self, types: Collection[str], before: datetime, lead: timedelta) -> Unfolded | None:
        """Return where events of some types are of a time before `before`, of all readers; None if there are none.

        lead: how far before them to begin, by the times of the events: whatever comes before `first` lies that much
        earlier than the latest event up to the first of them.
        """

    def drop_old_events(self, types: Collection[str], before: datetime) -> int:
        """Delete the events of some types of a time before `before`, and count an erasure if there were any.

        Return how many.
        """

    def fold_events(self, user: str, folds: Sequence[Fold]) -> bool:
        """Put sums in the place of a reader's events; return whether it was done.

        It is not if any of the events to go is not there any more. No erasure is counted: every fold over the log is
        as it was.
        """

    def drop_parts(self) -> int:
        """Delete the parts of all readers (`put_parts`); return how many."""

    def event_counts(self, user: str) -> dict[str, int]:
        """Return how many events of each type there are of a reader."""

    def newest_events(
        self, user: str, *, types: Sequence[str] = (), before: int | None = None, limit: int
    ) -> list[tuple[int, Event]]:
        """Return events of a reader with a smaller seq than `before`, newest first. types: () for any."""

    def lists_of(self, user: str) -> list[RecommendationList]:
        """Return the lists that are kept of a reader, newest first."""

    def traces(self, user: str) -> dict[str, int]:
        """Return for every table how many rows name a reader, whatever the column is called."""

    def drop_old(self, kind: OldKind, before: datetime, *, only_count: bool = False) -> int:
        """Delete what of one kind is of a time before `before`, or only count it; return how many."""

    def oldest_event_at(self) -> datetime | None:
        """Return the time of the oldest event, None if there is none."""

    def names(self) -> list[str]:
        """Return all readers that any table names, sorted."""
