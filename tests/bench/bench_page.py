"""What a first visit to For you of the demo weighs, as sent, and when Chromium first paints it, on this machine."""

from __future__ import annotations

import shutil

import numpy as np
from playwright.sync_api import Browser, sync_playwright

from tests.bench.measuring import Budget, Row
from tests.bench.world import World
from tests.browser.conftest import CHROMIUM_FLAGS
from tests.browser.live import LiveSite, live_site

# Issue and DESIGN: a list page in all, kB of 1,000 bytes; first paint on localhost, ms.
WEIGHT = Budget(60.0)
PAINT = Budget(300.0)
KB = 1000
WARM_UP = 2
PAINTED = """() => new Promise((resolve) => new PerformanceObserver((list, observer) => {
    observer.disconnect();
    resolve(list.getEntriesByName("first-contentful-paint")[0].startTime);
}).observe({ type: "paint", buffered: true }))"""
SETTLED = """async () => {
    await Promise.all([...document.images].filter((image) => image.getBoundingClientRect().top < innerHeight)
        .map((image) => image.decode()));
    await navigator.serviceWorker.ready;
}"""


def bench_page(world: World) -> list[Row]:
    """Visit in browsers that have never been there, one after the other; then again in one that has."""
    folder = world.folder / "page"
    folder.mkdir()
    with live_site(folder) as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=list(CHROMIUM_FLAGS))
        parts = weigh(browser, site)
        first = [paint_ms(browser, site.url) for _ in range(WARM_UP + world.options.runs)][WARM_UP:]
        browser.close()
    weights = [Row(f"For you, first visit: {kind}", count / KB, "kB") for kind, count in sorted(parts.items())]
    whole = Row("For you, first visit, in all, as sent", sum(parts.values()) / KB, "kB", budget=WEIGHT)
    spread = float(np.quantile(first, 0.95))
    name = "For you, first contentful paint in a browser without a cache"
    return [whole, *weights, Row(name, float(np.median(first)), "ms", len(first), spread=spread, budget=PAINT)]


def weigh(browser: Browser, site: LiveSite) -> dict[str, int]:
    """Return what a first visit has sent, in bytes by kind, with what the service worker puts by."""
    assert site.scales is not None
    context = browser.new_context(viewport={"width": 1000, "height": 720})
    page = context.new_page()
    page.goto(site.url)
    page.evaluate(SETTLED)
    context.close()
    return site.scales.bytes_by_kind()


def paint_ms(browser: Browser, url: str) -> float:
    """Return when a new browser has painted something of the page, in ms since it was asked for."""
    context = browser.new_context(viewport={"width": 1000, "height": 720})
    page = context.new_page()
    page.goto(url)
    found: float = page.evaluate(PAINTED)
    context.close()
    return found
