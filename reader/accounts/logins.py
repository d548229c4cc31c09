"""Logging in and out: a browser gets a secret, the store its digest, and either side can end it."""

from __future__ import annotations

from datetime import timedelta

from reader.accounts.passwords import Passwords
from reader.accounts.roles import may_read
from reader.accounts.secrets import digest_of, new_secret
from reader.accounts.throttle import Throttle
from reader.clock import Clock
from reader.errors import InvalidInputError
from reader.settings_login import LoginSettings
from reader.storage.protocol import Storage
from reader.types import Account, Login


class Logins:
    """Checks nickname and password, and knows who is behind a secret."""

    def __init__(
        self, storage: Storage, passwords: Passwords, settings: LoginSettings, clock: Clock, secret: str
    ) -> None:
        self._storage = storage
        self._passwords = passwords
        self._settings = settings
        self._clock = clock
        self._throttle = Throttle(storage, settings, clock, secret)

    def log_in(self, nickname: str, password: str, address: str) -> tuple[Account, str] | None:
        """Return the account and the secret of a new login; None if the two do not belong together.

        An unknown nickname, a wrong password and an account that may not log in take the same work and look the same.
        TooManyAttemptsError if it comes too early.
        """
        self._throttle.begin(nickname, address)
        account = self._storage.account_named(nickname)
        matches = self._passwords.matches(password, account.password_hash if account else None)
        if account is None or not matches or not may_read(account, self._storage):
            return None
        self._throttle.succeed(nickname, address)
        if self._passwords.is_outdated(account.password_hash):
            self._storage.change_account(account.id, password_hash=self._passwords.rehash(password))
        return account, self.begin(account)

    def confirm(self, account: Account, password: str, address: str) -> None:
        """Check the password of somebody who is logged in; InvalidInputError if it is wrong, counted like a login."""
        self._throttle.begin(account.nickname, address)
        if not self._passwords.matches(password, account.password_hash):
            raise InvalidInputError("password", "is not the present one", "give the password that you log in with")
        self._throttle.succeed(account.nickname, address)

    def begin(self, account: Account) -> str:
        """Log a reader in without asking; return the secret."""
        secret, now = new_secret(), self._clock()
        self._storage.put_login(Login(digest_of(secret), account.id, now, now))
        self._storage.drop_logins_before(now - self._longest, now - self._longest_rest)
        return secret

    def find(self, secret: str) -> tuple[Account, Login] | None:
        """Return who is logged in with this secret; None if nobody is any more."""
        login, now = self._storage.login(digest_of(secret)), self._clock()
        if login is None or now - login.created_at > self._longest or now - login.seen_at > self._longest_rest:
            return None
        account = self._storage.account(login.user)
        if account is None or not may_read(account, self._storage):
            return None
        if now - login.seen_at > timedelta(minutes=self._settings.seen_grain_min):
            self._storage.touch_login(login.digest, now)
        return account, login

    def end(self, secret: str) -> str | None:
        """Log out; return whose login that was, None if nobody's."""
        login = self._storage.login(digest_of(secret))
        if login is None:
            return None
        self._storage.drop_logins(login.user, only=login.digest)
        return login.user

    @property
    def _longest(self) -> timedelta:
        return timedelta(hours=self._settings.longest_h)

    @property
    def _longest_rest(self) -> timedelta:
        return timedelta(hours=self._settings.longest_rest_h)
