"""Privacy and export: what is known about the reader."""

from __future__ import annotations

import json
from collections import Counter

from flask import Response, render_template
from flask.typing import ResponseReturnValue

from reader.records import format_time
from reader.types_consent import ATTENTION_TYPES
from webapp.consent import questions
from webapp.export import export_records, gather_export
from webapp.pages.blueprint import pages
from webapp.services import now, services


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
    """Send everything as a file."""
    user = services().reader
    gathered = gather_export(export_records(services().recommender, user))
    whole = {"user": user, "exported_at": format_time(now()), **gathered}
    headers = {"Content-Disposition": 'attachment; filename="reread-export.json"'}
    return Response(json.dumps(whole, ensure_ascii=False, indent=1), headers=headers, content_type="application/json")
