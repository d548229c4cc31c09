"""The feed of clips for everybody: by screen reader, keyboard, finger, without motion, JavaScript or a yes."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.hand import until
from tests.browser.live import LiveSite
from tests.browser.viewer import CLIPS, Viewer

pytestmark = pytest.mark.browser


def test_each_new_clip_is_said_aloud(viewer: Viewer) -> None:
    assert viewer.said == ""
    viewer.step()

    title = viewer.page.get_by_role("heading", level=2).inner_text()
    assert viewer.said == f"Clip 2 of {CLIPS}: {title}, by {viewer.data('by')}"
    assert viewer.page.title() == f"{title} · Reread"


def test_screen_readers_find_their_way(viewer: Viewer) -> None:
    """A feed with one article that has a name, place and size; a group of controls; a live region; a way on."""
    feed = viewer.page.get_by_role("feed", name="Clips")
    article = feed.get_by_role("article", name=viewer.page.get_by_role("heading", level=2).inner_text())
    expect(article).to_have_attribute("aria-posinset", "1")
    expect(article).to_have_attribute("aria-setsize", str(CLIPS))
    for name in ("Pause", "Sound", "Captions"):
        expect(article.get_by_role("group", name="Player").get_by_role("button", name=name)).to_be_visible()
    expect(viewer.page.get_by_role("navigation", name="From clip to clip").get_by_role("button")).to_have_count(2)
    expect(viewer.page.locator("[role=status]")).to_have_count(1)
    expect(viewer.page.get_by_role("link", name=re.compile("Why this?"))).to_be_visible()


def test_the_focus_stays_on_the_same_control(viewer: Viewer) -> None:
    viewer.button("Like").focus()
    viewer.step()
    expect(viewer.button("Like")).to_be_focused()

    viewer.button("Sound").focus()
    viewer.step()
    expect(viewer.button("Sound")).to_be_focused()


def test_the_focus_does_not_stay_on_what_would_hide_the_next(viewer: Viewer) -> None:
    here = viewer.data("here")
    viewer.button("Not interested").press("Enter")
    viewer.arrive(here)

    expect(viewer.page.locator("#watch article")).to_be_focused()


def test_all_can_be_done_by_keyboard_alone(viewer: Viewer) -> None:
    names = []
    for _ in range(30):
        viewer.page.keyboard.press("Tab")
        focus = "() => [document.activeElement.getAttribute('aria-label') ?? document.activeElement.innerText]"
        names.append(" ".join(str(viewer.page.evaluate(focus)[0]).split()))

    wanted = [
        "Pause",
        "Time in the clip",
        "Speed 1×",
        "Captions",
        "Sound",
        "Like",
        "Save",
        "Not interested",
        "Transcript",
    ]
    wanted += ["Next clip", "Keys"]
    order = [names.index(name) for name in wanted]
    assert order == sorted(order)


@pytest.fixture
def calm(new_context: Callable[..., BrowserContext], clips_site: LiveSite) -> Viewer:
    clips_site.recommender.erase("local")
    return Viewer(new_context(reduced_motion="reduce").new_page(), clips_site)


def test_who_wants_little_motion_starts_each_clip(calm: Viewer) -> None:
    calm.go()
    calm.wait("video.readyState >= 3")
    assert calm.video("video.paused && video.currentTime === 0")
    calm.step()
    calm.wait("video.readyState >= 3")
    assert calm.video("video.paused && video.currentTime === 0")
    assert calm.page.evaluate("() => document.getAnimations().length") == 0

    calm.page.locator(".start").click()
    calm.watch_until(0.3)


def test_a_finger_turns_the_clips(new_context: Callable[..., BrowserContext], clips_site: LiveSite) -> None:
    viewer = Viewer(new_context(has_touch=True).new_page(), clips_site)
    viewer.page.set_viewport_size({"width": 390, "height": 844})
    clips_site.recommender.erase("local")
    viewer.go()
    first, here = viewer.clip, viewer.data("here")
    swipe(viewer.page, 400, 200)
    viewer.arrive(here)
    assert viewer.clip != first

    here = viewer.data("here")
    swipe(viewer.page, 200, 400)
    viewer.arrive(here)
    assert viewer.clip == first


def swipe(page: Page, start: int, stop: int) -> None:
    session = page.context.new_cdp_session(page)
    for kind, y in (("touchStart", start), ("touchMove", (start + stop) // 2), ("touchMove", stop), ("touchEnd", None)):
        points = [] if y is None else [{"x": 195, "y": y}]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


def test_without_javascript_it_is_a_page_of_one_clip(browser: Browser, clips_site: LiveSite) -> None:
    clips_site.recommender.erase("local")
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{clips_site.url}/watch")
    first = page.locator("article").get_attribute("data-item")
    assert page.locator("video").get_attribute("controls") is not None
    assert page.locator(".controls").is_hidden()
    page.get_by_role("link", name="Next clip").click()
    second = page.locator("article").get_attribute("data-item")
    page.get_by_role("button", name="Like").click()

    assert page.locator("article").get_attribute("data-item") == second != first
    expect(page.get_by_role("button", name="Liked", exact=True)).to_be_visible()
    page.get_by_role("link", name="Previous clip").click()
    assert page.locator("article").get_attribute("data-item") == first
    context.close()


@pytest.mark.parametrize("answer", [None, "No"])
def test_without_a_yes_nothing_of_the_watching_is_sent(page: Page, clips_site: LiveSite, answer: str | None) -> None:
    clips_site.recommender.erase("local")
    if answer:
        page.goto(clips_site.url)
        page.get_by_role("button", name=answer).first.click()
    viewer = Viewer(page, clips_site)
    viewer.go()
    for _ in range(2):
        viewer.watch_until(1.2)
        viewer.step()
    viewer.button("Like").click()
    page.goto(f"{clips_site.url}/me/privacy")

    until(viewer.page, lambda: bool(clips_site.events("like")))
    kinds = {event.type for event in clips_site.recommender.storage.iter_events(user="local")}
    assert kinds == {"impression", "like"}


@pytest.mark.parametrize("key", ["m", "c", "Space", "ArrowRight"])
def test_without_a_yes_a_clip_is_opened_by_what_is_done_with_it(page: Page, clips_site: LiveSite, key: str) -> None:
    clips_site.recommender.erase("local")
    viewer = Viewer(page, clips_site)
    viewer.go()
    viewer.step()
    clip, listed = viewer.clip, viewer.data("list")
    viewer.watch_until(0.3)
    for _ in range(3):
        page.keyboard.press(key)
    viewer.step()
    until(viewer.page, lambda: bool(clips_site.events("open")))

    assert [(event.item, event.list, event.position) for event in clips_site.events("open")] == [(clip, listed, 2)]


def test_a_card_of_for_you_opens_the_feed_at_its_clip(page: Page, clips_site: LiveSite) -> None:
    clips_site.recommender.erase("local")
    page.goto(clips_site.url)
    card = page.locator("article.card.clip").first
    item, position = card.get_attribute("data-item"), card.get_attribute("data-position")
    listed = page.locator("#feed").get_attribute("data-list")
    card.locator(".title a").click()
    viewer = Viewer(page, clips_site)
    page.wait_for_selector("#watch.live")
    assert viewer.clip == item
    seen = [viewer.clip]
    viewer.step()
    while viewer.clip:
        seen.append(viewer.clip)
        viewer.step()

    assert len(seen) == len(set(seen)) == CLIPS
    opened = clips_site.events("open")[0]
    assert (opened.item, opened.list, str(opened.position)) == (item, listed, position)
