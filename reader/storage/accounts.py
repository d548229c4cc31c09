"""What a store must do about accounts: the part of the protocol `Storage` that is about who a reader is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from reader.types import Account, Attempts, Audited, Invitation, Login, Token


class AccountStorage(Protocol):
    """Kept under the same promises as everything else (`reader.storage.protocol.Storage`)."""

    def add_account(self, account: Account, *, invitation: str | None = None) -> bool:
        """Add an account and, in the same step, use up an invitation (its digest).

        False, and nothing is changed, if the id or the nickname's key is taken or the invitation is not there.
        """

    def change_account(self, user: str, *, password_hash: str | None = None, disabled: bool | None = None) -> bool:
        """Change what is given and leave the rest; False if there is no such account (any more)."""

    def account(self, user: str) -> Account | None:
        """Return the account with this id."""

    def account_named(self, nickname: str) -> Account | None:
        """Return the account with this nickname, in whatever case."""

    def accounts(self) -> list[Account]:
        """Return all accounts, by time of creation, then id."""

    def put_login(self, login: Login) -> None:
        """Store or replace a login by its digest."""

    def touch_login(self, digest: str, at: datetime) -> None:
        """Write down that a login was used; nothing is made if it is gone."""

    def login(self, digest: str) -> Login | None:
        """Return the login with this digest."""

    def logins(self, user: str) -> list[Login]:
        """Return all logins of one reader, the last used first."""

    def drop_logins(self, user: str, *, only: str | None = None, but: str | None = None) -> int:
        """Delete logins of one reader: all, only one, or all but one; return how many."""

    def drop_logins_before(self, created_at: datetime, seen_at: datetime) -> int:
        """Delete logins made before the one moment or last used before the other; return how many."""

    def put_invitation(self, invitation: Invitation) -> None:
        """Store or replace an invitation by its digest."""

    def invitation(self, digest: str) -> Invitation | None:
        """Return the invitation with this digest."""

    def invitations(self) -> list[Invitation]:
        """Return all invitations, by time of creation, then digest."""

    def take_invitation(self, digest: str) -> bool:
        """Delete an invitation; return whether it was there. Of several callers at once, one is told yes."""

    def put_token(self, token: Token) -> None:
        """Store or replace a token by its digest."""

    def token(self, digest: str) -> Token | None:
        """Return the token with this digest."""

    def tokens(self, user: str) -> list[Token]:
        """Return all tokens of one reader, by time of creation, then digest."""

    def drop_token(self, user: str, digest: str) -> bool:
        """Delete a token of this reader; False if it is not there, or another's."""

    def count_attempt(self, key: str, at: datetime, since: datetime) -> Attempts:
        """Count one more login under a key and return the count; if the last was before `since`, it begins at 1."""

    def attempts(self, keys: Sequence[str]) -> dict[str, Attempts]:
        """Return the known ones of `keys`."""

    def undo_attempts(self, keys: Sequence[str]) -> None:
        """Count one less under each of these keys that is known."""

    def drop_attempts(self, keys: Sequence[str]) -> None:
        """Begin at nothing again."""

    def drop_attempts_before(self, at: datetime) -> int:
        """Delete counts whose last attempt was before `at`; return how many."""

    def add_audited(self, audited: Audited) -> None:
        """Add an entry to the record of what others did to a reader."""

    def audited(self, user: str) -> list[Audited]:
        """Return the entries about one reader, newest first."""
