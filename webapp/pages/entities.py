"""The pages of creators and sounds: who it is, what to do about them, and their clips, newest first."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from reader.types import EntityKind
from webapp.pages.blueprint import pages
from webapp.pages.cards import make_card
from webapp.services import now, services
from webapp.third_parties import as_may_be_shown

CLIPS_SHOWN = 60


@pages.get("/creator/<path:entity_id>")
def creator(entity_id: str) -> ResponseReturnValue:
    """Show a creator."""
    return _page("creator", entity_id)


@pages.get("/sound/<path:entity_id>")
def sound(entity_id: str) -> ResponseReturnValue:
    """Show a sound."""
    return _page("sound", entity_id)


def _page(kind: EntityKind, entity_id: str) -> ResponseReturnValue:
    recommender, user = services().recommender, services().reader
    # One more tells that there are more.
    entity = recommender.entity(kind, entity_id, limit=CLIPS_SHOWN + 1, user=user)
    shown = entity.items[:CLIPS_SHOWN]
    state, feature, reading = recommender.state(user), (kind, entity_id), recommender.settings.reading
    return render_template(
        "entity.html",
        entity=entity,
        cards=[make_card(as_may_be_shown(clip), None, "", clip.id in state.opened, reading) for clip in shown],
        has_more=len(entity.items) > CLIPS_SHOWN,
        followed=feature in state.steering.followed,
        muted=state.steering.is_muted(feature, now()),
    )
