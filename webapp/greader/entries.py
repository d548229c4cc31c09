"""The items of a reader with their states, and the choice among them that a request asks for. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from reader.errors import InvalidInputError
from webapp.greader import names


@dataclass(frozen=True)
class Entry:
    """One item as a reader has it. feeds: of those that the reader follows, where it came from; labels: their folders.

    at: when it was published, or came if it does not say; came_at: when a feed brought it, None for what no feed did.
    """

    item: str
    at: datetime
    feeds: tuple[str, ...]
    labels: frozenset[str]
    is_read: bool
    is_starred: bool
    is_liked: bool = False
    came_at: datetime | None = None

    @cached_property
    def number(self) -> int:
        """The number by which this API knows it."""
        return names.number_of(self.item)

    @cached_property
    def usec(self) -> int:
        """`at` in microseconds since 1970."""
        return round(self.at.timestamp() * 1_000_000)

    @property
    def came_s(self) -> int:
        """When it came, in seconds since 1970; what no feed brought came when it was published."""
        return int((self.came_at or self.at).timestamp())

    def is_in(self, stream: str) -> bool:
        """Tell whether it belongs to a stream; to one that there is not, nothing does."""
        if stream.startswith(names.FEED):
            return stream.removeprefix(names.FEED) in self.feeds
        if stream.startswith(names.LABEL):
            return stream.removeprefix(names.LABEL) in self.labels
        states = {
            names.READING_LIST: bool(self.feeds),
            names.READ: self.is_read,
            names.KEPT_UNREAD: not self.is_read,
            names.STARRED: self.is_starred,
            names.LIKED: self.is_liked,
        }
        return states.get(stream, False)


@dataclass(frozen=True, slots=True)
class Choice:
    """What a request asks for.

    without, within: streams to leave out, and to keep to (xt, it); since_s, until_s: by when it came, both included
    (ot, nt); after: where the page before ended (c).
    """

    stream: str
    count: int
    without: tuple[str, ...] = ()
    within: tuple[str, ...] = ()
    since_s: int | None = None
    until_s: int | None = None
    oldest_first: bool = False
    after: str = ""


def choose(entries: Iterable[Entry], choice: Choice) -> tuple[list[Entry], str | None]:
    """Return a page of entries, newest first or oldest first, and where the next page begins; None: there is none.

    The next page begins after the last entry of this one, whatever has come in the meantime.
    """
    found = [entry for entry in entries if _is_chosen(entry, choice)]
    found.sort(key=_place, reverse=not choice.oldest_first)
    if choice.after:
        ended = _parse_place(choice.after)
        found = [entry for entry in found if (_place(entry) > ended) == choice.oldest_first and _place(entry) != ended]
    page = found[: choice.count]
    return page, "{}_{}".format(*_place(page[-1])) if page and len(found) > len(page) else None


def _is_chosen(entry: Entry, choice: Choice) -> bool:
    return (
        entry.is_in(choice.stream)
        and not any(map(entry.is_in, choice.without))
        and all(map(entry.is_in, choice.within))
        and (choice.since_s is None or entry.came_s >= choice.since_s)
        and (choice.until_s is None or entry.came_s <= choice.until_s)
    )


def _place(entry: Entry) -> tuple[int, int]:
    return entry.usec, entry.number


def _parse_place(text: str) -> tuple[int, int]:
    usec, _, number = text.partition("_")
    try:
        return int(usec), int(number)
    except ValueError as error:
        raise InvalidInputError("c", f"{text!r:.80} is no continuation of ours", "begin anew without it") from error
