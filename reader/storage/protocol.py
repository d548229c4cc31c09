"""What a store must do. `reader.storage.sqlite` is the default engine, `reader.storage.memory` serves replay."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from reader.storage.accounts import AccountStorage
from reader.storage.family import FamilyStorage
from reader.storage.feeds import FeedStorage
from reader.storage.grants import GrantStorage
from reader.storage.outlets import OutletStorage
from reader.storage.own_data import OwnDataStorage
from reader.storage.search import SearchStorage
from reader.storage.sites import SiteStorage
from reader.types import AnyItem, Consent, EntityKind, Event, RecommendationList
from reader.types_privacy import Erasure
from reader.types_search import SearchWords


@dataclass(frozen=True, slots=True)
class Appended:
    """Which events of a batch were new and which had arrived before, by id."""

    accepted: tuple[str, ...]
    duplicates: tuple[str, ...]


class Storage(
    AccountStorage,
    FamilyStorage,
    FeedStorage,
    GrantStorage,
    OutletStorage,
    OwnDataStorage,
    SearchStorage,
    SiteStorage,
    Protocol,
):
    """The contract of every engine; `tests/reader/storage/contract.py` checks it.

    - Threads: every method may be called from any thread at any time. Several processes may use one store.
    - Durability: what a method returned from survives the death of the process (kill -9).
    - Atomicity: a batch is stored whole or, if the method raises, not at all.
    - Order: `seq` grows with every stored item version and, separately, with every stored event; a reader that asks for
      what came after the last `seq` it saw misses nothing, also when another process writes at the same time. No seq is
      given twice, not even after an erasure.
    - Times are aware datetimes in UTC, kept to the millisecond.
    - Errors: `StorageError` for a store that cannot be used (locked for longer than the time-out, not a store, written
      by a newer version). Bugs are not wrapped. Reading what is not there gives None, an empty dict or an empty list.
    """

    def put_items(self, items: Iterable[AnyItem], words: Mapping[str, SearchWords] | None = None) -> None:
        """Store items; one with a known id replaces the old version and gets a new seq. Unchanged items keep theirs.

        Of equal ids in one batch the last counts. words: by what base forms items are found, by id, where it is known.
        """

    def items(self, ids: Sequence[str]) -> dict[str, AnyItem]:
        """Return the known ones of `ids`."""

    def items_after(self, seq: int, *, limit: int | None = None) -> list[tuple[int, AnyItem]]:
        """Return item versions with a greater seq, in order of seq."""

    def items_of(self, kind: EntityKind, entity: str, *, until: datetime, limit: int) -> list[AnyItem]:
        """Return the clips of a creator or sound, by its id, or its name where the clips give no id.

        Newest first, ties by id, those without a date last; none published after `until`, at most `limit`.
        """

    def item_count(self) -> int:
        """Return how many items there are."""

    def put_analyses(self, analyses: Iterable[tuple[str, bytes]]) -> None:
        """Store results of text analysis under a key that names text and model; a known key is left as it is."""

    def analyses(self, keys: Sequence[str]) -> dict[str, bytes]:
        """Return the known ones of `keys`."""

    def append_events(self, events: Sequence[Event]) -> Appended:
        """Append to the log; answer in order of the batch.

        An event whose id is known of its reader is a duplicate and changes nothing; of equal ids of one reader in one
        batch the first counts. The same id of another reader is another event.
        """

    def drop_events(self, user: str, types: Sequence[str]) -> int:
        """Delete a reader's events of some types, with the lists and the part of the model that go by them.

        Return how many events. No seq is given again.
        """

    def events_after(self, seq: int, *, user: str | None = None, limit: int | None = None) -> list[tuple[int, Event]]:
        """Return events (of one reader) with a greater seq, in order of seq."""

    def events_on(self, item: str, *, user: str) -> list[Event]:
        """Return the events of one reader on one item, in order of seq."""

    def last_event_seq(self) -> int:
        """Return the seq of the newest event, 0 if there is none."""

    def users(self) -> list[str]:
        """Return all readers that have events, sorted."""

    def save_list(self, made: RecommendationList) -> bool:
        """Keep a list for paging; return whether its id is new. One with a known id is left as it is."""

    def load_list(self, list_id: str, *, user: str | None = None) -> RecommendationList | None:
        """Return a kept list; with `user` only if it is of that reader, another's being as little work as none."""

    def drop_lists_before(self, at: datetime) -> int:
        """Delete lists made before `at`; return how many."""

    def put_consent(self, consent: Consent) -> None:
        """Add an answer to the record; earlier ones stay."""

    def consent(self, user: str, purpose: str) -> Consent | None:
        """Return the answer with the latest time; of equal times, the one that was put last."""

    def consents(self, user: str) -> list[Consent]:
        """Return all answers of a reader by their time; of equal times, in the order in which they were put."""

    def put_parts(self, parts: Mapping[str, bytes], *, erasures: int | None = None) -> None:
        """Store or replace readers' own parts of what is learned from lists, by reader.

        That of a reader without events is left out: they were erased, perhaps by another process. erasures: what
        `erasures` was when they began to be learned; if it is another by now, nothing is stored.
        """

    def parts(self) -> dict[str, bytes]:
        """Return the parts of all readers."""

    def erase_user(self, user: str, erasure: Erasure | None = None) -> dict[str, int]:
        """Delete all that is about one reader, the account too, and count an erasure; return counts by kind.

        erasure: the note to keep of it, which does not name the reader.

        Kinds: events, lists, consents, tokens, parts, accounts, logins, invitations, audits, subscriptions, folders,
        choices, children, grants, grant_ledger, outlets.
        Feeds that nobody else follows and that are not shared go, too, and with them who brought their items.
        """

    def backup(self, path: str) -> None:
        """Write a consistent copy while the store is in use. StorageError if the engine cannot, or the file exists."""

    def iter_events(self, *, user: str | None = None) -> Iterator[Event]:
        """Go through the log (of one reader) in order of seq without holding it in memory.

        It ends with the event that was the newest when it began.
        """

    def close(self) -> None:
        """Free what is open; a later call opens it again."""
