"""What the present reader has agreed to, as the pages and the API ask for it; heeds the signal of their browser.

What is refused for want of a yes is not decided here: every event goes through the gate of the recommender.
"""

from __future__ import annotations

from typing import Any, cast

from flask import g, request

from reader.privacy.consents import is_of_these_words, level_of
from reader.privacy.texts import text_of, version_of
from reader.types import Consent
from reader.types_consent import LEVELS, PURPOSES, READER, SIGNAL, Terms
from webapp.language.catalogue import N_
from webapp.language.choice import language
from webapp.problems import fail
from webapp.security import from_other_site
from webapp.services import services

# Global Privacy Control (W3C): the browser says that its reader does not want to be tracked.
SIGNAL_HEADER = "Sec-GPC"


def heed_signal(user: str) -> None:
    """Turn attention off if the browser asks for it and the reader has not said otherwise since."""
    if request.headers.get(SIGNAL_HEADER) == "1" and not from_other_site(request):
        take_signal(user)


def take_signal(user: str) -> None:
    """Take the signal, however it came."""
    if services().consents.heed_signal(user):
        services().recommender.sittings.end(user)
        _forget(user)


def answers(user: str) -> dict[str, Consent]:
    """Return the newest answer for each purpose, looked up once a request and reader."""
    known = _looked_up("answers")
    if user not in known:
        known[user] = services().consents.newest(user)
    return cast(dict[str, Consent], known[user])


def terms(user: str) -> Terms:
    """Return what may be taken of a reader, looked up once a request and reader."""
    known = _looked_up("terms")
    if user not in known:
        known[user] = services().consents.terms(user)
    return cast(Terms, known[user])


def _looked_up(name: str) -> dict[str, Any]:
    """Return what was looked up in this request, by reader: a guardian's request is about a child, too."""
    return cast(dict[str, Any], g.setdefault(f"consent {name}", {}))


def _forget(user: str) -> None:
    for name in ("answers", "terms"):
        _looked_up(name).pop(user, None)


def refuse_children(user: str) -> None:
    """403 where a guardian answers."""
    if terms(user).is_child:
        raise fail(403, N_("Your guardian decides this for you, under Family."))


def answer(user: str, purpose: str, level: str, *, text_version: str = "") -> Consent:
    """Record a reader's own answer. What was held of a sitting ends with any answer but the one that began it.

    text_version: of the words it was given to; else they were ours, in the language of the page.
    """
    refuse_children(user)
    words = text_version or (version_of(purpose, language()) if purpose in PURPOSES else "")
    given = services().consents.answer(user, purpose, level, actor=READER, text_version=words)
    if purpose == "attention" and level != "session":
        services().recommender.sittings.end(user)
    _forget(user)
    return given


def has_answered_signal(user: str) -> bool:
    """Whether the newest answer about attention is the reader's own, after their browser's signal was seen."""
    known = [one for one in services().recommender.storage.consents(user) if one.purpose == "attention"]
    return any(one.actor == SIGNAL for one in known) and known[-1].actor != SIGNAL


def questions(user: str) -> list[dict[str, Any]]:
    """Return what `_consent.html` shows: each purpose with its words, the answer, and whether it was to these words."""
    known = answers(user)
    if terms(user).is_child:
        return []
    return [_question(purpose, known.get(purpose)) for purpose in PURPOSES]


def _question(purpose: str, given: Consent | None) -> dict[str, Any]:
    return {
        "purpose": purpose,
        "text": text_of(purpose, language()),
        "given": given,
        "level": None if given is None else level_of(given),
        "by_signal": given is not None and given.actor == SIGNAL,
        "is_old": given is not None and given.actor == READER and not is_of_these_words(given),
    }


def consent_object(user: str) -> dict[str, Any]:
    """Return the answers as the API gives them."""
    known = answers(user)
    attention = known.get("attention")
    found: dict[str, Any] = {"attention": None if attention is None else attention.granted}
    if attention is not None:
        found |= {"at": attention.at, "text_version": attention.text_version}
    return found | {"purposes": {purpose: _answer_object(purpose, known.get(purpose)) for purpose in PURPOSES}}


def _answer_object(purpose: str, given: Consent | None) -> dict[str, Any]:
    asked = {"levels": LEVELS[purpose], "text": version_of(purpose, language())}
    if given is None:
        return asked
    return asked | {"level": level_of(given), "at": given.at, "text_version": given.text_version, "actor": given.actor}
