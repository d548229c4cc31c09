"""The forms: what a reader does to an item, to an interest, to what was noticed, and the answer about tracking."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, cast

from flask import flash, jsonify, request, session
from flask.typing import ResponseReturnValue

from reader.errors import InvalidEventError
from reader.recommend.requests import Rejected
from reader.records import format_time
from reader.types import AnyItem, Article, Event, Video
from reader.types_consent import ATTENTION_TYPES, USE_TYPES
from webapp.consent import answer, refuse_children, terms
from webapp.greader.marking import is_press, take_back
from webapp.language.saying import N_, _, ngettext
from webapp.mode import MODES, choose_mode
from webapp.pages.blueprint import OFFER, pages
from webapp.pages.lists import PUT_OFF, parse_number
from webapp.pages.visits import visit_id
from webapp.prefix import go_to, safe_next
from webapp.problems import ANSWERED_NO, ProblemRaised, asks_for_json, fail
from webapp.services import new_event, now, observe, services

_ITEM_ACTS = {
    "like": N_("Liked: more like this."),
    "unlike": N_("No longer liked."),
    "save": N_("Saved."),
    "unsave": N_("No longer saved."),
    "hide": N_("Hidden; it will not be shown again."),
    "mark_read": N_("Marked as read."),
    "mark_unread": N_("Marked as unread."),
}
_STEERS = {
    "weigh": N_("Weight set."),
    "unweigh": N_("Counts again as it was learned."),
    "mute": N_("Muted: nothing with it is shown."),
    "unmute": N_("No longer muted."),
    "forget": N_("Forgotten."),
    "follow": N_("Followed."),
    "unfollow": N_("No longer followed."),
    "reset": N_("What was learned about you is forgotten."),
}
_TOPICS = {"follow": N_("Followed: more of these from now on."), "unfollow": N_("Taken back."), "skip": ""}
_IGNORED = N_("Ignored: it earns nothing from the next list on.")
_NOTICED = {"keep": N_("Kept."), "forget": N_("Forgotten; it no longer counts.")}
_SAID_NO = N_("Not kept: you said no to keeping what you tell. To have it kept, say yes on the Privacy page.")
# To a child.
_NEVER = N_("Not marked: what you read is never recorded.")
_NOT_ALLOWED = N_("Not kept: your guardian has not allowed it for your account, and can under Family.")
_MODES: dict[str, Any] = {name: None for name in MODES}
# What was answered before there were levels is still understood.
_ANSWERS = {"kept": "kept", "session": "session", "none": "none", "yes": "kept", "no": "none"}
_ANSWERED = {
    "attention": {
        "kept": N_("Thank you."),
        "session": N_("It counts while you are here, and is not written down."),
        "none": N_("Nothing is tracked."),
    },
    "feedback": {
        "kept": N_("Likes, follows and the like are kept."),
        "none": N_("Likes, follows and the like are off."),
    },
    "research": {
        "kept": N_("Your events are in the research log."),
        "none": N_("Your events are not in the research log."),
    },
}


@pages.post("/act")
def act() -> ResponseReturnValue:
    """Like, save, hide or mark an item, or undo it."""
    form = one_card_of_many(request.form)
    kind = _choice("act", _ITEM_ACTS | {"unhide": ""}, form)
    item = services().item(form.get("item", ""))
    if kind == "unhide":
        return _show_again(item.id)
    position, reason = form.get("position", ""), form.get("reason", "")
    fields: dict[str, Any] = {
        "item": item.id,
        "list": form.get("list") or None,
        "position": parse_number(position, "position") if position else None,
    }
    if kind == "hide":
        fields |= {"reason": reason or None, "target": target_of(item, reason, form.get("keyword", ""))}
    event = new_event(kind, services().reader, session=visit_id(), **fields)
    return _done([event], _ITEM_ACTS[kind], undo=event.id)


@pages.post("/me/interests")
def steer() -> ResponseReturnValue:
    """Weigh, mute, follow or forget an interest, or forget all."""
    form = one_of_many(request.form)
    kind = _choice("act", _STEERS, form)
    fields: dict[str, Any] = {}
    if kind != "reset":
        fields["target"] = {"kind": form.get("kind", ""), "value": form.get("value", "")}
    if kind == "weigh":
        fields["weight"] = _number("weight", form.get("weight", ""))
    if kind == "mute" and (until := until_of(form, now())):
        fields["target"]["until"] = format_time(until)
    message = _IGNORED if fields.get("weight") == 0 else _STEERS[kind]
    event = new_event(kind, services().reader, session=visit_id(), **fields)
    return _done([event], message, undo=event.id)


@pages.post("/me/topics")
def topics() -> ResponseReturnValue:
    """Follow the topics that a new reader chose, take them back, or put the question off."""
    kind = _choice("act", _TOPICS)
    if kind == "skip":
        session[PUT_OFF] = True
        return go_to(safe_next(request.form.get("next", "")))
    chosen = dict.fromkeys(request.form.getlist("topic"))
    if not chosen:
        flash(_("No topic was chosen."))
        return go_to(safe_next(request.form.get("next", "")))
    user, visit = services().reader, visit_id()
    targets = [{"kind": "topic", "value": topic} for topic in chosen]
    events = [new_event(kind, user, session=visit, target=target) for target in targets]
    return _done(events, _TOPICS[kind])


@pages.post("/me/surprise")
def surprise() -> ResponseReturnValue:
    """Set how much the lists may surprise."""
    chosen = _number("surprise", request.form.get("surprise", ""))
    event = new_event("tune", services().reader, session=visit_id(), surprise=chosen)
    return _done([event], N_("Set; this list follows it."))


@pages.post("/me/noticed")
def noticed() -> ResponseReturnValue:
    """Keep or forget what was learned from re-reading a paragraph."""
    answer = _choice("act", _NOTICED)
    item = services().item(request.form.get("item", ""))
    paragraph = parse_number(request.form.get("paragraph", ""), "paragraph")
    event = new_event(f"{answer}_paragraph", services().reader, session=visit_id(), item=item.id, paragraph=paragraph)
    return _done([event], _NOTICED[answer])


@pages.post("/me/undo")
def undo() -> ResponseReturnValue:
    """Take back one act of the reader, or one press of "Mark all as read"."""
    event = request.form.get("event", "")
    if is_press(event):
        count = take_back(event)
        return _say_done(ngettext("%(num)s item is unread again.", "%(num)s items are unread again.", count))
    return _done([new_event("undo", services().reader, session=visit_id(), event=event)], N_("Taken back."))


@pages.post("/me/consent")
def consent() -> ResponseReturnValue:
    """Record an answer; after a no about reading, offer to delete what there is."""
    user, purpose = services().reader, request.form.get("purpose", "attention")
    refuse_children(user)
    level = _ANSWERS[_choice("answer", _ANSWERS)]
    answer(user, purpose, level)
    if (purpose, level) == ("attention", "none"):
        session[OFFER] = count_attention(user)
    flash(_(_ANSWERED[purpose][level]) + " " + _("You can change this under Privacy."))
    return go_to(safe_next(request.form.get("next", "")))


@pages.post("/me/mode")
def mode() -> ResponseReturnValue:
    """Remember whether lists are ranked for the reader, or newest first."""
    if not terms(services().reader).may_profile:
        raise fail(403, _("Lists of this account are newest first; a guardian can allow others under Family."))
    choose_mode(services().reader, "latest" if _choice("mode", _MODES) == "latest" else "profile")
    return go_to(safe_next(request.form.get("next", "")))


@pages.post("/me/attention")
def delete_attention() -> ResponseReturnValue:
    """Delete how the reader has read, and what was learned from it; or leave it."""
    session.pop(OFFER, None)
    if request.form.get("act") == "keep":
        flash(_("Kept. You can delete it under Privacy."))
    else:
        count = services().recommender.forget_attention(services().reader)
        flash(
            ngettext(
                "Deleted: %(num)s record of how you read, and what was learned from it.",
                "Deleted: %(num)s records of how you read, and what was learned from them.",
                count,
            )
        )
    return go_to(safe_next(request.form.get("next", "")))


def count_attention(user: str) -> int:
    """Return how many events of a reader tell how something was read."""
    return sum(event.type in ATTENTION_TYPES for event in services().recommender.storage.iter_events(user=user))


def say(message: str, *, undo: str = "") -> None:
    """Have the next page show a message. undo: the id of the event that it offers to take back, if any."""
    # Flask keeps any JSON as the category of a message; base.html makes a form of it.
    flash(message, cast(str, {"undo": undo}) if undo else "message")


def _show_again(item: str) -> ResponseReturnValue:
    """Take back every hide of an item."""
    user = services().reader
    log = services().recommender.storage.events_after(0, user=user)
    hides = [event.id for seq, event in log if event.type == "hide" and event.item == item]
    events = [new_event("undo", user, session=visit_id(), event=hide) for hide in hides]
    return _done(events, N_("It may be shown again."))


def one_card_of_many(form: Mapping[str, str]) -> Mapping[str, str]:
    """Return the form of one card from that of a list, whose buttons name act, place, reason and item; - is none.

    >>> one_card_of_many({"do": "hide 3 seen an item", "list": "l1"})
    {'act': 'hide', 'position': '3', 'reason': 'seen', 'item': 'an item', 'list': 'l1'}
    """
    if "do" not in form:
        return form
    values = (*form["do"].split(" ", 3), "", "", "")[:4]
    named = dict(zip(("act", "position", "reason", "item"), values, strict=True))
    return {name: "" if value == "-" else value for name, value in named.items()} | {"list": form.get("list", "")}


def target_of(item: AnyItem, reason: str, keyword: str = "") -> dict[str, str] | None:
    """Return what of an item a reason for less is about; None where it is about no part of it."""
    video = item if isinstance(item, Video) else None
    makers = {"author": item.author} if isinstance(item, Article) else {"creator": item.entity("creator")}
    kind = "creator" if reason == "author" and video else reason
    named = {"topic": next(iter(item.topics), ""), "source": item.source, "keyword": keyword, **makers}
    value = named.get(kind, "")
    return {"kind": kind, "value": value} if value else None


def one_of_many(form: Mapping[str, str]) -> Mapping[str, str]:
    """Return the form of one interest from that of a list: its button names act and target, its slider the target.

    >>> one_of_many({"do": "weigh keyword blue whale", "weight keyword blue whale": "0.4", "weight topic sea": "1"})
    {'act': 'weigh', 'kind': 'keyword', 'value': 'blue whale', 'weight': '0.4'}
    >>> one_of_many({"do": "ignore topic sea"})["weight"]
    '0'
    """
    if "do" not in form:
        return form
    act, kind, value = (*form["do"].split(" ", 2), "", "")[:3]
    if act == "ignore":
        return {"act": "weigh", "kind": kind, "value": value, "weight": "0"}
    return {"act": act, "kind": kind, "value": value, "weight": form.get(f"weight {kind} {value}", "")}


def until_of(form: Mapping[str, str], at: datetime) -> datetime | None:
    """Return when a mute ends: after some `days`, or with the day `until`; None: never."""
    days, day = form.get("days", ""), form.get("until", "")
    if days:
        return at + timedelta(days=parse_number(days, "days"))
    if not day:
        return None
    try:
        return datetime.combine(date.fromisoformat(day), time.max, tzinfo=UTC)
    except ValueError as error:
        raise InvalidEventError("until", f"{day!r:.80} is no day", "write it as 2026-12-31") from error


def _choice(field: str, choices: dict[str, Any], form: Mapping[str, str] | None = None) -> str:
    value = (request.form if form is None else form).get(field, "")
    if value not in choices:
        raise fail(422, f"{field} is {value!r:.80}; it must be one of {', '.join(choices)}.")
    return value


def _number(field: str, text: str) -> float:
    try:
        return float(text)
    except ValueError as error:
        raise InvalidEventError(field, f"{text!r:.80} is no number", "give 0 to 1") from error


def _done(events: list[Event], message: str, *, undo: str = "") -> ResponseReturnValue:
    """Have something taken in, say what was done, and go back.

    message: a text of the catalogue; undo: the event that can be taken back.
    """
    types = {event.id: event.type for event in events}
    for rejected in observe(events).rejected:
        raise _refused(rejected, types[rejected.id])
    return _say_done(_(message), undo=undo)


def _refused(rejected: Rejected, event_type: str) -> ProblemRaised:
    if rejected.field != "consent":
        return fail(422, f"{rejected.field}: {rejected.detail}")
    # What the reader, or their guardian, has said no to is no mistake in the form.
    if not terms(services().reader).is_child:
        return fail(403, _SAID_NO, kind=ANSWERED_NO)
    return fail(403, _NEVER if event_type in USE_TYPES else _NOT_ALLOWED)


def _say_done(said: str, *, undo: str = "") -> ResponseReturnValue:
    """Say what was done in words of the reader's language, and go back."""
    if asks_for_json():
        return jsonify(message=said, undo=undo)
    say(said, undo=undo)
    return go_to(safe_next(request.form.get("next", "")))


__all__ = ["safe_next"]
