"""What every engine must keep: subclass `StorageContract` and say how a fresh store is made."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import UTC, timedelta

import pytest
from hypothesis import given

from reader.storage.protocol import Appended, Storage
from reader.types import AnyItem, Consent, Event, RecommendationList, Token
from reader.types_feeds import Feed
from reader.types_privacy import Erasure
from tests.reader.storage import builders
from tests.reader.storage.builders import NOW, make_article, make_clip, make_event, make_events, make_list, make_token
from tests.reader.storage.contract_accounts import AccountsContract, any_values, kept
from tests.reader.storage.contract_consents import ConsentsContract
from tests.reader.storage.contract_events import EventsContract
from tests.reader.storage.contract_family import FamilyContract
from tests.reader.storage.contract_feeds import FeedsContract
from tests.reader.storage.contract_folding import FoldingContract
from tests.reader.storage.contract_grants import GrantsContract
from tests.reader.storage.contract_outlets import OutletsContract
from tests.reader.storage.contract_search import SearchContract
from tests.reader.storage.contract_sites import SitesContract
from tests.reader.storage.contract_threads import ThreadsContract
from tests.reader.storage.steps import FILLED, erased, events_in, fill


def _ids(items: list[AnyItem]) -> list[str]:
    return [item.id for item in items]


class StorageContract(
    AccountsContract,
    ConsentsContract,
    EventsContract,
    FamilyContract,
    FeedsContract,
    FoldingContract,
    GrantsContract,
    OutletsContract,
    SearchContract,
    SitesContract,
    ThreadsContract,
):
    """The promises of `reader.storage.protocol.Storage`."""

    def fresh(self) -> AbstractContextManager[Storage]:
        """Lend an empty store."""
        raise NotImplementedError

    @pytest.fixture
    def storage(self) -> Iterator[Storage]:
        with self.fresh() as storage:
            yield storage

    # What goes in comes out

    @any_values
    @given(item=builders.ITEMS)
    def test_every_item_comes_back_as_it_was(self, item: AnyItem) -> None:
        """Times to the millisecond and in UTC, all else exactly."""
        with self.fresh() as storage:
            storage.put_items([item])

            assert storage.items([item.id]) == {item.id: kept(item)}
            assert [found for _, found in storage.items_after(0)] == [kept(item)]

    @any_values
    @given(event=builders.EVENTS)
    def test_every_event_comes_back_as_it_was(self, event: Event) -> None:
        """Of every type of the format, the empty ones among them."""
        with self.fresh() as storage:
            storage.append_events([event])

            (found,) = events_in(storage)
            assert found == kept(event)
            assert type(found) is type(event)
            assert found.at.tzinfo is UTC
            assert list(storage.iter_events(user=event.user)) == [found]

    @any_values
    @given(made=builders.LISTS)
    def test_every_list_comes_back_as_it_was(self, made: RecommendationList) -> None:
        """With reasons, evidence and contributions."""
        with self.fresh() as storage:
            storage.save_list(made)

            assert storage.load_list(made.id) == kept(made)

    @any_values
    @given(consent=builders.CONSENTS, token=builders.TOKENS, feed=builders.FEEDS)
    def test_consents_tokens_and_feeds_come_back_as_they_were(self, consent: Consent, token: Token, feed: Feed) -> None:
        """Flags stay flags, tuples stay tuples."""
        with self.fresh() as storage:
            storage.put_consent(consent)
            storage.put_token(token)
            storage.put_feed(feed)

            found = storage.consent(consent.user, consent.purpose)
            assert found == kept(consent)
            assert found is not None
            assert type(found.granted) is bool
            assert storage.consents(consent.user) == [found]
            assert storage.token(token.digest) == kept(token)
            assert storage.feeds() == [kept(feed)]

    def test_what_is_not_there_reads_as_empty(self, storage: Storage) -> None:
        """Reading never raises for want of something."""
        assert storage.items(["x"]) == {}
        assert storage.items([]) == {}
        assert storage.items_after(0) == []
        assert storage.items_of("creator", "x", until=NOW, limit=9) == []
        assert storage.item_count() == 0
        assert storage.analyses(["x"]) == {}
        assert storage.events_after(0) == []
        assert storage.events_after(0, user="ada") == []
        assert list(storage.iter_events()) == []
        assert storage.last_event_seq() == 0
        assert storage.users() == []
        assert storage.load_list("x") is None
        assert storage.consent("ada", "attention") is None
        assert storage.consents("ada") == []
        assert storage.token("x") is None
        assert storage.feeds() == []
        assert storage.append_events([]) == Appended((), ())

    # Items

    def test_a_changed_item_replaces_the_old_one_and_comes_last(self, storage: Storage) -> None:
        """A reader that saw the old version gets the new one."""
        storage.put_items([make_article("a1"), make_article("a2")])
        seen = storage.items_after(0)[-1][0]

        storage.put_items([make_article("a1", title="On sodium")])

        assert storage.item_count() == 2
        assert [item.title for _, item in storage.items_after(seen)] == ["On sodium"]
        assert [item.id for _, item in storage.items_after(0)] == ["a2", "a1"]

    def test_an_unchanged_item_keeps_its_seq(self, storage: Storage) -> None:
        """Taking a feed again gives readers nothing to do."""
        items = [make_article("a1"), make_article("a2")]
        storage.put_items(items)
        before = storage.items_after(0)

        storage.put_items(iter(items))

        assert storage.items_after(0) == before

    def test_of_equal_ids_in_one_batch_the_last_counts(self, storage: Storage) -> None:
        storage.put_items([make_article("a1", title="first"), make_article("a1", title="second")])

        assert [item.title for _, item in storage.items_after(0)] == ["second"]

    def test_items_after_gives_the_next_ones_up_to_the_limit(self, storage: Storage) -> None:
        """Paging by seq passes every item once."""
        storage.put_items(make_article(f"a{number}") for number in range(5))
        first = storage.items_after(0, limit=2)
        rest = storage.items_after(first[-1][0])

        assert [item.id for _, item in first + rest] == ["a0", "a1", "a2", "a3", "a4"]
        assert storage.items_after(0, limit=0) == []

    def test_clips_of_a_creator_or_sound_come_newest_first(self, storage: Storage) -> None:
        """By id, or by name where there is no id; ties by id, without a date last, none from the future."""
        hour = timedelta(hours=1)
        storage.put_items(
            [
                make_clip("b", creator="Pan", creator_id="c7", sound="wind"),
                make_clip("a", creator="Pan & Co", creator_id="c7"),
                make_clip("undated", at=None, creator_id="c7"),
                make_clip("new", at=NOW + hour, creator_id="c7", sound="wind"),
                make_clip("other", creator="Pan", sound="rain", sound_id="wind"),
                make_article("c7"),
            ]
        )

        assert _ids(storage.items_of("creator", "c7", until=NOW, limit=9)) == ["a", "b", "undated"]
        assert _ids(storage.items_of("creator", "c7", until=NOW + hour, limit=2)) == ["new", "a"]
        assert _ids(storage.items_of("creator", "Pan", until=NOW, limit=9)) == ["other"]
        assert _ids(storage.items_of("sound", "wind", until=NOW + hour, limit=9)) == ["new", "b", "other"]
        assert storage.items_of("sound", "rain", until=NOW, limit=9) == []

    def test_a_clip_that_changes_hands_leaves_its_old_creator(self, storage: Storage) -> None:
        """What is asked for is the newest version."""
        storage.put_items([make_clip("a", creator="Pan")])
        storage.put_items([make_clip("a", creator="Ann")])

        assert storage.items_of("creator", "Pan", until=NOW, limit=9) == []
        assert _ids(storage.items_of("creator", "Ann", until=NOW, limit=9)) == ["a"]

    def test_thousands_of_ids_may_be_asked_for_at_once(self, storage: Storage) -> None:
        """No engine's limit on the length of a question shows."""
        ids = [f"a{number}" for number in range(5_000)]
        storage.put_items(make_article(item_id) for item_id in ids)
        storage.put_analyses((key, key.encode()) for key in ids)
        storage.append_events([make_event(key) for key in ids])

        assert storage.items([*ids, "unknown"]).keys() == set(ids)
        assert storage.analyses([*ids, "unknown"]) == {key: key.encode() for key in ids}
        assert storage.append_events([make_event(key) for key in ids]) == Appended((), tuple(ids))

    def test_a_known_analysis_is_left_as_it_is(self, storage: Storage) -> None:
        storage.put_analyses([("a1/model", b"\x00first")])
        storage.put_analyses([("a1/model", b"second"), ("a2/model", b"")])

        assert storage.analyses(["a1/model", "a2/model"]) == {"a1/model": b"\x00first", "a2/model": b""}

    # Lists, consents, tokens, feeds

    def test_a_kept_list_is_frozen(self, storage: Storage) -> None:
        """Neither a second save nor the maker's own dictionary changes it."""
        made = make_list("l1")
        assert storage.save_list(made)
        assert not storage.save_list(make_list("l1", user="eve"))
        made.items[0].contributions["interest"] = 99.0

        assert storage.load_list("l1") == make_list("l1")

    def test_a_list_is_found_for_its_reader_alone(self, storage: Storage) -> None:
        """Where it is asked for whom; another's is as if there were none."""
        storage.save_list(make_list("l1", user="ada"))

        assert storage.load_list("l1", user="ada") == storage.load_list("l1") == make_list("l1", user="ada")
        assert storage.load_list("l1", user="eve") is None

    def test_lists_made_before_a_moment_are_dropped(self, storage: Storage) -> None:
        """Those made at that very moment stay."""
        for hours in (1, 2, 3):
            storage.save_list(make_list(f"l{hours}", at=NOW + timedelta(hours=hours)))

        assert storage.drop_lists_before(NOW + timedelta(hours=3)) == 2
        assert storage.load_list("l2") is None
        assert storage.load_list("l3") is not None

    def test_the_newest_answer_counts(self, storage: Storage) -> None:
        """Newest by its own time; of equal times the last one put. Purposes and readers are apart."""
        for granted, minutes in ((True, 2), (False, 1)):
            storage.put_consent(Consent("ada", "attention", granted, NOW + timedelta(minutes=minutes), "v1"))
        for granted in (True, False):
            storage.put_consent(Consent("bob", "attention", granted, NOW, "v1"))

        found = [storage.consent(user, "attention") for user in ("ada", "bob")]
        assert [answer and answer.granted for answer in found] == [True, False]
        assert storage.consent("ada", "statistics") is None

    def test_tokens_and_feeds_are_replaced_by_key(self, storage: Storage) -> None:
        """Feeds come sorted by URL."""
        for user in ("ada", "bob"):
            storage.put_token(make_token("d1", user=user))
        for feed in (Feed("https://b/"), Feed("https://a/"), Feed("https://b/", etag="2", error="gone")):
            storage.put_feed(feed)

        assert storage.token("d1") == make_token("d1", user="bob")
        assert storage.feeds() == [Feed("https://a/"), Feed("https://b/", etag="2", error="gone")]

    def test_a_readers_part_replaces_the_one_before(self, storage: Storage) -> None:
        storage.append_events([*make_events("ada", 1, user="ada"), *make_events("bob", 1, user="bob")])
        storage.put_parts({"bob": b"1", "ada": b"\x00"})
        storage.put_parts({"bob": b"2"})

        assert storage.parts() == {"ada": b"\x00", "bob": b"2"}

    def test_no_part_is_kept_of_a_reader_without_events(self, storage: Storage) -> None:
        """Else a server would bring back what another process has erased."""
        fill(storage, "ada")
        storage.erase_user("ada")

        storage.put_parts({"ada": b"1"})

        assert storage.parts() == {}

    # Erasure

    def test_erasure_takes_all_of_one_reader_and_nothing_of_another(self, storage: Storage) -> None:
        """The counts say what went."""
        for user in ("ada", "bob"):
            fill(storage, user)

        assert storage.erase_user("ada") == FILLED
        assert erased(storage, "ada")
        assert storage.users() == ["bob"]
        assert [event.id for event in events_in(storage)] == ["bob-0", "bob-1", "bob-2"]
        assert storage.erase_user("ada") == dict.fromkeys(FILLED, 0)
        assert storage.erase_user("bob") == FILLED

    def test_no_seq_is_given_again_after_an_erasure(self, storage: Storage) -> None:
        """Else a reader that had seen the erased event would miss the next one."""
        storage.append_events([make_event("e1", user="bob"), make_event("e2", user="ada")])
        seen = storage.last_event_seq()
        storage.erase_user("ada")
        assert storage.last_event_seq() < seen

        storage.append_events([make_event("e3", user="bob"), make_event("e2", user="ada")])

        assert [event.id for _, event in storage.events_after(seen)] == ["e3", "e2"]

    def test_events_can_be_deleted_one_by_one(self, storage: Storage) -> None:
        """Only the reader's own; the id may come again."""
        for user in ("ada", "bob"):
            storage.append_events(make_events(user, 3, user=user))

        assert storage.drop_some_events("ada", ["ada-1", "bob-1", "none"]) == 1
        assert [event.id for event in events_in(storage)] == ["ada-0", "ada-2", "bob-0", "bob-1", "bob-2"]
        assert [event.id for _, event in storage.events_after(0, user="ada")] == ["ada-0", "ada-2"]
        assert storage.append_events([make_event("ada-1", user="ada")]).accepted == ("ada-1",)

    def test_each_erasure_counts_and_may_be_noted(self, storage: Storage) -> None:
        """What was noted does not name the reader; deleting nothing counts for nothing."""
        fill(storage, "ada")
        numbers = [storage.erasures()]
        noted = Erasure("r1", NOW)

        for erase in (
            lambda: storage.drop_some_events("ada", ["ada-1"]),
            lambda: storage.erase_user("ada", noted),
            lambda: storage.erase_user("bob"),
        ):
            erase()
            numbers.append(storage.erasures())
        storage.drop_some_events("ada", ["ada-1"])

        assert numbers == sorted(set(numbers))
        assert storage.erasures() == numbers[-1]
        assert storage.erasure("r1") == noted
        assert storage.erasure("r2") is None

    def test_parts_learned_before_an_erasure_are_not_kept(self, storage: Storage) -> None:
        storage.append_events(make_events("bob", 1, user="bob"))
        before = storage.erasures()
        storage.erase_user("ada")

        storage.put_parts({"bob": b"1"}, erasures=before)
        assert storage.parts() == {}
        storage.put_parts({"bob": b"1"}, erasures=storage.erasures())

        assert storage.parts() == {"bob": b"1"}
        assert storage.drop_parts() == 1
        assert storage.parts() == {}
