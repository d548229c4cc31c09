"""What a page says of an act that the server refuses, or that does not reach it: why; the button stays as it was."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from reader.types import Consent
from tests.browser.live import LiveSite, live_site

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveSite]:
    """The reader said no to having what they tell kept."""
    with live_site(tmp_path_factory.mktemp("refusals")) as running:
        storage, at = running.recommender.storage, running.recommender.clock()
        storage.put_consent(Consent("local", "feedback", False, at, "", "none"))
        yield running


def like(page: Page) -> Locator:
    """Press Like of the first card; return that button."""
    button = page.locator(".card button[value^='like']").first
    button.click()
    return button


def check_unliked(button: Locator) -> None:
    expect(button).to_have_text("Like")
    expect(button).to_have_attribute("aria-pressed", "false")


def test_a_refused_like_says_why_with_the_way_to_change_it(page: Page, site: LiveSite) -> None:
    page.goto(f"{site.url}/latest")

    check_unliked(like(page))

    expect(page.get_by_role("alert")).to_contain_text("you said no to keeping what you tell")
    page.get_by_role("alert").get_by_role("link", name="Change it under Privacy").click()
    expect(page).to_have_url(f"{site.url}/me/privacy")


def test_a_like_on_a_page_that_is_too_old_says_so(page: Page, site: LiveSite) -> None:
    page.goto(f"{site.url}/latest")
    page.context.clear_cookies()

    check_unliked(like(page))

    expect(page.get_by_role("alert")).to_have_text(
        "This page was open for too long, so nothing was kept. Load it again."
    )


def test_a_like_without_a_connection_says_so(page: Page, site: LiveSite) -> None:
    page.goto(f"{site.url}/latest")
    page.context.set_offline(True)

    check_unliked(like(page))

    expect(page.get_by_role("alert")).to_contain_text("There is no connection")


def test_a_refused_like_of_a_clip_is_taken_back_and_says_why(page: Page, site: LiveSite) -> None:
    page.goto(f"{site.url}/watch")
    page.wait_for_selector("#watch.live")

    page.keyboard.press("l")

    expect(page.get_by_role("alert")).to_contain_text("Not kept: you said no to keeping what you tell.")
    expect(page.get_by_role("alert").get_by_role("link", name="Change it under Privacy")).to_be_visible()
    expect(page.locator("button[data-control=like]")).to_have_attribute("aria-pressed", "false")
    expect(page.locator("button[data-control=like] span")).to_have_text("Like")
    assert site.events("like") == []
    page.keyboard.press("j")
    expect(page.get_by_role("alert")).to_have_count(0)
