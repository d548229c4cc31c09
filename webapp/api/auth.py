"""Who sends a request to the API, and what they may do.

A bearer token acts for its reader within its scopes. Without a token an embedded app acts for the local reader with
every scope; a browser must then show that the request comes from this app's own pages (`_refuse_forgery`).
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from apiflask import APIBlueprint
from flask import g, request

from reader.types import Token
from webapp.problems import fail
from webapp.security import from_other_site
from webapp.services import services

SCOPES = ("recs:read", "events:write", "items:write", "profile:read", "profile:write")
TOKEN_PREFIX = "rr_"
TOKEN_BYTES = 32
JSON_TYPES = ("application/json", "application/x-ndjson")
SECURITY_SCHEMES = {"token": {"type": "http", "scheme": "bearer", "description": "Made by `reread token create`."}}

View = TypeVar("View", bound=Callable[..., Any])


def new_secret() -> str:
    """Make the secret of a token; the prefix lets secret scanners find leaked ones."""
    return TOKEN_PREFIX + secrets.token_urlsafe(TOKEN_BYTES)


def digest_of(secret: str) -> str:
    """Return what is stored of a secret. Unsalted: secrets are random, 256 bits."""
    return hashlib.sha256(secret.encode()).hexdigest()


def needs(blueprint: APIBlueprint, scope: str) -> Callable[[View], View]:
    """Let only senders with this scope through; `g.user` is then the reader they act for."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            identify(scope)
            return view(*args, **kwargs)

        security: list[str | dict[str, list[Any]]] = [{"token": [scope]}, {}]
        return blueprint.doc(security=security)(guarded)  # type: ignore[return-value]  # wraps keeps the signature

    return decorate


def identify(scope: str) -> None:
    """Set `g.user`; 401 without a valid token, 403 beyond its scopes or for a forged request."""
    header = request.headers.get("Authorization")
    g.user = _local_reader() if header is None else _token_reader(header, scope)


def _token_reader(header: str, scope: str) -> str:
    token = _token(header)
    if token is None:
        raise _unauthorized("This token is not known; `reread token create` makes one.", "invalid_token")
    if scope not in token.scopes:
        detail = f"This token lacks the scope {scope}; it has {', '.join(token.scopes) or 'none'}."
        raise fail(403, detail, headers={"WWW-Authenticate": f'Bearer error="insufficient_scope", scope="{scope}"'})
    return token.user


def _token(header: str) -> Token | None:
    scheme, _, secret = header.partition(" ")
    if scheme.lower() != "bearer" or not secret.strip().startswith(TOKEN_PREFIX):
        return None
    return services().recommender.storage.token(digest_of(secret.strip()))


def _local_reader() -> str:
    if not services().embedded:
        raise _unauthorized("Send Authorization: Bearer rr_…; `reread token create` makes a token.", None)
    _refuse_forgery()
    return services().local_user


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
