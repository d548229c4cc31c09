"""The blueprint of the account pages, and who may see which."""

from __future__ import annotations

from apiflask import APIBlueprint
from flask import g, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from reader.accounts.guardians import Guardians
from reader.accounts.registry import Accounts
from reader.types import Account
from webapp.identity import browser_caller, require_admin
from webapp.language.saying import _
from webapp.pages.blueprint import ask_to_log_in
from webapp.problems import fail
from webapp.services import services

accounts = APIBlueprint("accounts", __name__, enable_openapi=False)

# For everybody. Whoever has the secret of a link may use it.
_OPEN = (
    *("accounts.log_in", "accounts.send_login", "accounts.join", "accounts.send_join", "accounts.send_age"),
    *(
        "accounts.ask_guardian",
        "accounts.wait",
        "accounts.name_another",
        "accounts.finish",
        "accounts.print_form",
        "accounts.send_form",
    ),
    *("accounts.guardian", "accounts.send_guardian", "accounts.export_by_link", "accounts.take_answer"),
)
_FOR_ADULTS = "/family"
_ADMIN_PREFIX = "/admin/"


@accounts.before_request
def know_reader() -> ResponseReturnValue | None:
    """Let through who may; without accounts there are no such pages."""
    if services().accounts is None:
        raise NotFound
    caller = browser_caller()
    if request.endpoint in _OPEN:
        return None
    if caller is None:
        return ask_to_log_in()
    if request.path.startswith(_ADMIN_PREFIX):
        require_admin()
    if request.path.startswith(_FOR_ADULTS) and caller.is_child:
        raise fail(403, _("This is for guardians."))
    g.user = caller.user
    return None


def all_accounts() -> Accounts:
    """Return the accounts of the running app."""
    found = services().accounts
    assert found is not None  # know_reader has answered else
    return found


def all_guardians() -> Guardians:
    """Return what guardians are dealt with by."""
    found = services().guardians
    assert found is not None  # the same
    return found


def own_account() -> Account:
    """Return the account that is logged in."""
    caller = browser_caller()
    assert caller is not None  # the same
    assert caller.account is not None
    return caller.account


def address() -> str:
    """Return where the request comes from, for the counts of wrong logins."""
    return request.remote_addr or ""
