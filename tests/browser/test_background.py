"""A tab that really goes into the background, in real time."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from tests.browser.site import Site
from tests.browser.tabs import Tabs

pytestmark = pytest.mark.browser

HIDDEN_MS = 1500
LASTS = f"new Promise(resolve => setTimeout(resolve, {HIDDEN_MS}, true))"
NOW = "performance.now()"


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
