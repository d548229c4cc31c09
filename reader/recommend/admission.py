"""Which events of a batch can be true: known item, paragraph within it, a time that can be."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from reader.errors import InvalidEventError
from reader.recommend.catalogue import Catalogue
from reader.recommend.requests import Rejected
from reader.settings import Settings
from reader.types import Event, Judge, ParagraphVisit
from reader.types_folding import FoldedView


class Admission:
    """Checks events against the catalogue and the clock."""

    def __init__(
        self,
        catalogue: Catalogue,
        now: datetime,
        settings: Settings,
        *,
        any_age: bool = False,
        since: Callable[[str], datetime | None] = lambda user: None,
        may_get: Callable[[str, str], bool] = lambda user, item: True,
    ) -> None:
        """any_age: whether old events are admitted; since: from when on events of a reader are taken, None: any time.

        may_get: tells of reader and item whether it is within reach.
        """
        self._catalogue = catalogue
        self._since = since
        self._may_get = may_get
        self._earliest = datetime.min.replace(tzinfo=UTC) if any_age else now - timedelta(days=settings.event_age_days)
        self._latest = now + timedelta(minutes=settings.event_ahead_min)

    def part(self, events: Sequence[Event]) -> tuple[list[Event], list[Rejected]]:
        """Part a batch into what is admitted and what is rejected, both in order."""
        admitted, rejected = [], []
        for event in events:
            try:
                self._check(event)
                admitted.append(event)
            except InvalidEventError as error:
                rejected.append(Rejected(event.id, error.field, f"{error.detail}; {error.remedy}", event.user))
        return admitted, rejected

    def _check(self, event: Event) -> None:
        if event.at > self._latest:
            raise InvalidEventError("at", f"{event.at.isoformat()} lies in the future", "check the sender's clock")
        if event.at < self._earliest:
            raise InvalidEventError(
                "at", f"{event.at.isoformat()} is too long ago", "replay old logs with `reread replay`"
            )
        since = self._since(event.user)
        if since is not None and event.at <= since:
            raise InvalidEventError("at", f"{event.at.isoformat()} is from before an erasure", "load the page again")
        if event.item is not None:
            self._check_item(event, event.item)

    def _check_item(self, event: Event, item: str) -> None:
        count = self._catalogue.paragraphs(item)
        # One answer for both: nobody learns by asking what others' feeds brought.
        if count is None or not self._may_get(event.user, item):
            raise InvalidEventError("item", f"{item!r} is unknown", "add it with POST /api/v1/items or `reread ingest`")
        furthest = _furthest(event)
        if furthest >= count:
            raise InvalidEventError(
                "paragraph", f"{furthest} is out of range: {item!r} has {count}", "paragraphs count from 0"
            )


def _furthest(event: Event) -> int:
    """Return the last paragraph that an event tells of, -1 if none."""
    if isinstance(event, ParagraphVisit | Judge):
        return event.paragraph
    return max((look.paragraph for look in event.paragraphs), default=-1) if isinstance(event, FoldedView) else -1
