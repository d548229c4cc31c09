"""The forms: what a reader does to an item, to an interest, to what was noticed, and the answer about tracking."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, session
from flask.typing import ResponseReturnValue

from reader.errors import InvalidEventError
from reader.recommend.requests import Observed
from reader.types import Event
from reader.types_consent import ATTENTION_TYPES
from webapp.consent import answer
from webapp.pages.blueprint import OFFER, pages
from webapp.pages.lists import PUT_OFF, parse_number
from webapp.pages.visits import visit_id
from webapp.problems import fail
from webapp.services import new_event, observe, services

_ITEM_ACTS = {
    "like": "Liked: more like this.",
    "unlike": "No longer liked.",
    "save": "Saved.",
    "unsave": "No longer saved.",
    "hide": "Hidden; it will not be shown again.",
}
_STEERS = {
    "weigh": "Weight set.",
    "unweigh": "Counts again as it was learned.",
    "mute": "Muted. Undo on the Interests page.",
    "unmute": "No longer muted.",
    "forget": "Forgotten.",
    "follow": "Followed.",
    "unfollow": "No longer followed.",
    "reset": "Everything that was learned is forgotten.",
}
_TOPICS = {"follow": "Followed: more of these from now on.", "unfollow": "Taken back.", "skip": ""}
_IGNORED = "Ignored: it earns nothing from the next list on. Undo on the Interests page."
_NOTICED = {"keep": "Kept.", "forget": "Forgotten; it no longer counts."}
# What was answered before there were levels is still understood.
_ANSWERS = {"kept": "kept", "session": "session", "none": "none", "yes": "kept", "no": "none"}
_ANSWERED = {
    "attention": {
        "kept": "Thank you.",
        "session": "It counts while you are here, and is not written down.",
        "none": "Nothing is tracked.",
    },
    "feedback": {"kept": "Likes, follows and the like are kept.", "none": "Likes, follows and the like are off."},
    "research": {"kept": "Your events are in the research log.", "none": "Your events are not in the research log."},
}


@pages.post("/act")
def act() -> ResponseReturnValue:
    """Like, save or hide an item, or undo it."""
    kind = _choice("act", _ITEM_ACTS)
    item = services().recommender.item(request.form.get("item", ""))
    position = request.form.get("position", "")
    fields: dict[str, Any] = {
        "item": item.id,
        "list": request.form.get("list") or None,
        "position": parse_number(position, "position") if position else None,
        "reason": (request.form.get("reason") or None) if kind == "hide" else None,
    }
    return _done(_observe(new_event(kind, services().reader, session=visit_id(), **fields)), _ITEM_ACTS[kind])


@pages.post("/me/interests")
def steer() -> ResponseReturnValue:
    """Weigh, mute, follow or forget an interest, or forget all."""
    kind = _choice("act", _STEERS)
    fields: dict[str, Any] = {}
    if kind != "reset":
        fields["target"] = {"kind": request.form.get("kind", ""), "value": request.form.get("value", "")}
    if kind == "weigh":
        fields["weight"] = _number("weight", request.form.get("weight", ""))
    message = _IGNORED if fields.get("weight") == 0 else _STEERS[kind]
    return _done(_observe(new_event(kind, services().reader, session=visit_id(), **fields)), message)


@pages.post("/me/topics")
def topics() -> ResponseReturnValue:
    """Follow the topics that a new reader chose, take them back, or put the question off."""
    kind = _choice("act", _TOPICS)
    if kind == "skip":
        session[PUT_OFF] = True
        return redirect(safe_next(request.form.get("next", "")), 303)
    chosen = dict.fromkeys(request.form.getlist("topic"))
    if not chosen:
        flash("No topic was chosen.")
        return redirect(safe_next(request.form.get("next", "")), 303)
    user, visit = services().reader, visit_id()
    targets = [{"kind": "topic", "value": topic} for topic in chosen]
    events = [new_event(kind, user, session=visit, target=target) for target in targets]
    return _done(observe(events), _TOPICS[kind])


@pages.post("/me/surprise")
def surprise() -> ResponseReturnValue:
    """Set how much the lists may surprise."""
    chosen = _number("surprise", request.form.get("surprise", ""))
    event = new_event("tune", services().reader, session=visit_id(), surprise=chosen)
    return _done(_observe(event), "Set; this list follows it.")


@pages.post("/me/noticed")
def noticed() -> ResponseReturnValue:
    """Keep or forget what was learned from re-reading a paragraph."""
    answer = _choice("act", _NOTICED)
    item = services().recommender.item(request.form.get("item", ""))
    paragraph = parse_number(request.form.get("paragraph", ""), "paragraph")
    event = new_event(f"{answer}_paragraph", services().reader, session=visit_id(), item=item.id, paragraph=paragraph)
    return _done(_observe(event), _NOTICED[answer])


@pages.post("/me/consent")
def consent() -> ResponseReturnValue:
    """Record an answer; after a no about reading, offer to delete what there is."""
    user, purpose = services().reader, request.form.get("purpose", "attention")
    level = _ANSWERS[_choice("answer", _ANSWERS)]
    answer(user, purpose, level)
    if (purpose, level) == ("attention", "none"):
        session[OFFER] = count_attention(user)
    flash(f"{_ANSWERED[purpose][level]} You can change this under Privacy.")
    return redirect(safe_next(request.form.get("next", "")), 303)


@pages.post("/me/attention")
def delete_attention() -> ResponseReturnValue:
    """Delete how the reader has read, and what was learned from it; or leave it."""
    session.pop(OFFER, None)
    if request.form.get("act") == "keep":
        flash("Kept. You can delete it under Privacy.")
    else:
        count = services().recommender.forget_attention(services().reader)
        flash(f"Deleted: {count:,} records of how you read, and what was learned from them.")
    return redirect(safe_next(request.form.get("next", "")), 303)


def count_attention(user: str) -> int:
    """Return how many events of a reader tell how something was read."""
    return sum(event.type in ATTENTION_TYPES for event in services().recommender.storage.iter_events(user=user))


def safe_next(text: str) -> str:
    r"""Return where to go after a form: a path of this site, or the front page.

    >>> safe_next("/latest?list=1"), safe_next("//evil.example"), safe_next("/\t/evil.example"), safe_next("/\\evil")
    ('/latest?list=1', '/', '/', '/')
    """
    inside = text.startswith("/") and not text.startswith("//")
    return text if inside and "\\" not in text and all(character > " " for character in text) else "/"


def _choice(field: str, choices: dict[str, Any]) -> str:
    value = request.form.get(field, "")
    if value not in choices:
        raise fail(422, f"{field} is {value!r:.80}; it must be one of {', '.join(choices)}.")
    return value


def _number(field: str, text: str) -> float:
    try:
        return float(text)
    except ValueError as error:
        raise InvalidEventError(field, f"{text!r:.80} is no number", "give 0 to 1") from error


def _observe(event: Event) -> Observed:
    return observe([event])


def _done(observed: Observed, message: str) -> ResponseReturnValue:
    for rejected in observed.rejected:
        # What the reader has said no to is no mistake in the form.
        raise fail(403 if rejected.field == "consent" else 422, f"{rejected.field}: {rejected.detail}")
    flash(message)
    return redirect(safe_next(request.form.get("next", "")), 303)
