"""What is recorded about a reader, said in plain sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from reader.types import Event, Hide, Impression, Judge, ParagraphVisit, Steer, Tune, Watch
from reader.types_folding import FoldedView

# Kinds of records as a reader would name them -> types of events.
KINDS: dict[str, tuple[str, ...]] = {
    "Lists you were shown": ("impression",),
    "What you opened": ("open", "close"),
    "How you read": ("paragraph_visit", "viewable", "folded_view"),
    "What you watched": ("watch",),
    "What you told": ("like", "unlike", "save", "unsave", "share", "comment", "hide", "mark_read", "mark_unread"),
    "What you follow, mute and weigh": ("follow", "unfollow", "mute", "unmute", "weigh", "unweigh", "tune"),
    "What you corrected": ("forget", "forget_paragraph", "keep_paragraph", "undo", "reset"),
}
_CAME = {"start": "at the start", "down": "scrolling down", "up": "scrolling back up", "jump": "by a jump"}
_DONE = {
    "viewable": "The card of {0} was in view for a second.",
    "open": "You opened {0}.",
    "like": "You liked {0}.",
    "unlike": "You took back that you liked {0}.",
    "save": "You saved {0}.",
    "unsave": "You no longer saved {0}.",
    "share": "You shared {0}.",
    "mark_read": "You marked {0} as read.",
    "mark_unread": "You marked {0} as unread.",
    "comment": "You commented on {0}.",
}
_STEERED = {
    "follow": "You followed {0}",
    "unfollow": "You no longer followed {0}",
    "mute": "You muted {0}",
    "unmute": "You no longer muted {0}",
    "unweigh": "You took back the weight of {0}",
    "forget": "You had {0} forgotten",
}
Titles = Mapping[str, str]


def tell(event: Event, titles: Titles) -> str:
    """Return one event as a sentence. titles: by item, as far as they are known."""
    say = _SAYINGS.get(type(event), _tell_plain)
    return say(event, titles)


def _name(item: str | None, titles: Titles) -> str:
    return f"“{titles.get(item or '', item)}”" if item else "something"


def _tell_plain(event: Event, titles: Titles) -> str:
    if event.type in _DONE:
        return _DONE[event.type].format(_name(event.item, titles))
    if event.type == "close":
        return f"You left {_name(event.item, titles)} after {getattr(event, 'active_ms', 0) / 1000:.0f} s of reading."
    if event.type == "reset":
        return "You had all that was learned forgotten."
    if event.type == "undo":
        return "You took back something you had done."
    return f"{event.type}: {_name(event.item, titles)}."


def _tell_impression(event: Any, titles: Titles) -> str:
    names = ", ".join(_name(shown.item, titles) for shown in event.items[:3])
    more = len(event.items) - 3
    what = "A program fetched a list for you" if event.origin is not None else "You were shown a list"
    return f"{what} of {len(event.items)}: {names}" + (f" and {more} more." if more > 0 else ".")


def _tell_visit(event: Any, titles: Titles) -> str:
    where = f"Paragraph {event.paragraph + 1} of {_name(event.item, titles)}"
    return f"{where} was on your screen for {event.visible_ms / 1000:.0f} s, reached {_CAME[event.came]}."


def _tell_watch(event: Any, titles: Titles) -> str:
    sound = "with" if event.sound_on else "without"
    part = f"second {event.from_s:.0f} to {event.to_s:.0f}"
    return f"You played {_name(event.item, titles)} from {part}, {sound} sound, at {event.rate:g} times the speed."


def _tell_folded(event: Any, titles: Titles) -> str:
    name, parts = _name(event.item, titles), []
    if event.paragraphs:
        seconds = sum(look.dwell_s for look in event.paragraphs)
        parts.append(f"you were {seconds:.0f} s with {len(event.paragraphs)} of its paragraphs")
    if event.returns:
        parts.append(f"went back {len(event.returns)} times")
    if event.played is not None:
        parts.append(f"played {event.played.covered_s:.0f} s of it")
    if event.active_ms is not None:
        parts.append(f"left after {event.active_ms / 1000:.0f} s")
    told = ", ".join(parts) or "it was open"
    return f"{name}: {told}. This sum is left of {event.folds} record{'s' * (event.folds != 1)}."


def _tell_hide(event: Any, titles: Titles) -> str:
    return f"You hid {_name(event.item, titles)}" + (f": {event.reason}." if event.reason else ".")


def _tell_steer(event: Any, titles: Titles) -> str:
    target = f"the {event.target.kind} “{event.target.value}”"
    if event.type == "weigh":
        return f"You gave {target} the weight {event.weight:g}."
    until = f" until {event.target.until:%-d %B %Y}" if event.target.until else ""
    return _STEERED[event.type].format(target) + until + "."


def _tell_judge(event: Any, titles: Titles) -> str:
    what = "kept" if event.type == "keep_paragraph" else "had forgotten"
    where = f"paragraph {event.paragraph + 1} of {_name(event.item, titles)}"
    return f"You {what} what was learned from going back to {where}."


def _tell_tune(event: Any, titles: Titles) -> str:
    return f"You set how much to be surprised to {event.surprise:.0%}."


_SAYINGS: dict[type, Callable[[Any, Titles], str]] = {
    Impression: _tell_impression,
    ParagraphVisit: _tell_visit,
    Watch: _tell_watch,
    FoldedView: _tell_folded,
    Hide: _tell_hide,
    Steer: _tell_steer,
    Judge: _tell_judge,
    Tune: _tell_tune,
}


def items_of(events: Iterable[Event]) -> list[str]:
    """Return the items that sentences about these events name."""
    named = (shown.item for event in events if isinstance(event, Impression) for shown in event.items[:3])
    return list(dict.fromkeys([*(event.item for event in events if event.item), *named]))
