"""What is recorded about a reader, said in plain sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from reader.types import Event, Hide, Impression, Judge, ParagraphVisit, Steer, Tune, Watch
from reader.types_folding import FoldedView
from webapp.language.formats import say_day, say_number, say_percent
from webapp.language.saying import N_, _, ngettext

# Kinds of records as a reader would name them -> types of events.
KINDS: dict[str, tuple[str, ...]] = {
    N_("Lists you were shown"): ("impression",),
    N_("What you opened"): ("open", "close"),
    N_("How you read"): ("paragraph_visit", "viewable", "folded_view"),
    N_("What you watched"): ("watch",),
    N_("What you told"): ("like", "unlike", "save", "unsave", "share", "comment", "hide", "mark_read", "mark_unread"),
    N_("What you follow, mute and weigh"): ("follow", "unfollow", "mute", "unmute", "weigh", "unweigh", "tune"),
    N_("What you corrected"): ("forget", "forget_paragraph", "keep_paragraph", "undo", "reset"),
}
_CAME = {
    "start": N_("%(where)s was on your screen for %(seconds)s s, reached at the start."),
    "down": N_("%(where)s was on your screen for %(seconds)s s, reached scrolling down."),
    "up": N_("%(where)s was on your screen for %(seconds)s s, reached scrolling back up."),
    "jump": N_("%(where)s was on your screen for %(seconds)s s, reached by a jump."),
}
_DONE = {
    "viewable": N_("The card of %(name)s was in view for a second."),
    "open": N_("You opened %(name)s."),
    "like": N_("You liked %(name)s."),
    "unlike": N_("You took back that you liked %(name)s."),
    "save": N_("You saved %(name)s."),
    "unsave": N_("You no longer saved %(name)s."),
    "share": N_("You shared %(name)s."),
    "mark_read": N_("You marked %(name)s as read."),
    "mark_unread": N_("You marked %(name)s as unread."),
    "comment": N_("You commented on %(name)s."),
}
_STEERED = {
    "follow": N_("You followed %(target)s."),
    "unfollow": N_("You no longer followed %(target)s."),
    "mute": N_("You muted %(target)s."),
    "unmute": N_("You no longer muted %(target)s."),
    "unweigh": N_("You took back the weight of %(target)s."),
    "forget": N_("You had %(target)s forgotten."),
}
_TARGETS = {
    "source": N_("the source “%(name)s”"),
    "author": N_("the author “%(name)s”"),
    "creator": N_("the creator “%(name)s”"),
    "sound": N_("the sound “%(name)s”"),
    "topic": N_("the topic “%(name)s”"),
    "keyword": N_("the keyword “%(name)s”"),
}
Titles = Mapping[str, str]


def tell(event: Event, titles: Titles) -> str:
    """Return one event as a sentence. titles: by item, as far as they are known."""
    say = _SAYINGS.get(type(event), _tell_plain)
    return say(event, titles)


def _name(item: str | None, titles: Titles) -> str:
    return _("“%(title)s”", title=titles.get(item or "", item)) if item else _("something")


def _tell_plain(event: Event, titles: Titles) -> str:
    name = _name(event.item, titles)
    if event.type in _DONE:
        return _(_DONE[event.type], name=name)
    if event.type == "close":
        seconds = say_number(getattr(event, "active_ms", 0) / 1000, 0)
        return _("You left %(name)s after %(seconds)s s of reading.", name=name, seconds=seconds)
    if event.type == "reset":
        return _("You had all that was learned forgotten.")
    if event.type == "undo":
        return _("You took back something you had done.")
    return f"{event.type}: {name}."


def _tell_impression(event: Any, titles: Titles) -> str:
    names = ", ".join(_name(shown.item, titles) for shown in event.items[:3])
    values, more = {"count": len(event.items), "names": names}, len(event.items) - 3
    if event.origin is not None and more > 0:
        return _("A program fetched a list for you of %(count)s: %(names)s and %(more)s more.", more=more, **values)
    if event.origin is not None:
        return _("A program fetched a list for you of %(count)s: %(names)s.", **values)
    if more > 0:
        return _("You were shown a list of %(count)s: %(names)s and %(more)s more.", more=more, **values)
    return _("You were shown a list of %(count)s: %(names)s.", **values)


def _tell_visit(event: Any, titles: Titles) -> str:
    where = _("Paragraph %(number)s of %(name)s", number=event.paragraph + 1, name=_name(event.item, titles))
    return _(_CAME[event.came], where=where, seconds=say_number(event.visible_ms / 1000, 0))


def _tell_watch(event: Any, titles: Titles) -> str:
    values = {
        "name": _name(event.item, titles),
        "begin": say_number(event.from_s, 0),
        "end": say_number(event.to_s, 0),
        "rate": say_number(event.rate),
    }
    if event.sound_on:
        return _(
            "You played %(name)s from second %(begin)s to %(end)s, with sound, at %(rate)s times the speed.", **values
        )
    return _(
        "You played %(name)s from second %(begin)s to %(end)s, without sound, at %(rate)s times the speed.", **values
    )


def _tell_folded(event: Any, titles: Titles) -> str:
    parts = []
    if event.paragraphs:
        seconds = say_number(sum(look.dwell_s for look in event.paragraphs), 0)
        parts.append(_("%(seconds)s s with %(count)s paragraphs", seconds=seconds, count=len(event.paragraphs)))
    if event.returns:
        parts.append(ngettext("went back once", "went back %(num)s times", len(event.returns)))
    if event.played is not None:
        parts.append(_("%(seconds)s s played", seconds=say_number(event.played.covered_s, 0)))
    if event.active_ms is not None:
        parts.append(_("left after %(seconds)s s", seconds=say_number(event.active_ms / 1000, 0)))
    told = ", ".join(parts) or _("it was open")
    left = ngettext("This sum is left of %(num)s record.", "This sum is left of %(num)s records.", event.folds)
    return f"{_name(event.item, titles)}: {told}. {left}"


def _tell_hide(event: Any, titles: Titles) -> str:
    name = _name(event.item, titles)
    return (
        _("You hid %(name)s: %(reason)s.", name=name, reason=event.reason)
        if event.reason
        else _("You hid %(name)s.", name=name)
    )


def _tell_steer(event: Any, titles: Titles) -> str:
    target, until = _(_TARGETS[event.target.kind], name=event.target.value), event.target.until
    if event.type == "weigh":
        return _("You gave %(target)s the weight %(weight)s.", target=target, weight=say_number(event.weight))
    if event.type == "mute" and until:
        return _("You muted %(target)s until %(day)s.", target=target, day=say_day(until))
    return _(_STEERED[event.type], target=target)


def _tell_judge(event: Any, titles: Titles) -> str:
    values = {"number": event.paragraph + 1, "name": _name(event.item, titles)}
    if event.type == "keep_paragraph":
        return _("You kept what was learned from going back to paragraph %(number)s of %(name)s.", **values)
    return _("You had forgotten what was learned from going back to paragraph %(number)s of %(name)s.", **values)


def _tell_tune(event: Any, titles: Titles) -> str:
    return _("You set how much to be surprised to %(share)s.", share=say_percent(event.surprise))


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
