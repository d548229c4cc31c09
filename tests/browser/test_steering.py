"""Steering and reading in Chromium: axe on every page, keys, the place to go on from; and all without scripts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from reader.types import Hide
from tests.browser.axe import violations
from tests.browser.live import LiveSite, live_site
from tests.builders import ReadingStory, act

pytestmark = pytest.mark.browser

READ, STOPPED, HIDDEN, SAVED = (f"demo-en-energy-0{number}" for number in (1, 2, 3, 4))
PATHS = (
    "/",
    "/latest",
    "/saved",
    "/history",
    "/me/hidden",
    "/me/mute?kind=topic&value=space",
    f"/less/{SAVED}",
    "/me/interests",
    "/me/look",
    f"/a/{STOPPED}",
    "/search?q=battery+OR+salt&order=newest",
    "/topic/energy",
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveSite]:
    """Somebody has read, stopped halfway, gone back, saved, hidden and muted."""
    with live_site(tmp_path_factory.mktemp("steering")) as running:
        observe = running.recommender.observe
        at = running.loaded_at - timedelta(hours=5)
        whole = ReadingStory(READ, user="local", view="v1", at=at).read(0, 1, 2, 3, seconds=20).go_back(1, seconds=15)
        half = ReadingStory(STOPPED, user="local", view="v2", at=at + timedelta(hours=1)).read(0, 1, seconds=20)
        muted = act("mute", user="local", at=at, target=("topic", "sport"))
        hidden = Hide(id="h", type="hide", at=at, user="local", item=HIDDEN)
        saved = act("save", SAVED, user="local", at=at)
        assert not observe([*whole.close(), *half.close(), muted, hidden, saved]).rejected
        yield running


@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (1280, "dark")])
def test_axe_finds_nothing_serious_and_nothing_is_cut(
    new_context: Callable[..., BrowserContext], site: LiveSite, width: int, scheme: str
) -> None:
    page = new_context(color_scheme=scheme, reduced_motion="reduce").new_page()
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{site.url}/me/look")
    with page.expect_navigation():
        page.get_by_role("group", name="Your reading in the margin").get_by_label("On").check()
    found = []
    for path in PATHS:
        page.goto(site.url + path)
        for summary in page.locator("main summary").all()[:4]:
            summary.click()
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0, path
        found += [f"{path} {one}" for one in violations(page)]

    assert found == []


def test_keys_go_through_a_list(page: Page, site: LiveSite) -> None:
    page.goto(f"{site.url}/latest")
    titles = page.locator(".card .title").all_inner_texts()

    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(page.locator(".card.at .title")).to_have_text(titles[0])
    page.keyboard.press("j")
    page.keyboard.press("s")
    expect(page.locator(".toast")).to_contain_text("Saved.")
    expect(page.locator(".card.at").get_by_role("button", name="Saved")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_contain_text("mark it as read")
    page.keyboard.press("Escape")
    page.keyboard.press("m")
    expect(page.locator(".card.at")).to_have_class(re.compile("gone"))
    with page.expect_navigation():
        page.keyboard.press("u")
    page.keyboard.press("g")
    with page.expect_navigation():
        page.keyboard.press("s")
    expect(page.locator(".card .title").first).to_have_text(titles[1])


def test_what_is_said_of_an_article_leaves_the_reader_where_they_are(page: Page, site: LiveSite) -> None:
    """At its end, with one step back to the list; by buttons and by keys."""
    page.goto(f"{site.url}/latest")
    page.locator(".card .title a").first.click()
    page.get_by_role("button", name="Like", exact=True).scroll_into_view_if_needed()
    place = page.evaluate("scrollY")
    assert place > 0

    page.get_by_role("button", name="Like", exact=True).click()
    expect(page.locator(".toast")).to_contain_text("Liked: more like this.")
    page.keyboard.press("m")
    expect(page.get_by_role("button", name="Mark as unread")).to_be_visible()
    page.keyboard.press("m")
    expect(page.get_by_role("button", name="Mark as read")).to_be_visible()

    expect(page.get_by_role("button", name="Liked", exact=True)).to_have_attribute("aria-pressed", "true")
    assert page.evaluate("scrollY") == place
    page.keyboard.press("b")
    expect(page.get_by_role("heading", name="Latest")).to_be_visible()


def test_keys_leave_fields_alone_and_can_be_switched_off(page: Page, site: LiveSite) -> None:
    page.goto(f"{site.url}/me/mute")
    page.get_by_role("textbox").fill("")
    page.keyboard.type("jogging")
    assert page.get_by_role("textbox").input_value() == "jogging"

    page.goto(f"{site.url}/me/look")
    page.get_by_role("group", name="Keys such as").get_by_label("Off").check()
    page.get_by_role("button", name="Keep for this browser").click()
    page.goto(f"{site.url}/latest")
    page.keyboard.press("j")
    expect(page.locator(".card.at")).to_have_count(0)


def test_the_place_is_kept_in_the_browser_where_the_server_keeps_none(page: Page, site: LiveSite) -> None:
    """Nobody said yes here, so the server hears of no paragraph."""
    page.goto(f"{site.url}/a/{SAVED}")
    expect(page.locator("#resume")).to_be_hidden()
    page.locator("#p3").scroll_into_view_if_needed()
    page.mouse.wheel(0, 300)
    expect(page.locator("#left")).to_contain_text("min left")

    page.goto(f"{site.url}/a/{SAVED}")

    expect(page.locator("#resume")).to_contain_text("Go on where you stopped")
    page.get_by_role("link", name="Go on where you stopped").click()
    assert page.url.split("#")[1] in ("p2", "p3", "p4")
    assert site.events("paragraph_visit", "close")[-1].view == "v2"


def test_letters_and_theme_change_at_once_and_stay(page: Page, site: LiveSite) -> None:
    page.goto(f"{site.url}/a/{SAVED}")
    size = "getComputedStyle(document.querySelector('#p0')).fontSize"
    paper = "getComputedStyle(document.documentElement).backgroundColor"
    before = float(page.evaluate(size)[:-2]), page.evaluate(paper)

    page.get_by_text("Text and theme").click()
    with page.expect_response("**/me/look"):
        page.get_by_label("Largest").check()
    with page.expect_response("**/me/look"):
        page.get_by_label("Dark").check()
    page.reload()

    assert float(page.evaluate(size)[:-2]) == pytest.approx(1.36 * before[0], rel=0.01)
    assert page.evaluate(paper) != before[1]


def test_all_of_it_goes_without_scripts(new_context: Callable[..., BrowserContext], site: LiveSite) -> None:
    page = new_context(java_script_enabled=False).new_page()
    page.goto(f"{site.url}/a/{STOPPED}")
    page.get_by_role("link", name="Go on where you stopped").click()
    assert page.url.endswith("#p1")

    page.goto(f"{site.url}/latest")
    title = page.locator(".card .title").nth(2).inner_text()
    page.locator(".card").nth(2).get_by_role("link", name="Less").click()
    page.get_by_role("button", name="Promises too much").click()
    assert title not in page.locator(".card .title").all_inner_texts()
    page.get_by_role("button", name="Undo").click()
    assert title in page.locator(".card .title").all_inner_texts()

    page.get_by_text("and why").click()
    expect(page.locator(".drawer")).to_contain_text("you muted the topic “sport”")
    page.get_by_role("link", name="Text and keys").click()
    page.get_by_label("Sans serif").check()
    page.get_by_role("button", name="Keep for this browser").click()
    expect(page.locator("html")).to_have_attribute("data-face", "sans")


def test_a_stroke_leads_to_the_search_and_into_its_field(site: LiveSite, page: Page) -> None:
    page.goto(f"{site.url}/latest")
    page.keyboard.press("/")
    words = page.get_by_role("searchbox")
    expect(words).to_be_focused()
    page.keyboard.type("batteries")
    page.keyboard.press("Enter")
    expect(page.locator(".feed mark").first).to_be_visible()

    page.get_by_role("link", name="How it ranks").focus()
    page.keyboard.press("/")

    expect(words).to_be_focused()
    expect(words).to_have_value("batteries")
