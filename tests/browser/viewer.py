"""Someone who watches clips at /watch, in real time: a clip does not play by a clock that stands."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Locator, Page

from tests.browser.hand import until
from tests.browser.live import LiveSite

# A clip of the demo plays in at most ten seconds; ten times as long is a machine that does not play.
PLAYED_MS = 100_000
# Clips of the demo.
CLIPS = 14
ARTICLE = "document.querySelector('#watch article')"
VIDEO = "document.querySelector('#watch video')"


class Viewer:
    """One reader at the feed."""

    def __init__(self, page: Page, site: LiveSite) -> None:
        self.page = page
        self.site = site

    def go(self, path: str = "/watch") -> None:
        """Open the feed and wait until its script has taken over."""
        self.page.goto(f"{self.site.url}{path}")
        self.page.wait_for_selector("#watch.live")

    @property
    def clip(self) -> str:
        """The item on screen; "" at the end."""
        return str(self.data("item") or "")

    def data(self, name: str) -> Any:
        return self.page.evaluate(f"name => {ARTICLE}.dataset[name]", name)

    @property
    def said(self) -> str:
        """What the live region says."""
        return self.page.locator("#said").inner_text()

    def video(self, expression: str) -> Any:
        """Return what an expression of the `video` on screen gives."""
        return self.page.evaluate(
            f"() => {{ const video = document.querySelector('#watch video'); return {expression}; }}"
        )

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    def wait(self, condition: str) -> None:
        """Wait until a condition of the `video` on screen holds."""
        script = f"() => {{ const video = {VIDEO}; return video && ({condition}); }}"
        self.page.wait_for_function(script, timeout=PLAYED_MS)

    def play(self) -> None:
        """Press the button that stands on a clip that waits."""
        self.page.get_by_role("article").get_by_role("button", name="Play").first.click()

    def watch_until(self, seconds: float) -> None:
        self.wait(f"video.currentTime >= {seconds}")

    def watch_to_the_end(self) -> None:
        self.wait("video.ended")

    def step(self, key: str = "j") -> None:
        """Press a key, and wait for another clip or the end."""
        before = self.data("here")
        self.page.keyboard.press(key)
        self.arrive(before)

    def arrive(self, before: str) -> None:
        """Wait until another clip than that of an address is on screen."""
        self.page.wait_for_function(
            "here => document.querySelector('#watch article').dataset.here !== here", arg=before
        )

    def find(self, item: str, key: str = "j") -> None:
        """Step on until an item is on screen."""
        while self.clip != item:
            assert self.clip, f"{item} is not in the feed"
            self.step(key)

    def leave(self) -> None:
        """Go to another page, and wait until what was watched last is known."""
        views = {event.view for event in self.site.events("open")}
        self.page.goto(f"{self.site.url}/me/privacy")
        until(self.page, lambda: views <= {event.view for event in self.site.events("close")})
