"""Bodies of the calls of sites. `reader`: what embed.js made and keeps in the browser."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from webapp.api.schemas import MAX_EVENTS, In

MAX_LIMIT = 20


class ReaderIn(In):
    """Who it is about."""

    reader: str = Field(max_length=64)


class ConsentIn(ReaderIn):
    """A yes; a no is `forget`."""

    attention: Literal[True]


class PageIn(ReaderIn):
    """A page of the site."""

    url: str = Field(max_length=2000)


class EventsIn(ReaderIn):
    """Events as in docs/events.md; `user` is set by the server."""

    events: list[Any] = Field(max_length=MAX_EVENTS)


class ListIn(ReaderIn):
    """What list is wanted."""

    limit: int = Field(5, ge=1, le=MAX_LIMIT)
    mode: Literal["profile", "latest"] = "profile"
