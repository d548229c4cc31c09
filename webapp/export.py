"""Everything that is kept about one reader, as JSON objects: for GET /me/export and `reread export`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import datetime
from typing import Any

from reader.recommend.recommender import Recommender
from reader.recommend.requests import Interest
from reader.records import Record, event_record, format_time
from reader.storage.protocol import Storage
from reader.types import Consent, Evidence
from reader.types_grants import Grant


def export_records(recommender: Recommender, user: str) -> Iterator[Record]:
    """Go through all of it, one object of one key each: consent, interest, correction, event or grant."""
    for consent in recommender.storage.consents(user):
        yield {"consent": consent_record(consent)}
    for interest in recommender.interests(user):
        yield {"interest": interest_record(interest)}
    for family, factor in recommender.learner.corrections(user).items():
        yield {"correction": {"family": family, "factor": factor}}
    for event in recommender.storage.iter_events(user=user):
        yield {"event": event_record(event)}
    for grant in recommender.storage.grants(user):
        yield {"grant": grant_record(recommender.storage, grant)}


def gather_export(records: Iterable[Record]) -> dict[str, list[Any]]:
    """Return the objects of an export by what they are."""
    gathered: dict[str, list[Any]] = {"consents": [], "interests": [], "corrections": [], "events": []}
    gathered["grants"] = []
    for record in records:
        for name, value in record.items():
            gathered[f"{name}s"].append(value)
    return gathered


def consent_record(consent: Consent) -> Record:
    """Return an answer as a JSON object."""
    return plain(asdict(consent))


def grant_record(storage: Storage, grant: Grant) -> Record:
    """Return a data grant as a JSON object: what was signed, when it ended, and its ledger."""
    ledger = [plain(asdict(entry)) for entry in storage.grant_ledger(grant.id, user=grant.user)]
    lines = [{name: value for name, value in line.items() if name not in ("grant", "user")} for line in ledger]
    return {"signed": json.loads(grant.signed), **plain({"ended_at": grant.ended_at}), "ledger": lines}


def interest_record(interest: Interest) -> Record:
    """Return an interest as a JSON object, as GET /me/interests shows it."""
    target = {name: value for name, value in asdict(interest.target).items() if value is not None}
    return {
        "target": plain(target),
        "label": interest.label,
        "weight": interest.weight,
        "muted": interest.muted,
        "followed": interest.followed,
        "edited": interest.edited,
        "evidence": [evidence_record(evidence) for evidence in interest.evidence],
    }


def evidence_record(evidence: Evidence) -> Record:
    """Return one piece of evidence as a JSON object."""
    return plain(asdict(evidence))


def plain(values: dict[str, Any]) -> Record:
    """Write moments as RFC 3339 and tuples as lists."""
    return {name: _plain(value) for name, value in values.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return format_time(value)
    return list(value) if isinstance(value, tuple) else value
