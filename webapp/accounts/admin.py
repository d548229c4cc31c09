"""Administration: who has an account, and links for new ones. Admins see names and roles, and nothing that is read."""

from __future__ import annotations

from typing import cast

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from reader.errors import InvalidInputError, NotFoundError
from reader.types import Role
from webapp.accounts.blueprint import accounts, all_accounts, own_account
from webapp.language.errors import said_error
from webapp.language.saying import _
from webapp.services import now, services

_ROLES = ("admin", "adult", "child")


@accounts.get("/admin/accounts")
def administer() -> ResponseReturnValue:
    """Show accounts and open invitations."""
    return _page()


def _page(*, wrong: str = "", link: str = "") -> str:
    storage = services().recommender.storage
    pending = [one for one in storage.invitations() if one.expires_at > now()]
    known = storage.accounts()
    names = {account.id: account.nickname for account in known}
    return render_template("accounts.html", wrong=wrong, link=link, accounts=known, pending=pending, names=names)


@accounts.post("/admin/invitations")
def invite() -> ResponseReturnValue:
    """Make a link for a new account, and show it once."""
    role = request.form.get("role", "")
    try:
        if role not in _ROLES:
            raise InvalidInputError("role", f"{role!r:.80}", "give admin or adult")
        secret = all_accounts().invite(cast(Role, role))
    except InvalidInputError as error:
        return _page(wrong=said_error(error)), 422
    return _page(link=url_for("accounts.join", secret=secret, _external=True))


@accounts.post("/admin/invitations/revoke")
def revoke_invitation() -> ResponseReturnValue:
    """Make a link void."""
    if not services().recommender.storage.take_invitation(request.form.get("invitation", "")):
        raise NotFoundError(_("That link was used already, or was void."))
    return _done(_("The link is void."))


@accounts.post("/admin/accounts")
def change_account() -> ResponseReturnValue:
    """Close an account or open it again, or make a link for a new password."""
    account = all_accounts().find_id(request.form.get("account", ""))
    act, actor = request.form.get("act", ""), own_account().id
    try:
        if act == "reset-password":
            secret = all_accounts().offer_reset(account, actor)
            return _page(link=url_for("accounts.join", secret=secret, _external=True))
        if act not in ("disable", "enable"):
            raise InvalidInputError("act", f"{act!r:.80}", "give disable, enable or reset-password")
        change = all_accounts().disable if act == "disable" else all_accounts().enable
        change(account, actor)
    except InvalidInputError as error:
        return _page(wrong=said_error(error)), 422
    if act == "disable":
        return _done(_("%(name)s: closed.", name=account.nickname))
    return _done(_("%(name)s: open.", name=account.nickname))


def _done(message: str) -> ResponseReturnValue:
    flash(message)
    return redirect(url_for("accounts.administer"), 303)
