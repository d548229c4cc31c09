"""What gestures.js takes for one gesture, told in moments of the test's own: wheels with inertia, and fingers."""

from __future__ import annotations

from typing import Any, Protocol

import pytest

from tests.browser.hand import Hand

pytestmark = pytest.mark.browser

# A flick on a touchpad: (ms since the one before, pixels). It swells within 100 ms, then fades for most of a second.
FLICK = [(0, 4), (16, 20), (16, 60), (16, 90), *((16, round(85 * 0.93**step) + 1) for step in range(50))]
NOTCH = [(0, 120)]
# Longer than any gap within a gesture.
REST_MS = 300

Moves = list[tuple[int, int]]


class Wheel(Protocol):
    """Turns the wheel after a rest, by (ms since the move before, pixels); returns the sum of all steps so far."""

    def __call__(self, moves: Moves, *, rest_ms: int = REST_MS, **fields: Any) -> int: ...


@pytest.fixture
def wheel(hand: Hand) -> Wheel:
    lie_still(hand)

    def turn(moves: Moves, *, rest_ms: int = REST_MS, **fields: Any) -> int:
        script = """([moves, rest, fields]) => {
            window.at = (window.at ?? 1000) + rest;
            for (const [ms, deltaY] of moves) {
                window.at += ms;
                const event = { deltaX: 0, deltaY, deltaMode: 0, ctrlKey: false, timeStamp: window.at };
                window.listeners.wheel({ ...event, ...fields });
            }
            return window.steps.reduce((sum, step) => sum + step, 0);
        }"""
        steps: int = hand.page.evaluate(script, [moves, rest_ms, fields])
        return steps

    return turn


def lie_still(hand: Hand, height: int = 2000) -> None:
    """Open a page that cannot scroll, with the gestures of some element wired to a list of steps."""
    hand.page.set_viewport_size({"width": 1000, "height": height})
    hand.page.goto(hand.site.url)
    hand.page.evaluate(
        """async () => {
            const { onGestures } = await import("/static/gestures.js");
            window.steps = [];
            window.listeners = {};
            const element = { addEventListener: (type, listener) => (window.listeners[type] = listener) };
            onGestures(element, (step) => window.steps.push(step), ".card");
        }"""
    )


def test_one_notch_is_one_step(wheel: Wheel) -> None:
    assert wheel(NOTCH) == 1
    assert wheel(NOTCH) == 2


def test_a_flick_with_all_its_inertia_is_one_step(wheel: Wheel) -> None:
    assert sum(pixels for _, pixels in FLICK) > 1000
    assert wheel(FLICK) == 1


def test_back_is_the_other_way(wheel: Wheel) -> None:
    assert wheel([(ms, -pixels) for ms, pixels in FLICK]) == -1


def test_a_second_flick_into_the_fading_first_is_a_second_step(wheel: Wheel) -> None:
    assert wheel(FLICK[:40]) == 1
    assert wheel(FLICK, rest_ms=16) == 2


def test_many_notches_at_once_are_one_gesture(wheel: Wheel) -> None:
    assert wheel([(30, 120)] * 8) == 1


def test_a_tremble_is_no_gesture(wheel: Wheel) -> None:
    assert wheel([(10, 3), (10, -2), (10, 4)]) == 0


@pytest.mark.parametrize("fields", [{"ctrlKey": True}, {"deltaX": 300}])
def test_zoom_and_sideways_are_no_steps(wheel: Wheel, fields: dict[str, Any]) -> None:
    assert wheel(NOTCH, **fields) == 0


def test_lines_count_as_lines(wheel: Wheel) -> None:
    """Firefox gives lines: three of them are a notch."""
    assert wheel([(0, 3)], deltaMode=1) == 1


def test_where_the_page_scrolls_the_wheel_scrolls(hand: Hand, wheel: Wheel) -> None:
    lie_still(hand, height=300)

    assert wheel([(0, -120)]) == -1  # it stands at the top
    assert wheel(NOTCH) == -1
    hand.page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    assert wheel(NOTCH) == 0


SWIPE = """([selector, x, y]) => {
    const target = document.querySelector(selector);
    window.listeners.touchstart({ target, touches: [{ clientX: 100, clientY: 300 }] });
    window.listeners.touchend({ changedTouches: [{ clientX: 100 + x, clientY: 300 + y }] });
    return window.steps;
}"""


@pytest.mark.parametrize(
    ("x", "y", "steps"), [(0, -200, [1]), (20, 200, [-1]), (0, -30, []), (250, -200, []), (0, 0, [])]
)
def test_a_swipe_along_is_a_step(hand: Hand, x: int, y: int, steps: list[int]) -> None:
    lie_still(hand)

    assert hand.page.evaluate(SWIPE, ["main", x, y]) == steps


def test_where_the_page_scrolls_a_finger_scrolls_but_not_on_the_stage(hand: Hand) -> None:
    lie_still(hand, height=300)

    assert hand.page.evaluate(SWIPE, ["main", 0, -200]) == []
    assert hand.page.evaluate(SWIPE, [".card .title", 0, -200]) == [1]


def test_two_fingers_are_no_swipe(hand: Hand) -> None:
    lie_still(hand)
    hand.page.evaluate(
        """() => {
            const touch = { clientX: 100, clientY: 300 };
            window.listeners.touchstart({ target: document.body, touches: [touch, touch] });
            window.listeners.touchend({ changedTouches: [{ clientX: 100, clientY: 0 }] });
        }"""
    )

    assert hand.page.evaluate("steps") == []
