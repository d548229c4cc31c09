"""Chromium for all tests of this folder. Without one they are skipped on a laptop and fail where CI=true."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from reader.ingest.items import parse_item
from reader.types import AnyItem, Article
from tests.browser.hand import Hand
from tests.browser.live import LiveSite, live_site
from tests.browser.site import DEMO, WAIT_S, Site, serve
from tests.browser.viewer import Viewer

# What is expected has as long as all else that is waited for: five seconds, the default, measure the machine.
expect.set_options(timeout=WAIT_S * 1000)

# No call home: the tests have loopback only.
CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
# What Playwright says itself where it keeps service workers out.
WORKER_BLOCKED = "Service Worker registration blocked by Playwright"
LONG_PARAGRAPH = " ".join(["A paragraph that is much taller than the screen goes on and on."] * 60)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    path = shutil.which("chromium")
    if path is None and os.environ.get("CI") == "true":
        pytest.fail("no chromium on PATH, and CI=true asks for the browser tests")
    if path is None:
        pytest.skip("no chromium on PATH")
    # Scrollbars are to be seen, since one is dragged.
    return {"executable_path": path, "args": list(CHROMIUM_FLAGS), "ignore_default_args": ["--hide-scrollbars"]}


@pytest.fixture(scope="session")
def browser_context_args() -> dict[str, Any]:
    # A service worker would answer for what tests route, fail or wait for; `test_offline.py` lets it in.
    return {"viewport": {"width": 1000, "height": 720}, "service_workers": "block"}


def demo_item(file: str, name: str) -> AnyItem:
    """Return the first item of a file of the demo catalogue, under a short name."""
    with (DEMO / "items" / file).open(encoding="utf-8") as lines:
        record = json.loads(next(lines))
    own = {
        field: f"/media/{Path(record[field]).name}"
        for field in ("media_url", "poster_url", "captions_url")
        if field in record
    }
    return parse_item({**record, **own, "id": name})


@pytest.fixture
def site() -> Iterator[Site]:
    tall = Article(id="tall", title="Tall", paragraphs=("A short beginning.", LONG_PARAGRAPH, "A short end."))
    with serve([demo_item("animals.jsonl", "bees"), tall, demo_item("videos.jsonl", "clip")]) as running:
        yield running


@pytest.fixture
def complaints(page: Page) -> list[str]:
    """What the page's console complained about: errors of scripts, breaches of the CSP."""
    found: list[str] = []

    def note(kind: str, text: str) -> None:
        if kind in ("error", "warning") and text != WORKER_BLOCKED:
            found.append(text)

    page.on("console", lambda message: note(message.type, message.text))
    page.on("pageerror", lambda error: found.append(str(error)))
    return found


@pytest.fixture
def hand(page: Page, site: Site, complaints: list[str]) -> Iterator[Hand]:
    """A reader whose page has a clock that only `rest` turns. Fails if the page complains."""
    hand = Hand(page, site)
    hand.stop_clock()
    yield hand
    assert complaints == []


@pytest.fixture(scope="module")
def clips_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveSite]:
    """One site for all tests of a file: what is watched there changes the order of later feeds, and nothing else."""
    with live_site(tmp_path_factory.mktemp("feed")) as running:
        yield running


@pytest.fixture
def fresh_site(clips_site: LiveSite) -> LiveSite:
    """The site as it is for a reader of whom nothing is known; files that need more of them known override it."""
    clips_site.recommender.erase("local")
    return clips_site


@pytest.fixture
def viewer(page: Page, fresh_site: LiveSite, complaints: list[str]) -> Iterator[Viewer]:
    """A reader at the first clip of a feed. Fails if the page complains."""
    viewer = Viewer(page, fresh_site)
    viewer.go()
    yield viewer
    assert complaints == []
