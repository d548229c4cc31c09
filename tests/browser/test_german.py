"""In German, whose words are long: nothing runs out of a phone of 320 px, and axe finds nothing serious."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.axe import violations
from tests.browser.live import LiveSite, live_site

pytestmark = pytest.mark.browser

PAGES = (
    "/",
    "/watch",
    "/feeds",
    "/me/interests",
    "/me/privacy",
    "/me/records",
    "/me/look",
    "/about/ranking",
    "/me/mute",
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveSite]:
    with live_site(tmp_path_factory.mktemp("german")) as running:
        yield running


def test_pages_fit_a_phone_and_a_screen_reader(new_context: Callable[..., BrowserContext], site: LiveSite) -> None:
    page = new_context(locale="de-DE", reduced_motion="reduce").new_page()
    page.set_viewport_size({"width": 320, "height": 640})
    for path in PAGES:
        page.goto(site.url + path)

        expect(page.locator("html")).to_have_attribute("lang", "de")
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path
        assert violations(page) == [], path


def test_a_script_speaks_the_language_of_its_page(new_context: Callable[..., BrowserContext], site: LiveSite) -> None:
    """A like by key is told in German, with its way back."""
    page = new_context(locale="de-DE").new_page()
    page.goto(site.url + "/latest")

    page.keyboard.press("j")
    page.keyboard.press("l")

    toast = page.locator(".toast")
    expect(toast).to_contain_text("Gefällt dir: Davon kommt mehr.")
    expect(toast.get_by_role("button", name="Rückgängig")).to_be_visible()
