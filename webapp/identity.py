"""Who sends a request: the one place that knows.

A bearer token acts for its reader within its scopes. A browser is known by its login where there are accounts; without
accounts an embedded app takes every request for the local reader's. Else nobody is known.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, cast

from flask import g, request, session

from reader.accounts.registry import TOKEN_PREFIX
from reader.accounts.roles import SCOPES, may_read, scopes_of
from reader.accounts.secrets import digest_of
from reader.types import Account, Login
from webapp.language.catalogue import N_
from webapp.problems import fail
from webapp.services import services

LOGIN = "login"
# Where an application that serves this one says who reads: a key of the WSGI environment, which no request can set.
HOST_READER = "reread.reader"
# The catalogue is everybody's; it is filled by whoever looks after the server.
_HOST_SCOPES = tuple(scope for scope in SCOPES if scope != "items:write")


@dataclass(frozen=True, slots=True)
class Caller:
    """user: whose data the request is about. account, login: only where there are accounts."""

    user: str
    scopes: tuple[str, ...]
    by: Literal["local", "login", "token", "host"]
    account: Account | None = None
    login: Login | None = None

    @property
    def is_admin(self) -> bool:
        """Tell whether the caller looks after this installation."""
        return self.account is not None and self.account.role == "admin"

    @property
    def is_child(self) -> bool:
        """Tell whether a guardian decides for the caller."""
        return self.account is not None and self.account.role == "child"


def browser_caller() -> Caller | None:
    """Return who the cookie, or the lack of accounts, says it is; looked up once a request."""
    if "browser_caller" not in g:
        g.browser_caller = _logged_in() if services().accounts else _local()
    return cast(Caller | None, g.browser_caller)


def token_caller() -> Caller | None:
    """Return who the Authorization header says it is; None if its token is unknown or its account closed.

    Looked up once a request.
    """
    if "token_caller" not in g:
        g.token_caller = _by_token()
    return cast(Caller | None, g.token_caller)


def _by_token() -> Caller | None:
    scheme, _, rest = request.headers.get("Authorization", "").partition(" ")
    # The second is how programs for the Google Reader API write it.
    secret = {"bearer": rest.strip(), "googlelogin": rest.strip().removeprefix("auth=")}.get(scheme.lower(), "")
    return caller_with(secret) if secret.startswith(TOKEN_PREFIX) else None


def caller_with(secret: str) -> Caller | None:
    """Return who a token acts for; None if it is unknown or its account closed."""
    token = services().recommender.storage.token(digest_of(secret))
    if token is None:
        return None
    if services().accounts is None:
        return Caller(token.user, token.scopes, "token")
    account = services().recommender.storage.account(token.user)
    if account is None or not may_read(account, services().recommender.storage):
        return None
    # A reader may have had another role when the token was made.
    scopes = tuple(scope for scope in token.scopes if scope in scopes_of(account.role))
    return Caller(account.id, scopes, "token", account)


def require_admin() -> Caller:
    """Return the admin that asks, in a browser or by a token; 403 for everybody else."""
    caller = token_caller() if "Authorization" in request.headers else browser_caller()
    if caller is None or not caller.is_admin:
        raise fail(403, N_("This is for administrators."))
    return caller


def start_login(secret: str) -> None:
    """Make this browser known. All that its cookie held of before is dropped: nobody can have set it up."""
    end_login()
    session[LOGIN] = secret
    session.permanent = True


def end_login() -> None:
    """Forget who uses this browser, here and in the store."""
    accounts = services().accounts
    if accounts is not None and LOGIN in session:
        ended = accounts.logins.end(str(session[LOGIN]))
        services().recommender.sittings.end(ended or "")
    session.clear()
    g.pop("browser_caller", None)


def _logged_in() -> Caller | None:
    accounts = services().accounts
    found = accounts.logins.find(str(session[LOGIN])) if accounts is not None and LOGIN in session else None
    if found is None:
        return None
    account, login = found
    return Caller(account.id, scopes_of(account.role), "login", account, login)


def _local() -> Caller | None:
    if services().hosted:
        reader = request.environ.get(HOST_READER)
        return Caller(str(reader), _HOST_SCOPES, "host") if reader else None
    return Caller(services().recommender.settings.local_user, SCOPES, "local") if services().embedded else None
