"""What can go wrong with a feed, as kinds, and what a person can do about each. Plain words, no codes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from reader.errors import FetchError, RereadError

GONE: Final = "gone"
NO_FEED: Final = "no feed"
# The host as a whole is the trouble, so that its other feeds need not be tried at once.
OF_HOSTS: Final = frozenset(("unknown host", "no connection", "slow", "certificate", "too often"))


@dataclass(frozen=True, slots=True)
class Trouble:
    """words: what happened, as a sentence; remedy: what to do."""

    words: str
    remedy: str


_AGAIN = "It is tried again by itself, less and less often."
TROUBLES: Final = {
    GONE: Trouble(
        "The site says that this feed is gone for good.", "It is not asked any more; unsubscribe, or try it."
    ),
    "not found": Trouble("There is nothing at this address any more.", f"Look for its new address. {_AGAIN}"),
    "not allowed": Trouble("The site does not let us read this feed.", "It may want a login, or refuse programs."),
    "too often": Trouble("The site asks to come less often.", "It is tried again when the site says."),
    "server": Trouble("The site has a fault of its own.", _AGAIN),
    "unknown host": Trouble("There is no site of this name.", f"Check the address, and your network. {_AGAIN}"),
    "no connection": Trouble("The site does not answer.", _AGAIN),
    "slow": Trouble("The site took too long to answer.", _AGAIN),
    "certificate": Trouble("The connection would not be safe.", "The certificate of the site is wrong or has run out."),
    "too large": Trouble("The feed is larger than we take.", "Whoever runs this can raise fetch_max_bytes."),
    "redirects": Trouble("The site sends us in circles.", f"Look for its new address. {_AGAIN}"),
    "forbidden address": Trouble(
        "This address leads into a private network.", "Whoever runs this can allow it with fetch_private_addresses."
    ),
    NO_FEED: Trouble("What is at this address is no feed.", "Look for its new address on the page of the site."),
    "other": Trouble("It could not be fetched.", _AGAIN),
}


def trouble_of(error: RereadError) -> str:
    """Return the kind, a key of TROUBLES."""
    kind = error.trouble if isinstance(error, FetchError) else NO_FEED
    return kind if kind in TROUBLES else "other"


def explain(kind: str) -> Trouble | None:
    """Return what to tell a person; None if all is well."""
    return TROUBLES.get(kind, TROUBLES["other"]) if kind else None
