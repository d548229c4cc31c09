"""What watch.js takes for one unbroken stretch: a player whose time follows the page's clock, which the tests turn.

That real clips in a real player do the same is told in `test_watch.py` and `test_feed_facts.py`.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.hand import Hand

pytestmark = pytest.mark.browser

# The playhead is looked at this often, so where nothing is announced a stretch ends or begins up to this much off.
TICK_S = 0.1
# A playhead that stands is taken for a stall after three looks at it.
STALL_S = 0.3

PLAYER = """async () => {
    const { watch } = await import("/static/watch.js");
    const { beforeLeaving, flush } = await import("/static/events.js");
    class Player extends EventTarget {
        base = 0; since = null; paused = true; seeking = false; ended = false; isConnected = true; readyState = 4;
        muted = true; volume = 1; rate = 1;
        get currentTime() {
            return this.base + (this.since === null ? 0 : ((performance.now() - this.since) / 1000) * this.rate);
        }
        set currentTime(seconds) { this.base = seconds; if (this.since !== null) this.since = performance.now(); }
        get playbackRate() { return this.rate; }
        set playbackRate(rate) { this.currentTime = this.currentTime; this.rate = rate; this.tell("ratechange"); }
        tell(type) { this.dispatchEvent(new Event(type)); }
        go() { this.since = performance.now(); }
        halt() { this.base = this.currentTime; this.since = null; }
        play() { this.paused = false; this.go(); this.tell("playing"); }
        pause() { this.halt(); this.paused = true; this.tell("pause"); }
        seek(seconds) {
            this.seeking = true; this.currentTime = seconds; this.tell("seeking");
            this.seeking = false; this.tell("seeked");
        }
        hide(hidden) {
            Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
            document.dispatchEvent(new Event("visibilitychange"));
        }
    }
    window.player = new Player();
    beforeLeaving(watch(window.player, () => ({ item: "clip", view: "v1" })));
    window.send = flush;
}"""

Do = Callable[[str], None]
Stretch = tuple[float, float]


@pytest.fixture
def do(hand: Hand) -> Do:
    """Let the player do something: `do("play()")`."""
    hand.page.goto(hand.site.url)
    hand.page.evaluate(PLAYER)
    return lambda act: hand.page.evaluate(f"() => {{ player.{act} }}")


def told(hand: Hand, count: int) -> list[Stretch]:
    """Return from and to of the stretches that were reported; there must be this many."""
    hand.page.evaluate("send()")
    hand.site.wait_for(lambda site: len(site.of_type("watch")) >= count)
    found = [(watch["from_s"], watch["to_s"]) for watch in hand.site.of_type("watch")]
    assert len(found) == count
    return found


def test_a_pause_ends_a_stretch_to_the_millisecond(hand: Hand, do: Do) -> None:
    do("play()")
    hand.rest(1234)
    do("pause()")
    hand.rest(5000)

    assert told(hand, 1) == [(0, 1.234)]


def test_a_second_part_after_a_pause_is_a_second_stretch(hand: Hand, do: Do) -> None:
    do("play()")
    hand.rest(1000)
    do("pause()")
    hand.rest(5000)
    do("play()")
    hand.rest(500)
    do("pause()")

    assert told(hand, 2) == [(0, 1), (1, 1.5)]


@pytest.mark.parametrize("target", [6.0, 0.5])
def test_a_seek_forward_or_back_parts_two_stretches(hand: Hand, do: Do, target: float) -> None:
    """Back is the replay of a part; it is not joined with what was played before."""
    do("play()")
    hand.rest(2000)
    do(f"seek({target})")
    hand.rest(1000)
    do("pause()")

    assert told(hand, 2) == [(0, 2), (target, target + 1)]


def test_a_jump_that_nobody_announces_parts_two_stretches(hand: Hand, do: Do) -> None:
    do("play()")
    hand.rest(2000)
    do("currentTime = 7")
    hand.rest(1000)
    do("pause()")

    assert told(hand, 2) == [(0, 2), pytest.approx((7, 8), abs=TICK_S)]


def test_a_loop_begins_a_new_stretch(hand: Hand, do: Do) -> None:
    do("play()")
    hand.rest(8000)
    do("currentTime = 0")
    hand.rest(3000)
    do("pause()")

    assert told(hand, 2) == [(0, 8), pytest.approx((0, 3), abs=TICK_S)]


def test_the_end_ends_a_stretch_at_the_end(hand: Hand, do: Do) -> None:
    do("play()")
    hand.rest(8008)
    do("halt(); player.ended = true; player.tell('ended')")
    hand.rest(3000)

    assert told(hand, 1) == [(0, 8.008)]


def test_speed_is_a_fact_of_a_stretch(hand: Hand, do: Do) -> None:
    do("play()")
    hand.rest(1000)
    do("playbackRate = 2")
    hand.rest(1000)
    do("pause()")

    assert told(hand, 2) == [(0, 1), (1, 3)]
    assert [watch["rate"] for watch in hand.site.of_type("watch")] == [1, 2]


def test_sound_is_a_fact_of_a_stretch_but_its_loudness_is_not(hand: Hand, do: Do) -> None:
    do("play()")
    hand.rest(1000)
    do("muted = false; player.tell('volumechange')")
    hand.rest(1000)
    for volume in (0.8, 0.5, 0.1):
        do(f"volume = {volume}; player.tell('volumechange')")
        hand.rest(500)
    do("volume = 0; player.tell('volumechange')")
    hand.rest(1000)
    do("pause()")

    assert told(hand, 3) == [(0, 1), (1, 3.5), (3.5, 4.5)]
    assert [watch["sound_on"] for watch in hand.site.of_type("watch")] == [False, True, False]


def test_in_the_background_nothing_is_watched(hand: Hand, do: Do) -> None:
    do("play()")
    hand.rest(1000)
    do("hide(true)")
    hand.rest(4000)
    do("hide(false)")
    hand.rest(1000)
    do("pause()")

    assert told(hand, 2) == [(0, 1), (5, 6)]


def test_waiting_for_more_of_the_clip_parts_two_stretches(hand: Hand, do: Do) -> None:
    do("play()")
    hand.rest(1000)
    do("halt(); player.tell('waiting')")
    hand.rest(4000)
    do("go(); player.tell('playing')")
    hand.rest(1000)
    do("pause()")

    assert told(hand, 2) == [(0, 1), (1, 2)]


def test_a_playhead_that_stands_without_a_word_does_not_play(hand: Hand, do: Do) -> None:
    do("play()")
    hand.rest(1000)
    do("halt()")
    hand.rest(4000)
    do("go()")
    hand.rest(250)
    do("tell('timeupdate')")
    hand.rest(1000)
    do("pause()")

    before, after = told(hand, 2)
    assert before == (0, 1)
    assert after == (1.25, 2.25)


def test_a_stumble_is_no_stall(hand: Hand, do: Do) -> None:
    """Shorter than it takes to notice: the stretch goes on."""
    do("play()")
    hand.rest(1000)
    do("halt()")
    hand.rest(int(1000 * (STALL_S - TICK_S)) - 50)
    do("go()")
    hand.rest(1000)
    do("pause()")

    assert told(hand, 1) == [(0, 2)]


def test_what_is_too_short_to_be_seen_is_not_told(hand: Hand, do: Do) -> None:
    do("play()")
    hand.rest(90)
    do("seek(3)")
    hand.rest(1000)
    do("pause()")

    assert told(hand, 1) == [(3, 4)]


def test_every_stretch_has_an_id_of_its_own_and_names_clip_and_view(hand: Hand, do: Do) -> None:
    for _ in range(3):
        do("play()")
        hand.rest(500)
        do("pause()")
    told(hand, 3)

    found = hand.site.of_type("watch")
    assert len({watch["id"] for watch in found}) == 3
    assert {(watch["item"], watch["view"]) for watch in found} == {("clip", "v1")}
