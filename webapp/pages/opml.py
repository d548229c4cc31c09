"""OPML in and out: a file is shown before anything is changed."""

from __future__ import annotations

from apiflask import APIFlask
from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from reader.errors import InvalidInputError
from reader.ingest.opml import MAX_OPML_BYTES, MAX_OUTLINES
from webapp.archive import MAX_ARCHIVE_BYTES
from webapp.feed_desk import pack, unpack
from webapp.pages.blueprint import pages
from webapp.pages.feeds import say_folder, subscriptions
from webapp.services import services

# Of a form around the file; a packed file takes less than the file.
_FORM_BYTES = 100_000
_IMPORTS = ("pages.preview_opml", "pages.take_opml")


def allow_uploads(app: APIFlask) -> None:
    """Let these forms be as large as a list of feeds. Called before whatever else looks into a form."""

    @app.before_request
    def allow() -> None:
        if request.endpoint == "pages.send_import":
            request.max_content_length = MAX_ARCHIVE_BYTES + _FORM_BYTES
        if request.endpoint in _IMPORTS:
            request.max_content_length = request.max_form_memory_size = 2 * MAX_OPML_BYTES + _FORM_BYTES
            request.max_form_parts = MAX_OUTLINES


@pages.get("/feeds/export.opml")
def export_opml() -> Response:
    """Send what the reader follows as a file for any other reader."""
    headers = {"Content-Disposition": 'attachment; filename="reread-feeds.opml"'}
    content = subscriptions().export(services().reader)
    return Response(content, headers=headers, content_type="text/x-opml; charset=utf-8")


@pages.get("/feeds/import")
def ask_opml() -> ResponseReturnValue:
    """Ask for the file."""
    return render_template("feeds_import.html", plan=None, wrong="")


@pages.post("/feeds/import")
def preview_opml() -> ResponseReturnValue:
    """Show what a file would change."""
    content = _content()
    try:
        if not content:
            raise InvalidInputError("file", "is missing or empty", "choose the file that another reader exported")
        plan = subscriptions().plan(services().reader, content)
    except InvalidInputError as error:
        return render_template("feeds_import.html", plan=None, wrong=f"{error.detail}; {error.remedy}."), 422
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


def _content() -> bytes:
    file = request.files.get("file")
    if file is None:
        return b""
    with file.stream as stream:  # it may be a file on disk
        content: bytes = stream.read()
    return content


@pages.post("/feeds/import/take")
def take_opml() -> ResponseReturnValue:
    """Follow the feeds of the file that were left ticked."""
    chosen = set(request.form.getlist("feed"))
    plan = subscriptions().take_in(services().reader, unpack(request.form.get("opml", "")), chosen=chosen)
    count = sum(one.url in chosen for one in plan.with_status("new"))
    services().feeds.due.set()
    flash(f"You follow {count} more feed{'s' if count != 1 else ''}. What is new there comes within minutes.")
    return redirect(url_for("pages.feeds"), 303)
