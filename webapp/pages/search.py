"""Search: a form, and what was found. The words are in the address alone; nothing about a search is kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from reader.profile.state import ReaderState
from reader.search.searching import Found
from reader.settings import ReadingSettings
from reader.types_languages import LANGUAGES
from webapp.folders import say_folder, say_path
from webapp.language.choice import NAMES
from webapp.pages.blueprint import pages
from webapp.pages.cards import Card, make_card
from webapp.pages.lists import PAGE_LENGTH
from webapp.searching import HINTS, LAST_PLACE, Asked, Hit, asked_of, hits_of, wish_of
from webapp.services import services
from webapp.third_parties import as_may_be_shown


@dataclass(frozen=True, slots=True)
class FoundCard:
    """A card of something that was found."""

    card: Card
    hit: Hit


@pages.get("/search")
def search() -> ResponseReturnValue:
    """Search, or show the form alone where nothing is asked for yet."""
    asked = asked_of(request.args)
    begin = _begin(request.args.get("from", ""))
    is_asked = bool(asked.q) or asked.is_narrowed
    values = _choices(asked) | (_found(asked, begin) if is_asked else {})
    return render_template("search.html", asked=asked, **values)


def _begin(text: str) -> int:
    return min(int(text), LAST_PLACE) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def _choices(asked: Asked) -> dict[str, Any]:
    own = services().subscriptions.folders(services().reader)
    folders = [(say_path(folder.path), say_folder(folder.path)) for folder in own]
    return {"folders": folders, "languages": _languages(LANGUAGES, asked)}


def _languages(known: Iterable[str], asked: Asked) -> list[tuple[str, str]]:
    codes = dict.fromkeys((*known, *filter(None, [asked.language])))
    own: dict[str, str] = dict(NAMES.items())
    return sorted(((code, own.get(code, code)) for code in codes), key=lambda pair: pair[1])


def _found(asked: Asked, begin: int) -> dict[str, Any]:
    user, recommender = services().reader, services().recommender
    found = services().searcher.find(
        user, wish_of(asked, services().subscriptions, user), begin=begin, count=PAGE_LENGTH
    )
    state, end = recommender.state(user), begin + PAGE_LENGTH
    return {
        "found": found,
        "languages": _languages((*LANGUAGES, *found.languages), asked),
        "hits": _cards(found, state, recommender.settings.reading),
        "hints": [HINTS[name] for name in found.question.hints],
        "more_url": _url(asked, end) if end < min(found.count, LAST_PLACE) else None,
        "muted_url": _url(replace(asked, muted="show"), 0),
        "saved_ids": state.steering.saved,
    }


def _cards(found: Found, state: ReaderState, reading: ReadingSettings) -> list[FoundCard]:
    items = services().recommender.storage.items(found.items)
    known = [as_may_be_shown(items[item]) for item in found.items if item in items]
    return [
        FoundCard(make_card(hit.item, None, "", state.has_read(hit.item.id), reading), hit)
        for hit in hits_of(found.question, known)
    ]


def _url(asked: Asked, begin: int) -> str:
    values: dict[str, Any] = {**asked.given, **({"from": begin} if begin else {})}
    return url_for("pages.search", **values)
