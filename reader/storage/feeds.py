"""What a store must do about feeds: the part of the protocol `Storage` about what is fetched, and who follows it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from reader.types_feeds import Feed, Folder, Subscription


def merged(before: Feed, fetched: Feed, known: Feed | None) -> Feed:
    """Return what a fetched feed is kept as. before: it, under the address asked; known: what is kept at its address.

    One that it has moved onto has a name, a state and ids of its own, and stays as it is, but for being shared.
    """
    has_moved_onto = known if before.url != fetched.url else None
    return replace(has_moved_onto or fetched, shared=before.shared or (known is not None and known.shared))


class FeedStorage(Protocol):
    """Kept under the same promises as everything else (`reader.storage.protocol.Storage`)."""

    def put_feed(self, feed: Feed) -> None:
        """Store or replace a feed by its URL."""

    def share_feed(self, url: str, shared: bool) -> bool:
        """Make what a feed brings everybody's, or its followers' alone; return whether it is known under this URL.

        Nothing else of it changes: whoever read it before may not know what it has become by being fetched since.
        """

    def feed(self, url: str) -> Feed | None:
        """Return the feed of this URL."""

    def feeds(self) -> list[Feed]:
        """Return all feeds, sorted by URL."""

    def move_feed(self, url: str, target: str) -> None:
        """Give a feed another URL; its subscriptions and what it brought go along.

        A feed, a subscription or an item that is known under the target already stays as it is, and the moved one goes.
        """

    def put_fetched(self, asked: str, feed: Feed, items: Collection[str], at: datetime) -> bool:
        """Store what a feed has become by being fetched, all or nothing; return whether it is known under `asked`.

        If it is not, nobody follows it any more, and its address does not come back. feed: under the address that it
        has now; to another one it moves (`move_feed`), and is shared if either was, else as it was before. items: what
        it has brought (`bring`) that could first be read `at`.
        """

    def drop_unfollowed_feeds(self) -> list[str]:
        """Delete the feeds that nobody follows, not even as ended, and that are not shared; return their URLs.

        These may hold secrets. What such a feed brought stays known as brought by a feed: by "".
        """

    def put_subscriptions(self, subscriptions: Sequence[Subscription]) -> None:
        """Store or replace subscriptions by reader and feed, all or none."""

    def subscription(self, user: str, feed: str) -> Subscription | None:
        """Return one subscription, an ended one too."""

    def subscriptions(self, user: str | None = None) -> list[Subscription]:
        """Return the subscriptions of a reader, or all, ended ones too, in the order in which they came."""

    def drop_subscriptions_ended_before(self, at: datetime) -> int:
        """Delete for good what was ended before `at`; return how many."""

    def put_folders(self, user: str, folders: Sequence[Folder]) -> None:
        """Replace all folders of a reader."""

    def folders(self, user: str) -> list[Folder]:
        """Return the folders of a reader, by position, then path."""

    def bring(self, feed: str, items: Mapping[str, datetime]) -> bool:
        """Write down which items a feed brought, and when each was published, if it is known; return whether it is.

        Known ones stay as they are. Until `put_fetched` says when they came, they came when they were published.
        """

    def given_items(self, ids: Sequence[str]) -> frozenset[str]:
        """Return those of some items that were stored before any feed brought them, and that a feed has brought since.

        They were given for everybody.
        """

    def withdraw_items(self, ids: Sequence[str], at: datetime) -> None:
        """Have items that were given for everybody be given to nobody any more; unknown ones are left out.

        Who follows a feed that brought one still gets it. They stay stored, so that what readers did with them is
        about something, and count from now on as brought by the feed "" `at` that time.
        """

    def give_items(self, ids: Sequence[str]) -> None:
        """Give withdrawn items to everybody again; others are everybody's already, or a feed's alone and stay so."""

    def withdrawn_items(self, ids: Sequence[str]) -> dict[str, datetime]:
        """Return those of some items that were withdrawn, or brought by a feed that is gone, and since when."""

    def arrivals(self, feeds: Sequence[str]) -> dict[str, datetime]:
        """Return for all items that these feeds brought when the first of them did so."""

    def feed_items(self, feed: str, *, limit: int) -> list[str]:
        """Return the ids of what a feed brought, newest first, ties by id."""

    def items_of_feeds(self, feeds: Sequence[str]) -> list[tuple[str, str, datetime]]:
        """Return (item, feed, when published) of all that these feeds brought, newest first, ties by item and feed."""

    def feed_items_after(self, seq: int) -> list[tuple[int, str, str]]:
        """Return (seq, feed, item) of what was brought, or got another feed's address, after the last seq seen."""

    def feeds_within_reach(self, users: Sequence[str]) -> frozenset[str]:
        """Return the addresses of the feeds that one of these readers follows, and of those that are shared."""

    def feed_item_counts(self, since: datetime) -> dict[str, int]:
        """Return how many items each feed brought that were published since then; feeds without are left out."""

    def feeds_of_items(self, ids: Sequence[str]) -> dict[str, list[str]]:
        """Return for each known item the feeds that brought it, sorted; items of no feed are left out."""
