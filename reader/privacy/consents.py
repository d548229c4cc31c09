"""Answers about what may be recorded: taken, kept with the words they were given to, and what follows from them."""

from __future__ import annotations

import re
from typing import cast

from reader.clock import Clock
from reader.errors import InvalidInputError
from reader.privacy.texts import is_present, version_of
from reader.storage.protocol import Storage
from reader.types import Account, Consent
from reader.types_consent import LEVELS, PURPOSES, READER, SIGNAL, Level, Terms

_DIGEST = re.compile(r"[0-9a-f]{64}")


class Consents:
    """Over a store. Nothing is remembered here: another process may take an answer at any time."""

    def __init__(self, storage: Storage, clock: Clock) -> None:
        self._storage = storage
        self._clock = clock

    def terms(self, user: str) -> Terms:
        """Return what may be taken of a reader now. Of a child it is what the guardian has said."""
        account, newest = self._storage.account(user), self.newest(user)
        if account is not None and account.role == "child":
            return self._of_child(account, newest)
        attention, feedback = newest.get("attention"), newest.get("feedback")
        return Terms(
            attention=None if attention is None else level_of(attention),
            feedback=feedback is None or feedback.granted,
        )

    def _of_child(self, account: Account, newest: dict[str, Consent]) -> Terms:
        said, feedback = newest.get("account"), newest.get("feedback")
        is_open = said is not None and said.granted and not account.disabled
        allowed = feedback is not None and feedback.granted
        return Terms("none", allowed, is_child=True, is_closed=not is_open or self._storage.child(account.id) is None)

    def newest(self, user: str) -> dict[str, Consent]:
        """Return the newest answer for each purpose that was answered."""
        return {consent.purpose: consent for consent in self._storage.consents(user)}

    def answer(self, user: str, purpose: str, level: str, *, actor: str = READER, text_version: str = "") -> Consent:
        """Keep an answer; earlier ones stay. text_version: the SHA-256 of the words, if they were not ours in English.

        InvalidInputError for a purpose, level or digest that is none.
        """
        if purpose not in PURPOSES:
            raise InvalidInputError("purpose", f"{purpose!r:.80}", f"give one of {', '.join(PURPOSES)}")
        if level not in LEVELS[purpose]:
            raise InvalidInputError(purpose, f"{level!r:.80}", f"give one of {', '.join(LEVELS[purpose])}")
        if text_version and not _DIGEST.fullmatch(text_version):
            raise InvalidInputError("text_version", f"{text_version!r:.80}", "give the SHA-256 of your words in hex")
        granted, version = level != "none", text_version or version_of(purpose)
        consent = Consent(user, purpose, granted, self._clock(), version, level, actor)
        self._storage.put_consent(consent)
        return consent

    def heed_signal(self, user: str) -> bool:
        """Turn attention off because the browser asks for it (Global Privacy Control); return whether that was new.

        Once: what the reader answers after it counts, until they answer otherwise.
        """
        if self.terms(user).is_child:
            return False
        answers = self._storage.consents(user)
        if any(one.purpose == "attention" and one.actor == SIGNAL for one in answers):
            return False
        self.answer(user, "attention", "none", actor=SIGNAL)
        return True


def level_of(consent: Consent) -> Level:
    """Return the level of an answer; those of before there were levels say yes or no."""
    return cast(Level, consent.level or ("kept" if consent.granted else "none"))


def is_of_these_words(consent: Consent) -> bool:
    """Whether an answer was given to the words that are shown now, in whatever language."""
    return is_present(consent.purpose, consent.text_version)
