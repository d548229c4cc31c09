"""Screens of the scroll log -> our events: the stays of each paragraph and their share of the time.

What belongs here: the arithmetic of `scroll_readability`'s first two rules. What does not: reading the file.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from reader.replay.importers.scroll_phases import Phase, Reading, Screen
from reader.types import Came, Close, Event, ParagraphVisit


def phase_events(reading: Reading, phase: Phase, began: datetime) -> Iterator[Event]:
    """Yield the open, the visits and, if the length is known, the close of one phase."""
    view = f"{reading.user}-{reading.item}-{phase.name}"
    yield Event(
        id=f"{view}-open", type="open", at=began, user=reading.user, session=reading.user, item=reading.item, view=view
    )
    for stay in find_stays(phase.screens, len(reading.words)):
        yield _visit(reading, phase.screens, stay, view, began)
    if phase.ended_ms is not None or len(phase.screens) > 1:
        yield Close(
            id=f"{view}-close",
            type="close",
            at=began + timedelta(milliseconds=phase.length_ms),
            user=reading.user,
            session=reading.user,
            item=reading.item,
            view=view,
            active_ms=phase.length_ms,
        )


@dataclass(frozen=True, slots=True)
class Stay:
    """A paragraph on screen without a break, from screen `first` up to, not with, `end`. visit: counts from 0."""

    paragraph: int
    visit: int
    first: int
    end: int


def find_stays(screens: Sequence[Screen], paragraphs: int) -> list[Stay]:
    """Return every stay of every paragraph."""
    return [stay for paragraph in range(paragraphs) for stay in _stays_of(paragraph, screens)]


def _stays_of(paragraph: int, screens: Sequence[Screen]) -> list[Stay]:
    on_screen = [paragraph in screen.shares for screen in screens] + [False]
    stays: list[Stay] = []
    first: int | None = None
    for index, visible in enumerate(on_screen):
        if visible and first is None:
            first = index
        elif not visible and first is not None:
            stays.append(Stay(paragraph, len(stays), first, index))
            first = None
    return stays


def _visit(reading: Reading, screens: Sequence[Screen], stay: Stay, view: str, began: datetime) -> ParagraphVisit:
    # The screen after the last of the stay ends it; after the last of all nothing does, and its time is 0.
    end_ms = screens[min(stay.end, len(screens) - 1)].ms
    visible_ms = end_ms - screens[stay.first].ms
    came = came_from(screens, stay.first)
    return ParagraphVisit(
        id=f"{view}-visit-{stay.paragraph}-{stay.visit}",
        type="paragraph_visit",
        at=began + timedelta(milliseconds=end_ms),
        user=reading.user,
        session=reading.user,
        item=reading.item,
        view=view,
        paragraph=stay.paragraph,
        visit=stay.visit,
        part=0,
        started_ms=screens[stay.first].ms,
        visible_ms=visible_ms,
        dwell_ms=dwell_ms(screens, stay, reading.words),
        coverage=max(screen.shares[stay.paragraph] for screen in screens[stay.first : stay.end]),
        came=came,
        user_driven=came != "jump",
        rest_ms=visible_ms,
    )


def came_from(screens: Sequence[Screen], index: int) -> Came:
    """Return how the reader came to a screen; one that changed without scrolling was not their doing."""
    if index == 0:
        return "start"
    moved_px = screens[index].top_px - screens[index - 1].top_px
    return "down" if moved_px > 0 else "up" if moved_px < 0 else "jump"


def dwell_ms(screens: Sequence[Screen], stay: Stay, words: Sequence[int]) -> float:
    """Return the stay's part of the time of its screens, each shared by visible words."""
    spans = zip(screens[stay.first : stay.end], screens[stay.first + 1 : stay.end + 1], strict=False)
    return sum((later.ms - screen.ms) * word_share(screen, stay.paragraph, words) for screen, later in spans)


def word_share(screen: Screen, paragraph: int, words: Sequence[int]) -> float:
    """Return which part of the words on screen is the paragraph's, 0 to 1."""
    visible = {index: words[index] * share for index, share in screen.shares.items()}
    total = sum(visible.values())
    return visible[paragraph] / total if total else 0.0
