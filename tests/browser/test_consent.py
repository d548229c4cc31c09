"""Consent in a real browser: yes, no, taking it back in the middle of an article, the browser's own signal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.hand import until
from tests.browser.live import LiveSite, live_site

pytestmark = pytest.mark.browser

ARTICLE = "demo-en-energy-01"
ATTENTION = ("paragraph_visit", "viewable", "watch", "close")
# Scripts that report nothing: what is kept in the browser, keys, the look of the text, the place in it.
SILENT = {"keep.js", "keys.js", "look.js", "reading.js", "toast.js"}
# Counts what the page has asked for and not been answered.
UNDERWAY = """(() => {
    const ask = fetch;
    window.underway = 0;
    window.fetch = (...asked) => (underway++, ask(...asked).finally(() => underway--));
})()"""
SIGNAL_IN_SCRIPTS = "Object.defineProperty(navigator, 'globalPrivacyControl', {value: true})"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[LiveSite]:
    with ExitStack() as running:
        yield running.enter_context(live_site(tmp_path))


@pytest.fixture
def sent(site: LiveSite) -> list[dict[str, Any]]:
    """All events that the page sends, as they arrive: the site sees what a browser's tools at times do not tell."""
    return site.arrived


def read_on(page: Page) -> None:
    """Scroll through an article by the wheel, and rest."""
    for _ in range(4):
        page.mouse.move(300, 300)
        page.mouse.wheel(0, 250)
        page.clock.run_for(2_000)


def open_article(page: Page, site: LiveSite) -> None:
    """Open it under a clock that only the test turns: nothing is sent that it did not wait for."""
    began = datetime.now(UTC) - timedelta(minutes=5)
    page.clock.install(time=began)
    page.goto(f"{site.url}/a/{ARTICLE}")
    page.bring_to_front()
    # It can only be stopped at a moment to come, however slow the machine is.
    page.clock.pause_at(began + timedelta(minutes=3))
    page.clock.run_for(500)


def attention(site: LiveSite) -> int:
    return len(site.events(*ATTENTION))


def wait_for(page: Page, holds: Callable[[], bool]) -> None:
    def look() -> bool:
        # A turn of the page's own, whatever its clock says.
        page.evaluate("() => fetch('/healthz').then(() => true)")
        if holds():
            return True
        # What was sent and did not arrive is sent again, when the page's clock says so.
        page.clock.run_for(1_000)
        return False

    until(page, look)


def test_all_answers_have_the_same_weight(site: LiveSite, page: Page) -> None:
    """The same size, colour and place in one row, none chosen ahead; on a phone, too."""
    for width in (1000, 320):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(site.url)
        buttons = page.locator("section:has(#ask) .answers button").all()
        boxes = [button.bounding_box() for button in buttons]
        looks = [
            button.evaluate(
                "b => ['color', 'backgroundColor', 'fontSize', 'fontWeight'].map(n => getComputedStyle(b)[n])"
            )
            for button in buttons
        ]

        assert [button.inner_text() for button in buttons] == ["Yes", "Only now", "No"]
        assert len({(round(box["width"]), round(box["height"])) for box in boxes if box}) == 1
        assert looks[0] == looks[1] == looks[2]
        assert all(button.get_attribute("aria-pressed") is None for button in buttons)


def test_the_way_out_stands_beside_its_sentence_on_the_narrowest_screen(site: LiveSite, page: Page) -> None:
    """Below each other the two were too tall for the round edge, which ran through the sentence."""
    page.set_viewport_size({"width": 320, "height": 700})
    page.goto(site.url)
    page.get_by_role("button", name="Only now", exact=True).first.click()
    expect(page.get_by_role("status")).to_contain_text("not written down")

    page.goto(f"{site.url}/a/{ARTICLE}")
    said, stop = (page.locator(f"#recording > {part}").bounding_box() for part in ("span", "button"))

    assert said is not None
    assert stop is not None
    assert said["x"] + said["width"] <= stop["x"]
    assert stop["x"] + stop["width"] <= 320


def test_after_a_yes_reading_is_recorded(site: LiveSite, page: Page, sent: list[dict[str, Any]]) -> None:
    page.goto(site.url)
    page.get_by_role("button", name="Yes", exact=True).first.click()
    expect(page.get_by_role("status")).to_contain_text("Thank you")

    open_article(page, site)
    read_on(page)
    page.clock.run_for(6_000)

    wait_for(page, lambda: attention(site) > 0)
    assert page.locator("script[src*='attention.js']").count() == 1


@pytest.mark.parametrize("answer", ["No", None])
def test_without_a_yes_no_script_runs_that_reports(
    site: LiveSite, page: Page, sent: list[dict[str, Any]], answer: str | None
) -> None:
    page.goto(site.url)
    if answer:
        page.get_by_role("button", name=answer, exact=True).first.click()

    open_article(page, site)
    read_on(page)
    page.goto(site.url)

    scripts = [tag.get_attribute("src") or "" for tag in page.locator("script").all()]
    assert {Path(source).name.split("?")[0] for source in scripts} <= SILENT
    assert sent == []
    assert attention(site) == 0
    assert page.locator("#feed article").count() > 10


def test_only_now_counts_and_is_not_written_down(site: LiveSite, page: Page, sent: list[dict[str, Any]]) -> None:
    page.goto(site.url)
    page.get_by_role("button", name="Only now").first.click()
    open_article(page, site)
    read_on(page)
    page.clock.run_for(6_000)

    wait_for(page, lambda: site.recommender.sittings.state("local") is not None)
    assert any(event["type"] == "paragraph_visit" for event in sent)
    assert attention(site) == 0
    assert "counts while you are here" in page.locator("#recording").inner_text()


@pytest.mark.parametrize("scripted", [True, False])
def test_taking_it_back_in_the_middle_of_an_article(
    site: LiveSite, page: Page, sent: list[dict[str, Any]], scripted: bool
) -> None:
    """The tracker goes at once, what waits is not sent, reading on is not seen, and what there is can be deleted.

    Where the answer does not come by script, the form loads the page anew.
    """
    site.agree()
    page.add_init_script(UNDERWAY)
    # From the first page on: of what is under way while a route is set, not everything is told.
    if not scripted:
        page.route(
            "**/me/consent",
            lambda route: route.abort() if route.request.resource_type == "fetch" else route.continue_(),
        )
    open_article(page, site)
    read_on(page)
    page.clock.run_for(6_000)
    wait_for(page, lambda: attention(site) > 0)
    page.mouse.wheel(0, -300)
    page.clock.run_for(900)
    place = page.evaluate("scrollY")
    # What left before the press has arrived.
    wait_for(page, lambda: page.evaluate("underway") == 0)
    before, kept = len(sent), attention(site)

    page.get_by_role("button", name="Stop").click()
    expect(page.locator("#offer")).to_be_visible()

    assert page.locator("script[src*='attention.js']").count() == 0
    if scripted:
        assert page.evaluate("scrollY") == pytest.approx(place, abs=400)
        assert page.url.endswith(f"/a/{ARTICLE}")
    read_on(page)
    page.clock.run_for(30_000)
    page.goto(f"{site.url}/latest")
    assert [event for event in sent[before:] if event["type"] in ATTENTION] == []
    assert attention(site) == kept > 0


def test_what_was_recorded_is_deleted_from_the_offer(site: LiveSite, page: Page) -> None:
    site.agree()
    open_article(page, site)
    read_on(page)
    page.clock.run_for(6_000)
    wait_for(page, lambda: attention(site) > 0)
    page.get_by_role("button", name="Stop").click()
    expect(page.locator("#offer")).to_be_visible()
    boxes = [button.bounding_box() for button in page.locator("#offer button").all()]
    assert len({(round(box["width"]), round(box["height"])) for box in boxes if box}) == 1

    page.locator("#offer").get_by_role("button", name="Delete").click()

    expect(page.get_by_role("status").first).to_contain_text("Deleted")
    assert attention(site) == 0
    assert {each.signal for one in site.recommender.interests("local") for each in one.evidence} <= {"open"}


def test_the_other_tabs_stop_too(site: LiveSite, page: Page, context: BrowserContext) -> None:
    site.agree()
    open_article(page, site)
    other = context.new_page()
    other.goto(f"{site.url}/a/{ARTICLE}")
    assert other.locator("script[data-tracker]").count() == 1

    page.bring_to_front()
    page.get_by_role("button", name="Stop").click()
    expect(page.locator(".flash")).to_be_visible()

    expect(other.locator("script[data-tracker]")).to_have_count(0)


@pytest.mark.parametrize("how", ["header", "script"])
def test_the_signal_of_the_browser_is_heeded(site: LiveSite, page: Page, sent: list[dict[str, Any]], how: str) -> None:
    """In the header or in scripts alone, after an earlier yes; until the reader says yes again."""
    site.agree()
    if how == "header":
        page.set_extra_http_headers({"Sec-GPC": "1"})
    else:
        page.add_init_script(SIGNAL_IN_SCRIPTS)

    open_article(page, site)
    read_on(page)
    page.goto(f"{site.url}/me/privacy")
    wait_for(page, lambda: site.recommender.storage.consents("local")[-1].actor == "gpc")
    page.reload()

    assert [event for event in sent if event["type"] in ATTENTION] == []
    assert attention(site) == 0
    expect(page.get_by_text("Global Privacy Control")).to_be_visible()
    page.locator("section:has(#ask-attention)").get_by_role("button", name="Yes").click()
    open_article(page, site)
    read_on(page)
    page.clock.run_for(6_000)
    wait_for(page, lambda: attention(site) > 0)
