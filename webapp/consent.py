"""The reader's answer about attention tracking, and what it forbids.

Attention events say how something was read; the other events are acts that a reader does on purpose. With an explicit
no, attention events are refused from everybody. With no answer yet, the pages do not load the tracker at all; programs
that use the API may send attention events, since they asked their reader themselves.
"""

from __future__ import annotations

from reader.recommend.requests import Rejected
from reader.types import Consent, Event
from webapp.services import now, services

ATTENTION = "attention"
ATTENTION_TYPES = frozenset(("paragraph_visit", "watch", "viewable", "close"))
# The wording of templates/for_you.html and privacy.html (and of docs/api.md for programs); raise it when the words
# change.
TEXT_VERSION = "2026-11-26"


def attention_consent(user: str) -> Consent | None:
    """Return the newest answer, None if the reader was never asked."""
    return services().recommender.storage.consent(user, ATTENTION)


def answer_attention(user: str, granted: bool) -> Consent:
    """Record an answer."""
    consent = Consent(user, ATTENTION, granted, now(), TEXT_VERSION)
    services().recommender.storage.put_consent(consent)
    return consent


def part_by_consent(events: list[Event], consent: Consent | None) -> tuple[list[Event], list[Rejected]]:
    """Part events into those that may be taken and the refused ones."""
    if consent is None or consent.granted:
        return events, []
    taken = [event for event in events if event.type not in ATTENTION_TYPES]
    refused = [_refusal(event) for event in events if event.type in ATTENTION_TYPES]
    return taken, refused


def _refusal(event: Event) -> Rejected:
    detail = f"{event.type} tells how something was read, and the reader said no to that"
    return Rejected(event.id, "type", f"{detail}; PUT /api/v1/me/consent changes it")
