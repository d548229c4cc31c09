"""Lists that programs fetch by a secret address: made, found by their secret, made void.

What belongs here: secrets and what they open. What does not: what is in a list, and how that is written
(`webapp.outlets`).
"""

from __future__ import annotations

from typing import Final, get_args

from reader.accounts.roles import may_read
from reader.accounts.secrets import digest_of, new_secret
from reader.clock import Clock
from reader.errors import InvalidInputError, NotFoundError
from reader.storage.protocol import Storage
from reader.types_feeds import FolderPath
from reader.types_outlets import Outlet, OutletKind

# Tells programs that look for leaked secrets what it is.
OUTLET_PREFIX: Final = "rf_"
MAX_NAME: Final = 100
# Of one reader; ours: one for each program, with room.
MAX_OUTLETS: Final = 30


class Outlets:
    """Over a store. with_accounts: whether a reader needs an account that is open."""

    def __init__(self, storage: Storage, clock: Clock, *, with_accounts: bool) -> None:
        self._storage = storage
        self._clock = clock
        self._with_accounts = with_accounts

    def make(
        self, user: str, kind: OutletKind, name: str, *, folder: FolderPath = (), full_text: bool = False
    ) -> tuple[str, Outlet]:
        """Make an outlet; return its secret, which is kept nowhere, and what is kept of it.

        InvalidInputError if it cannot be. folder: as the reader has it, for kind
        `folder` and no other.
        """
        shown = " ".join("".join(letter if letter.isprintable() else " " for letter in name).split())
        if len(shown) > MAX_NAME:
            raise InvalidInputError("name", f"has {len(shown)} characters", f"give up to {MAX_NAME}")
        if kind not in get_args(OutletKind):
            raise InvalidInputError("kind", f"{kind!r:.80}", f"give one of {', '.join(get_args(OutletKind))}")
        path = folder if kind == "folder" else ()
        if kind == "folder" and not path:
            raise InvalidInputError("folder", "is missing", "give the folder")
        if len(self._storage.outlets(user)) >= MAX_OUTLETS:
            raise InvalidInputError("outlets", f"there are {MAX_OUTLETS} already", "revoke one first")
        secret = new_secret(OUTLET_PREFIX)
        outlet = Outlet(digest_of(secret), user, kind, shown, self._clock(), path, full_text)
        self._storage.put_outlet(outlet)
        return secret, outlet

    def find(self, kind: str, secret: str) -> Outlet:
        """Return what a secret opens; NotFoundError if that is nothing, or its reader's account is closed.

        One answer for all, another kind included, so that nobody learns which secrets there are.
        """
        found = self._storage.outlet(digest_of(secret)) if secret.startswith(OUTLET_PREFIX) else None
        if found is None or found.kind != kind or not self._is_open(found.user):
            raise NotFoundError("There is no such feed: its address was revoked, or is mistyped.")
        return found

    def _is_open(self, user: str) -> bool:
        if not self._with_accounts:
            return True
        account = self._storage.account(user)
        return account is not None and may_read(account, self._storage)

    def revoke(self, user: str, digest: str) -> None:
        """Make an outlet void; NotFoundError if it is none of the reader's."""
        if not self._storage.drop_outlet(user, digest):
            raise NotFoundError("That address is void already, or is none of yours.")
