"""Installed, and without a connection: what was saved and read opens, what was read meanwhile arrives once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from reader.settings import Settings
from reader.storage.memory import MemoryStorage
from reader.types import Video
from reader.wiring import make_recommender
from tests.browser.live import LiveSite, live_site, serving
from tests.browser.shelf import wait_for_worker, wait_until_kept
from tests.builders import act
from tests.reader.accounts.conftest import CHEAP
from webapp.app import create_app
from webapp.demo import demo_items, load_demo
from webapp.services import EXTENSION

pytestmark = pytest.mark.browser

READ = "demo-en-oceans-05"
CLIP = "demo-video-oceans-02"
SAVED = "demo-en-technology-05"
# Issue and DESIGN: a list page in all.
FIRST_VISIT_BYTES = 60_000
# How far ahead a browser loads pictures is its own affair, by version and connection.
ON_SCREEN = """async () => {
    const shown = [...document.images].filter((image) => image.getBoundingClientRect().top < innerHeight);
    await Promise.all(shown.map((image) => image.decode()));
    return shown.filter((image) => image.closest(".poster")).map((image) => new URL(image.src).pathname);
}"""
PASSWORD = "salt lakes of Chile"
NOTHING = "kept.paths.length === 0 && Object.keys(kept.copies).length === 0"


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_context_args, "service_workers": "allow"}


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveSite]:
    with live_site(tmp_path_factory.mktemp("offline")) as running:
        yield running


@pytest.fixture
def site(demo: LiveSite) -> LiveSite:
    """The demo, with a reader who was never there."""
    demo.recommender.erase("local")
    return demo


def test_a_first_visit_keeps_the_budget(site: LiveSite, page: Page) -> None:
    """All of it: the page, sheets, scripts, icons, thumbnails on the screen, and what the worker puts by."""
    assert site.scales is not None
    site.scales.sent.clear()

    page.goto(site.url)
    wait_for_worker(page)
    on_screen = page.evaluate(ON_SCREEN)

    parts = site.scales.bytes_by_kind()
    parts["thumbnails"] = sum(count for path, count in site.scales.sent if path in on_screen)
    assert {"page", "scripts", "style sheets", "icons and manifest"} <= parts.keys()
    assert sum(parts.values()) <= FIRST_VISIT_BYTES, parts


def test_it_can_be_installed(site: LiveSite, page: Page) -> None:
    """Chromium reads the manifest without a complaint; only a private window, as that of a test is, forbids it."""
    page.goto(site.url)
    wait_for_worker(page)
    browser = page.context.new_cdp_session(page)

    manifest = browser.send("Page.getAppManifest")
    forbidden = browser.send("Page.getInstallabilityErrors")["installabilityErrors"]

    assert manifest["errors"] == []
    assert [each["errorId"] for each in forbidden] == ["in-incognito"]


def test_saved_and_read_articles_open_without_a_connection(site: LiveSite, page: Page, complaints: list[str]) -> None:
    page.goto(f"{site.url}/a/{SAVED}")
    wait_for_worker(page)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("button", name="Saved", exact=True)).to_be_visible()
    for item in (READ, CLIP):
        page.goto(f"{site.url}/a/{item}?list=l1&position=2")
    kept = wait_until_kept(page, f"kept.copies['/a/{CLIP}']?.readAt && kept.copies['/a/{SAVED}']?.saved")
    (image,) = kept["copies"][f"/a/{CLIP}"]["images"]

    page.context.set_offline(True)
    page.goto(f"{site.url}/latest")
    expect(page.get_by_role("heading", name="Kept in this browser")).to_be_visible()
    shown = [page.locator(f"#{part} .title a").evaluate_all("links => links.map(link => link.pathname)")
             for part in ("saved", "read")]  # fmt: skip
    assert shown == [[f"/a/{SAVED}"], [f"/a/{CLIP}", f"/a/{READ}"]]
    assert page.evaluate("(src) => Object.assign(new Image(), { src }).decode().then(() => true)", image), (
        "a picture that was seen"
    )
    page.locator("#read .title a").last.click()
    expect(page.locator("[data-paragraph]").last).to_be_attached()
    expect(page.get_by_role("button", name="Save", exact=True)).to_have_count(0)
    assert page.evaluate("() => getComputedStyle(document.querySelector('.story')).maxInlineSize") == "608px"
    assert [text for text in complaints if "ERR_INTERNET_DISCONNECTED" not in text] == []


def test_a_picture_stays_as_long_as_a_copy_needs_it(site: LiveSite, page: Page) -> None:
    """Two clips of one picture are saved, one no longer."""
    clip = site.recommender.item(CLIP)
    assert isinstance(clip, Video)
    # Of the same text, so that no model is loaded.
    site.recommender.add_items([replace(clip, id="twin", title=f"{clip.title} again")])
    page.goto(site.url)
    wait_for_worker(page)

    def change(*events: tuple[str, str]) -> None:
        at = site.recommender.clock()
        site.recommender.observe([act(kind, item, user="local", at=at) for kind, item in events])
        page.evaluate("() => document.dispatchEvent(new Event('acted'))")

    change(("save", CLIP), ("save", "twin"))
    both = wait_until_kept(page, f"kept.copies['/a/{CLIP}']?.saved && kept.copies['/a/twin']?.saved")
    (image,) = both["copies"]["/a/twin"]["images"]
    assert both["copies"][f"/a/{CLIP}"]["images"] == [image]
    assert urlsplit(image).path in both["paths"]

    change(("unsave", "twin"))
    one = wait_until_kept(page, "!kept.paths.includes('/a/twin') && !kept.copies['/a/twin']")
    assert urlsplit(image).path in one["paths"]

    change(("unsave", CLIP))
    none = wait_until_kept(page, f"!kept.paths.includes('/a/{CLIP}') && !kept.copies['/a/{CLIP}']")
    assert urlsplit(image).path not in none["paths"]


def test_what_is_read_without_a_connection_arrives_once(site: LiveSite, page: Page) -> None:
    site.agree()
    page.goto(f"{site.url}/a/{READ}")
    wait_for_worker(page)
    wait_until_kept(page, f"kept.copies['/a/{READ}']")
    page.goto(f"{site.url}/a/{READ}")  # so that the tracker, too, goes through the worker's hands
    page.goto(f"{site.url}/me/privacy")
    left_at = datetime.now(UTC)
    page.context.set_offline(True)

    page.goto(f"{site.url}/a/{READ}")
    page.mouse.move(300, 300)
    page.evaluate("() => new Promise((done) => setTimeout(done, 600))")
    page.goto(f"{site.url}/latest")
    left_ms = left_at.timestamp() * 1000
    held = wait_until_kept(
        page, f"kept.waiting.some(({{ type, at }}) => type === 'close' && Date.parse(at) > {left_ms})"
    )
    of_then = {one["id"] for one in held["waiting"] if datetime.fromisoformat(one["at"]) > left_at}
    came_back_at = datetime.now(UTC)
    assert [event for event in site.events("open", "paragraph_visit", "close") if event.at > left_at] == []
    page.context.set_offline(False)
    wait_until_kept(page, "kept.waiting.length === 0")

    arrived = [event for event in site.events("open", "paragraph_visit", "close") if event.at > left_at]
    assert {event.id for event in arrived} == of_then
    assert [event.type for event in arrived].count("open") == 1
    assert {"open", "paragraph_visit", "close"} == {event.type for event in arrived}
    assert all(event.at <= came_back_at for event in arrived)


@pytest.mark.parametrize("way", ["no", "erase"])
def test_a_no_and_an_erasure_throw_the_copies_away(site: LiveSite, page: Page, way: str) -> None:
    site.agree()
    page.goto(f"{site.url}/a/{READ}")
    wait_for_worker(page)
    wait_until_kept(page, f"kept.copies['/a/{READ}']")

    if way == "no":
        page.locator("#recording").get_by_role("button", name="Stop").click()
        expect(page.get_by_text("Nothing is tracked.")).to_be_visible()
    else:
        page.goto(f"{site.url}/me/erase")
        page.get_by_role("textbox").fill("erase")
        page.get_by_role("button", name="Erase").click()
        expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("erased", re.IGNORECASE))

    wait_until_kept(page, NOTHING)


@pytest.fixture
def household() -> Iterator[str]:
    """A Reread with accounts for Ada and Bob, and one article; its address."""
    recommender = make_recommender(settings=Settings(accounts=True, login=CHEAP), storage=MemoryStorage())
    # An item whose analysis comes along: no model is loaded.
    load_demo(recommender, [item for item in demo_items(recommender.clock()) if item.id == READ])
    app = create_app(recommender)
    for nickname in ("Ada", "Bob"):
        app.extensions[EXTENSION].accounts.create(nickname, PASSWORD, "adult")
    with serving(app) as url:
        yield url


def log_in(page: Page, nickname: str) -> None:
    page.get_by_label("Nickname").fill(nickname)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()


def test_with_accounts_copies_are_kept_on_wish_and_end_with_the_login(household: str, page: Page) -> None:
    page.goto(f"{household}/a/{READ}")
    log_in(page, "Ada")
    expect(page.locator("#article")).to_be_visible()
    assert page.evaluate("() => navigator.serviceWorker.getRegistrations().then((all) => all.length)") == 0
    page.goto(f"{household}/me/look")
    with page.expect_navigation():
        page.locator("#copies").get_by_text("On", exact=True).click()
    wait_for_worker(page)
    page.goto(f"{household}/a/{READ}")
    of_ada = wait_until_kept(page, f"kept.copies['/a/{READ}']")

    page.goto(f"{household}/me/account")
    page.get_by_role("button", name="Log out", exact=True).click()
    expect(page.get_by_role("status")).to_have_text("You are logged out.")
    wait_until_kept(page, NOTHING)
    log_in(page, "Bob")
    of_bob = wait_until_kept(page, "kept.mark && kept.mark !== 'none'")
    assert of_bob["mark"] != of_ada["mark"]
    assert of_bob["copies"] == {}
