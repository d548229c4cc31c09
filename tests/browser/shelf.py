"""What a browser keeps for reading without a connection, looked at from a page of the app."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

_KEPT = """async () => {
    const found = { copies: {}, paths: [], waiting: [] };
    for (const name of await caches.keys()) {
        if (!name.endsWith(" kept")) continue;
        const cache = await caches.open(name);
        for (const { url } of await cache.keys()) {
            const { pathname } = new URL(url);
            // What is there one moment may be gone the next.
            const held = await (await cache.match(url))?.text();
            if (!held) continue;
            if (pathname.endsWith("/offline/list")) Object.assign(found, JSON.parse(held));
            else found.paths.push(pathname);
            if (!pathname.includes("/offline/events/")) continue;
            found.waiting.push(...JSON.parse(held).events);
        }
    }
    return found;
}"""
# The worker does its part beside the page, so what it does is waited for, and not a time.
_UNTIL = """async () => {
    const look = LOOK;
    for (let tries = 0; tries < 1500; tries += 1) {
        const kept = await look();
        if (CONDITION) return kept;
        await new Promise((done) => setTimeout(done, 20));
    }
    throw new Error("kept is " + JSON.stringify(await look()));
}"""


def wait_until_kept(page: Page, condition: str) -> dict[str, Any]:
    """Return what is kept as soon as a condition in JavaScript holds for it.

    It may ask for `kept.copies`, by path, for `kept.paths` of all that lies there, for `kept.mark`, and for the events
    in `kept.waiting`.
    """
    found: dict[str, Any] = page.evaluate(_UNTIL.replace("LOOK", _KEPT).replace("CONDITION", condition))
    return found


def wait_for_worker(page: Page) -> None:
    """Return when a service worker answers for the page."""
    page.wait_for_function("() => navigator.serviceWorker.controller")
