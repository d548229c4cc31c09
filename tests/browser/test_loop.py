"""The whole product in a real browser: read, go back to a paragraph, see the next list change and say why, forget it.

The real app on the demo catalogue, real wheel events. The page's clock is turned by the test, from some minutes ago on.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from reader.records import event_record, format_time
from tests.browser.hand import Hand, until
from tests.browser.live import LiveSite, live_site

pytestmark = pytest.mark.browser

# "Inside the Lithium Battery": its fourth of eight paragraphs is about brine, salt flats and the old salt trade.
ARTICLE, PARAGRAPH, LAST = "demo-en-energy-01", 3, 7
ON_SALT = "demo-en-food-02"
READING_STARTS_BEFORE = timedelta(minutes=10)


@pytest.fixture
def new_site(tmp_path: Path) -> Iterator[Callable[[], LiveSite]]:
    with ExitStack() as running:
        yield lambda: running.enter_context(live_site(tmp_path / str(len(list(tmp_path.iterdir())))))


@pytest.fixture
def new_hand(new_context: Callable[[], BrowserContext]) -> Callable[[LiveSite], Hand]:
    """Make a reader in a browser of their own who has said yes to being learned from."""

    def at(site: LiveSite) -> Hand:
        page = new_context().new_page()
        page.clock.install(time=datetime.now(UTC) - READING_STARTS_BEFORE)
        page.goto(site.url)
        page.get_by_role("button", name="Yes").first.click()
        page.clock.pause_at(datetime.now(UTC) - READING_STARTS_BEFORE + timedelta(minutes=1))
        return Hand(page, site)  # type: ignore[arg-type]  # of a site, a hand needs the address only

    return at


def read_to_the_end(hand: Hand) -> None:
    hand.open(ARTICLE)
    hand.rest(6000)
    hand.read_to(LAST)
    hand.rest(3000)


def leave(hand: Hand, site: LiveSite) -> None:
    """Go back to the list; the last facts are sent on the way and have arrived when the view is closed."""
    closes = sum(event.type == "close" for event in site.recommender.storage.iter_events())
    hand.page.goto(f"{site.url}/latest")
    hand.page.clock.resume()
    until(hand.page, lambda: sum(e.type == "close" for e in site.recommender.storage.iter_events()) > closes)


def position(listed: list[dict[str, Any]], item: str) -> int:
    """Where an item stands; behind all others if it is not listed."""
    return next((int(place["position"]) for place in listed if place["id"] == item), len(listed) + 1)


def screenshot(
    page: Page, name: str, *, size: tuple[int, int] | None = None, scheme: Literal["light", "dark"] = "light"
) -> None:
    """Keep a picture for the documentation where REREAD_SCREENSHOTS names a folder."""
    folder = os.environ.get("REREAD_SCREENSHOTS")
    if folder:
        page.emulate_media(color_scheme=scheme)
        if size:
            page.set_viewport_size({"width": size[0], "height": size[1]})
        page.screenshot(path=Path(folder) / f"{name}.png")


def record(site: LiveSite, name: str) -> None:
    """Keep the log of a session where REREAD_RECORDINGS names a folder: for `tests/reader/replay/test_recorded.py`."""
    folder = os.environ.get("REREAD_RECORDINGS")
    if folder:
        events = [json.dumps(event_record(event)) + "\n" for event in site.recommender.storage.iter_events()]
        Path(folder, f"{name}.jsonl").write_text("".join(events), encoding="utf-8")
        Path(folder, f"{name}.json").write_text(json.dumps({"loaded_at": format_time(site.loaded_at)}) + "\n")


def test_going_back_changes_the_next_list_says_why_and_can_be_forgotten(
    new_site: Callable[[], LiveSite], new_hand: Callable[[LiveSite], Hand]
) -> None:
    control = new_site()
    hand = new_hand(control)
    read_to_the_end(hand)
    leave(hand, control)
    read_on = control.listed()
    assert control.noticed() == ()
    record(control, "read-on")

    site = new_site()
    hand = new_hand(site)
    read_to_the_end(hand)
    hand.to(PARAGRAPH)
    hand.wheel(-100)
    hand.rest(6_000)
    leave(hand, site)
    went_back = site.listed()
    record(site, "went-back")

    (noticed,) = site.noticed()
    assert (noticed.item, noticed.paragraph) == (ARTICLE, PARAGRAPH)
    assert position(went_back, ON_SALT) < position(read_on, ON_SALT)
    reasons = next(place["reasons"] for place in went_back if place["id"] == ON_SALT)
    assert reasons[0]["code"] == "reread"
    assert reasons[0]["label"].startswith("You went back to paragraph 4 of “Inside the Lithium Battery")

    page = hand.page
    page.goto(site.url)
    notice = page.get_by_label("Noticed")
    expect(notice).to_contain_text("You went back to")
    expect(page.get_by_text("You went back to paragraph 4 of").first).to_be_visible()
    screenshot(page, "for-you")
    notice.get_by_role("button", name="Forget").click()

    expect(page.get_by_label("Noticed")).to_have_count(0)
    forgotten = site.listed()
    assert position(forgotten, ON_SALT) > position(went_back, ON_SALT)
    assert "reread" not in {reason["code"] for place in forgotten for reason in place["reasons"]}


def anchor_jump(hand: Hand) -> None:
    hand.page.evaluate("location.hash = '#p2'")
    hand.rest(5000)


def home_key(hand: Hand) -> None:
    hand.press("Home")
    hand.rest(5000)


def resize(hand: Hand) -> None:
    hand.page.set_viewport_size({"width": 1400, "height": 1400})
    hand.rest(5000)


@pytest.mark.parametrize("move", [anchor_jump, home_key, resize])
def test_what_causes_no_scroll_back(
    move: Callable[[Hand], None], new_site: Callable[[], LiveSite], new_hand: Callable[[LiveSite], Hand]
) -> None:
    site = new_site()
    hand = new_hand(site)
    read_to_the_end(hand)

    move(hand)
    leave(hand, site)

    visits = [event for event in site.recommender.storage.iter_events() if event.type == "paragraph_visit"]
    assert len(visits) > LAST
    assert site.noticed() == ()


def test_without_consent_nothing_of_the_reading_is_sent(new_site: Callable[[], LiveSite], page: Page) -> None:
    site = new_site()
    page.goto(site.url)
    page.get_by_role("button", name="No").first.click()

    page.goto(f"{site.url}/a/{ARTICLE}")
    page.mouse.wheel(0, 3000)
    page.goto(site.url)

    types = {event.type for event in site.recommender.storage.iter_events()}
    assert types == {"impression", "open"}
    assert len(site.listed()) > 10
