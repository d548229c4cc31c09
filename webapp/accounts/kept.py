"""What is kept of a child, by class, as its guardian is told; answers stand on that page by themselves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from reader.storage.protocol import Storage
from webapp.language.catalogue import N_
from webapp.language.saying import _

# Kinds of events as a guardian would name them -> types. Of how a child reads there are none.
_TOLD: Final[dict[str, tuple[str, ...]]] = {
    N_("Likes, saves, comments and what was hidden"): ("like", "unlike", "save", "unsave", "share", "comment", "hide"),
    N_("What is followed, muted and weighed"): ("follow", "unfollow", "mute", "unmute", "weigh", "unweigh", "tune"),
}
_OTHER_EVENTS: Final = N_("Other records")
# What is kept besides events: what it is called -> the rows of it.
_BESIDES: Final[dict[str, Callable[[Storage, str], Sequence[Any]]]] = {
    N_("Feeds"): lambda storage, user: storage.subscriptions(user),
    N_("Folders of feeds"): lambda storage, user: storage.folders(user),
    N_("Lists, for a while"): lambda storage, user: storage.lists_of(user),
    N_("Addresses for programs"): lambda storage, user: storage.outlets(user),
    N_("Tokens for programs"): lambda storage, user: storage.tokens(user),
    N_("Logins"): lambda storage, user: storage.logins(user),
    N_("Chosen: language, kind of list"): lambda storage, user: list(
        filter(None, (storage.choice(user, "language"), storage.choice(user, "mode")))
    ),
    N_("What others did with the account"): lambda storage, user: storage.audited(user),
    N_("Data grants"): lambda storage, user: storage.grants(user),
}


def kept_of(storage: Storage, user: str) -> list[tuple[str, int]]:
    """Return the classes of which something is kept, each with how many."""
    counts = storage.event_counts(user)
    told = {_(kind): sum(counts.get(each, 0) for each in types) for kind, types in _TOLD.items()}
    told[_(_OTHER_EVENTS)] = sum(counts.values()) - sum(told.values())
    besides = {_(name): len(rows(storage, user)) for name, rows in _BESIDES.items()}
    return [(name, count) for name, count in (told | besides).items() if count]
