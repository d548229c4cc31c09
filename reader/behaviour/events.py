"""Foreign JSON -> events. Rejects with field, value and remedy; what an event means is decided elsewhere.

The types of `reader.types` are checked by pydantic; the few rules that need several fields stand in `_check`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from pydantic import ConfigDict, TypeAdapter, ValidationError, with_config

from reader.errors import InvalidEventError
from reader.records import EVENT_CLASSES, parse_time
from reader.types import Event, Hide, Impression, Judge, ParagraphVisit, Steer, Target, Tune, Watch
from reader.types_folding import FoldedView, Look, ScrollBack

# Ids of ours are UUIDs; others' may be longer, but a log is no place for essays.
MAX_ID_LENGTH = 200
MAX_PARAGRAPH = 100_000
# Far from where arithmetic on times overflows.
EARLIEST_YEAR, LATEST_YEAR = 1970, 2200
# A rounding error of the sender's clock, in ms.
TOLERANCE_MS = 1.0
_CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
_WITHOUT_ITEM = frozenset(
    ("impression", "follow", "unfollow", "mute", "unmute", "weigh", "unweigh", "forget", "tune", "reset", "undo")
)
_NEEDS_VIEW = frozenset(("open", "paragraph_visit", "watch", "close", "folded_view"))
_TEXT_FIELDS = ("id", "type", "user", "session", "item", "view", "list", "event")

_adapters: dict[type[Event], TypeAdapter[Any]] = {}


def parse_event(record: Mapping[str, Any], *, user: str | None = None) -> Event:
    """Return the event that a JSON object describes. user: who sent it, in place of what the object says.

    Raises InvalidEventError, which names the first wrong field.
    """
    if not isinstance(record, Mapping):
        raise InvalidEventError("event", f"{record!r:.80} is not an object", "send a JSON object")
    values = dict(record) if user is None else {**record, "user": user}
    _check_texts(values)
    cls = EVENT_CLASSES.get(str(values.get("type")))
    if cls is None:
        raise InvalidEventError(
            "type", f"{values.get('type')!r:.80} is unknown", f"use one of {', '.join(EVENT_CLASSES)}"
        )
    values["at"] = _time(values.get("at"))
    if cls is FoldedView:
        values["began_at"] = _time(values.get("began_at"))
    event = _validated(cls, values)
    _check(event)
    return event


def _check_texts(values: Mapping[str, Any]) -> None:
    for name in ("id", "type", "user"):
        if values.get(name) is None:
            raise InvalidEventError(name, "is missing", f"give {name} as a text")
    for name in _TEXT_FIELDS:
        value = values.get(name)
        if value is None:
            continue
        if not isinstance(value, str) or not 0 < len(value) <= MAX_ID_LENGTH or _CONTROL.search(value):
            raise InvalidEventError(
                name, f"{value!r:.80} is not a text of 1 to {MAX_ID_LENGTH} printable characters", "shorten or mend it"
            )


def _time(value: Any) -> Any:
    try:
        at = parse_time(value)
        if not EARLIEST_YEAR <= at.year <= LATEST_YEAR:
            raise ValueError(f"the year is not between {EARLIEST_YEAR} and {LATEST_YEAR}")
        return at
    except (TypeError, ValueError, OverflowError) as error:
        raise InvalidEventError(
            "at", f"{value!r:.80} is no moment", "use RFC 3339 with a zone: 2026-11-20T08:00:00.000Z"
        ) from error


def _validated(cls: type[Event], values: dict[str, Any]) -> Event:
    try:
        event: Event = _adapter(cls).validate_python(values)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"]) or "event"
        raise InvalidEventError(field, f"{first['input']!r:.80}: {first['msg']}", "see docs/events.md") from error
    return event


def _adapter(cls: type[Event]) -> TypeAdapter[Any]:
    """Return the checker of a type; made at first use, since making all of them costs a start-up noticeably."""
    if cls not in _adapters:
        config = ConfigDict(allow_inf_nan=False)
        subject = cls if hasattr(cls, "__pydantic_config__") else with_config(config)(cls)
        _adapters[cls] = TypeAdapter(subject)
    return _adapters[cls]


def _check(event: Event) -> None:
    if event.type not in _WITHOUT_ITEM and event.item is None:
        raise InvalidEventError("item", "is missing", f"{event.type} needs the id of an item")
    if event.type in _NEEDS_VIEW and event.view is None:
        raise InvalidEventError("view", "is missing", f"{event.type} needs the id of the view it belongs to")
    for cls, check in _CHECKS.items():
        if isinstance(event, cls):
            check(event)


def _check_impression(event: Impression) -> None:
    if event.list is None:
        raise InvalidEventError("list", "is missing", "an impression needs the id of its list")
    for place, shown in enumerate(event.items):
        if shown.propensity is not None and not 0 < shown.propensity <= 1:
            name, value = f"items.{place}.propensity", shown.propensity
            raise InvalidEventError(name, f"{value} is no chance", "above 0 and at most 1, or left out if not known")
        if shown.position < 1:
            raise InvalidEventError(f"items.{place}.position", f"{shown.position} is no place", "places count from 1")


def _check_visit(event: ParagraphVisit) -> None:
    for name in ("visit", "part", "started_ms", "visible_ms", "dwell_ms", "rest_ms", "focus_ms"):
        value = getattr(event, name)
        if value is not None and value < 0:
            raise InvalidEventError(name, f"{value} is negative", "times and counters start at 0")
    if not 0 <= event.paragraph <= MAX_PARAGRAPH:
        raise InvalidEventError("paragraph", f"{event.paragraph} is out of range", "paragraphs count from 0")
    if not 0 <= event.coverage <= 1:
        raise InvalidEventError("coverage", f"{event.coverage} is out of range", "a share from 0 to 1")
    for name in ("dwell_ms", "rest_ms", "focus_ms"):
        if (getattr(event, name) or 0.0) > event.visible_ms + TOLERANCE_MS:
            detail = f"{getattr(event, name)} exceeds visible_ms {event.visible_ms}"
            raise InvalidEventError(name, detail, "it is a part of visible_ms")


def _check_watch(event: Watch) -> None:
    if not 0 <= event.from_s <= event.to_s:
        raise InvalidEventError(
            "to_s", f"{event.to_s} is before from_s {event.from_s}", "a stretch runs forward from 0 on"
        )
    if event.rate <= 0:
        raise InvalidEventError("rate", f"{event.rate} is not positive", "1.0 is normal speed")


def _check_folded(event: FoldedView) -> None:
    if event.began_at > event.at:
        raise InvalidEventError("began_at", f"{event.began_at.isoformat()} is after at", "a view begins first")
    counts = {"part": event.part, "folds": event.folds, "active_ms": event.active_ms or 0.0}
    _check_sums("", counts)
    for place, look in enumerate(event.paragraphs):
        _check_look(f"paragraphs.{place}.", look)
    for place, back in enumerate(event.returns):
        _check_return(f"returns.{place}.", back)
    if event.played is not None:
        played = event.played
        _check_sums("played.", {"seconds": played.seconds, "covered_s": played.covered_s, "loops": played.loops})
        for one in played.replays:
            if not 0 <= one.from_s <= one.to_s or one.seconds < 0:
                raise InvalidEventError("played.replays", f"{one} is no part", "a part runs forward from 0 on")


def _check_sums(where: str, sums: Mapping[str, float]) -> None:
    for name, value in sums.items():
        if value < 0:
            raise InvalidEventError(where + name, f"{value} is negative", "sums start at 0")


def _check_look(where: str, look: Look) -> None:
    _check_sums(where, {"visits": look.visits, "exposures": look.exposures, "dwell_s": look.dwell_s})
    if not 0 <= look.paragraph <= MAX_PARAGRAPH:
        raise InvalidEventError(f"{where}paragraph", f"{look.paragraph} is out of range", "paragraphs count from 0")


def _check_return(where: str, back: ScrollBack) -> None:
    sums = {"episode": back.episode, "started_s": back.started_s, "dwell_s": back.dwell_s, "focus_s": back.focus_s}
    _check_sums(where, sums)
    if not 0 <= back.paragraph < back.front <= MAX_PARAGRAPH:
        detail = f"{back.paragraph} does not lie before the front {back.front}"
        raise InvalidEventError(f"{where}paragraph", detail, "a return leads back")


def _check_steer(event: Steer) -> None:
    _check_target(event.target)
    if event.type == "weigh" and (event.weight is None or not -1 <= event.weight <= 1):
        raise InvalidEventError("weight", f"{event.weight} is out of range", "a weight from -1 to 1")


def _check_target(target: Target) -> None:
    if not target.value.strip() or len(target.value) > MAX_ID_LENGTH:
        raise InvalidEventError("target.value", f"{target.value!r:.80}", f"give 1 to {MAX_ID_LENGTH} characters")


def _check_tune(event: Tune) -> None:
    if not 0 <= event.surprise <= 1:
        raise InvalidEventError("surprise", f"{event.surprise} is out of range", "0 (familiar) to 1 (surprising)")


def _check_judge(event: Judge) -> None:
    if event.paragraph < 0:
        raise InvalidEventError("paragraph", f"{event.paragraph} is negative", "paragraphs count from 0")


def _check_hide(event: Hide) -> None:
    if event.target is not None:
        _check_target(event.target)


_CHECKS: Final[dict[type[Event], Callable[[Any], None]]] = {
    ParagraphVisit: _check_visit,
    Watch: _check_watch,
    FoldedView: _check_folded,
    Steer: _check_steer,
    Hide: _check_hide,
    Judge: _check_judge,
    Tune: _check_tune,
    Impression: _check_impression,
}
