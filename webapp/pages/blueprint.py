"""The blueprint that all pages hang on, and what every template is given."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint
from flask import g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from reader.types import Account, Consent
from reader.types_consent import Level
from webapp.consent import answers, has_answered_signal, heed_signal, terms
from webapp.identity import Caller, browser_caller
from webapp.language.catalogue import N_
from webapp.pages.visits import visit_id
from webapp.problems import asks_for_json, fail
from webapp.services import services

# In the session: how many records of reading a reader may delete who has just said no.
OFFER = "offer"
# Pages that the browser fetches by itself: what is said once is not said there.
UNSEEN = ("pages.copy", "offline.page", "offline.worker")

pages = APIBlueprint("pages", __name__, enable_openapi=False)


@pages.before_request
def know_reader() -> ResponseReturnValue | None:
    """Find out who reads; without an answer the login page comes first, or nothing where there is none."""
    caller = browser_caller()
    if caller is not None:
        g.user = caller.user
        heed_signal(caller.user)
        return None
    if services().hosted:
        raise fail(403, N_("Nobody is logged in here."))
    if services().accounts is None:
        raise fail(403, N_("This server answers programs with tokens only; its API is described in /openapi.json."))
    return ask_to_log_in()


def ask_to_log_in() -> ResponseReturnValue:
    """Lead to the login page, and from there back to the page that was asked for; a script is told."""
    if asks_for_json():
        raise fail(401, N_("You are not logged in any more, so nothing was kept. Load the page again."))
    back = request.full_path.rstrip("?") if request.method == "GET" else "/"
    return redirect(url_for("accounts.log_in", next=back), 303)


@pages.app_context_processor
def common_values() -> dict[str, Any]:
    """Return what base.html needs on every page, error pages included."""
    caller = browser_caller()
    account = caller.account if caller else None
    # Whose page it is goes along with its events: another may be logged in by the time they are sent.
    events_url = url_for("api.post_events", reader=caller.user if caller and services().has_many else None)
    known = {
        **_of_child(caller),
        "account": account,
        "has_accounts": services().accounts is not None,
        "is_operator": account.role == "admin" if account else not services().has_many,
        "events_url": events_url,
        "asking_children": _asking(account),
    }
    return {"session": visit_id(), **known, **_tracking(caller)}


def _of_child(caller: Caller | None) -> dict[str, bool]:
    if caller is None or not caller.is_child:
        return {"is_child": False, "grown": False}
    child, guardians = services().recommender.storage.child(caller.user), services().guardians
    grown = child is not None and guardians is not None and guardians.is_grown(child)
    return {"is_child": True, "grown": grown}


def _asking(account: Account | None) -> int:
    """Return how many children wait for a yes or no of whoever is logged in; 0 on the page that answers them."""
    guardians = services().guardians
    if (
        guardians is None
        or account is None
        or account.role == "child"
        or request.endpoint in (*UNSEEN, "accounts.family")
    ):
        return 0
    return len(guardians.requests_for(account))


def _tracking(caller: Caller | None) -> dict[str, Any]:
    level = tracking_level()
    is_answered = level is not None and caller is not None and has_answered_signal(caller.user)
    is_seen = request.method == "GET" and request.endpoint not in UNSEEN
    offered = session.pop(OFFER, 0) if caller is not None and is_seen else 0
    found = {
        # Whether what the reader tells is taken, and buttons for it are drawn: not from a child, unless it is allowed.
        "may_tell": caller is None or terms(caller.user).may_profile,
        "tracking": level is not None,
        "tracking_level": level,
        "signal_answered": is_answered,
    }
    return {**found, "offer_deletion": offered}


def page_consent() -> Consent | None:
    """Return the reader's answer about attention tracking; None if they gave none, or nobody is known."""
    caller = browser_caller()
    return None if caller is None else answers(caller.user).get("attention")


def tracking_level() -> Level | None:
    """Return how much of the reading is recorded; None if nothing is, and the pages load no tracker."""
    caller = browser_caller()
    level = None if caller is None else terms(caller.user).attention
    return None if level == "none" else level


def is_tracked() -> bool:
    """Tell whether the pages load the tracker: only after a yes."""
    return tracking_level() is not None
