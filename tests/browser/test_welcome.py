"""A new reader's first minutes in a real browser, with and without JavaScript: topics, surprise, other sources."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.live import LiveSite, live_site
from tests.reader.recommend.test_stories import reports

pytestmark = pytest.mark.browser


@pytest.fixture
def live(tmp_path: Path) -> Iterator[LiveSite]:
    with live_site(tmp_path / "site") as running:
        yield running


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without"])
def reader(browser: Browser, live: LiveSite, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A reader's page, at first on For you."""
    context = browser.new_context(
        service_workers="block", java_script_enabled=request.param, viewport={"width": 390, "height": 800}
    )
    page = context.new_page()
    page.goto(live.url)
    yield page
    context.close()


def test_chosen_topics_lead_the_list_and_can_be_taken_back(reader: Page, live: LiveSite) -> None:
    assert reader.locator("#feed [data-item]").count() == 20
    reader.get_by_text("music", exact=True).click()
    reader.get_by_label("sport", exact=True).press("Space")

    reader.get_by_role("button", name="Show me these").click()

    expect(reader.get_by_role("status")).to_contain_text("Followed")
    for card in reader.locator("#feed [data-item]").all()[:5]:
        item = live.recommender.item(card.get_attribute("data-item") or "")
        assert {"music", "sport"} & set(item.topics)

    reader.get_by_label("sport", exact=True).uncheck()
    reader.get_by_role("button", name="Take these back").click()

    followed = {interest.target.value for interest in live.recommender.interests("local") if interest.followed}
    assert followed == {"sport"}


def test_the_question_can_be_left_and_put_off(reader: Page, live: LiveSite) -> None:
    """It never stands in the way: the list is there, and nothing happens to it."""
    before = [card.get_attribute("data-item") for card in reader.locator("#feed [data-item]").all()]
    reader.get_by_role("button", name="Not now").click()

    expect(reader.get_by_role("heading", name="What do you like?")).to_have_count(0)
    assert len(before) == reader.locator("#feed [data-item]").count() == 20
    assert not live.recommender.interests("local")


def test_the_question_goes_once_something_was_opened(reader: Page, live: LiveSite) -> None:
    reader.locator("#feed .title a").first.click()
    reader.goto(live.url)

    expect(reader.get_by_role("heading", name="What do you like?")).to_have_count(0)


def test_surprise_is_set_by_keyboard(reader: Page, live: LiveSite) -> None:
    reader.get_by_text("More familiar, more surprising").click()
    reader.get_by_label("From familiar to surprising").press("End")
    reader.get_by_role("button", name="Set").click()

    assert live.recommender.surprise("local") == 1.0
    reader.get_by_text("More familiar, more surprising").click()
    expect(reader.get_by_label("From familiar to surprising")).to_have_value("1")
    reader.goto(f"{live.url}/about/ranking")
    expect(reader.get_by_text("You are at 100 of 100")).to_be_visible()


def test_the_other_sources_of_a_story_open_from_its_card(reader: Page, live: LiveSite) -> None:
    told = [item for item, story in reports() if story == "otter"]
    at = live.recommender.clock() - timedelta(minutes=1)
    live.recommender.add_items([replace(item, published_at=at) for item in told])
    reader.goto(live.url)
    card = reader.locator('#feed [data-item^="otter"]')
    expect(card).to_have_count(1)
    shown = card.get_attribute("data-item")
    (other,) = [item for item in told if item.id != shown]

    card.get_by_text("1 more source").click()
    card.get_by_role("link", name=other.title).click()

    expect(reader.get_by_role("heading", level=1)).to_have_text(other.title)


def test_nothing_is_wider_than_a_small_screen(reader: Page) -> None:
    reader.get_by_text("More familiar, more surprising").click()
    reader.set_viewport_size({"width": 320, "height": 700})

    # JavaScript of the test runs in either case; that of the page does not.
    width = reader.locator("body").evaluate("body => body.scrollWidth")

    assert width <= 320
