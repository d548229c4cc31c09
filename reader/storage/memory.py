"""A store in memory: for replay, tests and trying things out. It keeps the contract for the life of the object."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from operator import itemgetter
from typing import Any, TypeVar

from reader.errors import StorageError
from reader.records import list_from_record, list_record
from reader.storage.accounts_memory import MemoryAccounts, kept_time
from reader.storage.family_memory import MemoryFamily
from reader.storage.feeds_memory import MemoryFeeds
from reader.storage.grants_memory import MemoryGrants
from reader.storage.outlets_memory import MemoryOutlets
from reader.storage.own_data import OldKind
from reader.storage.own_data_memory import Erasures, MemoryOwnData
from reader.storage.protocol import Appended
from reader.storage.search_memory import MemorySearch
from reader.storage.sites_memory import MemorySites
from reader.types import Account, AnyItem, Consent, EntityKind, Event, RecommendationList, Steer, Video
from reader.types_folding import FoldedView
from reader.types_privacy import Erasure
from reader.types_search import SearchWords

Value = TypeVar("Value")
Log = list[tuple[int, Value]]


_TIMES: dict[OldKind, str] = {
    "lists": "at",
    "logins": "created_at",
    "idle logins": "seen_at",
    "attempts": "at",
    "invitations": "expires_at",
    "audits": "at",
}


class MemoryStorage(
    MemoryAccounts,
    MemoryFamily,
    MemoryFeeds,
    MemoryGrants,
    MemoryOutlets,
    MemoryOwnData,
    MemorySearch,
    MemorySites,
):
    """A `Storage` without a file. `close` frees nothing, and `backup` raises StorageError."""

    def __init__(self) -> None:
        super().__init__()
        self._items: dict[str, tuple[int, AnyItem]] = {}
        self._item_log: Log[str] = []
        self._analyses: dict[str, bytes] = {}
        self._event_ids: defaultdict[str, set[str]] = defaultdict(set)
        self._event_log: Log[Event] = []
        self._events_of: defaultdict[str, Log[Event]] = defaultdict(list)
        self._event_seq = 0
        self._lists: dict[str, RecommendationList] = {}
        self._consents: list[Consent] = []
        self._parts: dict[str, bytes] = {}
        self._erasures = Erasures()

    def put_items(self, items: Iterable[AnyItem], words: Mapping[str, SearchWords] | None = None) -> None:
        new = {item.id: _kept_item(item) for item in items}
        with self._lock:
            for item in new.values():
                self._put_item(item, (words or {}).get(item.id))

    def items(self, ids: Sequence[str]) -> dict[str, AnyItem]:
        with self._lock:
            return {key: self._items[key][1] for key in ids if key in self._items}

    def items_after(self, seq: int, *, limit: int | None = None) -> list[tuple[int, AnyItem]]:
        with self._lock:
            later = islice(self._item_log, _start(self._item_log, seq), None)
            # An id stands in the log once for each version; the newest is the one to return.
            return list(islice((self._items[key] for at, key in later if self._items[key][0] == at), limit))

    def items_of(self, kind: EntityKind, entity: str, *, until: datetime, limit: int) -> list[AnyItem]:
        last, undated = kept_time(until), datetime.min.replace(tzinfo=UTC)
        with self._lock:
            found = [
                item for _, item in self._items.values() if isinstance(item, Video) and item.entity(kind) == entity
            ]
        known = sorted((item for item in found if item.published_at is None or item.published_at <= last), key=_id)
        known.sort(key=lambda item: item.published_at or undated, reverse=True)
        return list(known[:limit])

    def item_count(self) -> int:
        with self._lock:
            return len(self._items)

    def put_analyses(self, analyses: Iterable[tuple[str, bytes]]) -> None:
        new = list(analyses)
        with self._lock:
            for key, value in new:
                self._analyses.setdefault(key, value)

    def analyses(self, keys: Sequence[str]) -> dict[str, bytes]:
        with self._lock:
            return {key: self._analyses[key] for key in keys if key in self._analyses}

    def append_events(self, events: Sequence[Event]) -> Appended:
        new = [_kept_event(event) for event in events]
        accepted: list[str] = []
        duplicates: list[str] = []
        with self._lock:
            for event in new:
                (accepted if self._append(event) else duplicates).append(event.id)
        return Appended(tuple(accepted), tuple(duplicates))

    def drop_events(self, user: str, types: Sequence[str]) -> int:
        with self._lock:
            self._lists = {key: made for key, made in self._lists.items() if made.user != user}
            self._parts.pop(user, None)
            return self._drop(user, lambda event: event.type in types)

    def events_after(self, seq: int, *, user: str | None = None, limit: int | None = None) -> list[tuple[int, Event]]:
        with self._lock:
            log = self._event_log if user is None else self._events_of.get(user, [])
            start = _start(log, seq)
            return log[start : None if limit is None else start + limit]

    def events_on(self, item: str, *, user: str) -> list[Event]:
        with self._lock:
            return [event for _, event in self._events_of.get(user, []) if event.item == item]

    def last_event_seq(self) -> int:
        with self._lock:
            return self._event_log[-1][0] if self._event_log else 0

    def users(self) -> list[str]:
        with self._lock:
            return sorted(self._events_of)

    def save_list(self, made: RecommendationList) -> bool:
        # Through the record: times as kept, and no dictionary shared with the caller.
        kept = list_from_record(list_record(made))
        with self._lock:
            return self._lists.setdefault(made.id, kept) is kept

    def load_list(self, list_id: str, *, user: str | None = None) -> RecommendationList | None:
        with self._lock:
            made = self._lists.get(list_id)
        return made if made is not None and user in (None, made.user) else None

    def drop_lists_before(self, at: datetime) -> int:
        with self._lock:
            old = [made.id for made in self._lists.values() if made.at < kept_time(at)]
            for list_id in old:
                del self._lists[list_id]
            return len(old)

    def put_consent(self, consent: Consent) -> None:
        with self._lock:
            self._consents.append(replace(consent, at=kept_time(consent.at)))

    def consent(self, user: str, purpose: str) -> Consent | None:
        with self._lock:
            answers = [one for one in self._consents if (one.user, one.purpose) == (user, purpose)]
        # The last of equal times: `max` gives the first, so go backwards.
        return max(reversed(answers), key=lambda one: one.at, default=None)

    def consents(self, user: str) -> list[Consent]:
        with self._lock:
            answers = [one for one in self._consents if one.user == user]
        return sorted(answers, key=lambda one: one.at)

    def put_parts(self, parts: Mapping[str, bytes], *, erasures: int | None = None) -> None:
        with self._lock:
            if erasures not in (None, self._erasures.count):
                return
            self._parts.update({user: value for user, value in parts.items() if self._events_of.get(user)})

    def parts(self) -> dict[str, bytes]:
        with self._lock:
            return {user: self._parts[user] for user in sorted(self._parts)}

    def event_counts(self, user: str) -> dict[str, int]:
        with self._lock:
            counts = Counter(event.type for _, event in self._events_of.get(user, []))
        return dict(sorted(counts.items()))

    def newest_events(
        self, user: str, *, types: Sequence[str] = (), before: int | None = None, limit: int
    ) -> list[tuple[int, Event]]:
        with self._lock:
            log = reversed(self._events_of.get(user, []))
            found = (pair for pair in log if before is None or pair[0] < before)
            return list(islice((pair for pair in found if not types or pair[1].type in types), limit))

    def lists_of(self, user: str) -> list[RecommendationList]:
        with self._lock:
            own = sorted((made for made in self._lists.values() if made.user == user), key=lambda made: made.id)
        return sorted(own, key=lambda made: made.at, reverse=True)

    def traces(self, user: str) -> dict[str, int]:
        with self._lock:
            kinds = {kind: [_owner(value) for value in values] for kind, values in self._about().items()}
        kinds |= {"events": [event.user for _, event in self._event_log], "parts": list(self._parts)}
        return {kind: owners.count(user) for kind, owners in kinds.items()}

    def drop_old(self, kind: OldKind, before: datetime, *, only_count: bool = False) -> int:
        limit = kept_time(before)
        with self._lock:
            held: dict[OldKind, Any] = {
                "lists": self._lists,
                "logins": self._logins,
                "idle logins": self._logins,
                "attempts": self._attempts,
                "invitations": self._invitations,
                "audits": dict(enumerate(self._audits)),
            }
            old = [key for key, value in held[kind].items() if getattr(value, _TIMES[kind]) < limit]
            if not only_count and kind == "audits":
                self._audits = [one for one in self._audits if one.at >= limit]
            for key in () if only_count else old:
                held[kind].pop(key, None)
            return len(old)

    def oldest_event_at(self) -> datetime | None:
        with self._lock:
            return min((event.at for _, event in self._event_log), default=None)

    def names(self) -> list[str]:
        with self._lock:
            owners = {_owner(value) for values in self._about().values() for value in values}
            return sorted((owners | set(self._events_of) | set(self._parts)) - {""})

    def _about(self) -> dict[str, list[object]]:
        kinds: dict[str, Iterable[object]] = {
            "lists": self._lists.values(),
            "consents": self._consents,
            "tokens": self._tokens.values(),
            "accounts": self._accounts.values(),
            "logins": self._logins.values(),
            "invitations": self._invitations.values(),
            "audits": self._audits,
            "subscriptions": self._subscriptions.values(),
            "grants": self._grants.values(),
            "grant_ledger": self._grant_entries,
            "outlets": self._outlets.values(),
        }
        return {kind: list(values) for kind, values in kinds.items()}

    def drop_parts(self) -> int:
        with self._lock:
            gone, self._parts = self._parts, {}
            return len(gone)

    def erasures(self) -> int:
        with self._lock:
            return self._erasures.count

    def erasure(self, erasure_id: str) -> Erasure | None:
        with self._lock:
            return self._erasures.noted.get(erasure_id)

    def last_erased_at(self) -> datetime | None:
        with self._lock:
            return max((noted.at for noted in self._erasures.noted.values()), default=None)

    def has_events_until(self, user: str, at: datetime) -> bool:
        with self._lock:
            return any(event.at <= kept_time(at) for _, event in self._events_of.get(user, []))

    def drop_some_events(self, user: str, ids: Collection[str]) -> int:
        with self._lock:
            return self._drop(user, lambda event: event.id in ids)

    def drop_old_events(self, types: Collection[str], before: datetime) -> int:
        limit = kept_time(before)
        with self._lock:
            owners = list(self._events_of)
            count = sum(self._remove(user, lambda event: event.type in types and event.at < limit) for user in owners)
            if count:
                self._erasures.note(None)
            return count

    def _drop(self, user: str, is_gone: Callable[[Event], bool]) -> int:
        count = self._remove(user, is_gone)
        if count:
            self._erasures.note(None)
        return count

    def _remove(self, user: str, is_gone: Callable[[Event], bool]) -> int:
        old = self._events_of.pop(user, [])
        left = [pair for pair in old if not is_gone(pair[1])]
        if left:
            self._events_of[user] = left
        self._event_ids[user] = {event.id for _, event in left}
        self._event_log = [pair for pair in self._event_log if pair[1].user != user or not is_gone(pair[1])]
        return len(old) - len(left)

    def erase_user(self, user: str, erasure: Erasure | None = None) -> dict[str, int]:
        with self._lock:
            before = self._counts()
            self._drop(user, lambda event: True)
            self._event_ids.pop(user, None)
            self._erasures.note(erasure)
            self._lists = {key: made for key, made in self._lists.items() if made.user != user}
            self._consents = [consent for consent in self._consents if consent.user != user]
            self._parts.pop(user, None)
            self._erase_family(user)  # before the account, whose nickname stands in requests
            self._erase_account(user)
            self._erase_feeds(user)
            self._erase_grants(user)
            self._erase_outlets(user)
            return {kind: before[kind] - count for kind, count in self._counts().items()}

    def backup(self, path: str) -> None:
        raise StorageError(f"{path}: a store in memory cannot be backed up; use a SQLite file")

    def iter_events(self, *, user: str | None = None) -> Iterator[Event]:
        return iter([event for _, event in self.events_after(0, user=user)])

    def close(self) -> None:
        """Do nothing: there is nothing to open again."""

    def _put_item(self, item: AnyItem, words: SearchWords | None) -> None:
        if item.id in self._items and self._items[item.id][1] == item:
            return
        self._words.pop(item.id, None)
        if words is not None:
            self._words[item.id] = words
        seq = len(self._item_log) + 1
        self._items[item.id] = (seq, item)
        self._item_log.append((seq, item.id))

    def _append(self, event: Event) -> bool:
        if event.id in self._event_ids[event.user]:
            return False
        # Counted apart from the log: after an erasure no seq is given again.
        self._event_seq += 1
        self._event_ids[event.user].add(event.id)
        self._event_log.append((self._event_seq, event))
        self._events_of[event.user].append((self._event_seq, event))
        return True

    def _counts(self) -> dict[str, int]:
        about = {"events": self._event_log, "lists": self._lists, "consents": self._consents, "tokens": self._tokens}
        about |= {"parts": self._parts, "accounts": self._accounts, "logins": self._logins}
        about |= {"invitations": self._invitations, "audits": self._audits}
        about |= {"choices": self._choices, "children": self._children}
        about |= {"grants": self._grants, "grant_ledger": self._grant_entries}
        about |= {
            "subscriptions": self._subscriptions,
            "outlets": self._outlets,
            "folders": [one for own in self._folders.values() for one in own],
        }
        return {kind: len(values) for kind, values in about.items()}


def _owner(value: object) -> str:
    return value.id if isinstance(value, Account) else str(getattr(value, "user", ""))


def _id(item: AnyItem) -> str:
    return item.id


def _seq(pair: tuple[int, Event]) -> int:
    return pair[0]


def _start(log: Log[Value], seq: int) -> int:
    return bisect_right(log, seq, key=itemgetter(0))


def _kept_item(item: AnyItem) -> AnyItem:
    return item if item.published_at is None else replace(item, published_at=kept_time(item.published_at))


def _kept_event(event: Event) -> Event:
    at = kept_time(event.at)
    if isinstance(event, FoldedView):
        return replace(event, at=at, began_at=kept_time(event.began_at))
    if isinstance(event, Steer) and event.target.until is not None:
        return replace(event, at=at, target=replace(event.target, until=kept_time(event.target.until)))
    return event if at is event.at else replace(event, at=at)
