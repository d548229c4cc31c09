"""The page of text, theme and keys, and the form that is on every article."""

from __future__ import annotations

from flask import Response, flash, make_response, render_template, request
from flask.typing import ResponseReturnValue

from webapp.language.saying import _
from webapp.look import CHOICES, COOKIE, KEPT_S, Look, chosen, parse
from webapp.pages.acts import safe_next
from webapp.pages.blueprint import pages
from webapp.prefix import go_to


def look_of_request() -> Look:
    """Return how pages look in this browser."""
    return parse(request.cookies.get(COOKIE, ""))


@pages.app_context_processor
def look_values() -> dict[str, object]:
    """Hand every template how it is to look."""
    look = look_of_request()
    return {"look": look, "look_attributes": look.attributes}


@pages.get("/me/look")
def look() -> ResponseReturnValue:
    """Show what can be chosen."""
    return render_template("look.html")


@pages.post("/me/look")
def set_look() -> ResponseReturnValue:
    """Keep what was chosen; `act` reset takes everything back to the usual."""
    is_reset = request.form.get("act") == "reset"
    wanted = Look() if is_reset else chosen(look_of_request(), request.form)
    if request.accept_mimetypes.best == "application/json":
        return _kept(make_response("", 204), wanted)
    flash(_("As usual again.") if is_reset else _("Set, for this browser."))
    return _kept(make_response(go_to(safe_next(request.form.get("next", "")))), wanted)


def _kept(response: Response, look: Look) -> Response:
    path, secure = request.script_root or "/", request.is_secure
    if look.text:
        response.set_cookie(COOKIE, look.text, max_age=KEPT_S, path=path, secure=secure, httponly=True, samesite="Lax")
    else:
        response.delete_cookie(COOKIE, path, secure=secure, httponly=True, samesite="Lax")
    return response


__all__ = ["CHOICES", "look_of_request"]
