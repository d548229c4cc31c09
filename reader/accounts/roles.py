"""What a role may do."""

from __future__ import annotations

from reader.types import Account, Role

SCOPES = ("recs:read", "events:write", "items:write", "profile:read", "profile:write")
# The catalogue is everybody's, so that adding to it is for those who look after the installation.
_OF_ADMINS = ("items:write",)
_SCOPES: dict[Role, tuple[str, ...]] = {
    "admin": SCOPES,
    "adult": tuple(scope for scope in SCOPES if scope not in _OF_ADMINS),
    # A child's account needs a parent's consent first, and there is none to be recorded yet: nothing is allowed.
    "child": (),
}
CHILD_REFUSED = "an account for a child needs a parent's consent, which cannot be recorded yet"


def scopes_of(role: Role) -> tuple[str, ...]:
    """Return the scopes that readers of this role have, and may give to their tokens."""
    return _SCOPES[role]


def may_read(account: Account) -> bool:
    """Tell whether an account may be used at all."""
    return not account.disabled and bool(_SCOPES[account.role])
