"""What a reader's own visits tell of one text: where they stopped, how long they stayed with each paragraph."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from reader.types import Event, ParagraphVisit
from reader.types_folding import FoldedView
from webapp.language.saying import _, ngettext

# Bounds of the steps of the map, in expected reading times; the first two are those of skimmed and read.
STEPS: Final = (0.15, 0.4, 1.5)
# A paragraph that was on screen for less was only passed, s.
REACHED_S: Final = 1.0


@dataclass(frozen=True, slots=True)
class Trace:
    """One paragraph. seconds: of dwelling, over all visits; returns: how often it was gone back to; step: 0 to 3."""

    seconds: float
    returns: int
    step: int

    @property
    def words(self) -> str:
        """Say it."""
        seconds = round(self.seconds)
        if not self.returns:
            return _("You were here for %(seconds)s s.", seconds=seconds)
        return ngettext(
            "You were here for %(seconds)s s, went back once.",
            "You were here for %(seconds)s s, went back %(num)s times.",
            self.returns,
            seconds=seconds,
        )


@dataclass(frozen=True, slots=True)
class Trail:
    """traces: one for each paragraph, None where the reader has not been. place: where to go on, None if nowhere."""

    traces: tuple[Trace | None, ...]
    place: int | None


def trail_of(events: Iterable[Event], words: Sequence[int], words_per_min: float) -> Trail:
    """Return what visits tell. words: of each paragraph; words_per_min: of this reader."""
    known = list(events)
    visits = [event for event in known if isinstance(event, ParagraphVisit) and event.paragraph < len(words)]
    folded = _last_of_parts(event for event in known if isinstance(event, FoldedView))
    traces = [_trace(visits, folded, number, count, words_per_min) for number, count in enumerate(words)]
    return Trail(tuple(traces), _place(visits, folded, len(words)))


def _last_of_parts(folded: Iterable[FoldedView]) -> list[FoldedView]:
    """Return of each part of each view the last sum, which has all that was before it."""
    return list({(one.view, one.part): one for one in folded}.values())


def _trace(
    visits: Sequence[ParagraphVisit], folded: Sequence[FoldedView], paragraph: int, words: int, words_per_min: float
) -> Trace | None:
    own = [visit for visit in visits if visit.paragraph == paragraph]
    sums = [look.dwell_s for one in folded for look in one.paragraphs if look.paragraph == paragraph]
    seconds = sum(visit.dwell_ms for visit in own) / 1000 + sum(sums)
    if not seconds:
        return None
    # Parts of one visit are one return.
    returns = {(visit.view, visit.visit) for visit in own if visit.came == "up" and visit.user_driven}
    count = len(returns) + sum(back.paragraph == paragraph for one in folded for back in one.returns)
    share = seconds / max(1.0, words / words_per_min * 60)
    return Trace(seconds, count, sum(share >= step for step in STEPS))


def _place(visits: Sequence[ParagraphVisit], folded: Sequence[FoldedView], count: int) -> int | None:
    """Return the furthest paragraph of the last view that got beyond the first; None once the end was reached."""
    fronts: dict[str | None, int] = {}
    reached = [(v.at, v.view, v.paragraph if v.visible_ms >= REACHED_S * 1000 else 0) for v in visits]
    reached += [(one.at, one.view, max(0, one.looks.front)) for one in folded]
    for _at, view, paragraph in sorted(reached, key=lambda one: one[0], reverse=True):
        fronts[view] = max(paragraph, fronts.get(view, 0))
    front = next((front for front in fronts.values() if front), 0)
    return front if 0 < front < count - 1 else None
