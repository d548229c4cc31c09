"""The pages of feeds in Chromium: the whole way without JavaScript, nothing serious for axe, nothing cut at 320 px."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from nlp.analysis import Analyser
from reader.ingest.refreshing import Refresher
from reader.ingest.subscriptions import Subscriptions
from tests.browser import live
from tests.browser.axe import violations
from tests.browser.live import LiveSite, live_site
from tests.reader.ingest.conftest import Site, make_fetcher
from tests.reader.ingest.opml_files import NEWSBLUR
from tests.reader.ingest.test_opml import outlines

pytestmark = pytest.mark.browser

PICTURES = os.environ.get("REREAD_SCREENSHOTS")
FEED = """<rss version="2.0"><channel><title>{0}</title><link>https://salt.example/</link>
<item><title>{0} opens</title><guid isPermaLink="false">{0}-1</guid>
<description>The salt roads of the Alps carried more than salt.</description></item></channel></rss>"""
NewContext = Callable[..., BrowserContext]


@pytest.fixture
def web() -> Iterator[Site]:
    """A site with two feeds."""
    with Site() as running:
        for name in ("News", "Photos"):
            running.put(f"/{name}", FEED.format(name).encode())
        links = "".join(
            f'<link rel="alternate" type="application/rss+xml" href="/{name}">' for name in ("News", "Photos")
        )
        running.put("/", f"<!doctype html><html><head>{links}</head><body><p>Hello</p></body></html>".encode())
        yield running


@pytest.fixture
def site(tmp_path: Path, analyser: Analyser, monkeypatch: pytest.MonkeyPatch) -> Iterator[LiveSite]:
    monkeypatch.setattr(live, "SETTINGS", live.SETTINGS.model_copy(update={"fetch_private_addresses": True}))
    with live_site(tmp_path, (), analyser) as running:
        yield running


@pytest.fixture
def own(site: LiveSite) -> Subscriptions:
    return Subscriptions(site.recommender.storage, site.recommender.clock)


def fill(own: Subscriptions) -> None:
    """Follow some feeds of all kinds of names and states."""
    own.take_in("local", NEWSBLUR.encode())
    long = (
        "https://a-name-that-is-long-enough-to-need-breaking.example/and/a/path/that/does/not/end/feed.xml?with=a&query"
    )
    own.follow(
        "local", long, title="Die unvergleichliche Donaudampfschifffahrtsgesellschaftskapitänszeitung", folder=("Art",)
    )
    now = own._clock()
    feed = own.follow("local", "https://gone.example/feed", title="Gone").feed
    own.storage.put_feed(
        replace(feed, fetched_at=now, trouble="gone", error="the server answered 410 Gone", failures=1)
    )
    late = replace(
        own.one("local", long).feed, fetched_at=now, trouble="slow", error="it took longer than 20 s", failures=3
    )
    own.storage.put_feed(replace(late, next_at=now + timedelta(hours=2)))
    own.end("local", "https://last.example/feed")


def picture(page: Page, name: str) -> None:
    if PICTURES:
        page.screenshot(path=f"{PICTURES}/{name}.png", full_page=True)


def test_from_the_address_of_a_site_to_its_items_without_javascript(
    new_context: NewContext, site: LiveSite, web: Site, own: Subscriptions
) -> None:
    """Add, choose, see the items, mark them all as read and take that back, rename, unsubscribe, undo."""
    page = new_context(java_script_enabled=False).new_page()
    page.goto(f"{site.url}/feeds")
    page.get_by_label("Address of a site").fill(web.url.removeprefix("http://"))
    page.get_by_label("Folder, if you like").fill("Papers")
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_role("heading", name="Which feed?")).to_be_visible()
    page.get_by_role("checkbox", name="Photos").check()
    page.get_by_role("button", name="Follow").click()
    expect(page.get_by_role("status")).to_contain_text("You follow News, Photos now.")
    expect(page.get_by_role("heading", name="Papers")).to_be_visible()

    refresher = Refresher(
        site.recommender.storage,
        site.recommender.add_items,
        site.recommender.settings,
        site.recommender.clock,
        fetcher=make_fetcher(),
        stop=threading.Event(),
    )
    assert refresher.refresh(refresher.due()).items == 2
    page.goto(f"{site.url}/latest")
    expect(page.get_by_role("link", name="News opens", exact=True)).to_be_visible()

    page.goto(f"{site.url}/feeds")
    page.locator("h2 a.tag", has_text="2 unread").click()
    page.get_by_role("button", name="Mark all as read").click()
    expect(page.get_by_role("status")).to_contain_text("2 items are marked as read.")
    expect(page.locator(".card")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".card")).to_have_count(2)
    by_keys = new_context().new_page()
    by_keys.goto(f"{site.url}/feeds/all")
    by_keys.keyboard.press("j")
    by_keys.keyboard.press("o")
    by_keys.wait_for_url("**/a/**")

    page.goto(f"{site.url}/feeds")
    page.locator("summary", has_text="Photos").click()
    page.get_by_label("Name").nth(1).fill("Pictures")
    page.get_by_role("button", name="Save Photos").click()
    expect(page.get_by_role("heading", name="Pictures")).to_be_visible()
    page.locator("summary", has_text="Pictures").click()
    page.get_by_role("button", name="Unsubscribe from Pictures").click()
    expect(page.get_by_role("heading", name="Pictures")).to_have_count(0)
    page.get_by_role("button", name="Undo for Pictures").click()
    expect(page.get_by_role("heading", name="Pictures")).to_be_visible()


def test_opml_comes_in_by_the_keyboard_and_goes_out(new_context: NewContext, site: LiveSite, tmp_path: Path) -> None:
    """The preview comes first; without JavaScript, too."""
    file = tmp_path / "newsblur.opml"
    file.write_text(NEWSBLUR, encoding="utf-8")
    page = new_context(java_script_enabled=False).new_page()
    page.goto(f"{site.url}/feeds/import")
    page.get_by_label("The file").set_input_files(file)
    page.get_by_role("button", name="Show what is in it").press("Enter")
    expect(page.get_by_role("heading", name="New: 4")).to_be_visible()
    page.get_by_role("button", name="Follow what is ticked").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("You follow 4 more feeds.")

    with page.expect_download() as download:
        page.get_by_role("link", name="Export OPML").click()

    assert outlines(Path(download.value.path()).read_bytes()) == outlines(NEWSBLUR)


@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (1280, "dark")])
def test_nothing_serious_for_axe_and_nothing_cut(
    new_context: NewContext, site: LiveSite, own: Subscriptions, tmp_path: Path, width: int, scheme: str
) -> None:
    fill(own)
    file = tmp_path / "more.opml"
    file.write_text(
        NEWSBLUR.replace("last.example", "later.example").replace("https://top", "ftp://top"), encoding="utf-8"
    )
    page = new_context(color_scheme=scheme, reduced_motion="reduce").new_page()
    page.set_viewport_size({"width": width, "height": 844})

    def check(name: str) -> None:
        picture(page, f"{name}-{width}-{scheme}")
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width

    page.goto(f"{site.url}/feeds")
    page.locator("summary").first.click()
    check("feeds")
    page.goto(f"{site.url}/feeds/in?folder=Art")
    check("feed-items")
    page.goto(f"{site.url}/feeds/health")
    check("feeds-health")
    page.goto(f"{site.url}/feeds/import")
    check("feeds-file")
    page.get_by_label("The file").set_input_files(file)
    page.get_by_role("button", name="Show what is in it").click()
    check("feeds-import")
