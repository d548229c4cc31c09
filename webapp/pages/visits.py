"""A visit to the site: the `session` of events. Kept in the signed cookie, over after half an hour of rest."""

from __future__ import annotations

import uuid

from flask import session

from webapp.services import now

# Half an hour is what web analytics count as one visit.
REST_S = 30 * 60
# The cookie is written anew at most this often.
GRAIN_S = 60
_KEY = "visit"


def visit_id() -> str:
    """Return the id of the present visit; begins one if there is none."""
    now_s = int(now().timestamp())
    visit, seen_s = _known()
    if not visit or not 0 <= now_s - seen_s <= REST_S:
        visit, seen_s = str(uuid.uuid4()), 0
    if now_s - seen_s >= GRAIN_S:
        session[_KEY] = [visit, now_s]
    return visit


def _known() -> tuple[str, int]:
    visit, seen_s = session.get(_KEY, ("", 0))
    return str(visit), int(seen_s)
