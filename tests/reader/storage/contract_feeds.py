"""What every engine must keep about feeds and who follows them."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given

from reader.storage.protocol import Storage
from reader.types_feeds import Feed, Folder, Place, Subscription
from tests.builders import deliver
from tests.reader.storage import builders
from tests.reader.storage.builders import NOW, make_account, make_article
from tests.reader.storage.contract_accounts import any_values, kept

A, B = "https://a.example/feed", "https://b.example/feed"


def hours(count: float) -> datetime:
    return NOW + timedelta(hours=count)


class FeedsContract:
    """The promises of `reader.storage.feeds.FeedStorage`."""

    def fresh(self) -> AbstractContextManager[Storage]:
        """Lend an empty store."""
        raise NotImplementedError

    @any_values
    @given(feed=builders.FEEDS, subscription=builders.SUBSCRIPTIONS, folder=builders.FOLDERS)
    def test_what_is_kept_of_feeds_comes_back_as_it_was(
        self, feed: Feed, subscription: Subscription, folder: Folder
    ) -> None:
        """Times to the millisecond and in UTC, all else exactly."""
        with self.fresh() as storage:
            storage.put_feed(feed)
            storage.put_subscriptions([subscription])
            storage.put_folders("ada", [folder])

            assert storage.feed(feed.url) == kept(feed)
            assert storage.feeds() == [kept(feed)]
            assert storage.subscription(subscription.user, subscription.feed) == kept(subscription)
            assert storage.subscriptions(subscription.user) == [kept(subscription)]
            assert storage.folders("ada") == [folder]

    def test_feeds_that_are_not_there_read_as_empty(self, storage: Storage) -> None:
        """Moving or dropping them changes nothing."""
        storage.move_feed(A, B)

        assert (storage.feed(A), storage.subscription("ada", A)) == (None, None)
        assert storage.subscriptions() == storage.subscriptions("ada") == []
        assert storage.folders("ada") == []
        assert storage.drop_unfollowed_feeds() == storage.feed_items(A, limit=9) == []
        assert storage.feeds_of_items([]) == storage.feeds_of_items(["x"]) == {}
        assert storage.feed_item_counts(NOW) == {}
        assert storage.drop_subscriptions_ended_before(NOW) == 0

    def test_a_subscription_is_replaced_in_its_place(self, storage: Storage) -> None:
        """Readers see their feeds in the order in which they came, whatever they change."""
        storage.put_subscriptions([Subscription("ada", B), Subscription("ada", A), Subscription("bob", A)])

        storage.put_subscriptions([Subscription("ada", B, "The better one")])

        assert [one.feed for one in storage.subscriptions("ada")] == [B, A]
        assert storage.subscriptions()[0].title == "The better one"
        assert len(storage.subscriptions()) == 3

    def test_folders_are_told_by_position_and_replaced_as_a_whole(self, storage: Storage) -> None:
        storage.put_folders(
            "ada", [Folder(("News", "World"), 2), Folder(("News",), 1, {"x": "y"}), Folder(("Art",), 1)]
        )
        storage.put_folders("bob", [Folder(("Bob",))])

        assert [folder.path for folder in storage.folders("ada")] == [("Art",), ("News",), ("News", "World")]
        storage.put_folders("ada", [])
        assert storage.folders("ada") == []
        assert [folder.path for folder in storage.folders("bob")] == [("Bob",)]

    def test_a_feed_goes_once_nobody_follows_it(self, storage: Storage) -> None:
        """What was ended holds it until it is dropped for good, so that it can be taken back; a shared one stays."""
        for feed in (Feed(A), Feed(B), Feed("https://c.example/", shared=True)):
            storage.put_feed(feed)
        storage.put_subscriptions([Subscription("ada", A, ended_at=hours(-2)), Subscription("bob", B)])

        assert storage.drop_unfollowed_feeds() == []
        assert storage.drop_subscriptions_ended_before(hours(-2)) == 0
        assert storage.drop_subscriptions_ended_before(hours(-1)) == 1
        assert storage.drop_unfollowed_feeds() == [A]
        assert [feed.url for feed in storage.feeds()] == [B, "https://c.example/"]

    def test_the_address_of_a_feed_that_nobody_follows_goes_everywhere(self, storage: Storage) -> None:
        """It may hold a secret, and nobody who is erased later would be found to have followed it."""
        deliver(storage, "https://c.example/", {"a1": hours(-1)})
        storage.drop_unfollowed_feeds()
        storage.put_feed(Feed(A))
        storage.put_feed(Feed(B, shared=True))
        deliver(storage, A, {"a1": NOW, "a2": NOW})
        deliver(storage, B, {"a2": NOW})

        storage.drop_unfollowed_feeds()

        assert storage.feeds_of_items(["a1", "a2"]) == {"a1": [""], "a2": ["", B]}
        assert storage.items_of_feeds([A, ""]) == [("a2", "", NOW), ("a1", "", hours(-1))]

    def test_a_feed_that_moves_takes_everything_along(self, storage: Storage) -> None:
        storage.put_feed(Feed(A, "Salt", etag="1"))
        storage.put_subscriptions(
            [Subscription("ada", A, "Mine", (Place(("News",)),)), Subscription("ada", "https://z/")]
        )
        deliver(storage, A, {"a1": NOW})

        storage.move_feed(A, B)
        storage.move_feed(B, B)

        assert storage.feeds() == [Feed(B, "Salt", etag="1")]
        moved = Subscription("ada", B, "Mine", (Place(("News",)),))
        assert storage.subscriptions("ada") == [moved, Subscription("ada", "https://z/")]
        assert storage.feeds_of_items(["a1"]) == {"a1": [B]}

    def test_what_is_known_under_the_new_address_stays_as_it_is(self, storage: Storage) -> None:
        """Two feeds become one; nobody follows it twice."""
        storage.put_feed(Feed(A, "Old"))
        storage.put_feed(Feed(B, "New"))
        own = [Subscription("ada", A, "Old"), Subscription("ada", B, "New"), Subscription("bob", A, "Bob's")]
        storage.put_subscriptions(own)
        deliver(storage, A, {"a1": NOW, "a2": NOW})
        deliver(storage, B, {"a2": hours(1)})

        storage.move_feed(A, B)

        assert storage.feeds() == [Feed(B, "New")]
        assert storage.subscriptions() == [own[1], replace(own[2], feed=B)]
        assert storage.feed_items(B, limit=9) == ["a2", "a1"]
        assert storage.feed_items(A, limit=9) == []

    def test_what_became_of_a_feed_is_stored_as_long_as_it_is_known(self, storage: Storage) -> None:
        """Whoever fetches it has asked a while ago: an address that was dropped meanwhile must not come back."""
        fetched = Feed(A, "Salt", etag="2")
        assert not storage.bring(A, {"a1": NOW})
        assert not storage.put_fetched(A, fetched, ["a1"], NOW)
        assert not storage.put_fetched(A, Feed(B), ["a1"], NOW)
        assert storage.feeds() == []
        assert storage.feed_items_after(0) == []

        storage.put_feed(Feed(A, shared=True))
        assert storage.bring(A, {"a1": hours(-9)})
        assert storage.put_fetched(A, fetched, ["a1"], NOW)

        assert storage.feeds() == [replace(fetched, shared=True)]
        assert storage.arrivals([A]) == {"a1": NOW}

    def test_a_feed_that_has_moved_since_it_was_asked_is_stored_at_its_new_address(self, storage: Storage) -> None:
        storage.put_feed(Feed(A, shared=True))
        storage.put_subscriptions([Subscription("ada", A)])
        storage.bring(A, {"a1": hours(-9)})

        storage.put_fetched(A, Feed(B, "Salt", origin=A), ["a1"], NOW)

        assert storage.feeds() == [Feed(B, "Salt", origin=A, shared=True)]
        assert storage.subscriptions() == [Subscription("ada", B)]
        assert storage.items_of_feeds([A, B]) == [("a1", B, hours(-9))]
        assert storage.arrivals([B]) == {"a1": NOW}

    def test_a_feed_that_has_moved_onto_another_leaves_that_one_as_it_is_but_shared(self, storage: Storage) -> None:
        storage.put_feed(Feed(A, "Old", shared=True))
        storage.put_feed(Feed(B, "New", etag="1"))

        storage.put_fetched(A, Feed(B, "Old", origin=A), [], NOW)

        assert storage.feeds() == [Feed(B, "New", etag="1", shared=True)]

    def test_a_feed_is_shared_and_stays_what_it_was_otherwise(self, storage: Storage) -> None:
        feed = Feed(A, "Salt", etag="1", next_at=hours(1), failures=2)
        storage.put_feed(feed)

        assert storage.share_feed(A, True)
        assert storage.feeds() == [replace(feed, shared=True)]
        assert storage.share_feed(A, False)
        assert not storage.share_feed(B, True)
        assert storage.feeds() == [feed]

    def test_what_a_feed_brought_is_counted_and_told_newest_first(self, storage: Storage) -> None:
        deliver(storage, A, {"old": hours(-9), "b": NOW, "a": NOW})
        deliver(storage, A, {"old": hours(5), "new": hours(1)})
        deliver(storage, B, {"a": NOW})

        assert storage.feed_items(A, limit=3) == ["new", "a", "b"]
        assert storage.items_of_feeds([A, B]) == [
            ("new", A, hours(1)),
            ("a", A, NOW),
            ("a", B, NOW),
            ("b", A, NOW),
            ("old", A, hours(-9)),
        ]
        assert storage.items_of_feeds([B, "x"]) == [("a", B, NOW)]
        assert storage.feed_item_counts(NOW) == {A: 3, B: 1}
        assert storage.feed_item_counts(hours(-10)) == {A: 4, B: 1}
        assert storage.feeds_of_items(["a", "b", "x"]) == {"a": [A, B], "b": [A]}

    def test_what_was_there_before_a_feed_brought_it_was_given(self, storage: Storage) -> None:
        """And stays so, whoever brings it besides, and when it is given again."""
        storage.put_feed(Feed(A))
        storage.put_items([make_article("given"), make_article("alone")])
        storage.bring(A, {"given": NOW, "brought": NOW})
        storage.put_items([make_article("brought"), make_article("given", title="Again")])
        deliver(storage, B, {"given": NOW, "brought": NOW})
        storage.move_feed(A, B)

        assert storage.given_items(["given", "brought", "alone", "unknown"]) == {"given"}
        assert storage.given_items([]) == frozenset()

    def test_what_is_withdrawn_is_given_no_more_until_it_is_given_again(self, storage: Storage) -> None:
        """Whoever keeps in step is told of it each time, with the feeds that brought it too."""
        storage.put_items([make_article(item) for item in ("alone", "both", "kept")])
        deliver(storage, A, {"both": hours(-9), "brought": NOW}, came_at=hours(-8))
        ids, before = ["alone", "both", "unknown"], storage.feed_items_after(0)[-1][0]

        storage.withdraw_items(ids, hours(-1))
        storage.withdraw_items(["both"], NOW)

        assert storage.withdrawn_items([*ids, "kept", "brought"]) == {"alone": hours(-1), "both": NOW}
        assert storage.given_items(ids) == frozenset()
        told = storage.feed_items_after(before)
        assert {(feed, item) for _, feed, item in told} == {("", "alone"), ("", "both"), (A, "both")}
        assert len(told) == 3
        assert storage.items_of_feeds([A]) == [("brought", A, NOW), ("both", A, hours(-9))]
        assert storage.arrivals([A]) == {"both": hours(-8), "brought": hours(-8)}
        assert set(storage.items(ids)) == {"alone", "both"}

        storage.give_items([*ids, "kept", "brought"])

        assert storage.withdrawn_items(ids) == {}
        assert storage.given_items([*ids, "kept", "brought"]) == {"alone", "both"}
        assert {item for _, _, item in storage.feed_items_after(told[-1][0])} == {"alone", "both"}

    def test_to_withdraw_or_give_nothing_changes_nothing(self, storage: Storage) -> None:
        storage.withdraw_items([], NOW)
        storage.withdraw_items(["unknown"], NOW)
        storage.give_items(["unknown"])

        assert storage.withdrawn_items([]) == storage.withdrawn_items(["unknown"]) == {}
        assert storage.feed_items_after(0) == []

    def test_what_was_brought_since_is_told_in_order(self, storage: Storage) -> None:
        """Also what got another address meanwhile: whoever keeps in step learns of it, and misses nothing."""
        storage.put_feed(Feed(A))
        deliver(storage, A, {"a1": NOW, "a2": NOW})
        (first, *_, last) = storage.feed_items_after(0)
        assert [(feed, item) for _, feed, item in (first, last)] == [(A, "a1"), (A, "a2")]

        deliver(storage, A, {"a2": NOW, "a3": NOW})
        assert [(feed, item) for _, feed, item in storage.feed_items_after(last[0])] == [(A, "a3")]
        storage.move_feed(A, B)
        assert {(feed, item) for _, feed, item in storage.feed_items_after(last[0] + 1)} == {
            (B, "a1"), (B, "a2"), (B, "a3"),
        }  # fmt: skip
        storage.drop_unfollowed_feeds()
        assert {feed for _, feed, _ in storage.feed_items_after(0)} == {""}

    def test_when_items_could_first_be_read_is_noted_once(self, storage: Storage) -> None:
        storage.put_feed(Feed(A))
        storage.bring(A, {"a1": hours(-9), "a2": hours(-9)})
        storage.put_fetched(A, Feed(A), ["a1"], hours(-2))
        storage.put_fetched(A, Feed(A), ["a1"], NOW)
        assert storage.arrivals([A]) == {"a1": hours(-2), "a2": hours(-9)}

        storage.move_feed(A, B)

        assert storage.arrivals([B]) == {"a1": hours(-2), "a2": hours(-9)}

    def test_within_reach_are_shared_feeds_and_those_followed_now(self, storage: Storage) -> None:
        storage.put_feed(Feed(B, shared=True))
        storage.put_feed(Feed("https://c.example/"))
        storage.put_subscriptions([Subscription("ada", A), Subscription("bob", "https://d/", ended_at=NOW)])

        assert storage.feeds_within_reach(["ada"]) == {A, B}
        assert storage.feeds_within_reach(["bob"]) == {B}
        assert storage.feeds_within_reach(["bob", "ada"]) == {A, B}

    def test_more_items_than_fit_in_one_question_are_found(self, storage: Storage) -> None:
        ids = [f"a{number}" for number in range(1_200)]
        deliver(storage, A, dict.fromkeys(ids, NOW))

        assert storage.feeds_of_items(ids) == {item: [A] for item in ids}

    def test_erasure_takes_the_feeds_that_nobody_else_follows(self, storage: Storage) -> None:
        """An address may hold a secret: it goes, and what it brought does not become everybody's."""
        for feed in (Feed(A), Feed(B), Feed("https://c.example/", shared=True)):
            storage.put_feed(feed)
            storage.put_subscriptions([Subscription("ada", feed.url)])
            deliver(storage, feed.url, {f"of {feed.url}": NOW})
        storage.put_subscriptions([Subscription("bob", B)])
        storage.add_account(make_account("ada"))

        counts = storage.erase_user("ada")

        assert (counts["subscriptions"], counts["folders"], counts["accounts"]) == (3, 0, 1)
        assert [feed.url for feed in storage.feeds()] == [B, "https://c.example/"]
        assert storage.feeds_of_items([f"of {A}", f"of {B}"]) == {f"of {A}": [""], f"of {B}": [B]}
        assert storage.subscriptions() == [Subscription("bob", B)]

    def test_when_items_came_is_kept_apart_from_when_they_were_published(self, storage: Storage) -> None:
        """The first feed that brought one counts; without a word, an item came when it was published."""
        deliver(storage, A, {"late": hours(-9)}, came_at=NOW)
        deliver(storage, B, {"late": hours(-9), "plain": hours(-3)})
        deliver(storage, A, {"late": hours(-9)}, came_at=hours(2))

        assert storage.arrivals([A]) == {"late": NOW}
        assert storage.arrivals([A, B]) == {"late": hours(-9), "plain": hours(-3)}
        assert storage.arrivals([]) == {}
        assert storage.items_of_feeds([A]) == [("late", A, hours(-9))]

        storage.move_feed(A, "https://c/")
        assert storage.arrivals(["https://c/"]) == {"late": NOW}
