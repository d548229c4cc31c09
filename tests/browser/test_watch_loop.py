"""Videos in a real browser: watch one with sound, skip one, replay a part of one; the next lists follow and say why.

The real app on the demo catalogue, by keyboard alone, in real time, since clips do not play by a clock that stands.
What each act did is told by the same log without it, in a second recommender.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from reader.recommend.requests import Request
from reader.types import Close, Event, ItemKind, RecommendationList, Recommended, Watch
from reader.wiring import make_recommender
from tests.browser.live import SETTINGS, LiveSite, live_site
from tests.browser.test_loop import position, screenshot
from tests.browser.viewer import Viewer
from webapp.demo import demo_items, load_demo

pytestmark = pytest.mark.browser

# The three newest clips of the demo, with which a new reader begins.
COFFEE, MARATHON, WHALES = "demo-video-economy-01", "demo-video-sport-01", "demo-video-oceans-02"
# Of the creator and with the sound of COFFEE; of those of MARATHON; of the creator and on the topic of WHALES.
BREAD, BEES, REEF = "demo-video-food-01", "demo-video-animals-01", "demo-video-oceans-01"
# "How whale song travels across an entire ocean": on the song of humpback males, which the replayed part speaks of.
ON_SONG = "demo-en-animals-02"
SKIP_S = SETTINGS.watching.skip_s
SITTINGS = 3


@pytest.fixture(scope="module")
def session(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Event], datetime]:
    """The events of one sitting, recorded once, and when its demo was loaded.

    The first clip is watched to its end with sound, the second skipped, the last third of the third one played twice.
    Recorded again where the machine was so slow that there was no skip.
    """
    for _ in range(SITTINGS):
        with live_site(tmp_path_factory.mktemp("session")) as site:
            site.agree()
            context = browser.new_context(service_workers="block")
            watch_skip_and_replay(Viewer(context.new_page(), site))
            context.close()
            events = list(site.recommender.storage.iter_events(user="local"))
        if any(isinstance(e, Close) and e.item == MARATHON and e.active_ms < 1000 * SKIP_S for e in events):
            return events, site.loaded_at
    raise AssertionError(f"this machine takes longer than {SKIP_S} s from one clip to the next")


def watch_skip_and_replay(viewer: Viewer) -> None:
    viewer.go()
    assert viewer.clip == COFFEE
    viewer.watch_until(0.6)
    viewer.page.keyboard.press("m")
    viewer.watch_to_the_end()
    viewer.step("ArrowDown")
    assert viewer.clip == MARATHON
    viewer.watch_until(0.4)
    viewer.step("ArrowDown")
    assert viewer.clip == WHALES
    viewer.watch_until(9)
    viewer.page.keyboard.press("ArrowLeft")
    viewer.wait("video.currentTime < 7")
    viewer.watch_until(8.9)
    viewer.leave()


@pytest.fixture
def viewer(
    session: tuple[list[Event], datetime], tmp_path: Path, page: Page, complaints: list[str]
) -> Iterator[Viewer]:
    """A reader after that sitting, at a site of their own."""
    events, loaded_at = session
    with live_site(tmp_path, loaded_at=loaded_at) as site:
        site.agree()
        assert site.recommender.observe(events).rejected == ()
        yield Viewer(page, site)
    assert complaints == []


class Logs:
    """What a reader would be shown by the log, and by the log without a part of it."""

    def __init__(self, site: LiveSite) -> None:
        self._events = list(site.recommender.storage.iter_events(user="local"))
        self._loaded_at = site.loaded_at

    def without(self, is_left_out: Callable[[Event], bool], *kinds: ItemKind) -> RecommendationList:
        recommender = make_recommender(settings=SETTINGS)
        load_demo(recommender, demo_items(self._loaded_at))
        recommender.observe([event for event in self._events if not is_left_out(event)])
        return recommender.recommend(Request("local", kinds=kinds))


def of(item: str) -> Callable[[Event], bool]:
    return lambda event: event.item == item


def is_replay(event: Event) -> bool:
    return isinstance(event, Watch) and event.item == WHALES and 5 < event.from_s < 7


def place(made: RecommendationList, item: str) -> Recommended:
    return next(place for place in made.items if place.item == item)


def gain(now: RecommendationList, then: RecommendationList, item: str) -> float:
    """How much more an item earns, above what all have gained that are in both lists."""
    before = {place.item: earned(place) for place in then.items}
    gains = {place.item: earned(place) - before[place.item] for place in now.items if place.item in before}
    return gains[item] - sum(gains.values()) / len(gains)


def earned(place: Recommended) -> float:
    """The score without what the shape of the list adds and takes."""
    return place.score - place.contributions["diversity"] - place.contributions["caps"]


def acts(listed: list[dict[str, Any]], item: str) -> set[tuple[str, str]]:
    """What the reasons of an item go back to: items and signals."""
    reasons = next(each["reasons"] for each in listed if each["id"] == item)
    return {(one["item"], one["signal"]) for reason in reasons for one in reason["evidence"]}


def take_pictures(viewer: Viewer) -> None:
    """Keep the pictures of the tutorial, where that is asked for."""
    viewer.watch_until(3)
    screenshot(viewer.page, "watch", size=(1280, 800))
    screenshot(viewer.page, "watch-phone", size=(390, 844), scheme="dark")


def test_the_next_lists_follow_what_was_watched_skipped_and_replayed(viewer: Viewer) -> None:
    site, logs = viewer.site, Logs(viewer.site)
    clips = logs.without(lambda _: False, "video")

    creator_and_sound = gain(clips, logs.without(of(COFFEE), "video"), BREAD)
    creator_and_topic = gain(clips, logs.without(of(WHALES), "video"), REEF)
    skipped = gain(clips, logs.without(of(MARATHON), "video"), BEES)
    assert creator_and_sound > 0.1
    assert creator_and_topic > 0.1
    assert skipped < -0.1

    listed = site.listed(kinds="video", explain="full")
    assert [each["id"] for each in listed] == [each.item for each in clips.items]
    assert {each["kind"] for each in listed} == {"video"}
    assert not {COFFEE, MARATHON, WHALES} & {each["id"] for each in listed}
    assert (COFFEE, "watch") in acts(listed, BREAD)
    assert (WHALES, "reread") in acts(listed, REEF)


def test_the_next_feed_is_that_list_and_says_why(viewer: Viewer) -> None:
    listed = viewer.site.listed(kinds="video", explain="full")
    viewer.go()
    assert viewer.clip == listed[0]["id"]
    expect(viewer.page.locator(".reason")).to_contain_text(listed[0]["reasons"][0]["label"])
    take_pictures(viewer)
    seen = [viewer.clip]
    viewer.find(BREAD)
    viewer.page.get_by_role("link", name="Why this?").click()

    expect(viewer.page.get_by_role("heading", name="In words")).to_be_visible()
    expect(viewer.page.locator(".because")).to_contain_text("You watched “What is in the price of a coffee”")
    assert seen[0] in {REEF, BREAD}


def test_an_article_about_the_replayed_part_rises_says_why_and_can_be_forgotten(viewer: Viewer) -> None:
    site, logs = viewer.site, Logs(viewer.site)
    replays = [event for event in site.events("watch") if is_replay(event)]
    assert len(replays) >= 1

    now, then = logs.without(lambda _: False), logs.without(is_replay)
    assert place(now, ON_SONG).position < place(then, ON_SONG).position
    found = next(each for each in site.listed(explain="full") if each["id"] == ON_SONG)
    reason = found["reasons"][0]
    assert reason["code"] == "reread"
    assert reason["label"].startswith("You replayed 0:0")
    assert "“Reading a whale song as a picture” today: " in reason["label"]
    first = reason["evidence"][0]
    assert (first["item"], first["signal"]) == (WHALES, "reread")
    assert 5 < first["from_s"] < first["to_s"] < 10

    viewer.page.goto(site.url)
    notice = viewer.page.get_by_label("Noticed")
    expect(notice).to_contain_text("You replayed")
    notice.get_by_role("button", name="Forget").click()
    expect(viewer.page.get_by_label("Noticed")).to_have_count(0)
    forgotten = site.listed()
    assert position(forgotten, ON_SONG) > found["position"]
    assert "reread" not in {each["code"] for place in forgotten for each in place["reasons"]}
