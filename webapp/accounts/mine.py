"""One's own account: password, browsers that are logged in, tokens, what others did."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from reader.accounts.roles import scopes_of
from reader.accounts.throttle import TooManyAttemptsError
from reader.errors import InvalidInputError, NotFoundError
from reader.types import Login
from webapp.accounts.blueprint import accounts, address, all_accounts, own_account
from webapp.audits import who_did_what
from webapp.identity import browser_caller
from webapp.language.errors import said_error
from webapp.language.saying import _
from webapp.services import services


@accounts.get("/me/account")
def mine() -> ResponseReturnValue:
    """Show the account."""
    return _page()


def _page(*, wrong: str = "", new_token: str = "") -> str:
    account, storage = own_account(), services().recommender.storage
    return render_template(
        "account.html",
        wrong=wrong,
        new_token=new_token,
        logins=storage.logins(account.id),
        present=_present().digest,
        tokens=storage.tokens(account.id),
        scopes=scopes_of(account.role),
        min_length=all_accounts().settings.password_min_length,
        did=who_did_what(storage, account.id),
    )


def _present() -> Login:
    caller = browser_caller()
    assert caller is not None  # the blueprint has seen to it
    assert caller.login is not None
    return caller.login


@accounts.post("/me/account/password")
def change_password() -> ResponseReturnValue:
    """Change the password; all other browsers are logged out."""
    new = request.form.get("password", "")
    try:
        if new != request.form.get("again", ""):
            raise InvalidInputError("password", "is not the same twice", "type it again")
        old = request.form.get("old", "")
        all_accounts().change_password(own_account(), old, new, keep=_present().digest, address=address())
    except InvalidInputError as error:
        return _page(wrong=said_error(error)), 422
    except TooManyAttemptsError as early:
        return _page(wrong=said_error(early)), 429, {"Retry-After": str(early.wait_s)}
    return _done(_("Your password is changed, and all other browsers are logged out."))


@accounts.post("/me/account/logins")
def end_logins() -> ResponseReturnValue:
    """Log out one browser, or all others."""
    only = request.form.get("login") or None
    own = _present().digest
    ended = services().recommender.storage.drop_logins(own_account().id, only=only, but=None if only else own)
    if only and not ended:
        raise NotFoundError(_("That login is over already, or is none of yours."))
    return _done(_("Logged out there."))


@accounts.post("/me/account/tokens")
def make_token() -> ResponseReturnValue:
    """Make a token, and show it once."""
    try:
        scopes, name = tuple(request.form.getlist("scope")), request.form.get("name", "")
        secret = all_accounts().make_token(own_account(), scopes, name)
    except InvalidInputError as error:
        return _page(wrong=said_error(error)), 422
    return _page(new_token=secret)


@accounts.post("/me/account/tokens/revoke")
def revoke_token() -> ResponseReturnValue:
    """Make a token void."""
    if not services().recommender.storage.drop_token(own_account().id, request.form.get("token", "")):
        raise NotFoundError(_("That token is void already, or is none of yours."))
    return _done(_("The token is void."))


def _done(message: str) -> ResponseReturnValue:
    flash(message)
    return redirect(url_for("accounts.mine"), 303)
