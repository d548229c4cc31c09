"""One read of EB-NeRD -> our open, paragraph visits and close.

What belongs here: what read time and scroll depth say about paragraphs. What does not: which reads there are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from reader.types import Close, Event, ParagraphVisit


@dataclass(frozen=True, slots=True)
class Read:
    """One opening of an article; view: also the start of its events' ids.

    read_s: time on the page, scroll_percentage: how far down, 0 to 100; None where the log does not know.
    list, position: the impression that it was opened from, if it was.
    """

    view: str
    at: datetime
    user: str
    session: str | None
    article: int
    read_s: float | None
    scroll_percentage: float | None
    list: str | None = None
    position: int | None = None


def read_events(read: Read, words: Sequence[int]) -> Iterator[Event]:
    """Yield the open, the derived visits, and the close if the read time is known. words: of each paragraph."""
    yield Event(
        id=f"{read.view}-open",
        type="open",
        at=read.at,
        user=read.user,
        session=read.session,
        item=str(read.article),
        view=read.view,
        list=read.list,
        position=read.position,
    )
    if read.read_s is None:
        return
    if read.scroll_percentage is not None:
        yield from _visits(read, read.read_s * 1000, reached_words(words, read.scroll_percentage), words)
    yield Close(
        id=f"{read.view}-close",
        type="close",
        at=read.at + timedelta(seconds=read.read_s),
        user=read.user,
        session=read.session,
        item=str(read.article),
        view=read.view,
        active_ms=read.read_s * 1000,
    )


def reached_words(words: Sequence[int], scroll_percentage: float) -> list[float]:
    """Return how many words of each paragraph lie above the depth; paragraphs below it are left out.

    >>> reached_words([10, 20, 10], 50)
    [10, 10.0]
    """
    depth = sum(words) * scroll_percentage / 100
    reached: list[float] = []
    for count in words:
        if depth <= 0:
            break
        reached.append(min(count, depth))
        depth -= count
    return reached


def _visits(read: Read, read_ms: float, reached: Sequence[float], words: Sequence[int]) -> Iterator[ParagraphVisit]:
    """Yield one visit a reached paragraph, one after the other, the read time shared by reached words."""
    started_ms = 0.0
    for index, count in enumerate(reached):
        dwell_ms = read_ms * count / sum(reached)
        yield ParagraphVisit(
            id=f"{read.view}-visit-{index:04d}",
            type="paragraph_visit",
            at=read.at + timedelta(milliseconds=started_ms + dwell_ms),
            user=read.user,
            session=read.session,
            item=str(read.article),
            view=read.view,
            paragraph=index,
            visit=0,
            part=0,
            started_ms=started_ms,
            visible_ms=dwell_ms,
            dwell_ms=dwell_ms,
            coverage=count / words[index],
            came="down" if index else "start",
            user_driven=index > 0,
        )
        started_ms += dwell_ms
