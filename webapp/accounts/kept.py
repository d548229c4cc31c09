"""What is kept of a child, by class, as its guardian is told; answers stand on that page by themselves."""

from __future__ import annotations

from typing import Final

from reader.storage.protocol import Storage
from webapp.language.catalogue import N_
from webapp.language.saying import _

# Kinds of events as a guardian would name them -> types. Of how a child reads there are none.
_TOLD: Final[dict[str, tuple[str, ...]]] = {
    N_("Likes, saves, comments and what was hidden"): ("like", "unlike", "save", "unsave", "share", "comment", "hide"),
    N_("What is followed, muted and weighed"): ("follow", "unfollow", "mute", "unmute", "weigh", "unweigh", "tune"),
}
_OTHER: Final = N_("Other records")
# What is kept besides events: what it is called -> the tables that hold it.
_BESIDES: Final[dict[str, tuple[str, ...]]] = {
    N_("Feeds"): ("subscriptions",),
    N_("Folders of feeds"): ("folders",),
    N_("Lists, for a while"): ("lists",),
    N_("Addresses for programs"): ("outlets",),
    N_("Tokens for programs"): ("tokens",),
    N_("Logins"): ("logins",),
    N_("Chosen: language, kind of list"): ("choices",),
    N_("What others did with the account"): ("audits",),
    N_("Data grants"): ("grants", "grant_ledger"),
}
# The account and its answers stand on the page by themselves, events are parted above.
_APART: Final = frozenset(("accounts", "children", "consents", "events"))


def kept_of(storage: Storage, user: str) -> list[tuple[str, int]]:
    """Return the classes of which something is kept, each with how many; whatever names the child is in one of them."""
    counts, rows = storage.event_counts(user), storage.traces(user)
    told = {_(kind): sum(counts.get(each, 0) for each in types) for kind, types in _TOLD.items()}
    besides = {_(name): sum(rows.get(table, 0) for table in tables) for name, tables in _BESIDES.items()}
    all_rows = sum(counts.values()) + sum(count for table, count in rows.items() if table not in _APART)
    other = {_(_OTHER): all_rows - sum(told.values()) - sum(besides.values())}
    return [(name, count) for name, count in (told | other | besides).items() if count]
