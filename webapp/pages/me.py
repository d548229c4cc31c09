"""Privacy and export: what is known about the reader."""

from __future__ import annotations

from collections import Counter

from flask import render_template
from flask.typing import ResponseReturnValue

from reader.errors import InvalidInputError
from reader.types_consent import ATTENTION_TYPES
from webapp.archive import read_archive
from webapp.consent import questions
from webapp.exporting import send_export
from webapp.language.errors import said_parts
from webapp.language.saying import _
from webapp.pages.blueprint import pages
from webapp.pages.uploads import uploaded
from webapp.restoring import restore
from webapp.services import services


@pages.get("/me/privacy")
def privacy() -> ResponseReturnValue:
    """Show what is stored, and the answer about tracking."""
    events = services().recommender.storage.iter_events(user=services().reader)
    counts = Counter(event.type for event in events)
    stored = {"events": counts.total(), "views": counts["open"], "paragraph_visits": counts["paragraph_visit"]}
    stored["attention"] = sum(counts[kind] for kind in ATTENTION_TYPES)
    return render_template("privacy.html", questions=questions(services().reader), counts=stored)


@pages.get("/me/export")
def export() -> ResponseReturnValue:
    """Send everything as a file: ?format=json for one object, else a zip of files in the public formats."""
    return send_export(services().reader, "reread-export")


@pages.get("/me/import")
def ask_import() -> ResponseReturnValue:
    """Ask for the archive."""
    return render_template("import.html", done=None, wrong="")


@pages.post("/me/import")
def send_import() -> ResponseReturnValue:
    """Take in an archive of the reader's own, and say what became of it."""
    try:
        done = restore(services().recommender, services().reader, read_archive(uploaded()))
    except InvalidInputError as error:
        wrong = _("The file cannot be taken in (%(detail)s).", detail=said_parts(error))
        return render_template("import.html", done=None, wrong=wrong), 422
    return render_template("import.html", done=done, wrong="")
