"""Accounts and the links that make them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from reader.accounts.logins import Logins
from reader.accounts.passwords import Passwords
from reader.accounts.roles import CHILD_REFUSED, SCOPES, scopes_of
from reader.accounts.secrets import digest_of, new_id, new_secret
from reader.clock import Clock
from reader.errors import InvalidInputError, NotFoundError
from reader.settings_login import LoginSettings
from reader.storage.protocol import Storage
from reader.types import Account, Audited, Invitation, Role, Token, nickname_key

# The actor of what was done on the command line.
OPERATOR = "operator"
TOKEN_PREFIX = "rr_"
MAX_NICKNAME = 40
MAX_TOKEN_NAME = 100


class Accounts:
    """Everything that can be done with accounts, over a store. secret: keys the counts of wrong logins."""

    def __init__(self, storage: Storage, settings: LoginSettings, clock: Clock, secret: str = "") -> None:
        self.storage = storage
        self.settings = settings
        self._clock = clock
        self._passwords = Passwords(settings)
        self.logins = Logins(storage, self._passwords, settings, clock, secret)

    # --- accounts ---------------------------------------------------------------------------------

    def create(self, nickname: str, password: str, role: Role, *, user: str | None = None) -> Account:
        """Make an account; InvalidInputError for what cannot be. user: its id, else a random one."""
        _check_role(role)
        account = self.prepare(nickname, password, role, user)
        if not self.storage.add_account(account):
            raise self._taken(account)
        return account

    def find(self, name: str) -> Account:
        """Return the account with this nickname or id; NotFoundError."""
        found = self.storage.account_named(name) or self.storage.account(name)
        if found is None:
            raise NotFoundError(f"account {name!r:.80}: there is none; `reread account list` shows all")
        return found

    def has_admin(self) -> bool:
        """Tell whether anybody can invite others."""
        return any(account.role == "admin" and not account.disabled for account in self.storage.accounts())

    def disable(self, account: Account, actor: str) -> Account:
        """Close an account without deleting anything; InvalidInputError for the last admin. It is logged out."""
        others = [one for one in self.storage.accounts() if one.role == "admin" and not one.disabled]
        if [one.id for one in others] == [account.id]:
            raise InvalidInputError("account", f"{account.nickname} is the only admin", "make another one first")
        changed = self._set_disabled(account, True, actor)
        self.storage.drop_logins(account.id)
        return changed

    def enable(self, account: Account, actor: str) -> Account:
        """Open a closed account again."""
        return self._set_disabled(account, False, actor)

    def _set_disabled(self, account: Account, disabled: bool, actor: str) -> Account:
        if not self.storage.change_account(account.id, disabled=disabled):
            raise NotFoundError(f"account {account.nickname!r}: it was deleted meanwhile")
        self.note(account.id, actor, "disable" if disabled else "enable")
        return replace(account, disabled=disabled)

    def note(self, user: str, actor: str, act: str) -> None:
        """Write down what somebody else did to a reader's account or data; the reader can see it."""
        if actor != user:
            self.storage.add_audited(Audited(user, self._clock(), actor, act))

    # --- passwords --------------------------------------------------------------------------------

    def set_password(self, account: Account, password: str, *, keep: str | None = None) -> None:
        """Change a password and log out everywhere, but for the login with the digest `keep`."""
        kept = self._passwords.hash(password, account.nickname)
        if not self.storage.change_account(account.id, password_hash=kept):
            raise NotFoundError(f"account {account.nickname!r}: it was deleted meanwhile")
        self.storage.drop_logins(account.id, but=keep)

    def change_password(self, account: Account, old: str, new: str, *, keep: str, address: str) -> None:
        """Change one's own password; InvalidInputError if the old one is wrong, counted like a wrong login."""
        self.logins.confirm(account, old, address)
        self.set_password(account, new, keep=keep)

    # --- links ------------------------------------------------------------------------------------

    def invite(self, role: Role) -> str:
        """Return the secret of a link that makes one account."""
        _check_role(role)
        return self._link(role, "")

    def offer_reset(self, account: Account, actor: str) -> str:
        """Return the secret of a link that sets a new password. The old one stays until then."""
        self.note(account.id, actor, "reset-password")
        return self._link(account.role, account.id)

    def _link(self, role: Role, user: str) -> str:
        secret, now = new_secret(), self._clock()
        until = now + timedelta(hours=self.settings.invitation_h)
        self.storage.put_invitation(Invitation(digest_of(secret), role, now, until, user))
        return secret

    def invitation(self, secret: str) -> Invitation:
        """Return what a link is for; NotFoundError if it was used, has expired or never was."""
        found = self.storage.invitation(digest_of(secret))
        if found is None or found.expires_at <= self._clock():
            raise NotFoundError("This link is not valid: it was used already or has expired. Ask for a new one.")
        return found

    def invitation_for_new(self, secret: str) -> Invitation:
        """Return what a link for a new account is for; NotFoundError for any other."""
        return self._of_kind(secret, for_new=True)

    def _of_kind(self, secret: str, *, for_new: bool) -> Invitation:
        found = self.invitation(secret)
        if for_new == bool(found.user):
            raise NotFoundError("This link is for something else.")
        return found

    def join(self, secret: str, nickname: str, password: str) -> Account:
        """Make the account that a link is for."""
        invitation = self._of_kind(secret, for_new=True)
        account = self.prepare(nickname, password, invitation.role)
        if not self.storage.add_account(account, invitation=invitation.digest):
            self.invitation(secret)
            raise self._taken(account)
        return account

    def reset(self, secret: str, password: str) -> Account:
        """Set the password of the account that a link is for."""
        invitation = self._of_kind(secret, for_new=False)
        account = self.find_id(invitation.user)
        self._passwords.hash(password, account.nickname)
        if not self.storage.take_invitation(invitation.digest):
            self.invitation(secret)
        self.set_password(account, password)
        return account

    def find_id(self, user: str) -> Account:
        """Return the account with this id; NotFoundError."""
        found = self.storage.account(user)
        if found is None:
            raise NotFoundError(f"account {user!r:.80}: there is none with this id")
        return found

    # --- tokens -----------------------------------------------------------------------------------

    def make_token(self, account: Account, scopes: tuple[str, ...], name: str) -> str:
        """Make a token for a program and return its secret; InvalidInputError for scopes beyond the account's."""
        allowed = scopes_of(account.role)
        wrong = [scope for scope in scopes if scope not in allowed]
        if wrong or not scopes:
            raise InvalidInputError("scope", ", ".join(wrong) or "is missing", f"give some of {', '.join(allowed)}")
        if len(name) > MAX_TOKEN_NAME or not name.isprintable():
            raise InvalidInputError("name", f"{name!r:.80}", f"give up to {MAX_TOKEN_NAME} printable characters")
        secret = new_secret(TOKEN_PREFIX)
        kept = tuple(scope for scope in SCOPES if scope in scopes)
        self.storage.put_token(Token(digest_of(secret), account.id, kept, self._clock(), name))
        return secret

    # --- making -----------------------------------------------------------------------------------

    def prepare(self, nickname: str, password: str, role: Role, user: str | None = None) -> Account:
        """Return an account that is not stored yet; InvalidInputError for what cannot be."""
        shown = " ".join(nickname.split())
        if not 1 <= len(shown) <= MAX_NICKNAME or not shown.isprintable() or not nickname_key(shown):
            raise InvalidInputError("nickname", f"{nickname!r:.80}", f"give 1 to {MAX_NICKNAME} printable characters")
        return Account(user or new_id(), shown, self._passwords.hash(password, shown), role, self._clock())

    def _taken(self, account: Account) -> InvalidInputError:
        if self.storage.account_named(account.nickname) is not None:
            return InvalidInputError("nickname", f"{account.nickname!r} is taken", "choose another")
        return InvalidInputError("account", f"{account.id!r} has an account already", "log in with it")


def _check_role(role: Role) -> None:
    if role == "child":
        raise InvalidInputError("role", CHILD_REFUSED, "give admin or adult")
