"""Every page, light and dark, wide and on a phone: nothing sticks out, axe finds nothing serious, the console is quiet.

Where REREAD_SCREENSHOTS names a folder, each page leaves a picture of its four looks there: `make pictures`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any, Literal

import pytest
from flask import Flask
from PIL import Image
from playwright.sync_api import BrowserContext, Page

from reader.settings import Settings
from reader.storage.memory import MemoryStorage
from reader.wiring import make_recommender
from tests.browser.axe import violations
from tests.browser.hand import settled
from tests.browser.test_loop import ARTICLE
from tests.browser.town import CREATOR, SAVED, SOUND, Town, live_town
from webapp.app import create_app

FOLDER = os.environ.get("REREAD_SCREENSHOTS")
WIDE, PHONE, NARROWEST_PX = (1100, 800), (390, 800), 320
GAP_PX = 12
COLOURS = 128
Scheme = Literal["light", "dark"]
# Each look is that of a width and a scheme. axe goes over two of them, between them both of each.
LOOKS: tuple[tuple[tuple[int, int], Scheme, bool], ...] = (
    (WIDE, "light", True),
    (PHONE, "light", False),
    (WIDE, "dark", False),
    (PHONE, "dark", True),
)
# Name of the picture: who looks, and at which path. "{…}" is a path that the town knows.
PAGES = {
    "for-you": ("ann", "/"),
    "for-you-new-reader": ("max", "/"),
    "for-you-child": ("kim", "/"),
    "latest": ("ann", "/latest"),
    "article": ("ann", f"/a/{ARTICLE}"),
    "why": ("ann", "{why}"),
    "search": ("ann", "/search?q=lithium+OR+energie"),
    "topic": ("ann", "/topic/space"),
    "watch": ("ann", "/watch"),
    "creator": ("ann", f"/creator/{CREATOR}"),
    "sound": ("ann", f"/sound/{SOUND}"),
    "saved": ("ann", "/saved"),
    "history": ("ann", "/history"),
    "hidden": ("ann", "/me/hidden"),
    "mute": ("ann", "/me/mute?kind=topic&value=space"),
    "less": ("ann", f"/less/{SAVED}"),
    "interests": ("ann", "/me/interests"),
    "look": ("ann", "/me/look"),
    "privacy": ("ann", "/me/privacy"),
    "records": ("ann", "/me/records"),
    "grants": ("ann", "/me/privacy/grants"),
    "grant": ("ann", "{grant}"),
    "grant-new": ("ann", "/me/privacy/grants/new"),
    "erase": ("ann", "/me/erase"),
    "import": ("ann", "/me/import"),
    "about-privacy": ("ann", "/about/privacy"),
    "about-ranking": ("ann", "/about/ranking"),
    "feeds": ("ann", "/feeds"),
    "feed-items": ("ann", "/feeds/in?folder=Local"),
    "feeds-health": ("ann", "/feeds/health"),
    "feeds-import": ("ann", "/feeds/import"),
    "account": ("ann", "/me/account"),
    "addresses": ("ann", "/me/addresses"),
    "account-child": ("kim", "/me/account"),
    "family": ("ann", "/family"),
    "child": ("ann", "{child}"),
    "admin": ("ann", "/admin"),
    "admin-accounts": ("ann", "/admin/accounts"),
    "admin-forms": ("ann", "/admin/forms"),
    "login": ("nobody", "/login"),
    "age": ("invited", "{invited}"),
    "join": ("grown", "{grown}"),
    "guardian-asked": ("young", "{young}"),
    "waiting": ("waiting", "{waiting}"),
    "offline": ("ann", "/offline"),
    "not-found": ("ann", "/a/nothing"),
}
# Pages of the route map that have no picture, and why.
NOT_SHOWN = {
    "pages.feed": "is as that of a folder",
    "pages.all_feeds": "the same",
    "pages.list_page": "For you, further down",
    "pages.copy": "the article, as a browser keeps it",
    "pages.saved_paths": "what a browser is to keep, in JSON",
    "offline.manifest": "for the browser",
    "offline.worker": "for the browser",
    "pages.export": "a file",
    "pages.export_opml": "a file",
    "accounts.export_child": "a file",
    "accounts.export_by_link": "a file",
    "accounts.print_form": "for print",
    "accounts.form": "a file",
    "pages.captions": "a file",
    "pages.player": "the frame of another site's player",
    "accounts.guardian": "the family page by a link in a mail",
    "accounts.of_age": "once in a life: test_family.py",
}


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with live_town(tmp_path_factory.mktemp("town")) as built:
        yield built


@pytest.mark.browser
@pytest.mark.parametrize("name", PAGES)
def test_a_page_in_its_four_looks(new_context: Callable[..., BrowserContext], town: Town, name: str) -> None:
    person, path = PAGES[name]
    context = new_context(reduced_motion="reduce")
    town.enter(context, person)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    pictures: list[Image.Image] = []
    for size, scheme, is_examined in LOOKS:
        _look(page, town.url + path.format(**town.paths), size, scheme)
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0], (size, scheme)
        assert not is_examined or violations(page) == [], (size, scheme)
        if FOLDER:
            pictures.append(Image.open(BytesIO(page.screenshot())))
    page.set_viewport_size({"width": NARROWEST_PX, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROWEST_PX
    if FOLDER:
        _hang(pictures).save(Path(FOLDER, f"{name}.png"), optimize=True)
    assert [one for one in complaints if name != "not-found" or "404" not in one] == []


@pytest.mark.browser
@pytest.mark.parametrize("language", ["en", "de"])
def test_the_navigation_stands_beside_the_name(
    new_context: Callable[..., BrowserContext], town: Town, language: str
) -> None:
    """From a tablet on, also with a long nickname, and in German."""
    context = new_context(locale=language)
    town.enter(context, "ann")
    page = context.new_page()
    page.goto(f"{town.url}/me/account")
    page.locator(".top .own").evaluate("link => { link.textContent = 'Alexandrina-Viktoria' }")
    for width in (1280, 1100, 768):
        page.set_viewport_size({"width": width, "height": 800})
        lines = page.locator(".top .mark, .top nav a").evaluate_all("links => links.map(one => one.offsetTop)")
        assert set(lines) == {lines[0]}, width
    page.set_viewport_size({"width": 390, "height": 800})
    lines = page.locator(".top nav li:not(.find, :has(.own)) a").evaluate_all(
        "links => links.map(one => one.offsetTop)"
    )
    assert len(lines) == 6
    assert set(lines) == {lines[0]}
    above = page.locator(".top .mark, .top .find, .top li:has(.own)").evaluate_all(
        "all => all.map(one => one.offsetTop)"
    )
    assert max(above) < lines[0]


def _look(page: Page, url: str, size: tuple[int, int], scheme: Scheme) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.emulate_media(color_scheme=scheme)
    page.goto(url)
    settled(page)


def _hang(pictures: list[Image.Image]) -> Image.Image:
    """Return one picture with all in a row, of few colours, so that the repository stays small."""
    width = sum(each.width for each in pictures) + GAP_PX * (len(pictures) - 1)
    wall = Image.new("RGB", (width, max(each.height for each in pictures)), "#808080")
    left = 0
    for each in pictures:
        wall.paste(each, (left, 0))
        left += each.width + GAP_PX
    return wall.quantize(COLOURS)


def _paths(app: Flask) -> Iterator[tuple[str, str]]:
    """Yield the endpoints of all pages, with their paths."""
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and rule.endpoint.split(".")[0] in (
            "pages",
            "accounts",
            "operating",
            "offline",
        ):
            yield rule.endpoint, str(rule)


def test_no_page_is_left_out() -> None:
    """A new page needs a line above."""
    app = create_app(make_recommender(settings=Settings(accounts=True), storage=MemoryStorage()))
    adapter = app.url_map.bind("localhost")
    known: dict[str, Any] = {
        "why": "/why/l/i",
        "child": "/family/kim",
        "grant": "/me/privacy/grants/g",
        "waiting": "/waiting/token",
    }
    known |= dict.fromkeys(("invited", "grown", "young"), "/join/secret")
    shown = {adapter.match(path.format(**known).split("?")[0])[0] for _, path in PAGES.values()}

    assert {endpoint for endpoint, _ in _paths(app)} == shown | NOT_SHOWN.keys()
