"""The buttons in the footer of every page, that of the login included: one for each other language."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from apiflask import APIBlueprint
from flask import current_app, make_response, request
from flask.typing import ResponseReturnValue

from webapp.language.choice import NAMES, choose, language
from webapp.prefix import go_to, safe_next

languages = APIBlueprint("languages", __name__, enable_openapi=False)


@languages.app_context_processor
def language_values() -> dict[str, Any]:
    """Tell every template what is spoken, and what else could be."""
    spoken = language()
    return {"language": spoken, "other_languages": {code: name for code, name in NAMES.items() if code != spoken}}


@languages.post("/language")
def choose_language() -> ResponseReturnValue:
    """Speak another language from now on, and go back to where that was asked."""
    response = make_response(go_to(_page_asked_on()))
    return choose(request.form.get("language", ""), response)


def _page_asked_on() -> str:
    """Return the page of this app that the browser says it comes from, if it can be asked for again; else the first."""
    # Not a field of the form: it would be on every page, and hold whatever somebody wrote behind its address.
    try:
        came = urlsplit(request.headers.get("Referer", ""))
    except ValueError:
        return "/"
    path = came.path.removeprefix(request.script_root)
    is_here = came.netloc == request.host and current_app.url_map.bind("").test(path, "GET")
    return safe_next(f"{path}?{came.query}".rstrip("?")) if is_here else "/"
