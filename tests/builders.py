"""Short ways to say what a reader did."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from reader.storage.feeds import FeedStorage
from reader.types import (
    Article,
    Came,
    Close,
    Event,
    Impression,
    Judge,
    ParagraphVisit,
    Shown,
    Steer,
    Target,
    Tune,
    Watch,
)
from reader.types_feeds import Feed

START = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)


def article(id: str = "a1", *, paragraphs: tuple[str, ...] = (), **fields: Any) -> Article:
    """Return an article published a day before START."""
    values = {"title": f"Title of {id}", "published_at": START - timedelta(days=1), "language": "en", **fields}
    return Article(id=id, paragraphs=paragraphs, **values)


def deliver(storage: FeedStorage, feed: str, items: Mapping[str, datetime], *, came_at: datetime | None = None) -> None:
    """Have a feed bring items, each with when it was published; came_at: when it was fetched, if that is to be told."""
    known = storage.feed(feed) or Feed(feed)
    storage.put_feed(known)
    storage.bring(feed, items)
    if came_at is not None:
        storage.put_fetched(feed, known, items.keys(), came_at)


class ReadingStory:
    """One opening of one item, told visit by visit: each starts where the one before ended."""

    def __init__(self, item: str = "a1", *, user: str = "ann", view: str = "v1", at: datetime = START) -> None:
        self.item, self.user, self.view, self.at = item, user, view, at
        self.clock_ms = 0.0
        self._numbers = count()
        self._visits: dict[int, int] = {}
        self.events: list[Event] = [Event(**self._common("open"))]

    def _common(self, type: str) -> dict[str, Any]:
        return {
            "id": f"{self.user}-{self.view}-{next(self._numbers)}",
            "type": type,
            "at": self.at + timedelta(milliseconds=self.clock_ms),
            "user": self.user,
            "item": self.item,
            "view": self.view,
        }

    def visit(
        self,
        paragraph: int,
        *,
        seconds: float = 10.0,
        came: Came = "down",
        user_driven: bool = True,
        coverage: float = 1.0,
        dwell_share: float = 1.0,
        **fields: Any,
    ) -> ReadingStory:
        """Let a paragraph be on screen, alone, for some seconds."""
        number = self._visits.get(paragraph, -1) + 1
        self._visits[paragraph] = number
        values: dict[str, Any] = {
            "paragraph": paragraph,
            "visit": number,
            "part": 0,
            "started_ms": self.clock_ms,
            "visible_ms": seconds * 1000,
            "dwell_ms": seconds * 1000 * dwell_share,
            "coverage": coverage,
            "came": came,
            "user_driven": user_driven,
        }
        self.events.append(ParagraphVisit(**self._common("paragraph_visit"), **{**values, **fields}))
        self.clock_ms += seconds * 1000
        return self

    def read(self, *paragraphs: int, seconds: float = 10.0) -> ReadingStory:
        """Read some paragraphs one after the other."""
        for paragraph in paragraphs:
            self.visit(paragraph, seconds=seconds)
        return self

    def go_back(self, paragraph: int, *, seconds: float = 10.0, **fields: Any) -> ReadingStory:
        """Scroll up to a paragraph and rest there."""
        return self.visit(paragraph, seconds=seconds, came="up", **fields)

    def close(self) -> ReadingStory:
        """Leave the page."""
        self.events.append(Close(**self._common("close"), active_ms=self.clock_ms))
        return self

    def __iter__(self) -> Iterator[Event]:
        return iter(self.events)


class WatchStory:
    """One opening of one clip, told stretch by stretch."""

    def __init__(self, item: str = "v1", *, user: str = "ann", view: str = "w1", at: datetime = START) -> None:
        self.item, self.user, self.view, self.at = item, user, view, at
        self.clock_s = 0.0
        self._numbers = count()
        self.events: list[Event] = [Event(**self._common("open"))]

    def _common(self, type: str) -> dict[str, Any]:
        return {
            "id": f"{self.user}-{self.view}-w{next(self._numbers)}",
            "type": type,
            "at": self.at + timedelta(seconds=self.clock_s),
            "user": self.user,
            "item": self.item,
            "view": self.view,
        }

    def play(self, from_s: float, to_s: float, *, rate: float = 1.0, sound_on: bool = False) -> WatchStory:
        """Play one stretch; it is told at its end."""
        self.clock_s += (to_s - from_s) / rate
        self.events.append(Watch(**self._common("watch"), from_s=from_s, to_s=to_s, rate=rate, sound_on=sound_on))
        return self

    def wait(self, seconds: float) -> WatchStory:
        """Let time pass in which nothing plays."""
        self.clock_s += seconds
        return self

    def close(self) -> WatchStory:
        """Go on to something else."""
        self.events.append(Close(**self._common("close"), active_ms=self.clock_s * 1000))
        return self

    def __iter__(self) -> Iterator[Event]:
        return iter(self.events)


_act_numbers = count()


def act(type: str, item: str | None = None, *, user: str = "ann", at: datetime = START, **fields: Any) -> Event:
    """Return an event without a view."""
    common: dict[str, Any] = {"id": f"act-{next(_act_numbers)}", "type": type, "at": at, "user": user, "item": item}
    if "target" in fields:
        kind, value = fields.pop("target")
        return Steer(**common, target=Target(kind, value, fields.pop("until", None)), **fields)
    if "paragraph" in fields:
        return Judge(**common, **fields)
    return Event(**common, **fields)


def impression(list_id: str, *items: str, user: str = "ann", at: datetime = START) -> Impression:
    """Return an impression of some items in order."""
    shown = tuple(Shown(item, position) for position, item in enumerate(items, start=1))
    return Impression(id=f"imp-{list_id}", type="impression", at=at, user=user, list=list_id, items=shown)


def tune(surprise: float, *, user: str = "ann", at: datetime = START) -> Tune:
    """Return a reader's word on how much they want to be surprised."""
    return Tune(id=f"act-{next(_act_numbers)}", type="tune", at=at, user=user, surprise=surprise)
