"""A running Reread on loopback: the real app on a real store, with one local reader."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from flask import Flask, request
from werkzeug.serving import make_server

from nlp.analysis import Analyser
from reader.privacy.texts import version_of
from reader.recommend.lists import to_millisecond
from reader.recommend.recommender import Recommender
from reader.recommend.requests import Noticed
from reader.settings import RankingSettings, Settings
from reader.types import AnyItem, Consent, Event
from reader.wiring import make_recommender
from tests.browser.weighing import Scales
from webapp.app import create_app
from webapp.demo import demo_items, load_demo
from webapp.extension import Reread
from webapp.services import EXTENSION, Services

# Places that chance would fill make a test of what follows from what harder to read.
SETTINGS = Settings(ranking=RankingSettings(exploring_every=1000))


class LiveSite:
    """A running Reread with one local reader."""

    def __init__(self, url: str, recommender: Recommender, loaded_at: datetime, scales: Scales | None = None) -> None:
        self.url = url
        self.recommender = recommender
        self.loaded_at = loaded_at
        self.scales = scales
        # Events as pages send them, in order of arrival, refused ones too.
        self.arrived: list[dict[str, Any]] = []

    def note(self) -> None:
        """Write down what a request brings, before anyone looks at it."""
        if request.method == "POST" and request.path == "/api/v1/events":
            self.arrived += json.loads(request.get_data())["events"]

    def listed(self, **query: str) -> list[dict[str, Any]]:
        """What a program gets from the JSON endpoint."""
        asked = "&".join(f"{name}={value}" for name, value in {"limit": "50", **query}.items())
        with urlopen(f"{self.url}/api/v1/recommendations?{asked}") as answer:
            found: list[dict[str, Any]] = json.load(answer)["items"]
        return found

    def noticed(self) -> tuple[Noticed, ...]:
        return self.recommender.noticed("local")

    def events(self, *types: str) -> list[Event]:
        """Return the reader's events of these types, in order of arrival."""
        return [event for event in self.recommender.storage.iter_events(user="local") if event.type in types]

    def agree(self) -> None:
        """Say yes to being learned from."""
        self.recommender.storage.put_consent(
            Consent("local", "attention", True, self.recommender.clock(), version_of("attention"))
        )


@contextmanager
def live_site(
    folder: Path,
    items: Sequence[AnyItem] | None = None,
    analyser: Analyser | None = None,
    *,
    loaded_at: datetime | None = None,
) -> Iterator[LiveSite]:
    """Run a site in a thread of its own: on the demo, or on other items with an analyser for them.

    loaded_at: when the demo was loaded, its newest item being an hour old then; now if not given.
    """
    recommender = make_recommender(folder / "reread.db", settings=SETTINGS, analyser=analyser)
    loaded_at = loaded_at or to_millisecond(recommender.clock())
    if items is None:
        load_demo(recommender, demo_items(loaded_at))
    else:
        recommender.add_items(items)
    app = create_app(recommender, db=folder / "reread.db")
    scales = Scales(app.wsgi_app)
    app.wsgi_app = scales  # type: ignore[method-assign]  # as Flask's manual does it
    try:
        with serving(app) as url:
            site = LiveSite(url, recommender, loaded_at, scales)
            app.before_request_funcs.setdefault(None, []).insert(0, site.note)
            yield site
    finally:
        recommender.storage.close()


@contextmanager
def live_app(folder: Path) -> Iterator[tuple[str, Services]]:
    """Run an empty Reread, for sites of publishers, and lend its address and services. It fetches from this machine."""
    settings = SETTINGS.model_copy(update={"fetch_private_addresses": True, "fetch_host_pause_s": 0.0})
    recommender = make_recommender(folder / "reread.db", settings=settings)
    app = create_app(recommender, db=folder / "reread.db")
    services: Services = app.extensions[EXTENSION]
    try:
        with serving(app) as url:
            yield url, services
    finally:
        services.proposals.settle()
        services.shelf.close()
        recommender.storage.close()


@contextmanager
def live_host(folder: Path) -> Iterator[LiveSite]:
    """Run somebody's application that has Reread, on the demo, under /reader; the address is that of Reread in it."""
    recommender = make_recommender(folder / "reread.db", settings=SETTINGS)
    loaded_at = to_millisecond(recommender.clock())
    load_demo(recommender, demo_items(loaded_at))
    host = Flask("host")
    Reread(host, reader=lambda: "local", recommender=recommender)
    try:
        with serving(host) as url:
            yield LiveSite(f"{url}/reader", recommender, loaded_at)
    finally:
        recommender.storage.close()


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """Run an application in a thread of its own, and lend its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
