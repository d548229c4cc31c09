"""A small site on loopback that shows the real article and list templates and writes down the events that arrive.

It has the real templates, scripts, style sheet and security headers, but no recommender: what the scripts report is
under test here, not what follows from it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, Response, g, render_template, request, send_from_directory
from werkzeug.serving import make_server

from reader.settings import ReadingSettings
from reader.types import AnyItem, Recommended, Video
from reader.types_languages import ORIGINAL
from webapp.files import send_files
from webapp.language.formats import format_in_templates
from webapp.language.saying import speak
from webapp.language.scripts import script_texts
from webapp.pages.cards import make_card
from webapp.security import HEADERS

ROOT = Path(__file__).parents[2]
DEMO = ROOT / "fixtures" / "demo"
WAIT_S = 30.0

EventRecord = dict[str, Any]


class Site:
    """The events that arrived, and how to wait for them. answers: status codes of the next posts; then 202."""

    def __init__(self) -> None:
        self.url = ""
        self.tracking = True
        self.items: dict[str, AnyItem] = {}
        self.answers: list[int] = []
        self.posts: list[list[EventRecord]] = []
        self.attempts = 0
        self._arrived = threading.Condition()

    @property
    def arrivals(self) -> list[EventRecord]:
        """Events of all posts that were taken, in order of arrival, as often as they came."""
        with self._arrived:
            return [event for post in self.posts for event in post]

    @property
    def events(self) -> list[EventRecord]:
        """The same as the product keeps them: each id once, since a second arrival changes nothing."""
        found: dict[str, EventRecord] = {}
        for event in self.arrivals:
            found.setdefault(event["id"], event)
        return list(found.values())

    def of_type(self, kind: str) -> list[EventRecord]:
        return [event for event in self.events if event["type"] == kind]

    def take(self, events: list[EventRecord]) -> int:
        """Write down a post unless it is to be refused; return the status."""
        with self._arrived:
            self.attempts += 1
            status = self.answers.pop(0) if self.answers else 202
            if status == 202:
                self.posts.append(events)
            self._arrived.notify_all()
        return status

    def wait_for(self, condition: Callable[[Site], bool]) -> None:
        """Return as soon as the condition holds; fail after WAIT_S."""
        with self._arrived:
            assert self._arrived.wait_for(lambda: condition(self), WAIT_S), [event["type"] for event in self.events]


@contextmanager
def serve(items: list[AnyItem]) -> Iterator[Site]:
    """Run a site with these items in a thread of its own."""
    site = Site()
    site.items = {item.id: item for item in items}
    server = make_server("127.0.0.1", 0, _app(site), threaded=True)
    site.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _app(site: Site) -> Flask:
    webapp = ROOT / "webapp"
    app = Flask("site", template_folder=str(webapp / "templates"), static_folder=str(webapp / "static"))
    shared = {"session": "s1", "csrf_token": lambda: "t", "language": ORIGINAL, "other_languages": {}}
    app.context_processor(lambda: shared | {"tracking": site.tracking})
    app.before_request(_speak_english)
    speak(app)
    format_in_templates(app)
    app.jinja_env.globals["script_texts"] = script_texts
    send_files(app)
    # Pages that this site does not have are only linked to.
    app.url_build_error_handlers.append(lambda error, endpoint, values: f"/elsewhere/{endpoint}")
    app.after_request(_protect)
    app.register_blueprint(_pages(site))
    app.add_url_rule("/api/v1/events", "events", lambda: _take(site), methods=["POST"])
    app.add_url_rule(
        "/media/<path:name>", "media", lambda name: send_from_directory(DEMO / "clips", name, conditional=True)
    )
    return app


def _speak_english() -> None:
    # Else it is looked up what the reader chose, and nobody is known here.
    g.language = ORIGINAL


def _protect(response: Response) -> Response:
    response.headers.extend(HEADERS)
    return response


def _take(site: Site) -> tuple[dict[str, int], int]:
    assert request.content_type == "application/json"
    assert request.content_length is not None
    assert request.content_length <= 16_384
    return {}, site.take(request.get_json()["events"])


def _pages(site: Site) -> Blueprint:
    """The pages under their real names; those that only links lead to have no content."""
    pages = Blueprint("pages", __name__)
    pages.add_url_rule("/", "for_you", lambda: _list(site))
    pages.add_url_rule("/a/<path:item_id>", "article", lambda item_id: _article(site, item_id))
    pages.add_url_rule("/why/<list_id>/<path:item_id>", "why", lambda list_id, item_id: "")
    pages.add_url_rule("/creator/<path:entity_id>", "creator", lambda entity_id: "")
    pages.add_url_rule("/watch", "watch", lambda: "")
    pages.add_url_rule("/less/<path:item_id>", "less", lambda item_id: "")
    for name in (
        "latest",
        "interests",
        "privacy",
        "about_ranking",
        "act",
        "noticed",
        "consent",
        "delete_attention",
        "mode",
        "steer",
        "undo",
        "hidden",
        "mute",
        "saved",
        "history",
        "feeds",
        "export",
        "topics",
        "surprise",
    ):
        pages.add_url_rule(f"/{name}", name, lambda: "", methods=["GET", "POST"])
    return pages


def _list(site: Site) -> str:
    places = [Recommended(item, position, 1.0) for position, item in enumerate(site.items, start=1)]
    cards = [make_card(site.items[place.item], place, "l1", False, ReadingSettings()) for place in places]
    return render_template(
        "for_you.html", cards=cards, noticed=(), list_id="l1", ask_consent=False, more_url=None, first_page=True
    )


def _article(site: Site, item_id: str) -> str:
    item = site.items[item_id]
    video = item if isinstance(item, Video) else None
    return render_template(
        "article.html",
        item=item,
        paragraphs=[(text, len(text.split()), "") for text in item.paragraphs],
        minutes=1,
        media_url=video.media_url if video else "",
        poster_url=video.poster_url if video else "",
        captions_url=video.captions_url if video else "",
        list_id="l1",
        position=3,
        liked=False,
        saved=False,
        hidden=False,
        related=(),
    )
