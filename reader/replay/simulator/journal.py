"""What a simulated reader does, written down as events on the reader's own clock."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from reader.replay.simulator.reading import Cause, Stay
from reader.types import Event, Impression, ParagraphVisit, Shown


@dataclass(frozen=True, slots=True)
class IntendedReturn:
    """A scroll-back that a reader was made to do, and why: what a derivation should find.

    topic: of the interest that led back; None if none did, or the paragraph only has a word of one.
    """

    view: str
    item: str
    paragraph: int
    cause: Cause
    topic: str | None = None

    def record(self) -> dict[str, object]:
        """Return the line of truth.jsonl."""
        return {"type": "scroll_back", **asdict(self)}


@dataclass(slots=True)
class Journal:
    """The events of one reader in order. start: when its clock shows 0; clock_ms: whole ms since then."""

    user: str
    start: datetime
    clock_ms: int = 0
    events: list[Event] = field(default_factory=list)
    returns: list[IntendedReturn] = field(default_factory=list)
    session: str = ""
    _numbers: count[int] = field(default_factory=lambda: count(1))

    @property
    def at(self) -> datetime:
        """The moment that the clock shows."""
        return self.start + timedelta(milliseconds=self.clock_ms)

    def write(self, type: str, cls: type[Event] = Event, /, **fields: Any) -> None:
        """Write down one event as of now."""
        id = f"{self.user}-{next(self._numbers):07d}"
        self.events.append(cls(id=id, type=type, at=self.at, user=self.user, session=self.session, **fields))

    def write_impression(self, list_id: str, shown: tuple[Shown, ...]) -> None:
        """Write down a list that was shown."""
        self.write("impression", Impression, list=list_id, items=shown)

    def write_stays(self, item: str, view: str, stays: list[Stay], part_ms: int) -> None:
        """Write down the stays of a view that was just opened, in parts of at most `part_ms`, and move the clock on."""
        opened_ms = self.clock_ms
        numbers: dict[int, int] = {}
        for stay in stays:
            number = numbers.get(stay.paragraph, 0)
            numbers[stay.paragraph] = number + 1
            if stay.cause is not None:
                self.returns.append(IntendedReturn(view, item, stay.paragraph, stay.cause, stay.topic))
            self._write_parts(item, view, stay, number, opened_ms, part_ms)

    def _write_parts(self, item: str, view: str, stay: Stay, number: int, opened_ms: int, part_ms: int) -> None:
        moving_ms = stay.visible_ms - stay.rest_ms
        for part, done_ms in enumerate(range(0, max(1, stay.visible_ms), part_ms)):
            length_ms = min(part_ms, stay.visible_ms - done_ms)
            started_ms = self.clock_ms - opened_ms
            self.clock_ms += length_ms
            self.write(
                "paragraph_visit",
                ParagraphVisit,
                item=item,
                view=view,
                paragraph=stay.paragraph,
                visit=number,
                part=part,
                started_ms=started_ms,
                visible_ms=length_ms,
                dwell_ms=length_ms,
                coverage=stay.coverage,
                came=stay.came,
                user_driven=stay.came != "start",
                rest_ms=length_ms - min(length_ms, max(0, moving_ms - done_ms)),
                focus_ms=length_ms,
            )
