"""The feed of clips in a real browser: one at a time, by keys, wheel, finger and buttons, and never loud by itself."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.hand import until
from tests.browser.live import LiveSite
from tests.browser.viewer import CLIPS, Viewer

pytestmark = pytest.mark.browser

NewViewer = Callable[..., Viewer]


def test_the_first_clip_plays_without_sound(viewer: Viewer) -> None:
    viewer.watch_until(0.3)

    assert viewer.video("video.muted")
    expect(viewer.button("Sound")).to_have_attribute("aria-pressed", "false")


@pytest.mark.parametrize(("on", "back"), [("j", "k"), ("ArrowDown", "ArrowUp"), ("PageDown", "PageUp")])
def test_keys_go_on_and_back(viewer: Viewer, on: str, back: str) -> None:
    first = viewer.clip
    viewer.step(on)
    second = viewer.clip
    viewer.step(back)

    assert viewer.clip == first != second
    assert viewer.page.locator("#watch article").count() == 1


def test_buttons_go_on_and_back_and_keep_the_focus(viewer: Viewer) -> None:
    first, here = viewer.clip, viewer.data("here")
    viewer.button("Next clip").click()
    viewer.arrive(here)

    assert viewer.clip != first
    expect(viewer.button("Next clip")).to_be_focused()

    here = viewer.data("here")
    viewer.button("Previous clip").press("Enter")
    viewer.arrive(here)
    assert viewer.clip == first


def test_one_turn_of_the_wheel_is_one_clip(viewer: Viewer) -> None:
    here = viewer.data("here")
    viewer.page.mouse.move(400, 300)
    viewer.page.mouse.wheel(0, 120)
    viewer.arrive(here)
    expect(viewer.page.locator("#watch article")).to_have_attribute("aria-posinset", "2")


def test_the_feed_shows_each_clip_once_and_ends(viewer: Viewer) -> None:
    seen = []
    while viewer.clip:
        seen.append(viewer.clip)
        viewer.step()

    assert len(seen) == len(set(seen)) == CLIPS
    expect(viewer.page.get_by_role("heading", name="You are all caught up")).to_be_visible()
    expect(viewer.button("Next clip")).to_have_attribute("aria-disabled", "true")
    viewer.step("k")
    assert viewer.clip == seen[-1]


def test_the_address_is_that_of_the_clip(viewer: Viewer) -> None:
    viewer.step()
    clip = viewer.clip
    viewer.page.reload()

    assert viewer.clip == clip
    assert viewer.page.url.endswith("&position=2")


def media(requests: list[str]) -> list[str]:
    return list(dict.fromkeys(re.findall(r"demo-video-[a-z]+-\d+(?=\.webm)", " ".join(requests))))


def test_exactly_one_clip_is_fetched_ahead(page: Page, clips_site: LiveSite) -> None:
    clips_site.recommender.erase("local")
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    viewer = Viewer(page, clips_site)
    viewer.go()
    viewer.watch_until(1.0)
    until(page, lambda: len(media(requests)) == 2)
    first, ahead = media(requests)
    viewer.step()
    viewer.watch_until(1.0)
    until(page, lambda: len(media(requests)) == 3)
    viewer.watch_until(2.0)

    assert first != ahead == viewer.clip
    assert len(media(requests)) == 3


def test_the_choice_of_sound_holds_for_the_visit(viewer: Viewer) -> None:
    viewer.button("Sound").click()
    viewer.step()
    viewer.watch_until(0.3)
    assert not viewer.video("video.muted")

    viewer.button("Sound").click()
    viewer.step()
    viewer.watch_until(0.3)
    assert viewer.video("video.muted")


def test_after_a_reload_nothing_sounds_by_itself(viewer: Viewer) -> None:
    """The clip plays without, and its button says so; speed changes nothing of that, one press of it or a step does."""
    viewer.page.keyboard.press("m")
    # Some browsers would let it sound, so what counts is that it does not even try.
    viewer.page.add_init_script(
        "loud = 0; { const { play } = HTMLMediaElement.prototype; "
        "HTMLMediaElement.prototype.play = function () { loud += !this.muted; return play.call(this); }; }"
    )
    viewer.page.reload()
    viewer.page.wait_for_selector("#watch.live")
    viewer.watch_until(0.3)
    viewer.page.locator("[data-do=speed]").click()

    assert viewer.page.evaluate("loud") == 0
    assert viewer.video("video.muted")
    expect(viewer.button("Sound")).to_have_attribute("aria-pressed", "false")
    viewer.page.keyboard.press("m")
    assert not viewer.video("video.muted")
    viewer.page.reload()
    viewer.page.wait_for_selector("#watch.live")
    viewer.step()
    viewer.watch_until(0.3)
    assert not viewer.video("video.muted")


def test_where_no_sound_may_follow_a_step_the_clip_plays_without(viewer: Viewer) -> None:
    """A turn of the wheel is no gesture to some browsers; played here by a clip that refuses as they do."""
    viewer.page.keyboard.press("m")
    viewer.page.evaluate(
        "() => { const { play } = HTMLMediaElement.prototype; HTMLMediaElement.prototype.play = function () {"
        " return this.muted ? play.call(this) : Promise.reject(new DOMException('', 'NotAllowedError')); }; }"
    )
    viewer.step()
    viewer.watch_until(0.3)

    assert viewer.video("video.muted")
    expect(viewer.button("Sound")).to_have_attribute("aria-pressed", "false")


def test_a_new_visit_is_silent_again(viewer: Viewer, new_context: Callable[[], BrowserContext]) -> None:
    viewer.page.keyboard.press("m")
    other = Viewer(new_context().new_page(), viewer.site)
    other.go()
    other.watch_until(0.3)

    assert other.video("video.muted")


def test_captions_are_shown_when_asked_for_and_stay(viewer: Viewer) -> None:
    assert viewer.video("video.textTracks[0].mode") == "disabled"
    viewer.button("Captions").click()
    viewer.wait("video.textTracks[0].cues?.length === 2")
    assert viewer.video("video.textTracks[0].mode") == "showing"

    viewer.step()
    assert viewer.video("video.textTracks[0].mode") == "showing"
    expect(viewer.button("Captions")).to_have_attribute("aria-pressed", "true")


def test_the_clip_is_controlled_by_keys(viewer: Viewer) -> None:
    viewer.watch_until(0.2)
    viewer.page.keyboard.press("Space")
    viewer.wait("video.paused")
    at = viewer.video("video.currentTime")
    viewer.page.keyboard.press("ArrowRight")
    assert viewer.video("video.currentTime") == pytest.approx(at + 3, abs=0.01)
    viewer.page.keyboard.press("ArrowLeft")
    assert viewer.video("video.currentTime") == pytest.approx(at, abs=0.01)
    viewer.page.keyboard.press("Space")
    viewer.wait("!video.paused")


def test_the_time_can_be_set_and_is_said(viewer: Viewer) -> None:
    viewer.page.keyboard.press("Space")
    time = viewer.page.get_by_role("slider", name="Time in the clip")
    clip = viewer.clip
    began_s = viewer.video("video.currentTime")
    time.focus()
    for _ in range(20):
        viewer.page.keyboard.press("ArrowUp")

    assert viewer.video("video.paused")
    assert viewer.video("video.currentTime") == pytest.approx(began_s + 2, abs=0.3)
    expect(time).to_have_attribute("aria-valuetext", re.compile(r"0:0\d of 0:\d\d"))
    assert viewer.clip == clip


def test_speed_goes_round_and_stays(viewer: Viewer) -> None:
    speed = viewer.page.get_by_role("button", name="Speed")
    speed.click()
    assert viewer.video("video.playbackRate") == 1.5
    viewer.step()
    assert viewer.video("video.playbackRate") == 1.5
    for rate in (2, 0.5, 1):
        speed.click()
        assert viewer.video("video.playbackRate") == rate


def test_letters_can_be_switched_off(viewer: Viewer) -> None:
    """WCAG 2.1.4: whoever speaks to their machine must be able to."""
    viewer.page.get_by_text("Keys", exact=True).click()
    viewer.page.get_by_label("Use letters as keys").uncheck()
    clip = viewer.clip
    for letter in ("j", "l", "x", "m"):
        viewer.page.keyboard.press(letter)
    assert (viewer.clip, viewer.video("video.muted")) == (clip, True)
    expect(viewer.button("Like")).to_be_visible()

    viewer.page.reload()
    viewer.page.wait_for_selector("#watch.live")
    assert not viewer.page.get_by_label("Use letters as keys").is_checked()
    viewer.step("ArrowDown")


def test_likes_and_follows_are_acts_and_stay_on_the_clip(viewer: Viewer) -> None:
    clip, creator = viewer.clip, viewer.data("creator")
    viewer.button("Like").click()
    viewer.page.keyboard.press("s")
    viewer.button(f"Follow {viewer.data('by')}").click()
    expect(viewer.button("Liked")).to_have_attribute("aria-pressed", "true")
    expect(viewer.button("Saved")).to_be_visible()
    viewer.button("Liked").click()
    viewer.page.reload()

    expect(viewer.button("Like")).to_have_attribute("aria-pressed", "false")
    expect(viewer.button("Saved")).to_have_attribute("aria-pressed", "true")
    steering = viewer.site.recommender.state("local").steering
    assert (steering.liked, set(steering.saved), steering.followed) == (set(), {clip}, {("creator", creator)})


def test_not_interested_hides_the_clip_and_goes_on(viewer: Viewer) -> None:
    first, here = viewer.clip, viewer.data("here")
    viewer.page.keyboard.press("x")
    viewer.arrive(here)

    assert viewer.said.startswith("Hidden; it will not be shown again. Clip 2 of")
    until(viewer.page, lambda: viewer.site.recommender.state("local").steering.hidden == {first})


def test_a_muted_creator_does_not_come_again(viewer: Viewer) -> None:
    creator, here = viewer.data("creator"), viewer.data("here")
    viewer.page.get_by_role("button", name="Mute").click()
    viewer.arrive(here)
    seen = set()
    while viewer.clip:
        seen.add(viewer.data("creator"))
        viewer.step()

    assert creator not in seen
    assert len(seen) == 5
