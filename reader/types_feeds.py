"""The values about feeds: what is fetched for all, and who follows it; part of `reader.types`.

A feed is fetched once however many follow it. A subscription is one reader's own: its name, its folders, its wishes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

FolderPath = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed that is fetched, with what a conditional GET and the next try need.

    url: where it is fetched, and its name; origin: the address it was first known by, which ids of its entries stand on
    ("" : url); fetched_at: the last try; succeeded_at: the last that gave a feed, or "unchanged"; next_at: when it is
    due (None: at once); failures: tries in a row that failed; trouble: their kind (`reader.ingest.trouble`), "" if all
    is well; error: the last one in words; interval_s: from one try to the next, as its entries taught; shared: fetched
    also if nobody follows it, and its items are for all readers.
    """

    url: str
    title: str = ""
    etag: str = ""
    last_modified: str = ""
    fetched_at: datetime | None = None
    error: str = ""
    site_url: str = ""
    origin: str = ""
    succeeded_at: datetime | None = None
    next_at: datetime | None = None
    failures: int = 0
    trouble: str = ""
    interval_s: float = 0.0
    shared: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Where a subscription stands. folder: names from the outside in, () for none; position: among all outlines."""

    folder: FolderPath = ()
    position: int = 0


@dataclass(frozen=True, slots=True)
class Subscription:
    """That a reader follows a feed. title: their own name for it, "" for the feed's own.

    places: at least one; NewsBlur files a feed in several folders. attributes: of its outline in OPML, but for name and
    address, in Clark notation. ended_at: when it was ended; kept a while so that it can be taken back.
    """

    user: str
    feed: str
    title: str = ""
    places: tuple[Place, ...] = (Place(),)
    full_text: bool = False
    added_at: datetime | None = None
    ended_at: datetime | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Folder:
    """A reader's folder. attributes: of its outline in OPML, but for its name."""

    path: FolderPath
    position: int = 0
    attributes: Mapping[str, str] = field(default_factory=dict)
