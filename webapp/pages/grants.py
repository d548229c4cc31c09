"""Data grants: what the reader lets others have, page by page. Making one, its ledger, ending it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, cast

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from reader.errors import InvalidInputError
from reader.privacy.granted import MEANINGS
from reader.privacy.grants import NAME_LETTERS, PURPOSE_LETTERS
from reader.types_grants import FREE, Grant, GrantClass, Terms
from webapp.granting.desk import FILE_NAME, file_for_reader, grant_to
from webapp.language.errors import said_error
from webapp.language.saying import _
from webapp.pages.blueprint import pages
from webapp.problems import fail
from webapp.services import now, services

_FIELDS = ("recipient", "contact", "purpose", "price", "ends", "from", "to", "way")


@pages.get("/me/privacy/grants")
def grants() -> ResponseReturnValue:
    """Show the grants of the reader."""
    _refuse_children()
    return render_template("grants.html", grants=services().grants.of(services().reader), meanings=MEANINGS)


@pages.get("/me/privacy/grants/new")
def new_grant() -> ResponseReturnValue:
    """Ask for all that a grant must say."""
    _refuse_children()
    return _form({"price": FREE, "way": "address"}, (), "")


@pages.post("/me/privacy/grants")
def make_grant() -> ResponseReturnValue:
    """Make a grant, and show the secret address once if there is one."""
    _refuse_children()
    form, chosen = request.form, tuple(request.form.getlist("class"))
    try:
        grant, address = grant_to(services().reader, _terms(form, chosen), with_address=form.get("way") == "address")
    except InvalidInputError as error:
        return _form({name: form.get(name, "") for name in _FIELDS}, chosen, said_error(error)), 422
    return _page(grant, address), {"Cache-Control": "no-store"}  # the secret is on it this once


@pages.get("/me/privacy/grants/<grant_id>")
def grant(grant_id: str) -> ResponseReturnValue:
    """Show one grant, with its ledger."""
    _refuse_children()
    return _page(services().grants.one(services().reader, grant_id))


@pages.post("/me/privacy/grants/<grant_id>/revoke")
def revoke_grant(grant_id: str) -> ResponseReturnValue:
    """End a grant at once."""
    _refuse_children()
    services().grants.revoke(services().reader, grant_id)
    flash(_("Revoked: from now on nothing goes out by this grant. What went out before is not taken back by it."))
    return redirect(url_for("pages.grant", grant_id=grant_id), 303)


@pages.post("/me/privacy/grants/<grant_id>/export")
def export_grant(grant_id: str) -> ResponseReturnValue:
    """Send the reader what a grant lets out, to hand it over themselves; the ledger has it."""
    _refuse_children()
    content = file_for_reader(services().reader, grant_id)
    headers = {"Content-Disposition": f'attachment; filename="{FILE_NAME}"'}
    return Response(content, headers=headers, content_type="application/zip")


def _refuse_children() -> None:
    if not services().grants.may_grant(services().reader):
        raise fail(403, _("From a child's account nothing can be granted to others."))


def _page(grant: Grant, address: str = "") -> str:
    made = services().grants
    stopped = [name for name in grant.terms.classes if name not in made.open_classes(grant)]
    return render_template(
        "grant.html",
        grant=grant,
        address=address,
        meanings=MEANINGS,
        stopped=stopped if grant.ended_at is None else [],
        ledger=made.ledger(grant),
        key=services().signing.key,
    )


def _form(values: Mapping[str, str], chosen: tuple[str, ...], wrong: str) -> str:
    first = now().date() + timedelta(days=1)
    # A grant ends with its last day, so the latest day is the one before the latest end.
    last = (services().grants.latest_end() - timedelta(days=1)).date()
    return render_template(
        "grant_new.html",
        values=values,
        chosen=chosen,
        wrong=wrong,
        meanings=MEANINGS,
        letters={"name": NAME_LETTERS, "purpose": PURPOSE_LETTERS},
        days={"first": first, "last": max(first, last)},
    )


def _terms(form: Mapping[str, str], chosen: tuple[str, ...]) -> Terms:
    ends = _day(form, "ends", after=True)
    if ends is None:
        raise InvalidInputError("ends", "is missing", "choose the last day of the grant")
    return Terms(
        cast(tuple[GrantClass, ...], chosen),
        form.get("recipient", ""),
        form.get("contact", ""),
        form.get("purpose", ""),
        ends,
        form.get("price", "") or FREE,
        _day(form, "from"),
        _day(form, "to", after=True),
    )


def _day(form: Mapping[str, str], name: str, *, after: bool = False) -> datetime | None:
    """Return the beginning of a day of the form, UTC, or with `after` its end; None if it was left empty."""
    text: Any = form.get(name, "").strip()
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
        return datetime.combine(day + timedelta(days=after), time(), UTC)
    except (ValueError, OverflowError) as error:
        raise InvalidInputError(name, f"{text!r:.40} is no day", "give it as 2027-01-31") from error
