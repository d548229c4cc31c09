"""The blueprint of the calls of sites, and its door: a key and an origin that belong together, or nothing."""

from __future__ import annotations

from typing import Any, TypeVar, cast

from apiflask import APIBlueprint
from flask import Response, current_app, g, request
from flask.typing import ResponseReturnValue
from pydantic import BaseModel, ValidationError

from reader.privacy.consents import Consents
from reader.recommend.recommender import Recommender
from reader.sites.registry import user_of
from reader.types_sites import Site
from webapp.problems import fail, validation_errors
from webapp.services import services
from webapp.sites.cross_origin import let_read, nothing, origin, preflight

# Bytes: events 64 KiB, as in the API.
MAX_BODY = 64 * 1024

sites = APIBlueprint("sites", __name__, url_prefix="/sites/v1/<key>", enable_openapi=False)
Body = TypeVar("Body", bound=BaseModel)


@sites.url_value_preprocessor
def take_key(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Take the key out of the arguments of the views."""
    g.key = (values or {}).pop("key", "")


@sites.before_request
def know_site() -> ResponseReturnValue | None:
    """Find out whose page asks; whoever may not, gets nothing."""
    request.max_content_length = MAX_BODY
    site = services().shelf.sites.answering(g.key, origin())
    if site is None:
        return nothing()
    g.site = site
    return preflight() if request.method == "OPTIONS" else None


@sites.after_request
def answer_page(response: Response) -> Response:
    """Let the page read what it was answered, errors too; keep it out of caches."""
    response.headers["Cache-Control"] = "no-store"
    return let_read(response, origin()) if "site" in g else response


def site() -> Site:
    """Return the site that asks."""
    return cast(Site, g.site)


def recommender() -> Recommender:
    """Return the recommender of the site that asks."""
    return services().shelf.recommender(site())


def read_body(model: type[Body]) -> Body:
    """Return the body, JSON by whatever type: as plain text browsers send it to other origins without asking first."""
    try:
        return model.model_validate(current_app.json.loads(request.get_data()))
    except ValidationError as error:
        raise fail(422, "Validation error", errors=validation_errors(error)) from error
    except ValueError as error:
        raise fail(400, "The body is no JSON.") from error


def user(reader: str) -> str:
    """Return whose data a call is about."""
    return user_of(site(), reader)


def known_user(reader: str) -> str:
    """Return whose data a call is about; 403 without a yes on record."""
    known = user(reader)
    ours = recommender()
    if Consents(ours.storage, ours.clock).terms(known).attention != "kept":
        raise fail(403, "This reader has not said yes; send consent first.")
    return known
