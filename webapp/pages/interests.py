"""The page of interests: how they moved, how strong each one is and by what, and what can be done about it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from reader.recommend.requests import Interest
from reader.recommend.timeline import EVENTS_AT_ONCE
from reader.types import TargetKind
from webapp.pages.blueprint import pages
from webapp.pages.charts import draw_bar, draw_timeline
from webapp.services import services

# Most telling first.
_KINDS: tuple[TargetKind, ...] = ("topic", "keyword", "source", "author", "creator", "sound")
# Lines of the drawing: more cannot be told apart.
LINES = 6
# Interests that are told of, as some may lie on each other.
COURSES = 12
# Interests of a kind that are shown unless all of that kind are asked for.
SHOWN = 8
# Events of a log that is drawn however long it takes.
_ANY = 10_000_000


@pages.get("/me/interests")
def interests() -> ResponseReturnValue:
    """Show what was learned, with its evidence."""
    known = services().recommender.interests(services().reader)
    groups, wanted = group(known), request.args.get("kind", "")
    ignored = [each for each in known if is_ignored(each) and not each.muted]
    muted = [each for each in known if each.muted]
    return render_template(
        "interests.html",
        groups=[(kind, part if kind == wanted else part[:SHOWN]) for kind, part in groups],
        more={kind: 0 if kind == wanted else max(0, len(part) - SHOWN) for kind, part in groups},
        ignored=ignored,
        muted=muted,
        draw_bar=draw_bar,
        opened=services().recommender.state(services().reader).opened,
        **(_timeline() if known else {}),
    )


def _timeline() -> dict[str, Any]:
    """Return the drawing, or that it is not ready: a long log is drawn when it is asked for."""
    at_most = _ANY if request.args.get("timeline") == "whole" else EVENTS_AT_ONCE
    timeline = services().timelines.of(services().reader, COURSES, at_most=at_most)
    return {"timeline": draw_timeline(timeline, LINES) if timeline else None, "timeline_waits": timeline is None}


def is_ignored(interest: Interest) -> bool:
    """Whether the reader has given an interest no weight."""
    return interest.edited and interest.weight == 0


def group(known: Sequence[Interest]) -> list[tuple[TargetKind, list[Interest]]]:
    """Part the interests that are neither muted nor ignored by kind, in their order, without empty kinds."""
    counting = [each for each in known if not each.muted and not is_ignored(each)]
    parts = [(kind, [each for each in counting if each.target.kind == kind]) for kind in _KINDS]
    return [(kind, part) for kind, part in parts if part]
