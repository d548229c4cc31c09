"""Accounts in memory."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from reader.records import format_time, parse_time
from reader.types import Account, Attempts, Audited, Invitation, Login, Token, nickname_key


def kept_time(at: datetime) -> datetime:
    """Return what a file would give back: UTC, whole milliseconds."""
    return at if at.tzinfo is UTC and at.microsecond % 1000 == 0 else parse_time(format_time(at))


class MemoryAccounts:
    """The part `AccountStorage` of the engine."""

    def __init__(self) -> None:
        super().__init__()
        self._lock = threading.Lock()
        self._accounts: dict[str, Account] = {}
        self._logins: dict[str, Login] = {}
        self._invitations: dict[str, Invitation] = {}
        self._tokens: dict[str, Token] = {}
        self._attempts: dict[str, Attempts] = {}
        self._audits: list[Audited] = []

    def add_account(self, account: Account, *, invitation: str | None = None) -> bool:
        with self._lock:
            if account.id in self._accounts or any(one.key == account.key for one in self._accounts.values()):
                return False
            if invitation is not None and self._invitations.pop(invitation, None) is None:
                return False
            self._accounts[account.id] = replace(account, created_at=kept_time(account.created_at))
            return True

    def change_account(self, user: str, *, password_hash: str | None = None, disabled: bool | None = None) -> bool:
        with self._lock:
            account = self._accounts.get(user)
            if account is None:
                return False
            kept = account.password_hash if password_hash is None else password_hash
            closed = account.disabled if disabled is None else disabled
            self._accounts[user] = replace(account, password_hash=kept, disabled=closed)
            return True

    def account(self, user: str) -> Account | None:
        with self._lock:
            return self._accounts.get(user)

    def account_named(self, nickname: str) -> Account | None:
        with self._lock:
            return next((one for one in self._accounts.values() if one.key == nickname_key(nickname)), None)

    def accounts(self) -> list[Account]:
        with self._lock:
            return sorted(self._accounts.values(), key=lambda one: (one.created_at, one.id))

    def put_login(self, login: Login) -> None:
        with self._lock:
            made_at, seen_at = kept_time(login.created_at), kept_time(login.seen_at)
            self._logins[login.digest] = replace(login, created_at=made_at, seen_at=seen_at)

    def touch_login(self, digest: str, at: datetime) -> None:
        with self._lock:
            if digest in self._logins:
                self._logins[digest] = replace(self._logins[digest], seen_at=kept_time(at))

    def login(self, digest: str) -> Login | None:
        with self._lock:
            return self._logins.get(digest)

    def logins(self, user: str) -> list[Login]:
        with self._lock:
            own = sorted((one for one in self._logins.values() if one.user == user), key=lambda one: one.digest)
        return sorted(own, key=lambda one: one.seen_at, reverse=True)

    def drop_logins(self, user: str, *, only: str | None = None, but: str | None = None) -> int:
        with self._lock:
            own = (one.digest for one in self._logins.values() if one.user == user)
            gone = [key for key in own if only in (None, key) and key != but]
            return self._drop_logins(gone)

    def drop_logins_before(self, created_at: datetime, seen_at: datetime) -> int:
        with self._lock:
            made, seen = kept_time(created_at), kept_time(seen_at)
            return self._drop_logins(
                [key for key, one in self._logins.items() if one.created_at < made or one.seen_at < seen]
            )

    def _drop_logins(self, digests: list[str]) -> int:
        for digest in digests:
            del self._logins[digest]
        return len(digests)

    def put_invitation(self, invitation: Invitation) -> None:
        with self._lock:
            made_at, expires_at = kept_time(invitation.created_at), kept_time(invitation.expires_at)
            self._invitations[invitation.digest] = replace(invitation, created_at=made_at, expires_at=expires_at)

    def invitation(self, digest: str) -> Invitation | None:
        with self._lock:
            return self._invitations.get(digest)

    def invitations(self) -> list[Invitation]:
        with self._lock:
            return sorted(self._invitations.values(), key=lambda one: (one.created_at, one.digest))

    def take_invitation(self, digest: str) -> bool:
        with self._lock:
            return self._invitations.pop(digest, None) is not None

    def put_token(self, token: Token) -> None:
        with self._lock:
            self._tokens[token.digest] = replace(token, created_at=kept_time(token.created_at))

    def token(self, digest: str) -> Token | None:
        with self._lock:
            return self._tokens.get(digest)

    def tokens(self, user: str) -> list[Token]:
        with self._lock:
            own = [token for token in self._tokens.values() if token.user == user]
        return sorted(own, key=lambda token: (token.created_at, token.digest))

    def drop_token(self, user: str, digest: str) -> bool:
        with self._lock:
            token = self._tokens.get(digest)
            return token is not None and token.user == user and self._tokens.pop(digest) is token

    def count_attempt(self, key: str, at: datetime, since: datetime) -> Attempts:
        with self._lock:
            before = self._attempts.get(key)
            count = 1 if before is None or before.at < kept_time(since) else before.count + 1
            self._attempts[key] = Attempts(count, kept_time(at))
            return self._attempts[key]

    def attempts(self, keys: Sequence[str]) -> dict[str, Attempts]:
        with self._lock:
            return {key: self._attempts[key] for key in keys if key in self._attempts}

    def undo_attempts(self, keys: Sequence[str]) -> None:
        with self._lock:
            for key in keys:
                if key in self._attempts:
                    known = self._attempts[key]
                    self._attempts[key] = replace(known, count=max(known.count - 1, 0))

    def drop_attempts(self, keys: Sequence[str]) -> None:
        with self._lock:
            for key in keys:
                self._attempts.pop(key, None)

    def drop_attempts_before(self, at: datetime) -> int:
        with self._lock:
            old = [key for key, one in self._attempts.items() if one.at < kept_time(at)]
            for key in old:
                del self._attempts[key]
            return len(old)

    def add_audited(self, audited: Audited) -> None:
        with self._lock:
            self._audits.append(replace(audited, at=kept_time(audited.at)))

    def audited(self, user: str) -> list[Audited]:
        with self._lock:
            return [one for one in reversed(self._audits) if one.user == user]

    def _erase_account(self, user: str) -> None:
        """Delete what is kept here about one reader; the caller holds the lock."""
        self._accounts.pop(user, None)
        self._logins = {key: one for key, one in self._logins.items() if one.user != user}
        self._invitations = {key: one for key, one in self._invitations.items() if one.user != user}
        self._tokens = {key: one for key, one in self._tokens.items() if one.user != user}
        self._audits = [one for one in self._audits if one.user != user]
