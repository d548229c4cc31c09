"""A reader's hand and eyes: real wheel, keys and windows in Chromium, and a clock that tests turn.

The page's clock stands still except when `rest` turns it, so that times are exact and no test waits for them.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Page

from tests.browser.site import WAIT_S, EventRecord, Site

STARTED_AT = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
# The tracker measures this often, and while the page scrolls this often.
TICK_MS = 250
SCROLL_TICK_MS = 100


DRAWN_TWICE = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done))))"


def settled(page: Page) -> None:
    """Wait until a page is loaded and drawn: what its scripts ask for by themselves has been asked for by then.

    Not until the network is idle: a clip that waits keeps its connection open for as long as it likes.
    """
    page.wait_for_load_state("load")
    page.evaluate(DRAWN_TWICE)


def until(page: Page, holds: Callable[[], bool]) -> None:
    """Look again and again until it holds, whatever the page's own clock says; fail after WAIT_S."""
    last = time.monotonic() + WAIT_S
    while not holds():
        assert time.monotonic() < last, "it did not come to hold"
        page.wait_for_timeout(20)


class Hand:
    """One reader at one page."""

    def __init__(self, page: Page, site: Site) -> None:
        self.page = page
        self.site = site

    def stop_clock(self) -> None:
        # It runs from its installation on and can only be stopped at a moment to come, however slow the machine is.
        self.page.clock.install(time=STARTED_AT - timedelta(minutes=5))
        self.page.clock.pause_at(STARTED_AT)

    def open(self, item: str, fragment: str = "") -> None:
        self.page.goto(f"{self.site.url}/a/{item}{fragment}")
        self.page.mouse.move(300, 300)

    def rest(self, ms: int) -> None:
        """Let time pass for the page."""
        self.page.clock.run_for(ms)

    @contextmanager
    def until_scrolled(self) -> Iterator[None]:
        """Wait until what was done inside has stopped scrolling the page."""
        self.page.evaluate("scrolled = false; addEventListener('scrollend', () => scrolled = true, { once: true })")
        yield
        self.page.wait_for_function("() => scrolled")

    def wheel(self, pixels: int) -> None:
        with self.until_scrolled():
            self.page.mouse.wheel(0, pixels)

    def press(self, key: str) -> None:
        with self.until_scrolled():
            self.page.keyboard.press(key)

    def to(self, paragraph: int, *, step: int = 150, pause_ms: int = TICK_MS) -> None:
        """Scroll by wheel until the paragraph is fully on screen, or as far as the page goes."""
        while (distance := self._distance(paragraph)) != 0:
            before = self.page.evaluate("scrollY")
            self.wheel(step if distance > 0 else -step)
            self.rest(pause_ms)
            if self.page.evaluate("scrollY") == before:
                return

    def _distance(self, paragraph: int) -> int:
        """-1: above the screen; 0: on it, or filling it; 1: below. Only so far as the page can scroll."""
        found: int = self.page.evaluate(
            """paragraph => {
                const { top, bottom } = document.getElementById(`p${paragraph}`).getBoundingClientRect();
                const end = document.documentElement.scrollHeight - innerHeight;
                if (top < 0 && scrollY > 0) return -1;
                return bottom > innerHeight && scrollY < end ? 1 : 0;
            }""",
            paragraph,
        )
        return found

    def read_to(self, paragraph: int) -> None:
        """Read on at an ordinary pace until the paragraph is on screen."""
        self.to(paragraph, pause_ms=1000)

    def leave(self) -> None:
        """Go back to the list and wait until the last facts are in."""
        known = len(self.site.of_type("close"))
        self.page.goto(self.site.url)
        self.site.wait_for(lambda site: len(site.of_type("close")) > known)

    def visits(self) -> list[EventRecord]:
        """Visits that were reported, by their start."""
        return sorted(self.site.of_type("paragraph_visit"), key=lambda visit: (visit["started_ms"], visit["paragraph"]))
