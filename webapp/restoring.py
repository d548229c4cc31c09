"""Taking a reader's own data in again: events in their order, answers, feeds.

Foreign input: every event is checked as if it came over HTTP, but for its age, and only the reader who brings it can be
its reader. What is there already stays. What the present answers forbid is refused, as everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from reader.behaviour.events import parse_event
from reader.errors import InvalidEventError, InvalidInputError
from reader.ingest.subscriptions import Subscriptions
from reader.recommend.recommender import Recommender
from reader.records import parse_time
from reader.types import Consent, Event
from reader.types_consent import LEVELS, PURPOSES, READER, SIGNAL
from webapp.archive import Archive

# Refusals that are told one by one; the others are counted.
_TOLD: Final = 20


@dataclass
class Restored:
    """What became of an archive. refused: what was refused and why, the first of them."""

    events: int = 0
    duplicates: int = 0
    consents: int = 0
    feeds: int = 0
    refused_count: int = 0
    refused: list[str] = field(default_factory=list)

    def refuse(self, what: str) -> None:
        """Write down a refusal."""
        self.refused_count += 1
        if len(self.refused) < _TOLD:
            self.refused.append(what)


def restore(recommender: Recommender, user: str, archive: Archive) -> Restored:
    """Take an archive in for a reader. Answers first: events are taken by them."""
    terms, done = recommender.terms_of(user), Restored()
    if terms.is_closed:
        raise InvalidInputError("archive", "is a child's without a guardian's yes", "ask a guardian first")
    for place in archive.wrong_lines:
        done.refuse(f"{place}: is no JSON")
    # A child cannot say yes for themselves, by a file either.
    for record in () if terms.is_child else archive.consents:
        _restore_consent(recommender, user, record, done)
    _restore_events(recommender, user, archive.events, done)
    if archive.opml:
        _restore_feeds(recommender, user, archive.opml, done)
    return done


def _restore_consent(recommender: Recommender, user: str, record: Any, done: Restored) -> None:
    try:
        consent = _consent(user, record)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        done.refuse(f"an answer: {error!r:.80}")
        return
    if consent.at > recommender.clock():
        done.refuse(f"an answer: {record['at']} lies in the future")
    elif consent not in recommender.storage.consents(user):
        recommender.storage.put_consent(consent)
        done.consents += 1


def _consent(user: str, record: Mapping[str, Any]) -> Consent:
    """Return a reader's own answer; another's, such as a guardian's, cannot be brought along."""
    purpose, actor = record["purpose"], record.get("actor", READER)
    if purpose not in PURPOSES or actor not in (READER, SIGNAL) or not isinstance(record["granted"], bool):
        raise ValueError("is not one of your own")
    level = record.get("level") or ""
    if level and (level not in LEVELS[purpose] or (level == "none") == record["granted"]):
        raise ValueError(f"level {level!r:.20}")
    at, text_version = parse_time(record["at"]), str(record["text_version"])[:64]
    return Consent(user, purpose, record["granted"], at, text_version, level, actor)


def _restore_events(recommender: Recommender, user: str, records: Sequence[Any], done: Restored) -> None:
    events: list[Event] = []
    for record in records:
        try:
            events.append(parse_event(record, user=user))
        except InvalidEventError as error:
            done.refuse(f"event {_id_of(record)}: {error}")
    taken = recommender.put_back(events)
    done.events, done.duplicates = taken.accepted, taken.duplicates
    for refused in taken.rejected:
        done.refuse(f"event {refused.id}: {refused.field}: {refused.detail}")


def _id_of(record: Any) -> str:
    return f"{record.get('id')!r:.80}" if isinstance(record, dict) else "without an id"


def _restore_feeds(recommender: Recommender, user: str, content: bytes, done: Restored) -> None:
    try:
        plan = Subscriptions(recommender.storage, recommender.clock).take_in(user, content)
    except InvalidInputError as error:
        done.refuse(f"feeds.opml: {error}")
        return
    done.feeds = len(plan.with_status("new"))
