"""POST /events: facts about reading."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import g, request

from reader.behaviour.events import parse_event
from reader.errors import InvalidEventError
from reader.recommend.requests import Rejected
from reader.types import Event
from reader.types_folding import FOLDED
from webapp.api.auth import needs
from webapp.api.blueprint import api
from webapp.api.schemas import EventsIn, EventsOut
from webapp.api.shapes import rejected_objects
from webapp.problems import fail
from webapp.services import observe


@api.post("/events")
@needs(api, "events:write")
@api.input(EventsIn)
@api.output(EventsOut, status_code=202)
@api.doc(responses=[400, 401, 403, 413])
def post_events(json_data: EventsIn) -> dict[str, Any]:
    """Take up to 100 events (64 KiB), as in docs/events.md.

    Each wrong event is refused by itself; the others are taken. An id that arrived before is a duplicate and changes
    nothing, so a request may be sent again after a broken connection.
    Attention events (paragraph_visit, watch, viewable, close) are refused when the reader said no to them, or their
    browser did (Sec-GPC); with "only now" they count for a while and are not written down. A program that sends them
    for a reader who was never asked here must have asked its reader itself. Explicit feedback (like, save, share,
    comment, hide, follow, mute, weigh, keep_paragraph, tune) is refused when the reader said no to that.
    """
    _refuse_other_readers_page()
    parsed, unreadable = parse_events(json_data.events, g.user)
    observed = observe(parsed)
    rejected = [*unreadable, *observed.rejected]
    return {
        "accepted": observed.accepted,
        "duplicates": observed.duplicates,
        "rejected": rejected_objects(rejected),
    }


def _refuse_other_readers_page() -> None:
    # A page left open by the reader before must not report into the account that is logged in now.
    if request.args.get("reader", g.user) != g.user:
        raise fail(403, "These events are of another reader's page.")


def parse_events(records: Sequence[Any], user: str) -> tuple[list[Event], list[Rejected]]:
    """Part records into events of this reader and refusals."""
    events: list[Event] = []
    rejected: list[Rejected] = []
    for record in records:
        try:
            events.append(_own_word(parse_event(record, user=user)))
        except InvalidEventError as error:
            rejected.append(_rejection(record, error))
    return events, rejected


def _own_word(event: Event) -> Event:
    """Return the event, if it is for senders to tell."""
    if event.type == FOLDED:
        raise InvalidEventError("type", f"{FOLDED} is written by Reread itself", "send what it is made of")
    return event


def _rejection(record: Any, error: InvalidEventError) -> Rejected:
    event_id = record.get("id") if isinstance(record, dict) else ""
    detail = error.detail + (f"; {error.remedy}" if error.remedy else "")
    return Rejected(event_id if isinstance(event_id, str) else "", error.field, detail)
