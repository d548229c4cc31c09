"""Why this and How it ranks in real Chromium: fit for a phone, for keys, for screen readers, and without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # it has no annotations
from playwright.sync_api import Browser, BrowserContext, Page, expect

from reader.types import Event
from tests.browser.live import LiveSite, live_site
from tests.browser.test_loop import ARTICLE
from tests.builders import ReadingStory, act

pytestmark = pytest.mark.browser


@pytest.fixture
def site(tmp_path: Path) -> Iterator[LiveSite]:
    """The demo, with a local reader who went back to a paragraph on lithium and likes music."""
    with live_site(tmp_path) as running:
        running.recommender.observe(deeds(running))
        yield running


def deeds(site: LiveSite) -> list[Event]:
    at = site.loaded_at - timedelta(minutes=20)
    story = ReadingStory(ARTICLE, user="local", at=at).read(*range(8), seconds=15).go_back(3, seconds=20)
    return [*story, act("like", "demo-en-music-01", user="local", at=at)]


@pytest.fixture
def phone_without_script(browser: Browser) -> Iterator[Page]:
    context: BrowserContext = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 800})
    yield context.new_page()
    context.close()


def open_page(page: Page, site: LiveSite, path: str) -> None:
    """Open a page, for `why` that of the first place, and all that can be opened on it."""
    page.goto(site.url if path == "why" else site.url + path)
    if path == "why":
        page.get_by_role("link", name="Why this?").first.click()
        page.wait_for_load_state()  # a click waits for the page, not for its style
    page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["why", "/about/ranking", "/me/interests"])
def test_no_rule_of_accessibility_is_broken(page: Page, site: LiveSite, scheme: str, path: str) -> None:
    """Contrast is among the rules."""
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # of the two
    open_page(page, site, path)

    found = Axe().run(page)

    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("width", [320, 390, 1280])
@pytest.mark.parametrize("path", ["why", "/about/ranking"])
def test_no_page_is_wider_than_the_screen(page: Page, site: LiveSite, path: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    open_page(page, site, path)

    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_one_click_keeps_the_promise_on_the_next_list(phone_without_script: Page, site: LiveSite) -> None:
    """Read the sentence, press the button, look at the list; then take it back."""
    page = phone_without_script
    page.goto(site.url)
    addresses = [link.get_attribute("href") for link in page.get_by_role("link", name="Why this?").all()]
    sentences = page.locator(".without").filter(has_text=re.compile(r"this would be number \d+"))
    for address in addresses:
        page.goto(f"{site.url}{address}")
        if sentences.count():
            break
    found = re.search(r"this would be number (\d+)", sentences.first.inner_text())
    assert found
    title = page.locator("h1").inner_text()

    sentences.first.get_by_role("button").click()

    expect(page.get_by_role("status")).to_contain_text("earns nothing from the next list on")
    assert next(place["position"] for place in site.listed() if place["title"] == title) == int(found[1])
    page.get_by_role("link", name="Interests", exact=True).first.click()
    page.get_by_role("button", name="As it was learned").first.click()
    expect(page.get_by_role("status")).to_contain_text("Counts again")


def test_the_single_factors_open_by_key(page: Page, site: LiveSite) -> None:
    page.goto(site.url)
    page.get_by_role("link", name="Why this?").first.click()
    weights = page.get_by_role("columnheader", name="Weight")
    expect(weights).to_be_hidden()

    page.locator("summary").first.focus()
    page.keyboard.press("Enter")

    expect(weights).to_be_visible()
