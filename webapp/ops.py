"""What operators ask: is it alive, can it work, how does it fare. And the media of the demo."""

from __future__ import annotations

from typing import Any, Literal

from apiflask import APIBlueprint
from flask import Response, request, send_from_directory
from flask.typing import ResponseReturnValue
from pydantic import BaseModel
from werkzeug.exceptions import NotFound

from reader.errors import StorageError
from webapp.demo import DEMO_MEDIA_URL, demo_folder
from webapp.identity import require_admin
from webapp.metrics import metrics_response
from webapp.problems import fail
from webapp.services import services

ops = APIBlueprint("ops", __name__, tag="Operation")


class Health(BaseModel):
    """The process answers."""

    status: Literal["ok"]


class Readiness(Health):
    """The store answers, too. items: in the catalogue."""

    items: int


@ops.get("/healthz")
@ops.output(Health)
def healthz() -> dict[str, str]:
    """Say that the process answers."""
    return {"status": "ok"}


@ops.get("/readyz")
@ops.output(Readiness)
@ops.doc(responses=[503])
def readyz() -> dict[str, str | int]:
    """Say that the store can be read; 503 while it cannot."""
    try:
        return {"status": "ok", "items": services().recommender.storage.item_count()}
    except StorageError as error:
        raise fail(503, str(error), headers={"Retry-After": "5"}) from error


@ops.get("/metrics")
@ops.doc(hide=True)
def metrics() -> Response:
    """Return the figures of this process for Prometheus; with accounts, to administrators alone.

    Among few readers, totals tell when another one reads. Within another application they are nobody's to see.
    """
    if services().accounts is not None:
        require_admin()
    elif services().hosted:
        raise NotFound
    return metrics_response(services().metrics)


@ops.get("/traces")
@ops.doc(hide=True)
def traces() -> dict[str, Any]:
    """Return what the memory of this process holds of a reader (?user=), for `reread verify-erasure`.

    The reader is told on their account page, as long as they have one.
    """
    accounts, user = services().accounts, request.args.get("user", "")
    if accounts is not None:
        admin = require_admin()
        if services().recommender.storage.account(user) is not None:
            accounts.note(user, admin.user, "traces")
    elif not services().embedded:
        raise fail(403, "This server answers programs with tokens only.")
    return {"memory": services().recommender.remembers(user)}


@ops.get(f"{DEMO_MEDIA_URL}/<path:name>")
@ops.doc(hide=True)
def demo_media(name: str) -> ResponseReturnValue:
    """Send a clip or a picture of the demo catalogue, or the part of it that a player asks for."""
    folder = demo_folder()
    if folder is None:
        raise NotFound
    # Not every system knows the type of WebVTT, and no browser takes captions of another one.
    mimetype = "text/vtt" if name.endswith(".vtt") else None
    return send_from_directory(folder / "clips", name, mimetype=mimetype, conditional=True, max_age=3600)
