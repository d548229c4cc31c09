"""A tab that really goes into the background, in real time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from reader.types import Watch
from tests.browser.hand import until
from tests.browser.live import LiveSite, live_site
from tests.browser.site import Site
from tests.browser.tabs import Tabs

pytestmark = pytest.mark.browser

HIDDEN_MS = 1500
LASTS = f"new Promise(resolve => setTimeout(resolve, {HIDDEN_MS}, true))"
NOW = "performance.now()"
PLAYED = "document.querySelector('#watch video').currentTime"


@pytest.fixture
def tabs(page: Page) -> Iterator[Tabs]:
    tabs = Tabs(page)
    yield tabs
    tabs.close()


def test_a_hidden_tab_gets_no_time_and_brings_no_return(tabs: Tabs, site: Site) -> None:
    reading = tabs.open(f"{site.url}/a/bees")
    site.wait_for(lambda site: bool(site.of_type("open")))
    hidden_from = tabs.evaluate(reading, NOW)
    other = tabs.open("about:blank")
    site.wait_for(lambda site: len(site.of_type("close")) == 1)
    assert tabs.evaluate(reading, "document.visibilityState") == "hidden"
    assert tabs.evaluate(other, LASTS)
    tabs.show(reading)
    hidden_ms = tabs.evaluate(reading, NOW) - hidden_from
    assert tabs.evaluate(reading, LASTS)
    tabs.show(other)
    site.wait_for(lambda site: len(site.of_type("close")) == 2)

    active = [close["active_ms"] for close in site.of_type("close")]
    assert hidden_ms >= HIDDEN_MS
    assert HIDDEN_MS - 500 <= active[1] - active[0] <= tabs.evaluate(reading, NOW) - hidden_ms
    visits = site.of_type("paragraph_visit")
    assert {visit["came"] for visit in visits} == {"start"}
    assert {visit["visit"] for visit in visits} == {0}
    assert {visit["part"] for visit in visits} == {0, 1}


def test_a_tab_opened_in_the_background_is_open_only_when_it_is_seen(tabs: Tabs, site: Site) -> None:
    background = tabs.open("about:blank")
    front = tabs.open("about:blank")
    tabs.evaluate(background, f"location.href = '{site.url}/a/bees'")
    assert tabs.evaluate(front, LASTS)
    seen_at = tabs.evaluate(front, "new Date().toISOString()")
    tabs.show(background)
    site.wait_for(lambda site: bool(site.of_type("open")))

    assert [opening["at"] >= seen_at for opening in site.of_type("open")] == [True]


@pytest.fixture
def live(tmp_path: Path) -> Iterator[LiveSite]:
    with live_site(tmp_path) as running:
        running.agree()
        yield running


def test_a_clip_in_a_hidden_tab_is_not_watched(tabs: Tabs, page: Page, live: LiveSite) -> None:
    watching = tabs.open(f"{live.url}/watch")
    until(page, lambda: bool(live.events("open")) and tabs.evaluate(watching, PLAYED) > 0.5)
    other = tabs.open("about:blank")
    until(page, lambda: bool(live.events("watch")))
    hidden_at = tabs.evaluate(watching, PLAYED)
    assert tabs.evaluate(other, LASTS)
    assert tabs.evaluate(watching, PLAYED) == hidden_at
    tabs.show(watching)
    assert tabs.evaluate(watching, LASTS)
    tabs.show(other)
    until(page, lambda: len(live.events("close")) >= 2)
    ended_at = tabs.evaluate(watching, PLAYED)

    played = [(event.from_s, event.to_s) for event in live.events("watch") if isinstance(event, Watch)]
    assert played[0] == pytest.approx((0, hidden_at), abs=0.5)
    assert sum(to_s - from_s for from_s, to_s in played) <= ended_at + 0.5
    assert len(live.events("open")) == 1


def test_a_feed_opened_in_the_background_waits_to_be_seen(tabs: Tabs, page: Page, live: LiveSite) -> None:
    background = tabs.open("about:blank")
    front = tabs.open("about:blank")
    tabs.evaluate(background, f"location.href = '{live.url}/watch'")
    until(page, lambda: tabs.evaluate(background, "Boolean(document.querySelector('#watch.live'))"))
    assert tabs.evaluate(front, LASTS)
    assert (live.events("open"), tabs.evaluate(background, PLAYED)) == ([], 0)
    tabs.show(background)
    until(page, lambda: len(live.events("open")) == 1)
    until(page, lambda: tabs.evaluate(background, PLAYED) > 0)
