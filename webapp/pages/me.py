"""Interests, privacy and export: what is known about the reader."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence

from flask import Response, render_template
from flask.typing import ResponseReturnValue

from reader.recommend.requests import Interest
from reader.records import format_time
from reader.types import TargetKind
from reader.types_consent import ATTENTION_TYPES
from webapp.consent import questions
from webapp.export import export_records, gather_export
from webapp.pages.blueprint import pages
from webapp.services import now, services

# Most telling first.
_KINDS: tuple[TargetKind, ...] = ("topic", "keyword", "source", "author", "creator", "sound")


@pages.get("/me/interests")
def interests() -> ResponseReturnValue:
    """Show what was learned, with its evidence."""
    known = services().recommender.interests(services().reader)
    ignored = [each for each in known if is_ignored(each) and not each.muted]
    muted = [each for each in known if each.muted]
    return render_template("interests.html", groups=group(known), ignored=ignored, muted=muted)


def is_ignored(interest: Interest) -> bool:
    """Whether the reader has given an interest no weight."""
    return interest.edited and interest.weight == 0


def group(known: Sequence[Interest]) -> list[tuple[TargetKind, list[Interest]]]:
    """Part the interests that are neither muted nor ignored by kind, in their order, without empty kinds."""
    counting = [each for each in known if not each.muted and not is_ignored(each)]
    parts = [(kind, [each for each in counting if each.target.kind == kind]) for kind in _KINDS]
    return [(kind, part) for kind, part in parts if part]


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
