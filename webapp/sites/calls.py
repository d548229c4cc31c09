"""The calls of publishers' pages. All are POST, since the reader's id must not stand in addresses, and so in logs.

Nothing is taken and nothing is told of a reader whose yes is not on record; `forget` deletes the record, too, so what
arrives late from a page that is still open is refused.
"""

from __future__ import annotations

from typing import Any

from reader.ingest.site_items import is_summary, page_id
from reader.recommend.lists import items_of
from reader.recommend.requests import Rejected, Request
from reader.records import format_time
from reader.types import Consent, Event
from reader.types_consent import READER
from webapp.api.events import parse_events
from webapp.api.schemas import EventsOut, ListOut
from webapp.api.shapes import list_object, rejected_objects
from webapp.export import export_records, gather_export
from webapp.language.reasons import told
from webapp.services import now, services
from webapp.sites.blueprint import known_user, read_body, recommender, site, sites, user
from webapp.sites.outline import outline
from webapp.sites.pages import address_on
from webapp.sites.schemas import ConsentIn, EventsIn, ListIn, PageIn, ReaderIn

# What a page may report: what was done on it. Follows, mutes and weights need a page that shows them.
TYPES = frozenset(("open", "paragraph_visit", "watch", "viewable", "close", "like", "unlike", "hide", "share"))


@sites.post("/consent")
def consent() -> dict[str, Any]:
    """Put a reader's yes on record; the publisher has asked."""
    body = read_body(ConsentIn)
    # The words were the publisher's.
    answered = Consent(user(body.reader), "attention", True, now(), f"site {site().name}", "kept", READER)
    recommender().storage.put_consent(answered)
    return {"attention": True}


@sites.post("/page")
def page() -> dict[str, Any]:
    """Tell which item a page is and how its paragraphs begin; one seen for the first time is fetched meanwhile.

    again: whether it is worth asking again in some seconds.
    """
    body = read_body(PageIn)
    known_user(body.reader)
    address = address_on(site(), body.url)
    item_id = page_id(address)
    item = recommender().storage.items([item_id]).get(item_id) if address else None
    again = bool(address) and (item is None or is_summary(item)) and services().proposals.propose(site(), address)
    if item is None:
        return {"item": None, "again": again}
    return {"item": item.id, "outline": outline(item)}


@sites.post("/events")
def events() -> tuple[dict[str, Any], int]:
    """Take what was done on a page; each wrong event is refused by itself."""
    body = read_body(EventsIn)
    parsed, unreadable = parse_events(body.events, known_user(body.reader))
    wanted = [event for event in parsed if event.type in TYPES]
    observed = recommender().observe(wanted)
    refused = [_refusal(event) for event in parsed if event.type not in TYPES]
    rejected = [*unreadable, *refused, *observed.rejected]
    services().metrics.observed(observed.accepted, observed.duplicates, len(rejected))
    answer = {
        "accepted": observed.accepted,
        "duplicates": observed.duplicates,
        "rejected": rejected_objects(rejected),
    }
    return EventsOut.model_validate(answer).model_dump(mode="json"), 202


def _refusal(event: Event) -> Rejected:
    return Rejected(event.id, "type", f"{event.type} is not taken from a page; it takes {', '.join(sorted(TYPES))}")


@sites.post("/recommendations")
def recommendations() -> dict[str, Any]:
    """Recommend items of the site, as GET /api/v1/recommendations does, in one page."""
    body = read_body(ListIn)
    ours, who = recommender(), known_user(body.reader)
    made = told(ours.recommend(Request(user=who, limit=body.limit, mode=body.mode)))
    services().metrics.list_served(made.mode)
    shown = made.items[: body.limit]
    items, opened = ours.storage.items(items_of(shown)), ours.state(who).opened
    answer = list_object(made, shown, items, opened=opened, explain="brief", next_cursor=None)
    return ListOut.model_validate(answer).model_dump(mode="json", by_alias=True)


@sites.post("/export")
def export() -> dict[str, Any]:
    """Return all that is kept about a reader of the site."""
    who = known_user(read_body(ReaderIn).reader)
    return {"user": who, "exported_at": format_time(now()), **gather_export(export_records(recommender(), who))}


@sites.post("/forget")
def forget() -> dict[str, Any]:
    """Delete all that is kept about a reader of the site, their yes included. It cannot be undone."""
    ours, who = recommender(), user(read_body(ReaderIn).reader)
    # Whoever is not there is not erased: each erasure has everything folded anew.
    is_there = bool(ours.storage.consents(who)) or next(ours.storage.iter_events(user=who), None) is not None
    return {"erased": ours.erase(who) if is_there else {}}
