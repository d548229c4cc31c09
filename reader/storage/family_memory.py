"""Children, requests for a guardian's yes, and choices in memory."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import datetime
from typing import cast

from reader.storage.accounts_memory import kept_time
from reader.storage.family import is_to
from reader.types import Account, Role
from reader.types_family import Child, ChoiceName, GuardianRequest, SignedForm


class MemoryFamily:
    """The part `FamilyStorage` of the engine."""

    _lock: threading.Lock
    _accounts: dict[str, Account]

    def __init__(self) -> None:
        super().__init__()
        self._choices: dict[tuple[str, str], str] = {}
        self._requests: dict[str, GuardianRequest] = {}
        self._forms: dict[str, SignedForm] = {}
        self._children: dict[str, Child] = {}

    def put_choice(self, user: str, name: ChoiceName, value: str) -> None:
        with self._lock:
            self._choices[user, name] = value

    def choice(self, user: str, name: ChoiceName) -> str:
        with self._lock:
            return self._choices.get((user, name), "")

    def put_guardian_request(self, request: GuardianRequest) -> None:
        with self._lock:
            self._requests[request.digest] = _kept(request)

    def replace_guardian_request(self, old: GuardianRequest, new: GuardianRequest) -> bool:
        with self._lock:
            if self._requests.get(old.digest) != _kept(old):
                return False
            self._requests[old.digest] = _kept(new)
            return True

    def guardian_request(self, digest: str) -> GuardianRequest | None:
        with self._lock:
            return self._requests.get(digest)

    def guardian_request_by_key(self, key_digest: str) -> GuardianRequest | None:
        with self._lock:
            found = (one for one in self._requests.values() if one.key_digest == key_digest)
            return next(found, None) if key_digest else None

    def guardian_requests(self) -> list[GuardianRequest]:
        with self._lock:
            return sorted(self._requests.values(), key=lambda one: (one.created_at, one.digest))

    def guardian_requests_before(self, at: datetime) -> list[GuardianRequest]:
        return [one for one in self.guardian_requests() if one.created_at < kept_time(at)]

    def take_guardian_request(self, digest: str) -> bool:
        with self._lock:
            self._forms.pop(digest, None)
            return self._requests.pop(digest, None) is not None

    def put_form(self, form: SignedForm) -> None:
        with self._lock:
            self._forms[form.digest] = form

    def form(self, digest: str) -> SignedForm | None:
        with self._lock:
            return self._forms.get(digest)

    def drop_form(self, digest: str) -> bool:
        with self._lock:
            return self._forms.pop(digest, None) is not None

    def put_child(self, child: Child) -> None:
        with self._lock:
            self._children[child.user] = replace(child, since=kept_time(child.since))

    def child(self, user: str) -> Child | None:
        with self._lock:
            return self._children.get(user)

    def child_by_key(self, key_digest: str) -> Child | None:
        with self._lock:
            found = (one for one in self._children.values() if one.key_digest == key_digest)
            return next(found, None) if key_digest else None

    def children(self, guardian: str) -> list[Child]:
        with self._lock:
            found = [one for one in self._children.values() if one.guardian == guardian] if guardian else []
        return sorted(found, key=lambda one: (one.since, one.user))

    def drop_child(self, user: str) -> bool:
        with self._lock:
            return self._children.pop(user, None) is not None

    def change_role(self, user: str, role: str) -> bool:
        with self._lock:
            if user not in self._accounts:
                return False
            self._accounts[user] = replace(self._accounts[user], role=cast(Role, role))
            return True

    def _erase_family(self, user: str) -> None:
        """Delete what is a reader's own, before the account; the caller holds the lock."""
        key = self._accounts[user].key if user in self._accounts else ""
        self._requests = {name: one for name, one in self._requests.items() if not is_to(one, user, key)}
        self._choices = {key: value for key, value in self._choices.items() if key[0] != user}
        self._children.pop(user, None)
        for child in [one for one in self._children.values() if one.guardian == user]:
            self._children[child.user] = replace(child, guardian="")
            if child.user in self._accounts:
                self._accounts[child.user] = replace(self._accounts[child.user], disabled=True)


def _kept(request: GuardianRequest) -> GuardianRequest:
    moments = ("due_at", "decided_at", "named_at")
    due, decided, named = (None if at is None else kept_time(at) for at in (getattr(request, name) for name in moments))
    return replace(request, created_at=kept_time(request.created_at), due_at=due, decided_at=decided, named_at=named)
