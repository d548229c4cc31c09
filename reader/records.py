"""Items, events and kept lists as JSON objects, and back; those of items and events are the public formats.

Field names of the dataclasses are those of the formats, so one generic pair of functions does for all. The way back
trusts its input (it reads what this project wrote); foreign input goes through `reader.ingest.items` and
`reader.behaviour.events`.
"""

from __future__ import annotations

from dataclasses import MISSING, Field, fields
from datetime import UTC, datetime
from functools import cache
from typing import Any, cast

from reader.types import (
    AnyItem,
    Article,
    Caption,
    Close,
    Event,
    Evidence,
    Hide,
    Impression,
    Judge,
    ParagraphVisit,
    Reason,
    RecommendationList,
    Recommended,
    Shown,
    Steer,
    Story,
    Target,
    Tune,
    Video,
    Watch,
)
from reader.types_folding import FOLDED, FoldedView, Look, Played, Replay, ScrollBack
from reader.types_undo import Undo

Record = dict[str, Any]

_AS_THEY_ARE = frozenset((str, int, float, bool, type(None)))
_NESTED = (Shown, Target, Recommended, Reason, Evidence, Story, Caption, Look, ScrollBack, Played, Replay)

EVENT_CLASSES: dict[str, type[Event]] = {
    "impression": Impression,
    "viewable": Event,
    "open": Event,
    "paragraph_visit": ParagraphVisit,
    "watch": Watch,
    "close": Close,
    "like": Event,
    "unlike": Event,
    "save": Event,
    "unsave": Event,
    "share": Event,
    "comment": Event,
    "hide": Hide,
    "mark_read": Event,
    "mark_unread": Event,
    "follow": Steer,
    "unfollow": Steer,
    "mute": Steer,
    "unmute": Steer,
    "weigh": Steer,
    "unweigh": Steer,
    "forget": Steer,
    "forget_paragraph": Judge,
    "keep_paragraph": Judge,
    "tune": Tune,
    "reset": Event,
    "undo": Undo,
    FOLDED: FoldedView,
}


def format_time(at: datetime) -> str:
    """Write a moment as RFC 3339 UTC with milliseconds."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def parse_time(text: str) -> datetime:
    """Read RFC 3339; ValueError if it is not, or has no zone."""
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError(f"{text!r} has no time zone")
    return at.astimezone(UTC)


def item_record(item: AnyItem) -> Record:
    """Return the item as one JSON object of the item format, without empty fields."""
    return {"id": item.id, "kind": item.kind, **_record(item)}


def item_from_record(record: Record) -> AnyItem:
    """Build the item from what `item_record` gave."""
    values = dict(record)
    cls = {"article": Article, "video": Video}[values.pop("kind")]
    for name in ("topics", "tags", "paragraphs", "markup"):
        if name in values:
            values[name] = tuple(values[name])
    if "captions" in values:
        values["captions"] = tuple(Caption(**caption) for caption in values["captions"])
    if "published_at" in values:
        values["published_at"] = parse_time(values["published_at"])
    return cast(AnyItem, cls(**values))


def event_record(event: Event) -> Record:
    """Return the event as one JSON object of the event format, without empty fields."""
    return _record(event)


def event_from_record(record: Record) -> Event:
    """Build the event from what `event_record` gave."""
    values = dict(record)
    values["at"] = parse_time(values["at"])
    if "items" in values:
        values["items"] = tuple(Shown(**shown) for shown in values["items"])
    if "kinds" in values:
        values["kinds"] = tuple(values["kinds"])
    if "target" in values:
        values["target"] = _target(values["target"])
    if values["type"] == FOLDED:
        values |= _folded(values)
    return EVENT_CLASSES[values["type"]](**values)


def _folded(record: Record) -> Record:
    """Return the fields of a folded view that are values themselves."""
    played = record.get("played")
    return {
        "began_at": parse_time(record["began_at"]),
        "paragraphs": tuple(Look(**look) for look in record.get("paragraphs", ())),
        "returns": tuple(ScrollBack(**back) for back in record.get("returns", ())),
        "played": played and Played(**{**played, "replays": tuple(Replay(**one) for one in played.get("replays", ()))}),
    }


def _target(record: Record) -> Target:
    until = record.get("until")
    return Target(record["kind"], record["value"], parse_time(until) if until else None)


def list_record(made: RecommendationList) -> Record:
    """Return the list as one JSON object, for keeping; the API has a shape of its own."""
    return _record(made)


def list_from_record(record: Record) -> RecommendationList:
    """Build the list from what `list_record` gave, with or without what is empty."""
    items = tuple(_recommended(item) for item in record["items"])
    return RecommendationList(
        **{**record, "at": parse_time(record["at"]), "kinds": tuple(record["kinds"]), "items": items}
    )


def _recommended(record: Record) -> Recommended:
    values = {**record, "reasons": tuple(_reason(reason) for reason in record.get("reasons", ()))}
    if record.get("story"):
        values["story"] = Story(record["story"]["id"], tuple(record["story"]["more"]))
    return Recommended(**values)


def _reason(record: Record) -> Reason:
    return Reason(**{**record, "evidence": tuple(_evidence(one) for one in record.get("evidence", ()))})


def _evidence(record: Record) -> Evidence:
    return Evidence(**{**record, "at": parse_time(record["at"]), "terms": tuple(record.get("terms", ()))})


@cache
def _empties(cls: type[object]) -> tuple[tuple[str, Any], ...]:
    """Return each field with the value that stands for "not given": its default, if that is empty."""
    return tuple((f.name, _empty(f)) for f in fields(cast(Any, cls)))


def _empty(one: Field[Any]) -> Any:
    # A required field is written even if it is empty: without it the way back would fail.
    return one.default if one.default in (None, "", ()) else MISSING


def _record(value: Any) -> Record:
    record: Record = {}
    for name, empty in _empties(value.__class__):
        part = getattr(value, name)
        # Most parts are empty or plain, and a list of 60 places has some thousand of them: they cost no call.
        if part is not empty and part != empty:
            record[name] = part if part.__class__ in _AS_THEY_ARE else _plain(part)
    return record


def _plain(value: Any) -> Any:
    if value.__class__ in _AS_THEY_ARE:
        return value
    if isinstance(value, datetime):
        return format_time(value)
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    if isinstance(value, dict):
        return dict(value)
    if isinstance(value, _NESTED):
        return _record(value)
    return value
