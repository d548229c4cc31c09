"""A child between asking a guardian and having an account. The address of the page is all that it has."""

from __future__ import annotations

from typing import cast

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from itsdangerous import BadSignature, URLSafeSerializer

from reader.accounts.mail import MailError
from reader.errors import FetchError, InvalidInputError, NotFoundError
from reader.privacy.texts import SAID
from reader.types_family import GuardianRequest
from webapp.accounts.ageing import age_page, guardian_page, known_age
from webapp.accounts.blueprint import accounts, all_accounts, all_guardians
from webapp.identity import start_login
from webapp.language.errors import said_error
from webapp.language.saying import N_, _
from webapp.services import services

_OVER = N_("This page is over: the guardian said no, nobody answered in time, or the account is made already.")


def _signer() -> URLSafeSerializer:
    signer = services().waiting
    assert signer is not None  # there is one wherever there are accounts
    return signer


@accounts.post("/join/<secret>/guardian")
def ask_guardian(secret: str) -> ResponseReturnValue:
    """Ask the guardian, and lead to the page to wait on."""
    of_age = known_age()
    if not of_age:
        return age_page(secret), 422
    method, contact = request.form.get("method", ""), request.form.get("contact", "")
    try:
        waiting = all_guardians().ask(secret, method, contact)
    except InvalidInputError as error:
        return guardian_page(secret, said_error(error)), 422
    except (MailError, FetchError):
        # What exactly failed is for the operator's log, not for a child.
        return guardian_page(secret, _("Your guardian could not be reached just now. Try again later.")), 503
    return redirect(url_for("accounts.wait", token=_signer().dumps([waiting, of_age])), 303)


def _opened(token: str) -> tuple[str, str, GuardianRequest]:
    """Return the child's secret, the month of coming of age and the request; NotFoundError if it is over."""
    try:
        secret, of_age = cast(list[str], _signer().loads(token))
    except (BadSignature, ValueError, TypeError) as error:
        raise NotFoundError(_(_OVER)) from error
    return secret, of_age, all_guardians().request(secret)


@accounts.get("/waiting/<token>")
def wait(token: str) -> ResponseReturnValue:
    """Say how it stands; once the guardian has said yes, ask for nickname and password."""
    return _page(token)


def _page(token: str, wrong: str = "") -> str:
    _secret, _of_age, found = _opened(token)
    verifier = all_guardians().verifiers.get(found.method)
    form = services().recommender.storage.form(found.digest) is not None
    return render_template(
        "waiting.html",
        token=token,
        wrong=wrong,
        asked=found,
        has_form=form,
        verifier=verifier,
        namings_left=all_guardians().namings_left(found),
        contact=request.form.get("contact", ""),
        nickname=request.form.get("nickname", ""),
        min_length=all_accounts().settings.password_min_length,
    )


@accounts.post("/waiting/<token>")
def finish(token: str) -> ResponseReturnValue:
    """Make the child's account, and log in."""
    secret, of_age, _request = _opened(token)
    password = request.form.get("password", "")
    try:
        if password != request.form.get("again", ""):
            raise InvalidInputError("password", "is not the same twice", "type it again")
        account = all_guardians().make_account(secret, request.form.get("nickname", ""), password, of_age)
    except InvalidInputError as error:
        return _page(token, said_error(error)), 422
    start_login(all_accounts().logins.begin(account))
    flash(_("Welcome, %(name)s.", name=account.nickname))
    return redirect(url_for("pages.for_you"), 303)


@accounts.post("/waiting/<token>/guardian")
def name_another(token: str) -> ResponseReturnValue:
    """Have somebody else asked: what was given may be mistyped, and whether there is such a one is not said."""
    _secret, _of_age, found = _opened(token)
    try:
        asked = all_guardians().name_another(found, request.form.get("contact", ""))
    except InvalidInputError as error:
        return _page(token, said_error(error)), 422
    except (MailError, FetchError):
        return _page(token, _("No message could be sent just now, and nothing was changed. Try again later.")), 503
    flash(_("%(name)s is asked now.", name=asked.contact))
    return redirect(url_for("accounts.wait", token=token), 303)


@accounts.get("/waiting/<token>/form")
def print_form(token: str) -> ResponseReturnValue:
    """Show the form that a guardian signs."""
    _opened(token)
    # Whoever signs reads one of them; which, nobody can tell from the signature.
    texts = {language: words["account"] for language, words in SAID.items()}
    return Response(render_template("signed_form.html", texts=texts), content_type="text/html; charset=utf-8")


@accounts.post("/waiting/<token>/form")
def send_form(token: str) -> ResponseReturnValue:
    """Take the signed form."""
    _secret, _of_age, found = _opened(token)
    file = request.files.get("form")
    try:
        all_guardians().put_form(found, file.read(all_guardians().settings.form_max_bytes + 1) if file else b"")
    except InvalidInputError as error:
        return _page(token, said_error(error)), 422
    return redirect(url_for("accounts.wait", token=token), 303)
