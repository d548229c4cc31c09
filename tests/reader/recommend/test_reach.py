"""Whose feeds bring items to whom: in lists, search and by name, in step with a store that others write to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from nlp.analysis import Analyser
from reader.clock import ManualClock
from reader.errors import NotFoundError
from reader.ingest.subscriptions import Subscriptions
from reader.recommend.reach import FeedReach
from reader.recommend.recommender import Recommender
from reader.recommend.requests import Request
from reader.settings import Settings
from reader.storage.memory import MemoryStorage
from reader.storage.protocol import Storage
from reader.storage.sqlite import SqliteStorage
from reader.types import Article, Video
from reader.types_feeds import Feed
from reader.wiring import make_recommender
from tests.builders import act, deliver

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
ADAS, BOBS, TOWNS = "https://pod.example/rf?key=1", "https://bob.example/feed", "https://town.example/feed"


@pytest.fixture(params=["memory", "sqlite"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Storage]:
    made: Storage = MemoryStorage() if request.param == "memory" else SqliteStorage(tmp_path / "reach.db")
    yield made
    made.close()


@pytest.fixture
def own(storage: Storage) -> Subscriptions:
    return Subscriptions(storage, ManualClock(NOW))


@pytest.fixture
def recommender(storage: Storage, own: Subscriptions, remembering: Analyser) -> Recommender:
    """Ada and Bob follow one feed each, one is shared, and one item no feed brought."""
    own.follow("ada", ADAS)
    own.follow("bob", BOBS)
    storage.put_feed(Feed(TOWNS, shared=True))
    made = make_recommender(
        storage=storage, settings=Settings(accounts=True), clock=ManualClock(NOW), analyser=remembering
    )
    bring(made, ADAS, "secret")
    bring(made, BOBS, "bread")
    bring(made, TOWNS, "mayor")
    made.add_items([article("given")])
    return made


def article(item: str) -> Article:
    text = f"What {item} is about, in one sentence of its own."
    return Article(
        id=item, title=f"The {item}", published_at=NOW - timedelta(hours=1), language="en", paragraphs=(text,)
    )


def bring(recommender: Recommender, feed: str, *items: str) -> None:
    deliver(recommender.storage, feed, dict.fromkeys(items, NOW))
    recommender.add_items([article(item) for item in items])


def listed(recommender: Recommender, user: str) -> set[str]:
    """Return what comes into both kinds of list, which must agree on it."""
    latest = {place.item for place in recommender.recommend(Request(user, mode="latest")).items}
    assert {place.item for place in recommender.recommend(Request(user)).items} <= latest
    return latest


def test_lists_hold_what_everybody_may_get_and_one_s_own(recommender: Recommender) -> None:
    assert listed(recommender, "ada") == {"secret", "mayor", "given"}
    assert listed(recommender, "bob") == {"bread", "mayor", "given"}
    assert listed(recommender, "eve") == {"mayor", "given"}


def test_what_two_feeds_brought_is_for_the_readers_of_both(recommender: Recommender) -> None:
    bring(recommender, BOBS, "secret")

    assert listed(recommender, "bob") == {"secret", "bread", "mayor", "given"}
    assert "secret" in listed(recommender, "ada")
    assert "secret" not in listed(recommender, "eve")


def test_what_was_given_stays_everybody_s_when_a_feed_brings_it_too(recommender: Recommender) -> None:
    """In this process, in one that starts later, and when another feed brings it as well."""
    bring(recommender, ADAS, "given")
    later = FeedReach(recommender.storage)
    later.catch_up(recommender.catalogue.id_at, recommender.catalogue.row, len(recommender.catalogue.published_s))

    assert "given" in listed(recommender, "eve")
    assert later.of("eve")("given")
    bring(recommender, BOBS, "given")
    assert "given" in listed(recommender, "eve")
    assert "secret" not in listed(recommender, "eve")


def test_what_is_withdrawn_is_for_those_alone_who_follow_a_feed_that_brought_it(
    recommender: Recommender, storage: Storage
) -> None:
    """In this process, which another's writing reaches, and in one that starts later; until it is given again."""
    bring(recommender, ADAS, "given")
    recommender.add_items([article("besides")])
    recommender.observe([act("open", "besides", user="eve", view="v", at=NOW)])

    storage.withdraw_items(["given", "besides"], NOW)
    later = FeedReach(storage)
    later.catch_up(recommender.catalogue.id_at, recommender.catalogue.row, len(recommender.catalogue.published_s))

    assert listed(recommender, "ada") == {"secret", "mayor", "given"}
    assert listed(recommender, "bob") == {"bread", "mayor"}
    assert [later.of(user)("given") for user in ("ada", "bob")] == [True, False]
    assert recommender.item_for("eve", "besides").id == "besides"
    with pytest.raises(NotFoundError):
        recommender.item_for("bob", "besides")

    storage.give_items(["given", "besides"])

    assert listed(recommender, "bob") == {"bread", "mayor", "given", "besides"}
    storage.withdraw_items(["given"], NOW)
    assert listed(recommender, "ada") == {"secret", "mayor", "given", "besides"}
    assert listed(recommender, "bob") == {"bread", "mayor", "besides"}


def test_following_and_leaving_count_from_the_next_list(recommender: Recommender, own: Subscriptions) -> None:
    own.follow("eve", BOBS)
    assert "bread" in listed(recommender, "eve")

    own.end("eve", BOBS)
    assert "bread" not in listed(recommender, "eve")

    own.take_back("eve", BOBS)
    assert "bread" in listed(recommender, "eve")


def test_after_an_erasure_what_feeds_bring_is_parted_as_before(recommender: Recommender) -> None:
    recommender.observe([act("open", "given", user="eve", view="v", at=NOW)])
    recommender.erase("eve")
    bring(recommender, ADAS, "fresh secret")

    assert listed(recommender, "ada") == {"secret", "fresh secret", "mayor", "given"}
    assert listed(recommender, "bob") == {"bread", "mayor", "given"}
    with pytest.raises(NotFoundError):
        recommender.item_for("bob", "fresh secret")


def test_a_feed_that_moves_and_one_that_goes(recommender: Recommender, own: Subscriptions, storage: Storage) -> None:
    """Moved, it keeps its readers; what a feed brought that nobody follows any more is nobody's."""
    storage.move_feed(ADAS, "https://pod.example/new")
    assert "secret" in listed(recommender, "ada")
    assert "secret" not in listed(recommender, "bob")

    storage.erase_user("ada")
    own.follow("bob", "https://pod.example/new")

    assert "secret" not in listed(recommender, "ada")


def test_an_item_by_itself_is_not_there_for_others(recommender: Recommender) -> None:
    """As little as one that does not exist: nor can they say that they opened or saved it."""
    assert recommender.item_for("ada", "secret").id == "secret"
    for item in ("secret", "nothing"):
        with pytest.raises(NotFoundError, match=f"item '{item}': there is none of that id"):
            recommender.item_for("bob", item)

    told = recommender.observe([act("save", item, user="bob", at=NOW) for item in ("secret", "nothing", "bread")])

    assert told.accepted == 1
    assert {one.detail.replace(one.id, "") for one in told.rejected} == {
        f"{item!r} is unknown; add it with POST /api/v1/items or `reread ingest`" for item in ("secret", "nothing")
    }
    assert "secret" not in {place.item for place in recommender.related("mayor", user="bob")}
    assert "secret" in {place.item for place in recommender.related("mayor", user="ada")}


def test_what_was_opened_or_saved_stays_one_s_own(recommender: Recommender, own: Subscriptions) -> None:
    bring(recommender, ADAS, "other")
    recommender.observe([act("save", "secret", user="ada", at=NOW)])

    own.end("ada", ADAS)

    assert recommender.item_for("ada", "secret").id == "secret"
    assert recommender.observe([act("unsave", "secret", user="ada", at=NOW)]).accepted == 1
    with pytest.raises(NotFoundError):
        recommender.item_for("ada", "other")


def test_clips_of_a_creator_are_those_within_reach(recommender: Recommender, storage: Storage) -> None:
    clips = [Video(id=f"clip-{n}", title="Pan", creator="Pan", published_at=NOW - timedelta(hours=n)) for n in range(3)]
    deliver(storage, ADAS, {"clip-0": NOW})
    recommender.add_items(clips)

    assert [clip.id for clip in recommender.entity("creator", "Pan", user="ada").items] == [
        "clip-0",
        "clip-1",
        "clip-2",
    ]
    assert [clip.id for clip in recommender.entity("creator", "Pan", user="bob").items] == ["clip-1", "clip-2"]


def test_a_start_knows_what_was_known_before(recommender: Recommender, storage: Storage, remembering: Analyser) -> None:
    """And another process that writes to the store in between is heard."""
    recommender.recommend(Request("bob"))
    again = make_recommender(
        storage=storage, settings=Settings(accounts=True), clock=ManualClock(NOW), analyser=remembering
    )
    bring(again, BOBS, "rye")
    bring(again, ADAS, "more secret")

    assert listed(recommender, "bob") == listed(again, "bob") == {"bread", "rye", "mayor", "given"}


def test_without_accounts_what_the_one_reader_follows_is_for_all(
    storage: Storage, own: Subscriptions, remembering: Analyser
) -> None:
    """They look after the installation, and programs with tokens read what it has; not what another reader follows."""
    own.follow("local", TOWNS)
    own.follow("ada", ADAS)
    made = make_recommender(storage=storage, settings=Settings(), clock=ManualClock(NOW), analyser=remembering)
    bring(made, TOWNS, "mayor")
    bring(made, ADAS, "secret")

    assert listed(made, "bot") == {"mayor"}
    assert listed(made, "ada") == {"mayor", "secret"}
    own.end("local", TOWNS)
    assert listed(made, "local") == set()
