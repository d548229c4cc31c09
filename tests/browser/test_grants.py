"""A data grant in Chromium: made by a form, taken by its address, revoked."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.axe import violations
from tests.browser.live import LiveSite, live_site

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveSite]:
    with live_site(tmp_path_factory.mktemp("grants")) as running:
        yield running


def is_sound(page: Page) -> None:
    """At 320 pixels nothing stands out, and axe finds nothing serious."""
    page.set_viewport_size({"width": 320, "height": 700})
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_grant_is_made_taken_and_revoked(
    new_context: Callable[..., BrowserContext], site: LiveSite, scheme: str, tmp_path: Path
) -> None:
    """The recipient, in a browser of their own, gets what was granted and then nothing; the ledger has it all."""
    page = new_context(color_scheme=scheme, reduced_motion="reduce").new_page()
    page.goto(site.url + "/")
    page.get_by_role("button", name="Like").first.click()
    expect(page.get_by_role("button", name="Liked").first).to_be_visible()
    page.goto(site.url + "/me/privacy")
    page.get_by_role("link", name="Data grants").click()
    page.get_by_role("link", name="Grant something").click()
    page.get_by_label("What you told of items").check()
    page.get_by_label("To whom").fill("A university")
    page.get_by_label("How you reach them").fill("study@example.org")
    page.get_by_label("For what").fill("A study of reading")
    page.get_by_label("Last day").fill(f"{site.recommender.clock() + timedelta(days=30):%Y-%m-%d}")
    is_sound(page)
    page.get_by_role("button", name="Sign and grant").click()
    address = page.locator("section .secret").inner_text()
    is_sound(page)
    here = f"{site.url}{page.locator('form[action$=revoke]').get_attribute('action').removesuffix('/revoke')}"  # type: ignore[union-attr]  # it has one

    recipient = new_context(color_scheme=scheme, accept_downloads=True).new_page()
    recipient.goto(address)
    is_sound(recipient)
    with recipient.expect_download() as downloading:
        recipient.get_by_role("link", name="Download the data").click()
    with zipfile.ZipFile(downloading.value.path()) as archive:
        liked = [json.loads(line) for line in archive.read("feedback.jsonl").splitlines()]
    assert {event["type"] for event in liked} == {"like"}
    assert [event["item"] for event in liked] == [event.item for event in site.events("like")]

    page.goto(here)
    expect(page.get_by_text("Went out, taken by the recipient")).to_be_visible()
    page.get_by_role("button", name="Revoke now").click()
    expect(page.get_by_text("This grant has ended")).to_be_visible()
    answer = recipient.goto(address)
    assert answer is not None
    assert answer.status == 410
    expect(recipient.get_by_role("heading", name="This grant is not in force")).to_be_visible()
    assert "university" not in recipient.content()
