"""Whether a browser keeps copies, and whose they are: what every page says to the service worker.

A page's header `Reread-Keep` is a mark, or `none`. The worker (`static/worker.js`) keeps copies of pages that carry one
and the same mark, and throws all of them away as soon as another one arrives, or `none`. The mark changes with the
reader and with any new answer about attention, since a copy carries the tracker, or the lack of it, of its day. `none`
is what pages say where nobody is known, after an erasure, and where copies are not wished.
"""

from __future__ import annotations

from typing import Final

from flask import Flask, Response, g

from reader.privacy.consents import level_of
from reader.records import format_time
from webapp.consent import answers
from webapp.identity import Caller, browser_caller
from webapp.look import Look
from webapp.pages.look import look_of_request
from webapp.services import services

HEADER: Final = "Reread-Keep"
NONE: Final = "none"
# Said after the mark where events may wait in the browser for a connection: only after a yes that is for good.
MAY_WAIT: Final = " events"


def are_copies_kept(caller: Caller | None, look: Look) -> bool:
    """Tell whether this browser keeps copies for whoever uses it.

    Not chosen, it does where there is one reader, and does not where several may come by one browser. Of what a child
    reads no trail is kept anywhere.
    """
    if caller is None or caller.is_child:
        return False
    return not services().has_many if look.copies == "auto" else look.copies == "on"


def keep_mark() -> str:
    """Return what the present page says; `NONE` if nothing is to be kept."""
    caller = browser_caller()
    if caller is None or not are_copies_kept(caller, look_of_request()):
        return NONE
    given = answers(caller.user).get("attention")
    level, at = ("", "") if given is None else (level_of(given), format_time(given.at))
    mark = services().signing.digest("copies", caller.user, level, at)
    return mark + (MAY_WAIT if level == "kept" else "")


def say_what_is_kept(app: Flask) -> None:
    """Send the mark with every page, and hand it to every template."""

    @app.after_request
    def say(response: Response) -> Response:
        # Who was not looked for is on no page of this answer.
        if response.mimetype == "text/html" and "browser_caller" in g:
            response.headers.setdefault(HEADER, keep_mark())
        return response

    @app.context_processor
    def marks() -> dict[str, str]:
        mark = keep_mark()
        return {"keep": "" if mark == NONE else mark}
