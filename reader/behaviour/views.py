"""Events of one opening of one item -> a `View`: what was on screen or played, in order.

Pure, and the same for any order of arrival: parts are merged by their counters and visits sorted by their start. What
a view *means* is said in `reader.behaviour.signals`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from reader.types import Came, Close, Event, ParagraphVisit, Watch
from reader.types_folding import FoldedView, Look, Looks, Played, ScrollBack


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
    """One opening of one item. active_s: the reader's active time, None as long as the view was not closed.

    looks, played: of a view that is folded, in place of visits and stretches.
    """

    id: str
    user: str
    item: str
    opened_at: datetime
    visits: tuple[Visit, ...] = ()
    stretches: tuple[Watch, ...] = ()
    active_s: float | None = None
    list: str | None = None
    looks: Looks | None = None
    played: Played | None = None

    @property
    def was_seen(self) -> bool:
        """Whether it is known what was on screen."""
        return bool(self.visits or (self.looks and self.looks.paragraphs))

    @property
    def was_played(self) -> bool:
        """Whether anything was played."""
        return bool(self.stretches) or self.played is not None


def derive_view(events: Iterable[Event]) -> View:
    """Merge the events of one view. `events`: at least one, all with the same view, user and item."""
    known = sorted({event.id: event for event in events}.values(), key=lambda event: (event.at, event.id))
    opening = next((event for event in known if event.type == "open"), known[0])
    if folded := [event for event in known if isinstance(event, FoldedView)]:
        return _folded_view(opening, folded)
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


def _folded_view(opening: Event, folded: Sequence[FoldedView]) -> View:
    """Return a view of which sums are kept: of each part the last, which has all that was before it."""
    last = {one.part: one for one in folded}
    parts = [last[part] for part in sorted(last)]
    closed = [one.active_ms / 1000 for one in parts if one.active_ms is not None]
    seen, played = [one.looks for one in parts if one.paragraphs], [one.played for one in parts if one.played]
    return View(
        id=opening.view or opening.id,
        user=opening.user,
        item=opening.item or "",
        opened_at=opening.at if opening.type == "open" else parts[0].began_at,
        active_s=max(closed, default=None),
        list=opening.list,
        looks=_joined(seen) if seen else None,
        played=_played_together(played) if played else None,
    )


def _joined(parts: Sequence[Looks]) -> Looks:
    """Return the looks of parts that count as one view, as they do once a reset between them is taken back."""
    if len(parts) == 1:
        return parts[0]
    looks: dict[int, Look] = {}
    returns: list[ScrollBack] = []
    for part in parts:
        for one in part.paragraphs:
            looks[one.paragraph] = _both(looks[one.paragraph], one) if one.paragraph in looks else one
        first = 1 + max((back.episode for back in returns), default=-1)
        returns += [replace(back, episode=first + back.episode) for back in part.returns]
    return Looks(tuple(looks[paragraph] for paragraph in sorted(looks)), tuple(returns))


def _both(one: Look, other: Look) -> Look:
    visits, exposures = one.visits + other.visits, one.exposures + other.exposures
    return Look(one.paragraph, visits, exposures, one.held or other.held, one.dwell_s + other.dwell_s)


def _played_together(parts: Sequence[Played]) -> Played:
    return Played(
        seconds=sum(part.seconds for part in parts),
        # What of the clip was played in both is not known any more.
        covered_s=max(part.covered_s for part in parts),
        loops=sum(part.loops for part in parts),
        replays=tuple(replay for part in parts for replay in part.replays),
        sound_switched_on=any(part.sound_switched_on for part in parts),
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
