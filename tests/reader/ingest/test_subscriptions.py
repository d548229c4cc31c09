"""What a reader follows."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest

from reader.clock import ManualClock
from reader.errors import InvalidInputError, NotFoundError
from reader.ingest.subscriptions import Subscriptions
from reader.storage.memory import MemoryStorage
from reader.types_feeds import Feed, Subscription
from tests.builders import deliver
from tests.reader.ingest.conftest import NOW

SALT, LANTERN = "https://salt.example/feed", "https://lantern.example/feed"


@pytest.fixture
def storage() -> MemoryStorage:
    return MemoryStorage()


@pytest.fixture
def own(storage: MemoryStorage, clock: ManualClock) -> Subscriptions:
    return Subscriptions(storage, clock)


def urls(own: Subscriptions, user: str) -> list[str]:
    return [one.feed.url for one in own.of(user)]


def test_each_reader_follows_feeds_of_their_own_and_one_is_fetched(own: Subscriptions, storage: MemoryStorage) -> None:
    own.follow("ada", SALT, title="Salt")
    own.follow("bob", SALT, name="White gold")
    own.follow("bob", LANTERN)

    assert urls(own, "ada") == [SALT]
    assert [one.name for one in own.of("bob")] == ["lantern.example", "White gold"]
    assert storage.feeds() == [Feed(LANTERN), Feed(SALT, "Salt")]


def test_following_twice_changes_nothing(own: Subscriptions, storage: MemoryStorage, clock: ManualClock) -> None:
    own.follow("ada", SALT, name="Mine", folder=("News",))
    before = storage.subscriptions()
    clock.at = NOW + timedelta(days=1)

    own.follow("ada", SALT, folder=("Other",))

    assert storage.subscriptions() == before


@pytest.mark.parametrize("url", ["", "salt.example", "file:///etc/passwd", "javascript:1", "https://"])
def test_only_web_addresses_can_be_followed(own: Subscriptions, url: str) -> None:
    with pytest.raises(InvalidInputError, match="is no http"):
        own.follow("ada", url)


def test_what_was_ended_can_be_taken_back_as_it_was(own: Subscriptions, clock: ManualClock) -> None:
    own.follow("ada", SALT, name="Mine", folder=("News", "World"))
    own.wish_full_text("ada", SALT, True)
    before = own.one("ada", SALT)

    own.end("ada", SALT)
    assert urls(own, "ada") == []
    own.take_back("ada", SALT)

    assert own.one("ada", SALT) == before


def test_after_a_day_it_is_gone_and_with_it_the_feed(
    own: Subscriptions, storage: MemoryStorage, clock: ManualClock
) -> None:
    own.follow("ada", SALT)
    own.follow("ada", LANTERN)
    own.end("ada", SALT)
    clock.at = NOW + timedelta(days=1, seconds=1)

    own.tidy()

    assert [feed.url for feed in storage.feeds()] == [LANTERN]
    with pytest.raises(NotFoundError, match="cannot be taken back any more"):
        own.take_back("ada", SALT)


def test_nobody_changes_what_another_follows(own: Subscriptions) -> None:
    own.follow("bob", SALT)

    for change in (
        lambda: own.one("ada", SALT),
        lambda: own.rename("ada", SALT, "x"),
        lambda: own.file("ada", SALT, [("x",)]),
        lambda: own.wish_full_text("ada", SALT, True),
        lambda: own.end("ada", SALT),
        lambda: own.take_back("ada", SALT),
    ):
        with pytest.raises(NotFoundError):
            change()
    assert own.of("bob")[0].name == "salt.example"


def test_a_name_of_ones_own_and_back_to_the_feeds(own: Subscriptions) -> None:
    own.follow("ada", SALT, title="Salt")

    own.rename("ada", SALT, "  White\n gold ")
    assert own.one("ada", SALT).name == "White gold"
    own.rename("ada", SALT, " ")
    assert own.one("ada", SALT).name == "Salt"


def test_folders_are_there_as_long_as_something_is_in_them(own: Subscriptions) -> None:
    own.follow("ada", SALT, folder=("News", " World "))

    assert [folder.path for folder in own.folders("ada")] == [("News", "World")]
    own.file("ada", SALT, [("Art",), ("Art",), ("News", "")])
    assert own.one("ada", SALT).folders == (("Art",), ("News",))
    own.file("ada", SALT, [])
    assert own.folders("ada") == []


def test_what_stood_in_a_folder_that_goes_stands_one_level_up(own: Subscriptions) -> None:
    own.follow("ada", SALT, folder=("News", "World"))
    own.follow("ada", LANTERN, folder=("News", "World", "Asia"))

    own.remove_folder("ada", ("News", "World"))

    assert own.one("ada", SALT).folders == (("News",),)
    assert own.one("ada", LANTERN).folders == (("News", "Asia"),)


def test_items_a_week_are_of_the_last_four(own: Subscriptions, storage: MemoryStorage) -> None:
    own.follow("ada", SALT)
    deliver(storage, SALT, {f"a{day}": NOW - timedelta(days=day) for day in range(60)})

    assert own.one("ada", SALT).items_a_week == 29 / 4  # 28 days back, both ends counted


class Fetching(MemoryStorage):
    """A store where a feed is fetched right after somebody first looks at it."""

    def __init__(self, target: str) -> None:
        super().__init__()
        self.targets = [target]

    def feed(self, url: str) -> Feed | None:
        found = super().feed(url)
        if found is not None and self.targets:
            self.put_fetched(url, replace(found, url=self.targets.pop(), etag="2", failures=1), [], NOW)
        return found


def shared_while_fetched(clock: ManualClock, target: str) -> Fetching:
    storage = Fetching(target)
    storage.put_feed(Feed(SALT, etag="1"))
    storage.put_subscriptions([Subscription("ada", SALT)])
    with suppress(NotFoundError):
        Subscriptions(storage, clock).share("ada", SALT, shared=True)
    return storage


def test_a_feed_that_is_shared_while_it_is_fetched_keeps_what_was_fetched(clock: ManualClock) -> None:
    assert shared_while_fetched(clock, SALT).feeds() == [Feed(SALT, etag="2", failures=1, shared=True)]


def test_a_feed_that_moves_while_it_is_shared_does_not_come_back(clock: ManualClock) -> None:
    assert [feed.url for feed in shared_while_fetched(clock, LANTERN).feeds()] == [LANTERN]


def test_only_what_one_follows_can_be_shared(own: Subscriptions, storage: MemoryStorage) -> None:
    own.follow("ada", SALT)
    with pytest.raises(NotFoundError, match="do not follow"):
        own.share("bob", SALT, shared=True)
    storage.move_feed(SALT, LANTERN)
    with pytest.raises(NotFoundError, match="do not follow"):
        own.share("ada", SALT, shared=True)
