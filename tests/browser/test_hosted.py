"""Reread under a prefix of somebody's application, in a real browser: links, scripts, events and forms work there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Response, expect

from tests.browser.hand import settled
from tests.browser.live import LiveSite, live_host
from tests.browser.test_loop import ARTICLE

pytestmark = pytest.mark.browser


@pytest.fixture
def site(tmp_path: Path) -> Iterator[LiveSite]:
    with live_host(tmp_path) as running:
        yield running


@pytest.fixture
def answers(page: Page) -> list[Response]:
    """Everything that the browser got."""
    found: list[Response] = []
    page.on("response", lambda response: found.append(response))  # Playwright takes no builtin
    return found


def test_a_reader_reads_there(site: LiveSite, page: Page, answers: list[Response], complaints: list[str]) -> None:
    page.goto(f"{site.url}/")
    page.get_by_role("button", name="Yes").first.click()
    expect(page).to_have_url(f"{site.url}/")
    card = page.locator("#feed article", has_not=page.locator("video")).first
    card.get_by_role("link").first.click()
    page.wait_for_selector("#article")
    page.mouse.wheel(0, 800)
    with page.expect_response("**/reader/api/v1/events*") as sent:
        page.get_by_role("link", name="Latest", exact=True).click()
    assert sent.value.status == 202
    for name, path in (("Watch", "watch"), ("Interests", "me/interests"), ("Privacy", "me/privacy")):
        page.get_by_role("link", name=name, exact=True).first.click()
        expect(page).to_have_url(re.compile(f"^{re.escape(site.url)}/{path}"))
        settled(page)

    wrong = [(one.status, one.url) for one in answers if one.status >= 400 or not one.url.startswith(site.url)]
    assert wrong == []
    assert complaints == []
    assert {"open", "impression"} <= {event.type for event in site.events("open", "impression")}


def test_a_form_leads_back_there(site: LiveSite, page: Page) -> None:
    page.goto(f"{site.url}/a/{ARTICLE}")

    page.get_by_role("button", name="Like", exact=True).click()

    expect(page).to_have_url(f"{site.url}/a/{ARTICLE}")
    expect(page.get_by_role("button", name="Liked", exact=True)).to_be_visible()


def test_a_clip_plays_there(site: LiveSite, page: Page) -> None:
    page.goto(f"{site.url}/watch")
    video = page.locator("video").first
    video.evaluate("video => video.play()")

    page.wait_for_function("() => document.querySelector('video').currentTime > 0")
    assert "/reader/media/demo/" in (video.get_attribute("src") or "")
