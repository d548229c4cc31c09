"""The blueprint that all pages hang on, and what every template is given."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint
from flask import g

from reader.types import Consent
from webapp.consent import attention_consent
from webapp.pages.visits import visit_id
from webapp.problems import fail
from webapp.services import services

pages = APIBlueprint("pages", __name__, enable_openapi=False)


@pages.before_request
def only_embedded() -> None:
    """Refuse pages where every reader needs a token: there is no way to log in yet."""
    if not services().embedded:
        raise fail(403, "This server answers programs with tokens only; its API is described in /openapi.json.")


@pages.app_context_processor
def common_values() -> dict[str, Any]:
    """Return what base.html needs on every page, error pages included."""
    return {"tracking": is_tracked(), "session": visit_id()}


def page_consent() -> Consent | None:
    """Return the local reader's answer about attention tracking, looked up once a request."""
    if "consent" not in g:
        g.consent = attention_consent(services().local_user)
    consent: Consent | None = g.consent
    return consent


def is_tracked() -> bool:
    """Tell whether the pages load the tracker: only after a yes."""
    consent = page_consent()
    return consent is not None and consent.granted
