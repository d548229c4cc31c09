"""My data in Chromium, with and without JavaScript: take it along, erase everything, bring it back."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect

from reader.privacy.signing import is_genuine
from tests.browser.live import LiveSite, live_site

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveSite]:
    with live_site(tmp_path_factory.mktemp("mine")) as running:
        yield running


@pytest.mark.parametrize("scripts", [True, False])
def test_export_erase_and_bring_back(
    new_context: Callable[..., BrowserContext], site: LiveSite, scripts: bool, tmp_path: Path
) -> None:
    """The same interests come back, the receipt is genuine, and the browser keeps nothing of before."""
    site.recommender.erase("local")
    page = new_context(java_script_enabled=scripts, accept_downloads=True).new_page()
    page.goto(site.url + "/")
    page.locator("article a").first.click()
    page.get_by_role("button", name="Like", exact=True).first.click()
    expect(page.get_by_role("button", name="Liked", exact=True)).to_be_visible()
    if scripts:
        page.evaluate("localStorage.setItem('kept', '1')")
    liked = [event.item for event in site.events("like")]
    before = site.recommender.interests("local")
    assert len(liked) == 1
    assert before

    page.goto(site.url + "/me/privacy")
    with page.expect_download() as downloading:
        page.get_by_role("link", name="Download everything").click()
    archive = tmp_path / downloading.value.suggested_filename
    downloading.value.save_as(archive)
    page.get_by_role("link", name="Erase everything").click()
    page.get_by_label("Type “erase”").fill("erase")
    page.get_by_role("button", name="Erase everything").click()

    expect(page.get_by_role("heading", name="Erased")).to_be_visible()
    receipt = json.loads(page.locator("#receipt").inner_text())
    assert is_genuine(receipt)
    assert receipt["deleted"]["events"] > 1
    assert site.events("like", "open") == []
    assert site.recommender.interests("local") == ()
    assert not scripts or page.evaluate("localStorage.length") == 0

    page.goto(site.url + "/me/import")
    page.get_by_label("The zip file").set_input_files(archive)
    page.get_by_role("button", name="Take it in").click()

    expect(page.get_by_role("status").last).to_contain_text("Records taken in")
    assert [event.item for event in site.events("like")] == liked
    after = site.recommender.interests("local")
    assert [one.target for one in after] == [one.target for one in before]
    assert [one.weight for one in after] == pytest.approx([one.weight for one in before], rel=1e-3)
    page.goto(site.url + "/me/records?kind=What you told")
    expect(page.get_by_text("You liked")).not_to_have_count(0)
    page.get_by_role("button", name=re.compile("Delete ?: You liked")).click()
    expect(page.get_by_text("1 record deleted")).to_be_visible()
    assert site.events("like") == []
