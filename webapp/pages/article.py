"""The page of one article or clip."""

from __future__ import annotations

from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from nlp.paragraphs import count_words
from reader.behaviour.speed import Speed, words_per_min
from reader.ingest.markup import looks_of
from reader.profile.state import ReaderState
from reader.types import AnyItem, Article, Video
from webapp.language.reasons import told_places
from webapp.pages.blueprint import is_tracked, pages
from webapp.pages.captions import captions_url
from webapp.pages.cards import Card, make_cards, own_poster
from webapp.pages.less import steering_of
from webapp.pages.look import look_of_request
from webapp.pages.openings import came_from, is_opened_by_reader, open_event
from webapp.pages.reading import trail_of
from webapp.prefix import own_url
from webapp.services import now, observe, services
from webapp.third_parties import as_may_be_shown

RELATED_SHOWN = 5
# Other reports of the same that are named.
REPORTS_SHOWN = 6


@pages.get("/a/<path:item_id>")
def article(item_id: str) -> ResponseReturnValue:
    """Show an item. Opening it counts as an act: the tracker says so where it runs, else this view."""
    item = as_may_be_shown(services().item(item_id))
    list_id, position = came_from()
    if not is_tracked() and is_opened_by_reader():
        observe([open_event(item.id, list_id, position)])
    around = {"related": _related(item), "reports": _reports(item)}
    return render_template("article.html", list_id=list_id, position=position, **around, **contents(item))


def contents(item: AnyItem) -> dict[str, Any]:
    """Return what `article.html` shows of an item alone."""
    recommender = services().recommender
    state = recommender.state(services().reader)
    video = item if isinstance(item, Video) else None
    return {
        "item": item,
        # What looks is made safe there.
        "paragraphs": [(text, count_words(text), Markup(look)) for text, look in looks_of(item)],
        **_reading(item, state),
        "audio_url": own_url(item.audio_url) if isinstance(item, Article) else "",
        "media_url": own_url(video.media_url) if video else "",
        "captions_url": captions_url(video) if video else "",
        "poster_url": own_url(own_poster(video)) if video else "",
        "liked": item.id in state.steering.liked,
        "saved": item.id in state.steering.saved,
        "is_read": state.has_read(item.id),
        **steering_of(item),
    }


def _reading(item: AnyItem, state: ReaderState) -> dict[str, Any]:
    """Return what the reader's own reading tells: their speed, where they stopped, what is drawn beside the text."""
    settings, words = services().recommender.settings.reading, [count_words(text) for text in item.paragraphs]
    speed = words_per_min(state.base.speeds.get(item.language, Speed()), item.language, settings)
    events = services().recommender.storage.events_on(item.id, user=services().reader)
    trail = trail_of(events, words, speed)
    return {
        "minutes": 0 if isinstance(item, Video) or not words else max(1, round(sum(words) / speed)),
        "words_per_min": round(speed),
        "trail": trail,
        "mapped": look_of_request().map == "on" and any(trail.traces),
    }


def _related(item: AnyItem) -> list[Card]:
    recommender = services().recommender
    seen = recommender.state(services().reader).opened.keys()
    found_near = recommender.related(item.id, limit=RELATED_SHOWN, user=services().reader)
    places = told_places(found_near, now())
    found = recommender.storage.items([place.item for place in places])
    items = {key: as_may_be_shown(item) for key, item in found.items()}
    return make_cards(places, items, seen, recommender.settings.reading)


def _reports(item: AnyItem) -> list[AnyItem]:
    recommender = services().recommender
    others = recommender.same_story(item.id, limit=REPORTS_SHOWN, user=services().reader)
    found = recommender.storage.items(others)
    return [found[other] for other in others if other in found]
