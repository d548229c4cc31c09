"""Answers to pages of other origins: to those of a registered one with leave to read them, to all others nothing.

The refusal is one and the same, byte for byte, whether the key is wrong, the origin, or both: it tells nothing.
Cookies play no part: no answer lets a browser send or keep any.
"""

from __future__ import annotations

from flask import Response, request

# The one method and header that the calls need, and how long a browser may remember that, in seconds.
METHODS = "POST"
HEADERS = "Content-Type"
PREFLIGHT_MAX_AGE_S = 3600


def nothing() -> Response:
    """Return what those get who may have nothing."""
    return Response(status=404, headers={"Vary": "Origin", "Cache-Control": "no-store"})


def preflight() -> Response:
    """Return the answer to a browser that asks for leave, for an origin that has it."""
    allowed = {
        "Access-Control-Allow-Methods": METHODS,
        "Access-Control-Allow-Headers": HEADERS,
        "Access-Control-Max-Age": str(PREFLIGHT_MAX_AGE_S),
    }
    return let_read(Response(status=204, headers=allowed), origin())


def let_read(response: Response, allowed: str) -> Response:
    """Let pages of this one origin read the answer."""
    response.headers["Access-Control-Allow-Origin"] = allowed
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.vary.add("Origin")
    return response


def origin() -> str:
    """Return the origin that the browser gives, "" if it gives none."""
    return request.headers.get("Origin", "")
