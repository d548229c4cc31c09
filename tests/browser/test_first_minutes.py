"""A newcomer's first five minutes in one go, with the JavaScript and the clock of a real browser.

Topics, a list with reasons, the question in the list, an article, going back in it, what was noticed, a list that has
changed, the interests that came of it, and a feed of one's own. The command line's part of them is in
`tests/webapp/test_cli.py` (`reread demo`, `reread replay` with its page).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser import live
from tests.browser.hand import Hand
from tests.browser.live import LiveSite, live_site
from tests.browser.test_feeds_pages import web  # noqa: F401  # a fixture
from tests.browser.test_loop import LAST, ON_SALT, PARAGRAPH, READING_STARTS_BEFORE, leave, position
from tests.reader.ingest.conftest import Site

pytestmark = pytest.mark.browser

TITLE = "Inside the Lithium Battery"


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LiveSite]:
    """The demo, on a machine whose feeds may be fetched from this one."""
    monkeypatch.setattr(live, "SETTINGS", live.SETTINGS.model_copy(update={"fetch_private_addresses": True}))
    with live_site(tmp_path) as running:
        yield running


def titles(page: Page) -> list[str]:
    return page.locator("#feed .title").all_inner_texts()


def test_the_first_five_minutes(
    new_context: Callable[..., BrowserContext],
    site: LiveSite,
    web: Site,  # noqa: F811  # the fixture
) -> None:
    page = new_context().new_page()
    page.clock.install(time=datetime.now(UTC) - READING_STARTS_BEFORE)
    page.goto(site.url)

    # Topics to begin with, and a way past them.
    expect(page.get_by_role("button", name="Not now")).to_be_visible()
    page.get_by_label("energy", exact=True).check()
    page.get_by_role("button", name="Show me these").click()
    expect(page.get_by_role("status")).to_contain_text("Followed")

    # Each card says why it is there, in one line.
    cards = page.locator("#feed [data-item]")
    assert page.locator("#feed").get_by_role("link", name="Why this?").count() == cards.count() == 20
    assert "energy" in (page.locator("#feed [data-item]").first.inner_text()).lower()

    # The question stands in the list and covers nothing; all answers are of one size.
    answers = page.locator("section:has(#ask) .answers button")
    assert page.locator("dialog, [aria-modal]").count() == 0
    assert len({(box["width"], box["height"]) for each in answers.all() if (box := each.bounding_box())}) == 1
    answers.get_by_text("Yes").click()
    expect(page.locator("#ask")).to_have_count(0)

    # An article, read to its end, and back to one of its paragraphs.
    page.clock.pause_at(datetime.now(UTC) - READING_STARTS_BEFORE + timedelta(minutes=1))
    hand = Hand(page, site)  # type: ignore[arg-type]  # of a site, a hand needs the address only
    before = site.listed()
    page.get_by_role("link", name=TITLE).first.click()
    page.wait_for_selector("#article")
    page.mouse.move(300, 300)
    for name in ("Like", "Save"):
        expect(page.get_by_role("button", name=name, exact=True)).to_be_visible()
    hand.rest(6000)
    hand.read_to(LAST)
    assert page.locator("#progress rect").evaluate("bar => bar.getBBox().width") > 500
    hand.rest(3000)
    hand.to(PARAGRAPH)
    hand.wheel(-100)
    hand.rest(6000)
    leave(hand, site)

    # The next list tells what was noticed, and has changed.
    page.goto(site.url)
    expect(page.get_by_label("Noticed")).to_contain_text("You went back to")
    assert position(site.listed(), ON_SALT) < position(before, ON_SALT)
    assert not any(TITLE in title for title in titles(page))
    page.get_by_label("Noticed").get_by_role("button", name="Keep").click()
    expect(page.get_by_label("Noticed")).to_have_count(0)

    # What came of it can be looked at, weighed and taken back.
    page.get_by_role("link", name="Interests", exact=True).click()
    expect(page.get_by_role("heading", name="Your interests")).to_be_visible()
    assert page.locator("svg").count() > 1
    expect(page.get_by_text(TITLE).first).to_be_visible()

    # A feed of one's own, by the address of its site, with a look at it first.
    page.get_by_role("link", name="Feeds", exact=True).click()
    page.get_by_label("Address of a site").fill(web.url.removeprefix("http://"))
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_role("heading", name="Which feed?")).to_be_visible()
    page.get_by_role("checkbox", name="News").check()
    page.get_by_role("button", name="Follow").click()
    expect(page.get_by_role("status")).to_contain_text("You follow News now.")

    # And all of it can be had in the order of time, by two keys.
    page.keyboard.press("g")
    page.keyboard.press("l")
    expect(page.get_by_role("heading", name="Latest")).to_be_visible()
