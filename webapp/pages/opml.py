"""OPML in and out: a file is shown before anything is changed."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from reader.errors import InvalidInputError
from webapp.feed_desk import pack, unpack
from webapp.folders import say_folder
from webapp.language.errors import said_parts
from webapp.language.saying import _, ngettext
from webapp.pages.blueprint import pages
from webapp.pages.uploads import uploaded
from webapp.services import services


@pages.get("/feeds/export.opml")
def export_opml() -> Response:
    """Send what the reader follows as a file for any other reader."""
    headers = {"Content-Disposition": 'attachment; filename="reread-feeds.opml"'}
    content = services().subscriptions.export(services().reader)
    return Response(content, headers=headers, content_type="text/x-opml; charset=utf-8")


@pages.get("/feeds/import")
def ask_opml() -> ResponseReturnValue:
    """Ask for the file."""
    return render_template("feeds_import.html", plan=None, wrong="")


@pages.post("/feeds/import")
def preview_opml() -> ResponseReturnValue:
    """Show what a file would change."""
    content = uploaded()
    try:
        if not content:
            raise InvalidInputError("file", "is missing or empty", "choose the file that another reader exported")
        plan = services().subscriptions.plan(services().reader, content)
    except InvalidInputError as error:
        return render_template(
            "feeds_import.html",
            plan=None,
            wrong=_("The file cannot be taken in (%(detail)s).", detail=said_parts(error)),
        ), 422
    folders = [say_folder(path) for path in plan.new_folders]
    return render_template(
        "feeds_import.html",
        plan=plan,
        wrong="",
        new=plan.with_status("new"),
        known=plan.with_status("known"),
        broken=plan.with_status("broken"),
        new_folders=folders,
        packed=pack(content),
        say_folder=say_folder,
    )


@pages.post("/feeds/import/take")
def take_opml() -> ResponseReturnValue:
    """Follow the feeds of the file that were left ticked."""
    chosen = set(request.form.getlist("feed"))
    plan = services().subscriptions.take_in(services().reader, unpack(request.form.get("opml", "")), chosen=chosen)
    count = sum(one.url in chosen for one in plan.with_status("new"))
    services().feeds.due.set()
    flash(
        ngettext(
            "You follow %(num)s more feed. What is new there comes within minutes.",
            "You follow %(num)s more feeds. What is new there comes within minutes.",
            count,
        )
    )
    return redirect(url_for("pages.feeds"), 303)
