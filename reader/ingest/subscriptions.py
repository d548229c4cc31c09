"""What a reader follows: everything that can be done with it, over a store.

Fetching is not its affair: a feed that is followed stands in the store, and `refreshing` finds it due.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final
from urllib.parse import urlsplit

from reader.clock import Clock
from reader.errors import InvalidInputError, NotFoundError
from reader.ingest.items import MAX_NAME, is_web_url
from reader.ingest.opml import MAX_DEPTH, MAX_OUTLINES, parse_opml, write_opml
from reader.ingest.opml_plan import Plan, export, plan, take
from reader.storage.feeds import FeedStorage
from reader.types_feeds import Feed, Folder, FolderPath, Place, Subscription

# How long a subscription that was ended can be taken back; ours.
TAKEN_BACK_FOR: Final = timedelta(days=1)
# Feeds that one reader may follow; ours, far above any list seen.
MAX_SUBSCRIPTIONS: Final = 10_000
_WEEKS: Final = 4


@dataclass(frozen=True, slots=True)
class Followed:
    """A subscription with its feed. items_a_week: of the last four weeks."""

    subscription: Subscription
    feed: Feed
    items_a_week: float

    @property
    def name(self) -> str:
        """What the reader calls it, else what it calls itself, else its host."""
        return self.subscription.title or self.feed.title or urlsplit(self.feed.url).hostname or self.feed.url

    @property
    def folders(self) -> tuple[FolderPath, ...]:
        """The folders it stands in; none: ()."""
        return tuple(place.folder for place in self.subscription.places if place.folder)


class Subscriptions:
    """Every method is about one reader, by id. NotFoundError for a feed that the reader does not follow."""

    def __init__(self, storage: FeedStorage, clock: Clock) -> None:
        self.storage = storage
        self._clock = clock

    # --- looking ----------------------------------------------------------------------------------

    def of(self, user: str) -> list[Followed]:
        """Return what a reader follows, by name."""
        counts = self.storage.feed_item_counts(self._clock() - timedelta(weeks=_WEEKS))
        feeds = {feed.url: feed for feed in self.storage.feeds()}
        found = [self._followed(one, feeds, counts) for one in self._live(user)]
        return sorted(found, key=lambda one: (one.name.casefold(), one.feed.url))

    def one(self, user: str, url: str) -> Followed:
        """Return one of them."""
        subscription = self._own(user, url)
        feed = self.storage.feed(url)
        counts = self.storage.feed_item_counts(self._clock() - timedelta(weeks=_WEEKS))
        return self._followed(subscription, {} if feed is None else {url: feed}, counts)

    def _followed(self, one: Subscription, feeds: Mapping[str, Feed], counts: Mapping[str, int]) -> Followed:
        return Followed(one, feeds.get(one.feed) or Feed(one.feed), counts.get(one.feed, 0) / _WEEKS)

    def _live(self, user: str) -> list[Subscription]:
        return [one for one in self.storage.subscriptions(user) if one.ended_at is None]

    def _own(self, user: str, url: str) -> Subscription:
        found = self.storage.subscription(user, url)
        if found is None or found.ended_at is not None:
            raise _not_followed(url)
        return found

    def folders(self, user: str) -> list[Folder]:
        """Return the reader's folders, those without feeds too, in their order."""
        known = {folder.path: folder for folder in self.storage.folders(user)}
        named = (place.folder for one in self._live(user) for place in one.places if place.folder)
        return sorted({**{path: Folder(path) for path in named}, **known}.values(), key=lambda one: one.path)

    # --- changing ---------------------------------------------------------------------------------

    def follow(
        self, user: str, url: str, *, title: str = "", site_url: str = "", name: str = "", folder: FolderPath = ()
    ) -> Followed:
        """Let a reader follow a feed; it is due at once if nobody followed it. One that is followed stays as it is.

        title, site_url: of the feed, if known; name: the reader's own. InvalidInputError for what is no address.
        """
        if not is_web_url(url):
            raise InvalidInputError("url", f"{url!r:.200} is no http(s) address", "check how it is written")
        before = self.storage.subscription(user, url)
        if before is not None and before.ended_at is None:
            return self.one(user, url)
        self._check_room(user, 1)
        self._know(Feed(url, title, site_url=site_url))
        own = before or Subscription(
            user, url, places=(Place(_checked(folder), self._end(user)),), added_at=self._clock()
        )
        self._put(replace(own, ended_at=None, title=_name(name) or own.title))
        return self.one(user, url)

    def rename(self, user: str, url: str, name: str) -> None:
        """Call a feed by a name of the reader's own; "" is the feed's."""
        own = self._own(user, url)
        attributes = {key: value for key, value in own.attributes.items() if key != "title"}
        if "title" in own.attributes and _name(name):
            attributes["title"] = _name(name)
        self._put(replace(own, title=_name(name), attributes=attributes))

    def file(self, user: str, url: str, folders: Sequence[FolderPath]) -> None:
        """Put a feed into these folders and no others; none: beside them."""
        own = self._own(user, url)
        wanted = list(dict.fromkeys(map(_checked, folders))) or [()]
        kept = {place.folder: place for place in own.places}
        self._put(replace(own, places=tuple(kept.get(path) or Place(path, self._end(user)) for path in wanted)))

    def wish_full_text(self, user: str, url: str, wished: bool) -> None:
        """Say whether articles are to be fetched whole from their pages: for all readers if one of them says so."""
        self._put(replace(self._own(user, url), full_text=wished))

    def end(self, user: str, url: str) -> None:
        """No longer follow a feed. It can be taken back for a day; what was ended before that is deleted."""
        self._put(replace(self._own(user, url), ended_at=self._clock()))
        self.tidy()

    def take_back(self, user: str, url: str) -> None:
        """Follow a feed again as if it had never been ended."""
        own = self.storage.subscription(user, url)
        if own is None:
            raise NotFoundError(f"feed {url!r:.200}: it cannot be taken back any more; add it anew")
        self._know(Feed(url))
        self._put(replace(own, ended_at=None))

    def tidy(self) -> None:
        """Delete for good what was ended long ago, and feeds that nobody follows any more."""
        self.storage.drop_subscriptions_ended_before(self._clock() - TAKEN_BACK_FOR)
        self.storage.drop_unfollowed_feeds()

    def remove_folder(self, user: str, path: FolderPath) -> None:
        """Take a folder and those in it away; what stood there stands one level up."""
        self.storage.put_folders(user, [one for one in self.storage.folders(user) if one.path[: len(path)] != path])
        inside = [one for one in self._live(user) if any(place.folder[: len(path)] == path for place in one.places)]
        self.storage.put_subscriptions([replace(one, places=_lifted(one.places, path)) for one in inside])

    # --- OPML -------------------------------------------------------------------------------------

    def plan(self, user: str, content: bytes) -> Plan:
        """Return what an OPML file would change; InvalidInputError if it is none."""
        return plan(parse_opml(content), self.storage.subscriptions(user), self.folders(user))

    def take_in(self, user: str, content: bytes, *, chosen: Collection[str] | None = None) -> Plan:
        """Follow the new feeds of an OPML file, or those of them that were chosen; return what was planned.

        InvalidInputError, before anything is stored, if these are too many feeds or folders.
        """
        found = self.plan(user, content)
        own = self._live(user)
        taken = take(found, user, own, self.storage.folders(user), chosen=chosen, at=self._clock())
        self._check_room(user, len(taken.subscriptions))
        if len(taken.folders) > MAX_OUTLINES:
            count = len(taken.folders)
            raise InvalidInputError("folders", f"{count:,} are too many", f"have at most {MAX_OUTLINES:,}")
        known = {feed.url for feed in self.storage.feeds()}
        for feed in taken.feeds:
            if feed.url not in known:
                self.storage.put_feed(feed)
        self.storage.put_subscriptions(taken.subscriptions)
        self.storage.put_folders(user, taken.folders)
        return found

    def share(self, user: str, url: str, *, shared: bool) -> Followed:
        """Make what a feed brings everybody's, or its followers' again; return it. Others say who may do so."""
        self._own(user, url)
        if not self.storage.share_feed(url, shared):
            # Moved since, by being fetched: under this address it must not come back.
            raise _not_followed(url)
        return self.one(user, url)

    def export(self, user: str) -> bytes:
        """Return what a reader follows as an OPML file."""
        feeds = {feed.url: feed for feed in self.storage.feeds()}
        return write_opml(export(self._live(user), self.storage.folders(user), feeds))

    # --- within -----------------------------------------------------------------------------------

    def _put(self, one: Subscription) -> None:
        self.storage.put_subscriptions([one])

    def _know(self, feed: Feed) -> None:
        if self.storage.feed(feed.url) is None:
            self.storage.put_feed(feed)

    def _end(self, user: str) -> int:
        places = [place.position for one in self.storage.subscriptions(user) for place in one.places]
        return 1 + max([*places, *(folder.position for folder in self.storage.folders(user))], default=-1)

    def _check_room(self, user: str, more: int) -> None:
        count = len(self._live(user)) + more
        if count > MAX_SUBSCRIPTIONS:
            raise InvalidInputError("feeds", f"{count:,} are too many", f"follow at most {MAX_SUBSCRIPTIONS:,}")


def _not_followed(url: str) -> NotFoundError:
    return NotFoundError(f"feed {url!r:.200}: you do not follow it")


def _name(text: str) -> str:
    return " ".join(text.split())[:MAX_NAME]


def _checked(path: FolderPath) -> FolderPath:
    found = tuple(name for name in map(_name, path) if name)
    if len(found) > MAX_DEPTH:
        raise InvalidInputError("folder", f"is {len(found)} deep", f"give at most {MAX_DEPTH} names")
    return found


def _lifted(places: Sequence[Place], path: FolderPath) -> tuple[Place, ...]:
    """Return the places with one folder gone, each folder once."""
    above = path[:-1]
    moved = [
        replace(place, folder=(*above, *place.folder[len(path) :])) if place.folder[: len(path)] == path else place
        for place in places
    ]
    return tuple({place.folder: place for place in reversed(moved)}.values())[::-1]
