"""The blueprint that all pages hang on, and what every template is given."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint
from flask import g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from reader.types import Consent
from webapp.consent import attention_consent
from webapp.identity import browser_caller
from webapp.pages.visits import visit_id
from webapp.problems import fail
from webapp.services import services

pages = APIBlueprint("pages", __name__, enable_openapi=False)


@pages.before_request
def know_reader() -> ResponseReturnValue | None:
    """Find out who reads; without an answer the login page comes first, or nothing where there is none."""
    caller = browser_caller()
    if caller is not None:
        g.user = caller.user
        return None
    if services().accounts is None:
        raise fail(403, "This server answers programs with tokens only; its API is described in /openapi.json.")
    return ask_to_log_in()


def ask_to_log_in() -> ResponseReturnValue:
    """Lead to the login page, and from there back to the page that was asked for."""
    back = request.full_path.rstrip("?") if request.method == "GET" else "/"
    return redirect(url_for("accounts.log_in", next=back), 303)


@pages.app_context_processor
def common_values() -> dict[str, Any]:
    """Return what base.html needs on every page, error pages included."""
    caller = browser_caller()
    account = caller.account if caller else None
    # Whose page it is goes along with its events: another may be logged in by the time they are sent.
    events_url = url_for("api.post_events", reader=account.id if account else None)
    known = {"account": account, "has_accounts": services().accounts is not None, "events_url": events_url}
    return {"tracking": is_tracked(), "session": visit_id(), **known}


def page_consent() -> Consent | None:
    """Return the reader's answer about attention tracking, looked up once a request; None if nobody is known."""
    caller = browser_caller()
    if caller is None:
        return None
    if "consent" not in g:
        g.consent = attention_consent(caller.user)
    consent: Consent | None = g.consent
    return consent


def is_tracked() -> bool:
    """Tell whether the pages load the tracker: only after a yes."""
    consent = page_consent()
    return consent is not None and consent.granted
