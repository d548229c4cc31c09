"""What the feed reports of readers who said yes: one view a clip, with what was looked at, played and left."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

import pytest

from reader.types import Close, Event, Watch
from tests.browser.live import LiveSite
from tests.browser.viewer import Viewer

pytestmark = pytest.mark.browser

# The playhead is looked at ten times a second, and a busy machine looks late.
LOOK_S = 0.35


@pytest.fixture
def fresh_site(fresh_site: LiveSite) -> LiveSite:
    """The site as it is for a reader who has agreed to be learned from."""
    fresh_site.agree()
    return fresh_site


def stretches(site: LiveSite, item: str) -> list[Watch]:
    """Return what was played of a clip; where a busy machine let it stall, the two parts are joined again."""
    joined: list[Watch] = []
    for watch in cast(list[Watch], [event for event in site.events("watch") if event.item == item]):
        last = joined[-1] if joined else None
        if last and (last.rate, last.sound_on) == (watch.rate, watch.sound_on) and goes_on(last, watch):
            joined[-1] = replace(last, to_s=watch.to_s)
        else:
            joined.append(watch)
    return joined


def goes_on(before: Watch, after: Watch) -> bool:
    return abs(after.from_s - before.to_s) < 0.05


def of_view(site: LiveSite, opened: Event, *types: str) -> list[Event]:
    return [event for event in site.events(*types) if event.view == opened.view]


def test_each_clip_is_one_view_from_its_place_in_the_list(viewer: Viewer) -> None:
    shown = []
    for _ in range(3):
        viewer.watch_until(0.4)
        shown.append((viewer.clip, viewer.data("list"), int(viewer.data("position"))))
        viewer.step()
    viewer.leave()

    opened = viewer.site.events("open")
    assert [(event.item, event.list, event.position) for event in opened[:3]] == shown
    assert len({event.view for event in opened}) == len(opened) == 4
    for event in opened[:3]:
        assert len(of_view(viewer.site, event, "watch")) >= 1
        assert len(of_view(viewer.site, event, "close")) == 1


def test_a_clip_is_looked_at_after_a_second_and_not_before(viewer: Viewer) -> None:
    for _ in range(3):
        viewer.step()
    looked_at = viewer.clip
    viewer.watch_until(1.6)
    viewer.leave()

    closes = cast(list[Close], viewer.site.events("close"))
    viewable = {event.item for event in viewer.site.events("viewable")}
    assert viewable == {close.item for close in closes if close.active_ms >= 1000}
    assert looked_at in viewable


def test_a_clip_watched_to_its_end_is_told_to_its_end(viewer: Viewer) -> None:
    clip, duration = viewer.clip, viewer.video("video.duration")
    viewer.watch_to_the_end()
    viewer.leave()

    (watch,) = stretches(viewer.site, clip)
    assert watch.from_s == pytest.approx(0, abs=LOOK_S)
    assert watch.to_s == pytest.approx(duration, abs=0.001)


def test_sound_and_a_replayed_part_are_stretches_of_their_own(viewer: Viewer) -> None:
    clip = viewer.clip
    viewer.watch_until(2)
    viewer.page.keyboard.press("m")
    viewer.watch_until(4)
    at = viewer.video("video.currentTime")
    viewer.page.keyboard.press("ArrowLeft")
    viewer.watch_until(at - 1)
    viewer.page.keyboard.press("Space")
    viewer.leave()

    silent, loud, again = stretches(viewer.site, clip)
    assert (silent.sound_on, loud.sound_on, again.sound_on) == (False, True, True)
    assert silent.to_s == pytest.approx(2, abs=LOOK_S)
    assert loud.to_s == pytest.approx(at, abs=LOOK_S)
    assert again.from_s == pytest.approx(at - 3, abs=LOOK_S)
    assert again.to_s >= at - 1


def test_going_back_to_a_clip_is_a_second_view_of_it(viewer: Viewer) -> None:
    first = viewer.clip
    viewer.step("j")
    viewer.step("k")
    viewer.watch_until(0.3)
    viewer.leave()

    opened = [event for event in viewer.site.events("open") if event.item == first]
    assert len(opened) == 2
    assert len({event.view for event in opened}) == 2


def test_facts_of_a_clip_are_on_their_way_with_the_next_step(viewer: Viewer) -> None:
    """So that whatever is asked for next reflects them; nobody waits for a timer."""
    first = viewer.clip
    viewer.watch_until(0.5)
    with viewer.page.expect_response("**/api/v1/events"):
        viewer.step()

    assert [event.item for event in viewer.site.events("close")] == [first]


def test_reporting_twice_changes_nothing(viewer: Viewer) -> None:
    """Leaving tells the present state; coming back from the cache of the browser and leaving again adds to it."""
    clip = viewer.clip
    viewer.watch_until(0.5)
    viewer.page.evaluate("() => { dispatchEvent(new Event('pagehide')); dispatchEvent(new Event('pagehide')); }")
    viewer.leave()

    ids = [event.id for event in viewer.site.recommender.storage.iter_events(user="local")]
    assert len(ids) == len(set(ids))
    played = sum(watch.to_s - watch.from_s for watch in stretches(viewer.site, clip))
    assert played < 8
