"""Events of one opening of one item -> a `View`: what was on screen or played, in order.

Pure, and the same for any order of arrival: parts are merged by their counters and visits sorted by their start. What
a view *means* is said in `reader.behaviour.signals`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from reader.types import Came, Close, Event, ParagraphVisit, Watch


@dataclass(frozen=True, slots=True)
class Visit:
    """One stay of one paragraph on screen, its parts merged. Times in seconds; started_s since the opening."""

    paragraph: int
    visit: int
    started_s: float
    visible_s: float
    dwell_s: float
    rest_s: float
    focus_s: float
    coverage: float
    came: Came
    user_driven: bool


@dataclass(frozen=True, slots=True)
class View:
    """One opening of one item. active_s: the reader's active time, None as long as the view was not closed."""

    id: str
    user: str
    item: str
    opened_at: datetime
    visits: tuple[Visit, ...] = ()
    stretches: tuple[Watch, ...] = ()
    active_s: float | None = None
    list: str | None = None


def derive_view(events: Iterable[Event]) -> View:
    """Merge the events of one view. `events`: at least one, all with the same view, user and item."""
    known = sorted({event.id: event for event in events}.values(), key=lambda event: (event.at, event.id))
    opening = next((event for event in known if event.type == "open"), known[0])
    closes = [event.active_ms / 1000 for event in known if isinstance(event, Close)]
    return View(
        id=opening.view or opening.id,
        user=opening.user,
        item=opening.item or "",
        opened_at=opening.at,
        visits=_visits(event for event in known if isinstance(event, ParagraphVisit)),
        stretches=tuple(event for event in known if isinstance(event, Watch)),
        active_s=max(closes, default=None),
        list=opening.list,
    )


def _visits(events: Iterable[ParagraphVisit]) -> tuple[Visit, ...]:
    parts: dict[tuple[int, int], dict[int, ParagraphVisit]] = defaultdict(dict)
    for event in events:
        parts[event.paragraph, event.visit].setdefault(event.part, event)
    merged = (_merge([by_part[part] for part in sorted(by_part)]) for by_part in parts.values())
    return tuple(sorted(merged, key=lambda visit: (visit.started_s, visit.paragraph, visit.visit)))


def _merge(parts: list[ParagraphVisit]) -> Visit:
    """Add up the parts of one visit; how it came is what its first part says."""
    first = parts[0]
    return Visit(
        paragraph=first.paragraph,
        visit=first.visit,
        started_s=min(part.started_ms for part in parts) / 1000,
        visible_s=sum(part.visible_ms for part in parts) / 1000,
        dwell_s=sum(part.dwell_ms for part in parts) / 1000,
        rest_s=sum(part.visible_ms if part.rest_ms is None else part.rest_ms for part in parts) / 1000,
        focus_s=sum(part.dwell_ms if part.focus_ms is None else part.focus_ms for part in parts) / 1000,
        coverage=max(part.coverage for part in parts),
        came=first.came,
        user_driven=first.user_driven,
    )
