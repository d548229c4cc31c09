"""What an erasure has deleted, in words: the kinds of `Storage.erase_user`, as their reader would name them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from webapp.language.catalogue import N_
from webapp.language.saying import _

WORDS: Final[Mapping[str, str]] = {
    "events": N_("Records of what you did"),
    "lists": N_("Lists made for you"),
    "consents": N_("Your answers"),
    "parts": N_("What ranking has learned of you alone"),
    "subscriptions": N_("Feeds"),
    "folders": N_("Folders of feeds"),
    "choices": N_("Chosen: language, kind of list"),
    "outlets": N_("Addresses for programs"),
    "tokens": N_("Tokens for programs"),
    "grants": N_("Data grants"),
    "grant_ledger": N_("Notes on data grants"),
    "accounts": N_("Your account"),
    "children": N_("That you are a child, and whose"),
    "logins": N_("Logins"),
    "invitations": N_("Invitations"),
    "audits": N_("What others did to your account"),
}


def in_words(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """Return what there was of each kind, in the order above. counts: by kind."""
    return [(_(words), counts[kind]) for kind, words in WORDS.items() if counts.get(kind)]
