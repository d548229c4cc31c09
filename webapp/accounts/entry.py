"""Logging in and out, and coming by a link."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from reader.accounts.throttle import TooManyAttemptsError
from reader.errors import InvalidInputError
from reader.types import Account
from webapp.accounts.ageing import age_page, guardian_page, known_age
from webapp.accounts.blueprint import accounts, address, all_accounts
from webapp.identity import browser_caller, end_login, start_login
from webapp.language.errors import said_error
from webapp.language.saying import N_, _
from webapp.pages.acts import safe_next
from webapp.prefix import go_to

WRONG = N_("Nickname and password do not belong together.")


@accounts.get("/login")
def log_in() -> ResponseReturnValue:
    """Ask for nickname and password."""
    if browser_caller() is not None:
        return go_to(safe_next(request.args.get("next", "")))
    return _login_page("", request.args.get("next", ""))


@accounts.post("/login")
def send_login() -> ResponseReturnValue:
    """Log in. Whatever is wrong, the answer is the same."""
    nickname, back = request.form.get("nickname", ""), request.form.get("next", "")
    try:
        found = all_accounts().logins.log_in(nickname, request.form.get("password", ""), address())
    except TooManyAttemptsError as error:
        return _login_page(said_error(error), back), 429, {"Retry-After": str(error.wait_s)}
    if found is None:
        return _login_page(_(WRONG), back), 422
    start_login(found[1])
    return go_to(safe_next(back))


def _login_page(wrong: str, back: str) -> str:
    return render_template("login.html", wrong=wrong, back=safe_next(back), nickname=request.form.get("nickname", ""))


@accounts.post("/logout")
def log_out() -> ResponseReturnValue:
    """End this browser's login."""
    end_login()
    flash(_("You are logged out."))
    return redirect(url_for("accounts.log_in"), 303)


@accounts.get("/join/<secret>")
def join(secret: str) -> ResponseReturnValue:
    """Ask for what the link needs: for a new account, first the age. Looking at it does not use it up."""
    if all_accounts().invitation(secret).user:
        return _join_page(secret, "")
    of_age = known_age()
    if of_age is None:
        return age_page(secret)
    return guardian_page(secret) if of_age else _join_page(secret, "")


@accounts.post("/join/<secret>")
def send_join(secret: str) -> ResponseReturnValue:
    """Make the account, or set the password, and log in."""
    if not all_accounts().invitation(secret).user and known_age() != "":
        return redirect(url_for("accounts.join", secret=secret), 303)
    try:
        account = _joined(secret)
    except InvalidInputError as error:
        return _join_page(secret, said_error(error)), 422
    start_login(all_accounts().logins.begin(account))
    flash(_("Welcome, %(name)s.", name=account.nickname))
    return redirect(url_for("pages.for_you"), 303)


def _joined(secret: str) -> Account:
    password = request.form.get("password", "")
    if password != request.form.get("again", ""):
        raise InvalidInputError("password", "is not the same twice", "type it again")
    if all_accounts().invitation(secret).user:
        return all_accounts().reset(secret, password)
    return all_accounts().join(secret, request.form.get("nickname", ""), password)


def _join_page(secret: str, wrong: str) -> str:
    invitation = all_accounts().invitation(secret)
    owner = all_accounts().find_id(invitation.user) if invitation.user else None
    return render_template(
        "join.html",
        wrong=wrong,
        role=invitation.role,
        owner=owner,
        nickname=owner.nickname if owner else request.form.get("nickname", ""),
        min_length=all_accounts().settings.password_min_length,
    )
