"""/me/outlets: secret addresses by which programs fetch a reader's lists as Atom feeds."""

from __future__ import annotations

from typing import Any

from flask import g

from reader.errors import InvalidInputError
from reader.types_outlets import Outlet
from webapp.api.auth import needs
from webapp.api.blueprint import api
from webapp.api.outlet_schemas import MadeOutletOut, OutletIn, OutletQuery, OutletsOut
from webapp.outlets.blueprint import all_outlets
from webapp.outlets.making import address_of
from webapp.problems import fail
from webapp.services import services


@api.get("/me/outlets")
@needs(api, "profile:read")
@api.output(OutletsOut)
@api.doc(responses=[401, 403])
def get_outlets() -> dict[str, Any]:
    """Return the addresses by which programs fetch the reader's lists, without their secrets."""
    return {"outlets": [_object(one) for one in services().recommender.storage.outlets(g.user)]}


@api.post("/me/outlets")
@needs(api, "profile:write")
@api.input(OutletIn)
@api.output(MadeOutletOut, status_code=201)
@api.doc(responses=[400, 401, 403, 409])
def post_outlets(json_data: OutletIn) -> dict[str, Any]:
    """Make an address: an Atom feed of For you, of what is saved, or of a folder. Its secret is said this once."""
    folder = tuple(json_data.folder)
    try:
        secret, outlet = all_outlets().make(
            g.user, json_data.kind, json_data.name, folder=folder, full_text=json_data.full_text
        )
    except InvalidInputError as error:
        if error.field != "outlets":
            raise
        # The request is right, but for what there is already.
        raise fail(409, str(error)) from error
    return {**_object(outlet), "address": address_of(outlet, secret)}


@api.delete("/me/outlets")
@needs(api, "profile:write")
@api.input(OutletQuery, location="query")
@api.output({}, status_code=204)
@api.doc(responses=[401, 403, 404])
def delete_outlets(query_data: OutletQuery) -> tuple[str, int]:
    """Make an address void."""
    all_outlets().revoke(g.user, query_data.id)
    return "", 204


def _object(one: Outlet) -> dict[str, Any]:
    return {
        "id": one.digest,
        "kind": one.kind,
        "name": one.name,
        "folder": list(one.folder),
        "full_text": one.full_text,
        "created_at": one.created_at,
        "used_at": one.used_at,
    }
