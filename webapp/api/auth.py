"""What the sender of a request to the API may do; who it is says `webapp.identity`.

A token acts within its scopes, a browser within those of its reader's role. A browser must show, besides, that the
request comes from this app's own pages (`_refuse_forgery`).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from apiflask import APIBlueprint
from flask import g, request

from webapp.consent import heed_signal
from webapp.identity import Caller, browser_caller, token_caller
from webapp.problems import fail
from webapp.security import from_other_site

JSON_TYPES = ("application/json", "application/x-ndjson")
# As /openapi.json calls it (webapp.description).
TOKEN = "token"

View = TypeVar("View", bound=Callable[..., Any])


def needs(blueprint: APIBlueprint, scope: str) -> Callable[[View], View]:
    """Let only senders with this scope through; `g.user` is then the reader they act for."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            identify(scope)
            return view(*args, **kwargs)

        # Whatever `doc` is not told again, it forgets: the answers of the view, and its body.
        known = getattr(view, "_spec", {})
        told = {name: known.get(name) for name in ("responses", "extensions")}
        documented = blueprint.doc(security=[{TOKEN: [scope]}], **told)
        return documented(guarded)  # type: ignore[return-value]  # wraps keeps the signature

    return decorate


def identify(scope: str) -> None:
    """Set `g.user`; 401 without a valid token or login, 403 beyond its scopes or for a forged request."""
    caller = _by_token() if "Authorization" in request.headers else _by_browser()
    if scope not in caller.scopes:
        raise _out_of_scope(caller, scope)
    g.user = caller.user
    heed_signal(caller.user)


def _by_token() -> Caller:
    caller = token_caller()
    if caller is None:
        raise _unauthorized("This token is not known; `reread token create` makes one.", "invalid_token")
    return caller


def _by_browser() -> Caller:
    caller = browser_caller()
    if caller is None:
        raise _unauthorized("Send Authorization: Bearer rr_…; `reread token create` makes a token.", None)
    _refuse_forgery()
    return caller


def _out_of_scope(caller: Caller, scope: str) -> Exception:
    if caller.by != "token":
        return fail(403, f"Your account lacks the scope {scope}; an administrator has it.")
    detail = f"This token lacks the scope {scope}; it has {', '.join(caller.scopes) or 'none'}."
    return fail(403, detail, headers={"WWW-Authenticate": f'Bearer error="insufficient_scope", scope="{scope}"'})


def _refuse_forgery() -> None:
    # The API takes no CSRF token. A form of another site cannot send these content types, and a script of another site
    # would have to ask first (CORS), which is never granted; the two headers catch what remains.
    if from_other_site(request):
        raise fail(403, "The browser says that this request comes from another site; use a token instead.")
    if request.method != "GET" and request.mimetype not in JSON_TYPES:
        raise fail(403, f"Without a token, {request.method} needs Content-Type: application/json.")


def _unauthorized(detail: str, error: str | None) -> Exception:
    challenge = 'Bearer realm="reread"' + (f', error="{error}"' if error else "")
    return fail(401, detail, headers={"WWW-Authenticate": challenge})
