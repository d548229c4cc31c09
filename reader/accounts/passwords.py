"""Passwords: which are taken, how they are kept (Argon2id, RFC 9106) and checked."""

from __future__ import annotations

from unicodedata import normalize

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from reader.errors import InvalidInputError
from reader.settings_login import LoginSettings
from reader.types import nickname_key

# Bounds the work of hashing; a form is no place for a book.
MAX_LENGTH = 1000
# Fewer different characters than this are a pattern.
LEAST_VARIETY = 5


class Passwords:
    """Hashes and checks passwords with the parameters of the settings."""

    def __init__(self, settings: LoginSettings) -> None:
        self._min_length = settings.password_min_length
        self._hasher = PasswordHasher(
            time_cost=settings.argon2_passes,
            memory_cost=settings.argon2_memory_kib,
            parallelism=settings.argon2_lanes,
        )
        # What is checked for a name that nobody has, so that the answer takes as long as for a real one.
        self._nobody = self._hasher.hash("")

    def hash(self, password: str, nickname: str) -> str:
        """Return the PHC string to keep; InvalidInputError for a password that is too easily guessed."""
        self._check(password, nickname)
        return self._hasher.hash(_plain(password))

    def matches(self, password: str, kept: str | None) -> bool:
        """Tell whether a password is the one that was kept. None: there is no such account; as much work, and no."""
        try:
            return self._hasher.verify(kept or self._nobody, _plain(password)) and kept is not None
        except (Argon2Error, InvalidHashError):
            return False

    def is_outdated(self, kept: str) -> bool:
        """Tell whether the parameters have changed since."""
        return self._hasher.check_needs_rehash(kept)

    def rehash(self, password: str) -> str:
        """Return the PHC string of a password that has just matched, whatever rules there are now."""
        return self._hasher.hash(_plain(password))

    def _check(self, password: str, nickname: str) -> None:
        plain = _plain(password)
        if len(plain) < self._min_length:
            raise _refusal(f"has {len(plain)} characters", f"give at least {self._min_length}; a few words do well")
        if len(plain) > MAX_LENGTH:
            raise _refusal(f"has {len(plain):,} characters", f"give at most {MAX_LENGTH:,}")
        if len(set(plain)) < LEAST_VARIETY:
            raise _refusal(f"has only {len(set(plain))} different characters", "take a few words")
        if plain.casefold().replace(nickname_key(nickname), "") == "":
            raise _refusal("is the nickname", "take a few words")


def _plain(password: str) -> str:
    """Write a password in one way, whatever keyboard it came from (NIST SP 800-63B-4, 3.1.1.2)."""
    return normalize("NFKC", password)


def _refusal(detail: str, remedy: str) -> InvalidInputError:
    return InvalidInputError("password", detail, remedy)
