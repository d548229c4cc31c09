"""The demo on the page Feeds: to take it out of everybody's lists, and to put it back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from webapp.demo import demo_in, put_back, take_out
from webapp.identity import browser_caller, require_admin
from webapp.language.saying import _
from webapp.pages.blueprint import pages
from webapp.problems import fail
from webapp.services import now, services

# How long a page offers to put back what was taken out, as with subscriptions that were ended; ours.
_OFFERED: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Offer:
    """What may be done about the demo. listed: items that can be taken out; out: whether they can be put back."""

    listed: int
    out: bool


def offer() -> Offer:
    """Return what the present reader may do about the demo: whoever looks after the installation."""
    if not _looks_after():
        return Offer(0, out=False)
    found = demo_in(services().recommender.storage)
    return Offer(len(found.listed), out=any(now() - at < _OFFERED for at in found.out.values()))


@pages.post("/feeds/demo")
def change_demo() -> ResponseReturnValue:
    """Take the demo out of everybody's lists, or put it back."""
    if not _looks_after():
        require_admin()
    storage = services().recommender.storage
    match request.form.get("act", ""):
        case "take-out":
            take_out(storage, now())
            flash(_("The demo is out of the lists. You can put it back below for a day."))
        case "put-back":
            put_back(storage)
            flash(_("The demo is in the lists again."))
        case other:
            raise fail(422, f"act is {other!r:.80}; it must be take-out or put-back.")
    return redirect(url_for("pages.feeds"), 303)


def _looks_after() -> bool:
    """Tell whether it is the administrator, or the one reader of an installation without accounts."""
    caller = browser_caller()
    return caller is not None and (caller.is_admin or caller.by == "local")
