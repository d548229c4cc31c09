"""Addresses by which programs fetch a reader's lists: made and shown once, listed, revoked."""

from __future__ import annotations

from typing import cast

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from reader.errors import InvalidInputError
from reader.types_outlets import OutletKind
from webapp.folders import parse_path, say_folder, say_path
from webapp.language.errors import said_error
from webapp.language.saying import _
from webapp.outlets.blueprint import all_outlets
from webapp.outlets.making import address_of
from webapp.pages.blueprint import pages
from webapp.services import services


@pages.get("/me/addresses")
def addresses() -> ResponseReturnValue:
    """Show which addresses there are."""
    return _page()


def _page(*, wrong: str = "", made: str = "", code: int = 200) -> Response:
    user = services().reader
    own = services().subscriptions.folders(user)
    page = render_template(
        "addresses.html",
        wrong=wrong,
        made=made,
        outlets=services().recommender.storage.outlets(user),
        folders=[(say_path(folder.path), say_folder(folder.path)) for folder in own],
        say_folder=say_folder,
    )
    answer = make_response(page, code)
    # The secret is on it this once.
    answer.headers["Cache-Control"] = "no-store"
    return answer


@pages.post("/me/addresses")
def make_address() -> ResponseReturnValue:
    """Make an address, and show it once."""
    kind, _colon, folder = request.form.get("what", "").partition(":")
    try:
        secret, outlet = all_outlets().make(
            services().reader,
            cast(OutletKind, kind),
            request.form.get("name", ""),
            folder=parse_path(folder),
            full_text=request.form.get("full_text") == "on",
        )
    except InvalidInputError as error:
        return _page(wrong=f"{said_error(error)}.", code=422)
    return _page(made=address_of(outlet, secret))


@pages.post("/me/addresses/revoke")
def revoke_address() -> ResponseReturnValue:
    """Make an address void."""
    all_outlets().revoke(services().reader, request.form.get("address", ""))
    flash(_("That address is void: whoever asks by it gets nothing any more."))
    return redirect(url_for("pages.addresses"), 303)
