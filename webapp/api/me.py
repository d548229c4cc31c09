"""/me: what is known about the reader: see it, change it, take it along, delete it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any

from flask import Response, g, request

from reader.errors import InvalidInputError
from reader.records import Record, format_time
from reader.types import Event
from webapp.api.auth import needs
from webapp.api.blueprint import api
from webapp.api.schemas import (
    ConsentIn,
    ConsentOut,
    DeletedOut,
    ErasedOut,
    ExportQuery,
    InterestsIn,
    InterestsOut,
    ModeModel,
    RestoredOut,
    SteerIn,
)
from webapp.archive import read_archive, write_archive
from webapp.consent import answer, consent_object, take_signal, terms
from webapp.erasing import CLEAR_SITE_DATA, erase
from webapp.export import export_records, gather_export, interest_record
from webapp.mode import choose_mode, chosen_mode
from webapp.problems import fail
from webapp.restoring import restore
from webapp.services import new_event, now, observe, services

_EXPORTED: Any = {
    "description": "Everything",
    "content": {
        "application/json": {"schema": {"type": "object", "required": ["user", "exported_at"]}},
        "application/x-ndjson": {"schema": {"type": "string"}},
        "application/zip": {"schema": {"type": "string", "format": "binary"}},
    },
}

_ARCHIVE: Any = {
    "required": True,
    "content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}},
}


@api.get("/me/interests")
@needs(api, "profile:read")
@api.output(InterestsOut)
@api.doc(responses=[401, 403])
def get_interests() -> dict[str, Any]:
    """Return the interests of the reader, strongest first, with their evidence."""
    return _interests(g.user)


@api.patch("/me/interests")
@needs(api, "profile:write")
@api.input(InterestsIn)
@api.output(InterestsOut)
@api.doc(responses=[400, 401, 403, 413])
def patch_interests(json_data: InterestsIn) -> dict[str, Any]:
    """Weigh, follow, mute or forget interests, and say how much to be surprised; each change becomes an event."""
    changes = [steer_event(change, g.user) for change in json_data.interests]
    if json_data.surprise is not None:
        changes.append(new_event("tune", g.user, surprise=json_data.surprise))
    observed = observe(changes)
    if observed.rejected:
        first = observed.rejected[0]
        raise fail(403 if first.field == "consent" else 422, first.detail)
    return _interests(g.user)


@api.delete("/me/interests")
@needs(api, "profile:write")
@api.output({}, status_code=204)
@api.doc(responses=[401, 403])
def delete_interests() -> tuple[str, int]:
    """Forget everything that was learned; the log of events stays (DELETE /me deletes it too)."""
    observe([new_event("reset", g.user)])
    return "", 204


@api.get("/me/export")
@needs(api, "profile:read")
@api.input(ExportQuery, location="query")
@api.doc(responses={200: _EXPORTED, 401: "Unauthorized", 403: "Forbidden"})
def get_export(query_data: ExportQuery) -> Response | dict[str, Any]:
    """Return all that is kept about the reader: consents, interests and every event; as zip also lists and feeds."""
    if query_data.format == "zip":
        return Response(write_archive(services().recommender, g.user), content_type="application/zip")
    records = export_records(services().recommender, g.user)
    if query_data.format == "jsonl":
        return Response(_lines(records), content_type="application/x-ndjson")
    return {"user": g.user, "exported_at": format_time(now()), **gather_export(records)}


@api.post("/me/import")
@needs(api, "profile:write")
@api.output(RestoredOut)
@api.doc(responses=[400, 401, 403, 413, 415, 422], extensions={"requestBody": _ARCHIVE})
def post_import() -> dict[str, Any]:
    """Take in an archive that GET /me/export?format=zip gave (application/zip, at most 10 MB), for the present reader.

    What is there already stays; an archive may be sent again. What the present answers forbid is refused.
    """
    if request.mimetype != "application/zip":
        raise fail(415, "Send the archive as application/zip.")
    try:
        archive = read_archive(request.get_data(cache=False))
    except InvalidInputError as error:
        raise fail(422, str(error)) from error
    return asdict(restore(services().recommender, g.user, archive))


@api.delete("/me")
@needs(api, "profile:write")
@api.output(ErasedOut)
@api.doc(responses=[401, 403])
def delete_me() -> tuple[dict[str, Any], int, dict[str, str]]:
    """Delete all that is kept about the reader, tokens included, and return a receipt. It cannot be undone."""
    counts, receipt = erase(services().recommender, services().signing, g.user)
    return {"erased": counts, "receipt": receipt}, 200, {"Clear-Site-Data": CLEAR_SITE_DATA}


@api.get("/me/consent")
@needs(api, "profile:read")
@api.output(ConsentOut)
@api.doc(responses=[401, 403])
def get_consent() -> dict[str, Any]:
    """Return what the reader answered, for each purpose."""
    return consent_object(g.user)


@api.put("/me/consent")
@needs(api, "profile:write")
@api.input(ConsentIn)
@api.output(ConsentOut)
@api.doc(responses=[400, 401, 403])
def put_consent(json_data: ConsentIn) -> dict[str, Any]:
    """Record what the reader answered; earlier answers stay in the record.

    A program asks in words of its own, and may send their SHA-256 as `text_version`.
    """
    if json_data.signal is not None:
        take_signal(g.user)
    for purpose, level in json_data.levels():
        answer(g.user, purpose, level, text_version=json_data.text_version)
    return consent_object(g.user)


@api.get("/me/mode")
@needs(api, "profile:read")
@api.output(ModeModel)
@api.doc(responses=[401, 403])
def get_mode() -> dict[str, Any]:
    """Return how lists are ordered that ask for no mode."""
    return {"mode": chosen_mode(g.user)}


@api.put("/me/mode")
@needs(api, "profile:write")
@api.input(ModeModel)
@api.output(ModeModel)
@api.doc(responses=[400, 401, 403])
def put_mode(json_data: ModeModel) -> dict[str, Any]:
    """Choose how lists are ordered that ask for no mode, here and on the pages."""
    if not terms(g.user).may_profile:
        raise fail(403, "Lists of this account are newest first; a guardian can allow others.")
    choose_mode(g.user, json_data.mode)
    return {"mode": chosen_mode(g.user)}


@api.delete("/me/attention")
@needs(api, "profile:write")
@api.output(DeletedOut)
@api.doc(responses=[401, 403])
def delete_attention() -> dict[str, Any]:
    """Delete how the reader has read and watched, and what was derived from it; what they did on purpose stays."""
    return {"deleted": services().recommender.forget_attention(g.user)}


def steer_event(change: SteerIn, user: str) -> Event:
    """Return the event that a change of an interest is."""
    target = {"kind": change.target.kind, "value": change.target.value}
    if change.target.until is not None:
        target["until"] = format_time(change.target.until)
    return new_event(_act(change), user, target=target, weight=change.weight)


def _act(change: SteerIn) -> str:
    if change.weight is not None:
        return "weigh"
    if change.muted is not None:
        return "mute" if change.muted else "unmute"
    if change.followed is not None:
        return "follow" if change.followed else "unfollow"
    return "unweigh" if change.unweigh else "forget"


def _interests(user: str) -> dict[str, Any]:
    recommender = services().recommender
    known = [interest_record(interest) for interest in recommender.interests(user)]
    return {"interests": known, "surprise": recommender.surprise(user)}


def _lines(records: Iterable[Record]) -> Iterator[str]:
    for record in records:
        yield json.dumps(record, ensure_ascii=False) + "\n"
