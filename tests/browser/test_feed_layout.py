"""What the pages of clips look like: nothing cut, nothing too small, on screens of any width."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.browser.live import LiveSite, live_site
from tests.browser.viewer import Viewer

pytestmark = pytest.mark.browser

CLIPS = 14
WIDTHS = (320, 390, 768, 1280)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveSite]:
    """One site for all tests of this file: they only look."""
    with live_site(tmp_path_factory.mktemp("layout")) as running:
        yield running


@pytest.mark.parametrize("path", ["/watch", "/creator/Marlow Finch", "/sound/Deep Call"])
def test_no_page_is_wider_than_the_screen(page: Page, site: LiveSite, path: str) -> None:
    page.goto(site.url + path)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})

        assert page.evaluate("() => document.documentElement.scrollWidth") <= width, width


def test_nothing_of_the_bar_of_a_clip_is_cut(page: Page, site: LiveSite) -> None:
    """The stage cuts what is wider than itself, so the page is no wider for it. A long clip has the longest time."""
    Viewer(page, site).go()
    page.locator(".controls .time").evaluate("time => { time.textContent = '59:59 / 59:59'; }")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        bar = page.locator(".controls").evaluate(
            "bar => { const edge = bar.getBoundingClientRect().right;"
            " return Array.from(bar.children, part => edge - part.getBoundingClientRect().right); }"
        )

        assert min(bar) >= 0, width


@pytest.mark.parametrize("language", ["en", "de"])
def test_what_can_be_done_with_a_clip_is_seen_at_once_on_a_phone(
    new_context: Callable[..., BrowserContext], site: LiveSite, language: str
) -> None:
    page = new_context(locale=language).new_page()
    page.set_viewport_size({"width": 390, "height": 800})
    Viewer(page, site).go()
    below = page.locator(".steps").evaluate("bar => bar.getBoundingClientRect().top")

    for act in ("like", "save"):
        assert page.locator(f"[data-control={act}]").evaluate("it => it.getBoundingClientRect().bottom") <= below


@pytest.mark.parametrize("language", ["en", "de"])
def test_nothing_of_the_page_that_ends_the_feed_sticks_to_the_edge(
    new_context: Callable[..., BrowserContext], site: LiveSite, language: str
) -> None:
    site.agree()
    page = new_context(locale=language).new_page()
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto(f"{site.url}/watch")
    page.goto(site.url + re.sub(r"position=\d+", "position=99", Viewer(page, site).data("here")))

    boxes = page.locator(".watch > .mode button, .recording > :is(span, button)").evaluate_all(
        "all => all.map(one => [one.getBoundingClientRect().left, innerWidth - one.getBoundingClientRect().right])"
    )
    assert len(boxes) == 3
    assert min(min(box) for box in boxes) >= 15
    # In the middle, as what stands above them.
    assert abs(boxes[0][0] - boxes[0][1]) <= 2


@pytest.mark.parametrize("path", ["/watch", "/creator/Marlow Finch"])
@pytest.mark.parametrize("width", [390, 1280])
def test_targets_are_large_enough(page: Page, site: LiveSite, path: str, width: int) -> None:
    """WCAG 2.2, 2.5.8: 24 by 24 px, links within a sentence excepted."""
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(site.url + path)
    small: list[Any] = page.evaluate(
        """() => Array.from(document.querySelectorAll('button, nav a, .title a, .button, summary, input'))
            .filter(target => target.checkVisibility() && target.type !== 'hidden')
            .filter(target => Math.min(target.offsetHeight, target.offsetWidth) < 24 && !target.closest('label'))
            .map(target => target.outerHTML)"""
    )
    assert small == []


def test_every_clip_of_the_demo_is_of_one_shape_and_has_sound(page: Page, site: LiveSite) -> None:
    page.goto(f"{site.url}/me/privacy")
    measured = page.evaluate(
        """async names => Promise.all(names.map(async name => {
            const video = document.createElement("video");
            Object.assign(video, { muted: true, src: `/media/demo/${name}` });
            await video.play();
            await new Promise(resolve => video.addEventListener("timeupdate", resolve));
            const heard = video.webkitAudioDecodedByteCount > 0;
            video.pause();
            return [name, video.videoWidth, video.videoHeight, heard];
        }))""",
        sorted(path.name for path in (Path(__file__).parents[2] / "fixtures/demo/clips").glob("*.webm")),
    )
    assert len(measured) == CLIPS
    assert [clip for clip in measured if clip[1:] != [360, 640, True]] == []
