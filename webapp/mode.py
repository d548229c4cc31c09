"""How a reader's lists are ordered: by their profile, or newest first. Remembered for the reader, on all devices."""

from __future__ import annotations

from typing import Final

from reader.types import Mode
from webapp.consent import terms
from webapp.services import services

MODES: Final[tuple[Mode, ...]] = ("profile", "latest")


def chosen_mode(user: str) -> Mode:
    """Return what a reader's lists open in. Where no profile may be used there is nothing to choose."""
    if not terms(user).may_profile:
        return "latest"
    return "latest" if services().recommender.storage.choice(user, "mode") == "latest" else "profile"


def choose_mode(user: str, mode: Mode) -> None:
    """Remember it."""
    services().recommender.storage.put_choice(user, "mode", mode)
