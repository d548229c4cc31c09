"""How much a first visit weighs, with the demo, as it goes over the wire."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from reader.wiring import make_recommender
from tests.browser.live import SETTINGS, serving
from tests.browser.weighing import Scales
from webapp.app import create_app
from webapp.demo import demo_items, load_demo

pytestmark = pytest.mark.browser

# Issue and DESIGN: a list page in all.
BUDGET = 60_000
PICTURES_SHOWN = """() => Promise.all([...document.images]
    .filter(image => image.getBoundingClientRect().top < innerHeight).map(image => image.decode()))"""


@pytest.fixture
def weighed(tmp_path: Path) -> Iterator[tuple[str, Scales]]:
    recommender = make_recommender(tmp_path / "reread.db", settings=SETTINGS)
    load_demo(recommender, demo_items(recommender.clock()))
    app = create_app(recommender)
    scales = Scales(app.wsgi_app)
    app.wsgi_app = scales  # type: ignore[method-assign]  # as Flask's manual does it
    with serving(app) as url:
        yield url, scales
    recommender.storage.close()


def test_a_first_visit_keeps_the_budget(weighed: tuple[str, Scales], page: Page) -> None:
    """All of it: the page, sheets, scripts, icons, and the thumbnails that are on the screen."""
    url, scales = weighed

    page.goto(url)
    page.evaluate(PICTURES_SHOWN)

    parts = scales.bytes_by_kind()
    assert {"page", "scripts", "style sheets", "icons and manifest"} <= parts.keys()
    assert sum(parts.values()) <= BUDGET, parts
