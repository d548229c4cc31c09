"""Reread on a publisher's page of another origin, in a real browser: consent, reading, the list, forgetting."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # it does not export its types
from playwright.sync_api import BrowserContext, Page, Request, expect

from reader.ingest.site_items import on_site, page_id
from reader.recommend.recommender import Recommender
from reader.sites.registry import user_of
from reader.types import AnyItem, Article
from reader.types_sites import Site
from tests.browser.hand import Hand, settled, until
from tests.browser.live import live_app
from tests.browser.publisher import Publisher, publish
from tests.browser.test_loop import ARTICLE, LAST, ON_SALT, PARAGRAPH, READING_STARTS_BEFORE
from webapp.demo import demo_analyses, demo_items
from webapp.services import Services

pytestmark = pytest.mark.browser


SHIFTS = """
globalThis.shifts = 0;
const count = (list) => list.getEntries().forEach(({ value }) => (shifts += value));
new PerformanceObserver(count).observe({ type: "layout-shift", buffered: true });
"""


class World:
    """A publisher whose site is registered, Reread, and what Reread keeps of the site."""

    def __init__(self, publisher: Publisher, services: Services, site: Site) -> None:
        self.publisher = publisher
        self.services = services
        self.site = site

    @property
    def recommender(self) -> Recommender:
        return self.services.shelf.recommender(self.site)

    def events(self) -> list[Any]:
        return list(self.recommender.storage.iter_events())

    def fill(self) -> None:
        """Let the server know all of the publisher's articles."""
        self.recommender.storage.put_analyses(demo_analyses())
        known = [replace(one, url=self.publisher.address(one.id)) for one in self.publisher.articles.values()]
        items = [on_site(one, self.site.origins) for one in known]
        self.recommender.add_items([item for item in items if item is not None])


def is_article(item: AnyItem) -> bool:
    return isinstance(item, Article) and item.language == "en"


@pytest.fixture
def new_world(tmp_path: Path) -> Iterator[Callable[[], World]]:
    with ExitStack() as running:

        def make() -> World:
            items = [item for item in demo_items(datetime.now(UTC)) if is_article(item)]
            publisher = running.enter_context(publish(items))  # type: ignore[arg-type]  # articles, as said
            url, services = running.enter_context(live_app(tmp_path / str(len(list(tmp_path.iterdir())))))
            site = services.shelf.sites.add("news", [publisher.url])
            publisher.reread, publisher.key = url, site.key
            return World(publisher, services, site)

        yield make


@pytest.fixture
def world(new_world: Callable[[], World]) -> World:
    made = new_world()
    made.fill()
    return made


@pytest.fixture
def asked(page: Page, world: World) -> list[Request]:
    """What the page asks of Reread, besides its script."""
    found: list[Request] = []
    page.on(
        "request", lambda request: found.append(request) if request.url.startswith(world.publisher.reread) else None
    )
    return found


def open_page(page: Page, world: World, article: str = ARTICLE) -> None:
    page.goto(world.publisher.address(article))


def say(page: Page, answer: str) -> None:
    page.evaluate(f"answer({answer})")


def kept(page: Page) -> list[str]:
    """Names of what the page keeps in the browser, without what the publisher keeps."""
    names: list[str] = page.evaluate("[...Object.keys(localStorage), ...Object.keys(sessionStorage)]")
    return [name for name in names if name != "answer"]


def titles(page: Page) -> list[str]:
    page.wait_for_selector("reread-list li")
    found: list[str] = page.locator("reread-list li a").all_inner_texts()
    return found


def reader_of(page: Page, world: World) -> str:
    return user_of(world.site, json.loads(page.evaluate(f"localStorage['reread:{world.site.key}']"))["id"])


def read(new_context: Callable[[], BrowserContext], world: World, *, goes_back: bool) -> tuple[Page, list[str]]:
    """Read an article to its end in a browser of one's own, and return the list on the next page."""
    page = new_context().new_page()
    page.clock.install(time=datetime.now(UTC) - READING_STARTS_BEFORE)
    open_page(page, world)
    page.clock.pause_at(datetime.now(UTC) - READING_STARTS_BEFORE + timedelta(minutes=1))
    say(page, "true")
    titles(page)
    hand = Hand(page, world.publisher)  # type: ignore[arg-type]  # of a site, a hand needs the address only
    page.mouse.move(300, 300)
    hand.rest(6000)
    hand.read_to(LAST)
    hand.rest(3000)
    if goes_back:
        hand.to(PARAGRAPH)
        hand.wheel(-100)
        hand.rest(25_000)
    open_page(page, world, "demo-en-space-01")
    page.clock.resume()
    until(hand.page, lambda: any(event.type == "close" for event in world.events()))
    page.reload()
    return page, titles(page)


def test_going_back_on_the_publishers_page_changes_the_list_there(
    new_world: Callable[[], World], new_context: Callable[[], BrowserContext]
) -> None:
    control, world = new_world(), new_world()
    for each in (control, world):
        each.fill()
        each.publisher.limit = 20
    salt = control.publisher.articles[ON_SALT].title

    _, read_on = read(new_context, control, goes_back=False)
    page, went_back = read(new_context, world, goes_back=True)

    (noticed,) = world.recommender.noticed(reader_of(page, world))
    assert (noticed.item, noticed.paragraph) == (page_id(world.publisher.address(ARTICLE)), PARAGRAPH)
    assert [*went_back, salt].index(salt) < [*read_on, salt].index(salt)
    card = page.locator("reread-list li", has_text=salt)
    expect(card).to_contain_text("You went back to paragraph 4 of")


def test_nothing_is_stored_or_sent_before_a_yes(page: Page, world: World, asked: list[Request]) -> None:
    open_page(page, world)
    page.mouse.wheel(0, 3000)
    settled(page)

    assert [request.url for request in asked] == [f"{world.publisher.reread}/embed.js"]
    assert kept(page) == []
    expect(page.get_by_text("The latest news")).to_be_visible()
    assert world.events() == []


def test_a_no_after_a_yes_wipes_everything(page: Page, world: World) -> None:
    open_page(page, world)
    say(page, "true")
    titles(page)
    user = reader_of(page, world)
    assert kept(page)

    with page.expect_response("**/forget") as answer:
        say(page, "false")
    assert answer.value.ok
    until(page, lambda: kept(page) == [])  # the page may take the answer in before it is left
    page.mouse.wheel(0, 1000)
    page.goto(world.publisher.url + "/site.css")

    assert kept(page) == []
    assert [event for event in world.events() if event.user == user] == []
    assert world.recommender.storage.consent(user, "attention") is None


def test_the_reader_sees_and_forgets_what_is_kept(page: Page, world: World) -> None:
    open_page(page, world)
    say(page, "true")
    titles(page)
    user = reader_of(page, world)

    exported = page.evaluate("reread.exported()")
    assert exported["user"] == user
    assert {event["type"] for event in exported["events"]} >= {"impression", "open"}
    with page.expect_response("**/forget"):
        page.get_by_role("button", name="Forget me").click()
    expect(page.get_by_text("The latest news")).to_be_visible()

    assert [event for event in world.events() if event.user == user] == []
    open_page(page, world)
    titles(page)
    assert reader_of(page, world) != user


def test_another_origin_gets_nothing(page: Page, world: World) -> None:
    """The same pages under another name: the browser does not even run the script."""
    failed: list[str] = []
    page.on("requestfailed", lambda request: failed.append(request.url))
    page.goto(world.publisher.address(ARTICLE).replace("127.0.0.1", "localhost"))
    say(page, "true")
    settled(page)

    assert failed == [f"{world.publisher.reread}/embed.js"]
    assert kept(page) == []
    assert page.evaluate("typeof globalThis.reread") == "undefined"
    for name in ("recommendations", "events", "export", "forget", "nothing"):
        asked = f"fetch('{world.publisher.reread}/sites/v1/{world.site.key}/{name}', {{method: 'POST', body: '{{}}'}})"
        assert page.evaluate(f"{asked}.then((answer) => answer.status, (error) => error.name)") == "TypeError"


def test_a_page_seen_for_the_first_time_is_fetched(page: Page, new_world: Callable[[], World]) -> None:
    world = new_world()
    world.recommender.storage.put_analyses(demo_analyses())
    with page.expect_response("**/page") as first:
        open_page(page, world)
        say(page, "true")
    assert first.value.json() == {"item": None, "again": True}

    world.services.proposals.settle()
    with page.expect_response("**/page") as second:
        page.reload()

    found = world.recommender.item(second.value.json()["item"])
    known = world.publisher.articles[ARTICLE]
    assert (found.title, found.url) == (known.title, world.publisher.address(ARTICLE))
    assert " ".join(found.paragraphs).split() == " ".join(known.paragraphs).split()


def assert_nothing_serious(page: Page) -> None:
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    assert [(one["id"], one["nodes"]) for one in found if one["impact"] in ("serious", "critical")] == []


def test_the_list_moves_nothing_and_complains_of_nothing(page: Page, world: World, complaints: list[str]) -> None:
    """Under a strict policy with trusted types, in light and dark; axe finds nothing serious."""
    page.add_init_script(SHIFTS)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        open_page(page, world)
        say(page, "true")
        page.locator("#foot").scroll_into_view_if_needed()
        titles(page)
        assert_nothing_serious(page)
        assert page.evaluate("shifts") == 0
    assert complaints == []


def test_the_list_fits_a_narrow_page(page: Page, world: World) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    open_page(page, world)
    say(page, "true")
    titles(page)

    assert page.evaluate("document.documentElement.scrollWidth") <= 320
