"""My data, row by row: all that is recorded about the reader, in sentences, and deleting any of it or all."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from flask import Response, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from reader.errors import NotFoundError
from reader.types import Event, RecommendationList
from reader.types_undo import UNDOABLE
from webapp.audits import who_did_what
from webapp.erasing import CLEAR_SITE_DATA
from webapp.erasing import erase as erase_reader
from webapp.identity import end_login
from webapp.language.reasons import told
from webapp.language.saying import N_, _, ngettext
from webapp.pages.blueprint import pages
from webapp.pages.deleted import in_words
from webapp.pages.telling import KINDS, items_of, tell
from webapp.services import services

# Records on one page; ours.
PAGE = 50
# The word to type before all is deleted: nobody types it by mistake.
WORD = N_("erase")


@pages.get("/me/records")
def records() -> ResponseReturnValue:
    """Show what is recorded: events of one kind or all, newest first, and everything else."""
    storage, user = services().recommender.storage, services().reader
    kind, before = request.args.get("kind", ""), request.args.get("before", type=int)
    found = storage.newest_events(user, types=KINDS.get(kind, ()), before=before, limit=PAGE + 1)
    shown = found[:PAGE]
    return render_template(
        "records.html",
        kind=kind if kind in KINDS else "",
        kinds=_counted(storage.event_counts(user)),
        rows=_rows([event for _, event in shown]),
        older=shown[-1][0] if len(found) > PAGE else None,
        **({} if before or kind else _others(user)),
    )


def _counted(counts: dict[str, int]) -> dict[str, int]:
    return {kind: sum(counts.get(each, 0) for each in types) for kind, types in KINDS.items()}


def _rows(events: Sequence[Event]) -> list[dict[str, Any]]:
    titles = _titles(items_of(events))
    return [{"event": event, "text": tell(event, titles), "undoable": event.type in UNDOABLE} for event in events]


def _titles(ids: Sequence[str]) -> dict[str, str]:
    return {key: item.title for key, item in services().recommender.storage.items(ids).items()}


def _others(user: str) -> dict[str, Any]:
    """Return what is recorded besides events."""
    recommender = services().recommender
    storage, made = recommender.storage, map(told, recommender.storage.lists_of(user))
    return {
        "consents": storage.consents(user),
        "lists": [_listed(one) for one in made],
        "corrections": recommender.learner.corrections(user),
        "tokens": storage.tokens(user),
        "logins": storage.logins(user),
        "followed": [one for one in storage.subscriptions(user) if one.ended_at is None],
        "did": who_did_what(storage, user),
        "granted": services().grants.of(user),
    }


def _listed(made: RecommendationList) -> dict[str, Any]:
    first = made.items[:5]
    titles = _titles([place.item for place in first])
    places = [(titles.get(place.item, place.item), [reason.label for reason in place.reasons]) for place in first]
    return {"at": made.at, "count": len(made.items), "places": places}


@pages.post("/me/records/delete")
def delete_records() -> ResponseReturnValue:
    """Delete one event, or all of one kind; the profile is folded anew without them."""
    recommender, user, kind = services().recommender, services().reader, request.form.get("kind", "")
    if "event" in request.form:
        count = recommender.forget_some_events(user, [request.form["event"]])
        if not count:
            raise NotFoundError(_("That record is gone already, or is none of yours."))
    else:
        if kind not in KINDS:
            raise NotFoundError(f"kind {kind!r:.80}: there are no such records")
        count = recommender.forget_events(user, KINDS[kind])
    flash(
        ngettext(
            "%(num)s record deleted, and what was learned from it.",
            "%(num)s records deleted, and what was learned from them.",
            count,
        )
    )
    return redirect(url_for("pages.records", kind=kind or None), 303)


@pages.get("/me/erase")
def erase() -> ResponseReturnValue:
    """Ask before all is deleted."""
    return render_template("erase.html", word=_(WORD), wrong="")


@pages.post("/me/erase")
def send_erase() -> ResponseReturnValue:
    """Delete everything about the reader, and show the receipt."""
    if request.form.get("word", "").strip().lower() not in (WORD, _(WORD)):
        wrong = _("Nothing was deleted: type “%(word)s” into the field.", word=_(WORD))
        return render_template("erase.html", word=_(WORD), wrong=wrong), 422
    counts, receipt = erase_reader(services().recommender, services().signing, services().reader)
    end_login()
    g.browser_caller = None
    text = json.dumps(receipt, indent=1)
    page = render_template("erased.html", deleted=in_words(counts), receipt=text)
    return Response(page, headers={"Clear-Site-Data": CLEAR_SITE_DATA})
