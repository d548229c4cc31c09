"""What a role may do."""

from __future__ import annotations

from reader.storage.family import FamilyStorage
from reader.types import Account, Role

SCOPES = ("recs:read", "events:write", "items:write", "profile:read", "profile:write", "grants:write", "reader:sync")
# The catalogue is everybody's, so that adding to it is for those who look after the installation.
_OF_ADMINS = ("items:write",)
# A child cannot let others have anything of its data.
_OF_AGE = ("grants:write",)
_SCOPES: dict[Role, tuple[str, ...]] = {
    "admin": SCOPES,
    "adult": tuple(scope for scope in SCOPES if scope not in _OF_ADMINS),
    # What of this is taken of a child is for the terms to say (reader.types_consent).
    "child": tuple(scope for scope in SCOPES if scope not in (*_OF_ADMINS, *_OF_AGE)),
}
CHILD_REFUSED = "an account for a child needs a guardian's consent: who opens a link of yours is asked for their age"


def scopes_of(role: Role) -> tuple[str, ...]:
    """Return the scopes that readers of this role have, and may give to their tokens."""
    return _SCOPES[role]


def may_read(account: Account, storage: FamilyStorage) -> bool:
    """Tell whether an account may be used at all: open, and a child's only with a guardian's yes on record."""
    return not account.disabled and (account.role != "child" or storage.child(account.id) is not None)
