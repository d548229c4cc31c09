"""Hostile HTML through the real ingest and the real pages, in real Chromium: nothing of it runs, nobody else is asked.

Twice: as the pages show it, and what the sanitiser leaves in a page without any policy, so that neither hides behind
the other. A control shows that the same pieces do run, and do ask, where nothing holds them back.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, Request, Route

from nlp.analysis import Analyser
from reader.ingest.items import parse_item
from reader.ingest.markup import BLOCK_TAGS, INLINE_TAGS, TABLE_TAGS
from reader.types import Article
from tests.browser.live import live_site
from tests.hostile import EVASIONS, FOREIGN, bodies
from tests.reader.ingest.auditing import shown

pytestmark = [pytest.mark.browser, pytest.mark.slow]

RANDOM = 1000
# Bodies a page: with each on its own, the browser would spend the time on loading.
ON_A_PAGE = 50


@dataclass
class Watcher:
    """What a browser did that it should not have done."""

    ran: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)

    def on(self, context: BrowserContext) -> None:
        """Hear of every call of `ran`, every dialog, every new page, and every request that leaves this machine."""
        context.expose_function("ran", lambda: self.ran.append("ran"))
        context.on("page", lambda page: page.on("dialog", self._dialog))
        context.route("**/*", self._route)

    def _dialog(self, dialog: object) -> None:
        self.ran.append("dialog")
        dialog.dismiss()  # type: ignore[attr-defined]  # of playwright, which types it loosely

    def _route(self, route: Route, request: Request) -> None:
        if urlsplit(request.url).hostname in ("127.0.0.1", None):
            route.continue_()
        else:
            self.asked.append(request.url)
            self.kinds.append(request.resource_type)
            route.abort()


@pytest.fixture
def watcher() -> Watcher:
    return Watcher()


@pytest.fixture
def page(browser: Browser, watcher: Watcher) -> Iterator[Page]:
    context = browser.new_context(service_workers="block")
    watcher.on(context)
    yield context.new_page()
    context.close()


def hostile() -> list[str]:
    return [*EVASIONS, *bodies(RANDOM)]


def batches(found: list[str]) -> list[list[str]]:
    return [found[start : start + ON_A_PAGE] for start in range(0, len(found), ON_A_PAGE)]


def assert_only_pictures_were_asked_for(watcher: Watcher) -> None:
    assert {urlsplit(url).scheme for url in watcher.asked} <= {"https"}
    assert set(watcher.kinds) <= {"image"}


def settle(page: Page) -> None:
    """Let what would run by itself do so: pictures fail, frames load, animations begin, and handlers are tried."""
    page.evaluate(
        """async () => {
          for (const each of document.querySelectorAll("*"))
            for (const kind of ["focus", "mouseover", "pointerenter", "toggle", "scroll", "error", "load"])
              each.dispatchEvent(new Event(kind));
          await new Promise((done) => requestAnimationFrame(() => setTimeout(done, 50)));
        }"""
    )


def article(number: int, batch: list[str]) -> Article:
    """Return an article of which every body of a batch came through ingest, and whose other fields are hostile, too."""
    parsed = [parse_item({"id": "x", "kind": "article", "title": "x", "html": each}) for each in batch]
    odd = "".join(char for char in batch[number % len(batch)] if char.isprintable())[:150]
    whole = parse_item(
        {"id": f"hostile-{number}", "kind": "article", "title": f"{odd} {number}", "author": odd, "source": odd}
        | {"topics": [odd[:40]], "url": "https://evil.example/"}
    )
    assert isinstance(whole, Article)
    bodies_of = [each for each in parsed if isinstance(each, Article)]
    markup = (look for each in bodies_of for look in each.markup or ("",) * len(each.paragraphs))
    return replace(
        whole, paragraphs=tuple(text for each in bodies_of for text in each.paragraphs), markup=tuple(markup)
    )


def test_the_pieces_do_run_where_nothing_holds_them_back(page: Page, watcher: Watcher) -> None:
    """Else the tests below would say nothing."""
    for evasion in EVASIONS:
        each = page.context.new_page()
        with suppress(Error):  # some lead away while they are being written
            each.set_content(f"<!doctype html><body>{evasion}", timeout=2000)
            settle(each)
        each.close()

    assert len(watcher.ran) > 20
    assert {urlsplit(url).hostname for url in watcher.asked} == {FOREIGN}
    assert len(watcher.asked) > 5


def test_what_the_sanitiser_leaves_does_nothing_without_any_policy(page: Page, watcher: Watcher) -> None:
    """As a document, and put into one by script (innerHTML), which parses once more."""
    found = batches(hostile())
    for batch in found:
        safe = [shown(each) for each in batch]
        page.set_content("<!doctype html><body>" + "".join(f"<section>{each}</section>" for each in safe))
        settle(page)
        page.evaluate(
            """(safe) => { for (const each of safe) {
              const place = document.body.appendChild(document.createElement("div"));
              place.innerHTML = each;
              place.innerHTML = place.innerHTML;
            } }""",
            safe,
        )
        settle(page)

    assert len(found) >= 22
    assert watcher.ran == []
    assert_only_pictures_were_asked_for(watcher)


def test_a_thousand_hostile_bodies_are_pages_of_words(
    page: Page, watcher: Watcher, tmp_path: Path, analyser: Analyser
) -> None:
    """From ingest to the article's page and to the lists: no script, and no request but for pictures over TLS."""
    found = batches(hostile())
    items = [article(number, batch) for number, batch in enumerate(found)]
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    with live_site(tmp_path, items, analyser) as site:
        for item in items:
            page.goto(f"{site.url}/a/{item.id}")
            settle(page)
            assert page.locator("#article .text > *").count() == len(item.paragraphs)
            assert page.locator("#article .text > p *").count() == 0
            tags = page.locator("#article .text > div *").evaluate_all("all => all.map((one) => one.localName)")
            assert set(tags) <= BLOCK_TAGS | INLINE_TAGS | TABLE_TAGS | {"img"}
        for path in ("/", "/latest", "/me/interests"):
            page.goto(site.url + path)
            settle(page)

    assert sum(len(item.paragraphs) for item in items) > RANDOM / 2
    assert watcher.ran == []
    assert_only_pictures_were_asked_for(watcher)
    assert [each for each in complaints if "Failed to load resource" not in each] == []
