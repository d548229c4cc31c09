"""For you and Latest: a new list, or more of one."""

from __future__ import annotations

from typing import Any, cast

from flask import flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from reader.errors import ExpiredError, NotFoundError
from reader.privacy.texts import text_of
from reader.recommend.lists import items_of
from reader.recommend.requests import Request
from reader.types import Mode, RecommendationList
from webapp.consent import terms
from webapp.language.choice import language
from webapp.language.reasons import told
from webapp.language.saying import _
from webapp.mode import chosen_mode
from webapp.pages.blueprint import page_consent, pages
from webapp.pages.cards import Card, make_cards
from webapp.pages.clips import is_refused
from webapp.pages.hidden import count_causes, find
from webapp.problems import fail
from webapp.services import now, services
from webapp.third_parties import as_may_be_shown

PAGE_LENGTH = 20
NOTICED_SHOWN = 3
# Topics that a new reader may choose from; ours.
TOPICS_ASKED = 16
# In the session: the question was put off.
PUT_OFF = "topics put off"


@pages.get("/")
def for_you() -> ResponseReturnValue:
    """Show what is recommended, with what was noticed and, once, the question about tracking; or the newest.

    As the reader has chosen.
    """
    if chosen_mode(services().reader) == "latest":
        return _list_page("latest", "pages.latest")
    return _list_page("profile", "pages.for_you")


@pages.get("/latest")
def latest() -> ResponseReturnValue:
    """Show the newest first."""
    return _list_page("latest", "pages.latest")


@pages.get("/list/<list_id>/<int:position>")
def list_page(list_id: str, position: int) -> ResponseReturnValue:
    """Lead to the page of a kept list on which a place is, or to a new list."""
    try:
        made = _kept(list_id)
    except (NotFoundError, ExpiredError):
        return redirect(url_for("pages.for_you"))
    begin = max(0, position - 1) // PAGE_LENGTH * PAGE_LENGTH
    return redirect(_page_url("pages.latest" if made.mode == "latest" else "pages.for_you", made, begin))


def _list_page(mode: Mode, endpoint: str) -> ResponseReturnValue:
    list_id = request.args.get("list", "")
    begin = parse_number(request.args.get("from", "0"), "from")
    try:
        made = _kept(list_id) if list_id else _new(mode)
    except (NotFoundError, ExpiredError):
        flash(_("That list is no longer kept; here is a new one."))
        return redirect(url_for(endpoint))
    state = services().recommender.state(services().reader)
    return render_template(
        f"{endpoint.removeprefix('pages.')}.html",
        chosen_mode=chosen_mode(services().reader),
        first_page=not begin,
        here_url=_page_url(endpoint, made, begin),
        liked_ids=state.steering.liked,
        saved_ids=state.steering.saved,
        causes=count_causes(find()),
        **_part(made, begin, endpoint),
        **(_asides() if mode == "profile" else {}),
    )


def _new(mode: Mode) -> RecommendationList:
    return told(services().recommender.recommend(Request(user=services().reader, limit=PAGE_LENGTH, mode=mode)))


def _kept(list_id: str) -> RecommendationList:
    return told(services().recommender.made_list(list_id, services().reader))


def _part(made: RecommendationList, begin: int, endpoint: str) -> dict[str, Any]:
    end = begin + PAGE_LENGTH
    more = _page_url(endpoint, made, end) if end < len(made.items) else None
    services().metrics.list_served(made.mode)
    if begin:
        services().recommender.log_impression(made, begin, end)
    return {"cards": cards_of(made, begin, end), "list_id": made.id, "more_url": more}


def _page_url(endpoint: str, made: RecommendationList, begin: int) -> str:
    return url_for(endpoint, list=made.id, **cast(dict[str, Any], {"from": begin}))


def cards_of(made: RecommendationList, begin: int, end: int) -> list[Card]:
    """Return the cards of the places [begin, end) of a list, without what was hidden or muted since it was made."""
    places = made.items[begin:end]
    recommender = services().recommender
    state, at = recommender.state(services().reader), now()
    items = recommender.storage.items(items_of(places))
    shown = {key: as_may_be_shown(each) for key, each in items.items() if not is_refused(each, state.steering, at)}
    seen = {item for item in shown if state.has_read(item)}
    return make_cards(places, shown, seen, recommender.settings.reading, list_id=made.id)


def _asides() -> dict[str, Any]:
    recommender, user = services().recommender, services().reader
    return {
        "noticed": recommender.noticed(user)[:NOTICED_SHOWN],
        "ask_consent": page_consent() is None and not terms(user).is_child,
        "attention_text": text_of("attention", language()),
        "surprise": recommender.surprise(user),
        "welcome": None if session.get(PUT_OFF) else recommender.welcome(user, topics=TOPICS_ASKED),
    }


def parse_number(text: str, field: str) -> int:
    """Return a whole number from 0 to 10^6; a 422 problem for anything else."""
    if not text.isascii() or not text.isdigit() or len(text) > 7 or int(text) > 1_000_000:
        raise fail(422, _("%(field)s: %(text)s is no number from 0 to 1,000,000.", field=field, text=f"{text!r:.80}"))
    return int(text)
