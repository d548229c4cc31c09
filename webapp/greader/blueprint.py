"""The blueprint, and the door: a token of the reader's with the scope `reader:sync` is the password of such programs.

What belongs here: who asks, answers in plain text, parameters. What does not: what the calls do.
"""

from __future__ import annotations

import hashlib

from apiflask import APIBlueprint
from flask import Response, g, request
from flask.typing import ResponseReturnValue

from reader.accounts.registry import TOKEN_PREFIX
from webapp.identity import caller_with, token_caller
from webapp.problems import fail
from webapp.services import services

SCOPE = "reader:sync"
# As long as the original's.
_TOKEN_LENGTH = 57

greader = APIBlueprint("greader", __name__, enable_openapi=False)


def plain(text: str, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """Answer in plain text."""
    return Response(text, status=status, headers=headers, content_type="text/plain; charset=utf-8")


@greader.before_request
def know_reader() -> ResponseReturnValue | None:
    """Let through who has a token with the scope; a browser's login counts for nothing, so no form can be forged."""
    if request.endpoint == "greader.client_login":
        return None
    caller = token_caller()
    if caller is None:
        return plain("Unauthorized\n", 401, {"Google-Bad-Token": "true", "WWW-Authenticate": "GoogleLogin"})
    if SCOPE not in caller.scopes:
        raise fail(403, f"This token lacks the scope {SCOPE}; it has {', '.join(caller.scopes) or 'none'}.")
    g.user = caller.user
    sent = request.values.get("T")
    if sent and sent != post_token(caller.user):
        return plain("Unauthorized\n", 401, {"X-Reader-Google-Bad-Token": "true"})
    return None


def post_token(user: str) -> str:
    """Return what the original asked for with every change; here the header says who asks, and this is only checked."""
    signed = services().signer.dumps(["greader", user])
    text = signed if isinstance(signed, str) else signed.decode()
    return hashlib.sha256(text.encode()).hexdigest()[:_TOKEN_LENGTH]


@greader.route("/accounts/ClientLogin", methods=["GET", "POST"])
def client_login() -> ResponseReturnValue:
    """Exchange name and token for what the other calls want in their header: the token itself."""
    name, secret = request.values.get("Email", ""), request.values.get("Passwd", "")
    if not secret:
        return plain("Error=BadAuthentication\n", 400)
    caller = caller_with(secret) if secret.startswith(TOKEN_PREFIX) else None
    if caller is None or SCOPE not in caller.scopes or not _is_name(name, caller.user):
        return plain("Error=BadAuthentication\n", 401)
    return plain(f"SID={secret}\nLSID={secret}\nAuth={secret}\n")


def _is_name(name: str, user: str) -> bool:
    """Tell whether a program was set up for this reader; without accounts there is no name to get wrong."""
    account = services().recommender.storage.account(user)
    return account is None or name.strip().casefold() in (account.nickname.casefold(), account.id.casefold())


def numbers(name: str, default: int, most: int) -> int:
    """Return a parameter that is a whole number from 1 on, at most `most`."""
    text = request.values.get(name, "")
    return min(int(text), most) if text.isascii() and text.isdigit() and 0 < len(text) < 10 and int(text) else default


def seconds(name: str) -> int | None:
    """Return a parameter that is a moment in seconds; None if it is not there, or none."""
    text = request.values.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else None
