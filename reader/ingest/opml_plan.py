"""OPML <-> what a reader follows. Pure: what a file would change is known before anything is changed."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Literal

from reader.ingest.items import is_web_url
from reader.ingest.opml import Opml, Outline
from reader.types_feeds import Feed, Folder, FolderPath, Place, Subscription

Status = Literal["new", "known", "broken"]
TITLE: Final = "Feeds of Reread"


@dataclass(frozen=True, slots=True)
class Planned:
    """What becomes of one outline of a feed. detail: of a broken one, why and what to do."""

    name: str
    url: str
    folder: FolderPath
    status: Status
    position: int
    detail: str = ""
    attributes: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What a file would do. folders: all of the file; new_folders: those that the reader has not."""

    feeds: tuple[Planned, ...]
    folders: tuple[Folder, ...]
    new_folders: tuple[FolderPath, ...]
    notes: tuple[str, ...] = ()

    def with_status(self, status: Status) -> list[Planned]:
        """Return the feeds of one status, each address once, in the order of the file."""
        found = [one for one in self.feeds if one.status == status]
        return found if status == "broken" else list({one.url: one for one in reversed(found)}.values())[::-1]


def plan(opml: Opml, subscriptions: Sequence[Subscription], folders: Sequence[Folder]) -> Plan:
    """Return what would become of each outline for a reader who has these."""
    walk = _Walk({one.feed for one in subscriptions if one.ended_at is None})
    walk.go(opml.outlines, ())
    known = {folder.path for folder in folders}
    new = tuple(folder.path for folder in walk.folders.values() if folder.path not in known)
    return Plan(tuple(walk.feeds), tuple(walk.folders.values()), new, opml.notes)


class _Walk:
    """Goes through the outlines in the order of the file, which is what positions are."""

    def __init__(self, known: Collection[str]) -> None:
        self.feeds: list[Planned] = []
        self.folders: dict[FolderPath, Folder] = {}
        self._known = known
        self._count = 0

    def go(self, outlines: Sequence[Outline], folder: FolderPath) -> None:
        for outline in outlines:
            self._count += 1
            if outline.is_feed:
                self.feeds.append(self._feed(outline, folder))
                self.go(outline.children, folder)
            else:
                path = (*folder, outline.name) if outline.name else folder
                if path:
                    self.folders.setdefault(path, Folder(path, self._count, outline.attributes))
                self.go(outline.children, path)

    def _feed(self, outline: Outline, folder: FolderPath) -> Planned:
        status: Status = "known" if outline.url in self._known else "new"
        detail = ""
        if not is_web_url(outline.url):
            status = "broken"
            detail = f"{outline.url:.100} is no http(s) address" if outline.url else "it has no address (xmlUrl)"
        return Planned(outline.name, outline.url, folder, status, self._count, detail, outline.attributes)


@dataclass(frozen=True, slots=True)
class Taken:
    """What an import stores: feeds that are not known yet, subscriptions, and all folders of the reader."""

    feeds: tuple[Feed, ...]
    subscriptions: tuple[Subscription, ...]
    folders: tuple[Folder, ...]


def take(
    found: Plan,
    user: str,
    subscriptions: Sequence[Subscription],
    folders: Sequence[Folder],
    *,
    chosen: Collection[str] | None = None,
    at: datetime,
) -> Taken:
    """Return what to store so that the reader follows the feeds of a plan. chosen: only these addresses.

    What the reader follows already stays as it is, in its folders.
    """
    start = 1 + max(_positions(subscriptions, folders), default=-1)
    changed: dict[str, Subscription] = {}
    for one in found.feeds:
        if one.status == "new" and (chosen is None or one.url in chosen):
            place = Place(one.folder, start + one.position)
            before = changed.get(one.url)
            changed[one.url] = _placed(before, place) if before else _new(one, user, place, at)
    feeds = {one.url: Feed(one.url, one.name, site_url=_site(one)) for one in found.feeds if one.url in changed}
    merged = {folder.path: replace(folder, position=start + folder.position) for folder in found.folders}
    merged |= {folder.path: folder for folder in folders}
    return Taken(tuple(feeds.values()), tuple(changed.values()), tuple(merged.values()))


def _positions(subscriptions: Sequence[Subscription], folders: Sequence[Folder]) -> Iterator[int]:
    yield from (place.position for one in subscriptions for place in one.places)
    yield from (folder.position for folder in folders)


def _placed(before: Subscription, place: Place) -> Subscription:
    if any(known.folder == place.folder for known in before.places):
        return before
    return replace(before, places=(*before.places, place))


def _new(one: Planned, user: str, place: Place, at: datetime) -> Subscription:
    return Subscription(user, one.url, one.name, (place,), added_at=at, attributes=one.attributes or {})


def _site(one: Planned) -> str:
    site = (one.attributes or {}).get("htmlUrl", "")
    return site if is_web_url(site) else ""


def export(subscriptions: Sequence[Subscription], folders: Sequence[Folder], feeds: Mapping[str, Feed]) -> Opml:
    """Return the list of what a reader follows, in the order and with the attributes in which it came.

    feeds: by URL, for what a subscription that was made here does not say itself.
    """
    members: dict[FolderPath, list[tuple[int, Outline]]] = {}
    live = [one for one in subscriptions if one.ended_at is None]
    for one in live:
        outline = _outline(one, feeds.get(one.feed) or Feed(one.feed))
        for place in one.places:
            members.setdefault(place.folder, []).append((place.position, outline))
    return Opml(TITLE, _Tree(members, {folder.path: folder for folder in folders}).level(()))


class _Tree:
    """Folders with what stands in them. members: feeds by folder, with their positions; known: folders by path."""

    def __init__(
        self, members: Mapping[FolderPath, Sequence[tuple[int, Outline]]], known: Mapping[FolderPath, Folder]
    ) -> None:
        self._members = members
        self._known = known
        self._inner: dict[FolderPath, list[FolderPath]] = {}
        for path in {one[:end] for one in (*members, *known) for end in range(1, len(one) + 1)}:
            self._inner.setdefault(path[:-1], []).append(path)
        self._positions = _first_positions(members) | {path: folder.position for path, folder in known.items()}

    def level(self, path: FolderPath) -> tuple[Outline, ...]:
        """Return what stands in a folder, in order."""
        below = [(self._positions.get(one, 0), self._folder(one)) for one in self._inner.get(path, ())]
        both = [*self._members.get(path, ()), *below]
        return tuple(outline for _, outline in sorted(both, key=lambda pair: (pair[0], pair[1].name, pair[1].url)))

    def _folder(self, path: FolderPath) -> Outline:
        return Outline(path[-1], "", _attributes(self._known.get(path)), self.level(path))


def _first_positions(members: Mapping[FolderPath, Sequence[tuple[int, Outline]]]) -> dict[FolderPath, int]:
    """Return for every folder the position of the first feed in it or below."""
    found: dict[FolderPath, int] = {}
    for path, outlines in members.items():
        first = min(position for position, _ in outlines)
        for end in range(1, len(path) + 1):
            found[path[:end]] = min(first, found.get(path[:end], first))
    return found


def _attributes(folder: Folder | None) -> Mapping[str, str]:
    return folder.attributes if folder else {}


def _outline(one: Subscription, feed: Feed) -> Outline:
    name = one.title or feed.title or feed.url
    attributes = one.attributes or {"type": "rss", "title": name} | (
        {"htmlUrl": feed.site_url} if feed.site_url else {}
    )
    return Outline(name, one.feed, attributes)
