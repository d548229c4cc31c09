"""Which language is spoken: what the reader chose, else what the browser asks for, else English.

A choice is kept for the reader, on all devices, and in a cookie for the pages that come before a login. A program that
comes with a token is answered as its header Accept-Language says.
"""

from __future__ import annotations

from typing import Final, cast

from flask import Flask, Response, g, has_request_context, request

from reader.types_languages import LANGUAGES, ORIGINAL, Language
from webapp.identity import browser_caller
from webapp.services import services

COOKIE: Final = "language"
KEPT_S: Final = 365 * 86_400
# Each by its own name, for who does not understand the one that is spoken.
NAMES: Final[dict[Language, str]] = {"en": "English", "de": "Deutsch"}


def language() -> Language:
    """Return the language of the present request, found out once; English outside of any."""
    if not has_request_context():
        return ORIGINAL
    if "language" not in g:
        g.language = _find()
    return cast(Language, g.language)


def _find() -> Language:
    wished = _wished()
    # On a publisher's page nobody is known here, and neither is what they chose.
    if "Authorization" in request.headers or request.blueprint == "sites":
        return wished
    caller = browser_caller()
    kept = services().recommender.storage.choice(caller.user, "language") if caller else ""
    return _known(kept) or _known(request.cookies.get(COOKIE)) or wished


def speak_for(user: str) -> None:
    """Speak for the rest of this request as a reader chose, whoever asks and by whatever browser."""
    g.language = _known(services().recommender.storage.choice(user, "language")) or ORIGINAL


def _wished() -> Language:
    """Return the browser's most wanted of our languages; that of Austria is German, too."""
    # Not best_match, which takes a plain `en` at the end of the list before `de-AT` at its head.
    wanted = (_known(tag.split("-")[0].lower()) for tag, quality in request.accept_languages if quality > 0)
    return next((found for found in wanted if found), ORIGINAL)


def _known(text: str | None) -> Language | None:
    return text if text in LANGUAGES else None


def choose(chosen: str, response: Response) -> Response:
    """Keep the choice for the reader, if somebody is known, and in the browser; what is no language changes nothing."""
    if _known(chosen) is None:
        return response
    if caller := browser_caller():
        services().recommender.storage.put_choice(caller.user, "language", chosen)
    path = request.script_root or "/"
    keep = {"max_age": KEPT_S, "path": path, "secure": request.is_secure, "httponly": True, "samesite": "Lax"}
    response.set_cookie(COOKIE, chosen, **keep)  # type: ignore[arg-type]  # one type for all of them
    return response


def tell_language(app: Flask) -> None:
    """Say of every answer that goes by the language which one it is in, and that another reader may get another."""

    @app.after_request
    def tell(response: Response) -> Response:
        if "language" in g:
            response.vary.update(("Accept-Language", "Cookie"))
            if response.mimetype == "text/html":
                response.content_language.add(g.language)
        return response
