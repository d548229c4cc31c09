"""The pages of one feed, one folder and all feeds: what they brought, newest first, read or not.

By time alone: no profile is looked at. What is read is what programs of the Google Reader API are told
(`webapp.greader`). What is opened here was chosen as from a topic or a search: it belongs to no list.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final

from flask import g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from reader.errors import NotFoundError
from reader.ingest.subscriptions import Followed
from reader.profile.axes import Feature
from reader.recommend.candidates import refused_items
from reader.types_feeds import FolderPath
from webapp.folders import followed_in, parse_path, say_folder, say_path
from webapp.greader import names
from webapp.greader.blueprint import seconds
from webapp.greader.entries import Choice, Entry, choose
from webapp.greader.holdings import brought_by
from webapp.greader.marking import new_press, note
from webapp.language.saying import _, ngettext
from webapp.pages.acts import say
from webapp.pages.blueprint import pages
from webapp.pages.cards import make_card
from webapp.pages.lists import PAGE_LENGTH
from webapp.prefix import go_to, safe_next
from webapp.services import now, services
from webapp.third_parties import as_may_be_shown

# Of the name of a feed in addresses: 64 bits.
_KEY_LENGTH: Final = 16
_SHOWN: Final = ("unread", "all")


@dataclass(frozen=True, slots=True)
class Shelf:
    """Some of the feeds that a reader follows. name: what the page is called; values: what its address names it by."""

    name: str
    endpoint: str
    values: dict[str, str]
    feeds: tuple[Followed, ...]

    @property
    def is_one(self) -> bool:
        """Whether it is one feed, and no folder."""
        return self.endpoint == "pages.feed"

    def url(self, **more: str) -> str:
        """Return the address of its page."""
        return url_for(self.endpoint, **self.values, **more)  # type: ignore[arg-type]  # values, not options


@dataclass(frozen=True, slots=True)
class Unread:
    """How many items are unread, of each feed by its address, of each folder with those in it, and in all."""

    feeds: Counter[str]
    folders: Counter[FolderPath]
    all: int


def key_of(url: str) -> str:
    """Return the name of a feed in our addresses; its own may hold a secret, which no log of addresses is to have.

    >>> key_of("https://example.org/feed")
    '09157359a856586c'
    """
    return hashlib.sha256(url.encode("utf-8", "surrogatepass")).hexdigest()[:_KEY_LENGTH]


@pages.get("/feeds/of/<key>")
def feed(key: str) -> ResponseReturnValue:
    """Show what one feed brought."""
    return _page(_of_feed(key))


@pages.get("/feeds/in")
def feed_folder() -> ResponseReturnValue:
    """Show what the feeds of a folder brought, and of those within it."""
    return _page(_of_folder(request.args.get("folder", "")))


@pages.get("/feeds/all")
def all_feeds() -> ResponseReturnValue:
    """Show what all feeds brought that the reader follows."""
    return _page(_of_all())


@pages.post("/feeds/read")
def mark_feeds_read() -> ResponseReturnValue:
    """Mark as read what a feed, a folder or all feeds had brought when their page was made."""
    key, folder = request.form.get("key", ""), request.form.get("folder", "")
    shelf = _of_feed(key) if key else _of_folder(folder) if folder else _of_all()
    until_s, press = seconds("until") or int(now().timestamp()), new_press()
    found = shown_entries(shelf.feeds, by_name=shelf.is_one)
    unread = (entry for entry in found if not entry.is_read and entry.came_s <= until_s)
    count = note(((entry, "mark_read") for entry in unread), press=press)
    said = ngettext("%(num)s item is marked as read.", "%(num)s items are marked as read.", count)
    say(said, undo=press if count else "")
    return go_to(safe_next(request.form.get("next", "")))


def _of_feed(key: str) -> Shelf:
    for one in _followed():
        if key_of(one.feed.url) == key:
            return Shelf(one.name, "pages.feed", {"key": key}, (one,))
    raise NotFoundError(f"feed {key!r:.80}: you do not follow it")


def _of_folder(text: str) -> Shelf:
    path = parse_path(text)
    own = followed_in(path, _followed())
    if not path or not own:
        raise NotFoundError(f"folder {text!r:.80}: you follow no feed in it")
    return Shelf(say_folder(path), "pages.feed_folder", {"folder": say_path(path)}, own)


def _of_all() -> Shelf:
    return Shelf(_("All feeds"), "pages.all_feeds", {}, tuple(_followed()))


def _followed() -> Sequence[Followed]:
    return services().subscriptions.of(services().reader)


def _page(shelf: Shelf) -> ResponseReturnValue:
    which = request.args.get("show", "")
    which = which if which in _SHOWN else _SHOWN[0]
    entries = shown_entries(shelf.feeds, by_name=shelf.is_one)
    unread = sum(not entry.is_read for entry in entries)
    without = (names.READ,) if which == "unread" else ()
    choice = Choice(names.READING_LIST, PAGE_LENGTH, without, after=request.args.get("after", ""))
    page, after = choose(entries, choice)
    return render_template(
        "feed_items.html",
        shelf=shelf,
        which=which,
        count=len(entries),
        unread=unread,
        until=int(now().timestamp()),
        more_url=shelf.url(show=which, after=after) if after else None,
        **_cards(page),
    )


def _cards(page: Sequence[Entry]) -> dict[str, Any]:
    recommender = services().recommender
    items = recommender.storage.items([entry.item for entry in page])
    reading, steering = recommender.settings.reading, recommender.state(services().reader).steering
    known = [entry for entry in page if entry.item in items]
    made = [make_card(as_may_be_shown(items[one.item]), None, "", one.is_read, reading) for one in known]
    return {"cards": made, "liked_ids": steering.liked, "saved_ids": steering.saved}


def shown_entries(followed: Sequence[Followed], *, by_name: bool = False) -> list[Entry]:
    """Return what feeds brought, without what the reader has hidden or muted.

    by_name: one feed was asked for; that its own source is muted keeps nothing from its page.
    """
    spared: set[Feature] = {("source", one.feed.title) for one in followed} if by_name else set()
    recommender, user = services().recommender, services().reader
    with recommender.held(user) as state:
        refused = refused_items(recommender.catalogue, state, now().timestamp(), spared=spared)
    return [entry for entry in brought_by(user, followed) if entry.item not in refused]


def count_unread(followed: Sequence[Followed]) -> Unread:
    """Count what is unread as the pages of feeds and folders show it; what is in several folders counts in each."""
    folders = {one.feed.url: _with_outer(one.folders) for one in followed}
    unread = [entry.feeds for entry in shown_entries(followed) if not entry.is_read]
    within = (set[FolderPath]().union(*(folders[feed] for feed in feeds)) for feeds in unread)
    return Unread(Counter(chain.from_iterable(unread)), Counter(chain.from_iterable(within)), len(unread))


def _with_outer(paths: Sequence[FolderPath]) -> set[FolderPath]:
    return {path[:end] for path in paths for end in range(1, len(path) + 1)}


def feed_url(key: str, **more: str) -> str:
    """Return the address of the page of a feed by its own address."""
    return url_for("pages.feed", key=key_of(key), **more)  # type: ignore[arg-type]  # values, not options


def folder_url(path: FolderPath) -> str:
    """Return the address of the page of a folder."""
    return url_for("pages.feed_folder", folder=say_path(path))


@pages.app_context_processor
def links_to_feeds() -> dict[str, Any]:
    """Let the name of a source lead to the page of the feed that brought an item, if the reader follows one."""
    return {"page_of_feed": _page_of_feed}


def _page_of_feed(item: str) -> str:
    if "user" not in g:
        return ""
    if "followed" not in g:
        g.followed = {one.feed for one in services().recommender.storage.subscriptions(g.user) if one.ended_at is None}
    if not g.followed:
        return ""
    brought = services().recommender.storage.feeds_of_items([item]).get(item, [])
    return next((feed_url(each, show="all") for each in brought if each in g.followed), "")


def feed_place(url: str) -> str:
    """Return the address of a feed as it is shown: two of one site must not look alike.

    >>> feed_place("https://www.example.org/news/feed.xml?of=today")
    'www.example.org/news/feed.xml?of=today'
    """
    return url.removeprefix("https://").removeprefix("http://")
