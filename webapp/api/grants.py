"""/me/grants: what the reader lets others have of their data."""

from __future__ import annotations

import json
from typing import Any

from flask import Response, g

from reader.types_grants import Grant, GrantEntry, Terms
from webapp.api.auth import needs
from webapp.api.blueprint import api
from webapp.api.grant_schemas import GrantedOut, GrantIn, GrantOut, GrantsOut, GrantWithLedgerOut
from webapp.granting.desk import file_for_reader, grant_to
from webapp.problems import fail
from webapp.services import services

_ZIP: Any = {
    "description": "What the grant lets out",
    "content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}},
}


@api.get("/me/grants")
@needs(api, "profile:read")
@api.output(GrantsOut)
@api.doc(responses=[401, 403])
def get_grants() -> dict[str, Any]:
    """Return the grants of the reader, newest first."""
    return {"grants": [_object(grant) for grant in services().grants.of(g.user)]}


@api.post("/me/grants")
@needs(api, "grants:write")
@api.input(GrantIn)
@api.output(GrantedOut, status_code=201)
@api.doc(responses=[400, 401, 403])
def post_grants(json_data: GrantIn) -> dict[str, Any]:
    """Let somebody have some of the reader's data. `address` is the secret one, shown this once; null without one."""
    if not services().grants.may_grant(g.user):
        raise fail(403, "From a child's account nothing can be granted to others.")
    terms = Terms(
        tuple(json_data.classes),
        json_data.recipient,
        json_data.contact,
        json_data.purpose,
        json_data.ends_at,
        json_data.price,
        json_data.records_from,
        json_data.records_to,
    )
    grant, address = grant_to(g.user, terms, with_address=json_data.with_address)
    return {"grant": _object(grant), "address": address or None}


@api.get("/me/grants/<grant_id>")
@needs(api, "profile:read")
@api.output(GrantWithLedgerOut)
@api.doc(responses=[401, 403, 404])
def get_grant(grant_id: str) -> dict[str, Any]:
    """Return one grant, with its ledger and with what was signed."""
    grant = services().grants.one(g.user, grant_id)
    ledger = [_line(entry) for entry in services().grants.ledger(grant)]
    return {**_object(grant), "ledger": ledger, "signed": json.loads(grant.signed)}


@api.delete("/me/grants/<grant_id>")
@needs(api, "grants:write")
@api.output(GrantOut)
@api.doc(responses=[401, 403, 404])
def delete_grant(grant_id: str) -> dict[str, Any]:
    """Revoke a grant, at once. It stays in the list, with its ledger; one that has ended stays as it was."""
    return _object(services().grants.revoke(g.user, grant_id))


@api.post("/me/grants/<grant_id>/export")
@needs(api, "grants:write")
@api.doc(responses={200: _ZIP, 401: "Unauthorized", 403: "Forbidden", 404: "Not found", 410: "Gone"})
def export_grant(grant_id: str) -> Response:
    """Return what the grant lets out, for the reader to hand over; the ledger has it. 410 once the grant has ended."""
    return Response(file_for_reader(g.user, grant_id), content_type="application/zip")


def _object(grant: Grant) -> dict[str, Any]:
    terms, still = grant.terms, services().grants.open_classes(grant)
    stopped = [name for name in terms.classes if name not in still] if grant.ended_at is None else []
    return {
        "id": grant.id,
        "classes": terms.classes,
        "recipient": terms.recipient,
        "contact": terms.contact,
        "purpose": terms.purpose,
        "price": terms.price,
        "granted_at": grant.granted_at,
        "ends_at": terms.ends_at,
        "records_from": terms.records_from,
        "records_to": terms.records_to,
        "ended_at": grant.ended_at,
        "stopped": stopped,
        "has_address": bool(grant.key_digest),
    }


def _line(entry: GrantEntry) -> dict[str, Any]:
    rows = dict(entry.rows)
    return {"at": entry.at, "act": entry.act, "actor": entry.actor, "rows": rows, "digest": entry.digest or None}
