"""What was done to an account, with who did it as its reader would call them."""

from __future__ import annotations

from reader.accounts.guardians import BY_LINK
from reader.accounts.registry import OPERATOR
from reader.storage.protocol import Storage
from reader.types import Audited
from webapp.language.saying import _


def who_did_what(storage: Storage, user: str) -> list[tuple[str, Audited]]:
    """Return what is written down, newest first. Administrators are called by their nicknames, guardians are not."""
    child = storage.child(user)
    admins = {one.id: one.nickname for one in storage.accounts() if one.role == "admin"}
    guardians = {BY_LINK, child.guardian if child else ""}
    known = admins | dict.fromkeys(guardians, _("Your guardian")) | {user: _("You"), OPERATOR: _("The operator")}
    return [(known.get(entry.actor, _("An administrator")), entry) for entry in storage.audited(user)]
