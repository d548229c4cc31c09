"""Stretches of playing, of a real clip in real time."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.hand import Hand
from tests.browser.site import EventRecord, Site

pytestmark = pytest.mark.browser

# `timeupdate` comes at least this often, and the end of a stretch is the last one before a seek.
UPDATE_S = 0.3
# A stall holds the clip where it is.
STALL_S = 0.05


@pytest.fixture
def watching(page: Page, site: Site, complaints: list[str]) -> Hand:
    """A reader at the clip, in real time: a clip does not play by a clock that stands."""
    hand = Hand(page, site)
    hand.open("clip")
    # Nothing of a clip with a poster is loaded before somebody asks; here it is to be there when it is played.
    page.evaluate("() => { document.querySelector('video').preload = 'auto'; }")
    page.wait_for_function("() => document.querySelector('video').readyState >= 3")
    assert complaints == []
    return hand


def play_until(page: Page, seconds: float) -> None:
    page.evaluate("() => document.querySelector('video').play()")
    page.wait_for_function("end => document.querySelector('video').currentTime >= end", arg=seconds)


def do(page: Page, act: str) -> Any:
    """Run statements with the `video`."""
    return page.evaluate(f"() => {{ const video = document.querySelector('video'); {act} }}")


def stretches(hand: Hand) -> list[EventRecord]:
    """Return what was played; where a busy machine let the clip stall, the two parts are joined again."""
    joined: list[EventRecord] = []
    for watch in sorted(hand.site.of_type("watch"), key=lambda watch: watch["from_s"]):
        if joined and goes_on(joined[-1], watch):
            joined[-1] = {**joined[-1], "to_s": watch["to_s"]}
        else:
            joined.append(watch)
    return joined


def goes_on(before: EventRecord, after: EventRecord) -> bool:
    same_way = all(before[name] == after[name] for name in ("rate", "sound_on"))
    return same_way and abs(after["from_s"] - before["to_s"]) < STALL_S


def test_the_clip_is_muted_and_waits_to_be_asked(watching: Hand) -> None:
    assert do(watching.page, "return video.muted && video.paused;")


def test_a_pause_ends_a_stretch(watching: Hand) -> None:
    play_until(watching.page, 0.6)
    paused_at = do(watching.page, "video.pause(); return video.currentTime;")
    watching.leave()

    (watch,) = stretches(watching)
    assert watch["from_s"] == pytest.approx(0, abs=UPDATE_S)
    assert watch["to_s"] == pytest.approx(paused_at, abs=UPDATE_S)
    assert (watch["rate"], watch["sound_on"], watch["item"]) == (1, False, "clip")
    assert watch["view"] == watching.site.of_type("open")[0]["view"]


def test_a_seek_parts_two_stretches(watching: Hand) -> None:
    play_until(watching.page, 0.8)
    seeked_at = do(watching.page, "const at = video.currentTime; video.currentTime = 3; return at;")
    play_until(watching.page, 3.5)
    do(watching.page, "video.pause()")
    watching.leave()

    before, after = stretches(watching)
    assert before["to_s"] == pytest.approx(seeked_at, abs=UPDATE_S)
    assert before["to_s"] < 2
    assert after["from_s"] == pytest.approx(3, abs=UPDATE_S)
    assert after["to_s"] >= 3.4


def test_speed_and_sound_are_facts_of_a_stretch(watching: Hand) -> None:
    play_until(watching.page, 0.5)
    do(watching.page, "video.playbackRate = 2")
    play_until(watching.page, 1.5)
    do(watching.page, "video.muted = false")
    play_until(watching.page, 2.5)
    do(watching.page, "video.pause()")
    watching.leave()

    found = [(watch["rate"], watch["sound_on"]) for watch in stretches(watching)]
    assert found == [(1, False), (2, False), (2, True)]


def test_leaving_ends_a_stretch(watching: Hand) -> None:
    play_until(watching.page, 0.6)
    watching.leave()
    watching.site.wait_for(lambda site: bool(site.of_type("watch")))

    (watch,) = stretches(watching)
    assert watch["to_s"] >= 0.5


def test_playing_keeps_the_reader_awake(hand: Hand) -> None:
    """A film is watched without touching anything: each `timeupdate` counts as activity."""
    hand.open("clip")
    for _ in range(20):
        hand.rest(10_000)
        hand.page.evaluate("() => document.querySelector('video').dispatchEvent(new Event('timeupdate'))")
    hand.leave()

    assert hand.site.of_type("close")[0]["active_ms"] == pytest.approx(200_000, abs=500)
