"""Data grants in memory."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import datetime

from reader.storage.accounts_memory import kept_time
from reader.types_grants import Grant, GrantEntry


class MemoryGrants:
    """The part `GrantStorage` of the engine."""

    _lock: threading.Lock

    def __init__(self) -> None:
        super().__init__()
        self._grants: dict[str, Grant] = {}
        self._grant_entries: list[GrantEntry] = []

    def add_grant(self, grant: Grant, entry: GrantEntry) -> None:
        with self._lock:
            self._grants[grant.id] = _kept(grant)
            self._write(entry)

    def grants(self, user: str) -> list[Grant]:
        with self._lock:
            own = sorted((one for one in self._grants.values() if one.user == user), key=lambda one: one.id)
        return sorted(own, key=lambda one: one.granted_at, reverse=True)

    def grant(self, grant_id: str, *, user: str) -> Grant | None:
        with self._lock:
            found = self._grants.get(grant_id)
        return found if found is not None and found.user == user else None

    def grant_by_key(self, key_digest: str) -> Grant | None:
        with self._lock:
            found = (one for one in self._grants.values() if one.key_digest == key_digest)
            return next(found, None) if key_digest else None

    def end_grant(self, entry: GrantEntry) -> bool:
        with self._lock:
            if not self._is_open(entry):
                return False
            self._grants[entry.grant] = replace(self._grants[entry.grant], ended_at=kept_time(entry.at))
            self._write(entry)
            return True

    def note_export(self, entry: GrantEntry) -> bool:
        with self._lock:
            if not self._is_open(entry):
                return False
            self._write(entry)
            return True

    def grant_ledger(self, grant_id: str, *, user: str) -> list[GrantEntry]:
        with self._lock:
            return [one for one in self._grant_entries if (one.grant, one.user) == (grant_id, user)]

    def grants_over(self, at: datetime, *, user: str) -> list[Grant]:
        over = kept_time(at)
        return [one for one in self.grants(user) if one.ended_at is None and one.terms.ends_at <= over]

    def _is_open(self, entry: GrantEntry) -> bool:
        found = self._grants.get(entry.grant)
        return found is not None and found.user == entry.user and found.ended_at is None

    def _write(self, entry: GrantEntry) -> None:
        self._grant_entries.append(replace(entry, at=kept_time(entry.at), rows=dict(entry.rows)))

    def _erase_grants(self, user: str) -> None:
        """Delete what is a reader's; the caller holds the lock."""
        self._grants = {key: one for key, one in self._grants.items() if one.user != user}
        self._grant_entries = [one for one in self._grant_entries if one.user != user]


def _kept(grant: Grant) -> Grant:
    terms = grant.terms
    starts, ends = (None if at is None else kept_time(at) for at in (terms.records_from, terms.records_to))
    kept = replace(terms, ends_at=kept_time(terms.ends_at), records_from=starts, records_to=ends)
    ended = None if grant.ended_at is None else kept_time(grant.ended_at)
    return replace(grant, terms=kept, granted_at=kept_time(grant.granted_at), ended_at=ended)
