"""What attention.js reports about paragraphs, in real Chromium. DESIGN 3.2 and 4 say what it should."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.browser.hand import SCROLL_TICK_MS, TICK_MS, Hand
from tests.browser.site import EventRecord, Site

pytestmark = pytest.mark.browser

LAST = 7
# Times are whole milliseconds, rounded down.
ROUNDING_MS = 1


def came(visits: list[EventRecord], way: str) -> list[int]:
    return [visit["paragraph"] for visit in visits if visit["came"] == way and visit["part"] == 0]


def test_opening_is_reported_with_the_list_it_came_from(hand: Hand) -> None:
    hand.open("bees")
    hand.leave()

    (opening,) = hand.site.of_type("open")
    assert {name: opening[name] for name in ("item", "session", "list", "position", "at")} == {
        "item": "bees",
        "session": "s1",
        "list": "l1",
        "position": 3,
        "at": "2026-11-20T08:00:00.000Z",
    }


def test_reading_down_visits_the_paragraphs_in_order(hand: Hand) -> None:
    hand.open("bees")
    hand.read_to(LAST)
    hand.leave()

    visits = hand.visits()
    firsts = list(dict.fromkeys(visit["paragraph"] for visit in visits))
    assert firsts == list(range(LAST + 1))
    started, followed = came(visits, "start"), came(visits, "down")
    assert started + followed == firsts
    assert len(started) >= 2
    assert all(visit["user_driven"] == (visit["came"] == "down") for visit in visits)


def test_going_back_starts_new_visits_that_came_up(hand: Hand) -> None:
    hand.open("bees")
    hand.read_to(LAST)
    on_screen = _on_screen(hand.page)
    hand.to(3)
    hand.rest(3000)
    hand.leave()

    returns = [visit for visit in hand.visits() if visit["came"] == "up"]
    assert 3 in came(returns, "up")
    assert not set(came(returns, "up")) & set(on_screen), "what stayed on screen was not returned to"
    assert all(visit["user_driven"] and visit["visit"] == 1 for visit in returns)
    assert sum(visit["rest_ms"] for visit in returns if visit["paragraph"] == 3) >= 2800


def _on_screen(page: Page) -> list[int]:
    found: list[int] = page.evaluate(
        """Array.from(document.querySelectorAll('[data-paragraph]')).filter(paragraph => {
            const { top, bottom } = paragraph.getBoundingClientRect();
            return bottom > 0 && top < innerHeight;
        }).map(paragraph => +paragraph.dataset.paragraph)"""
    )
    return found


def test_a_return_is_reported_while_it_lasts(hand: Hand) -> None:
    """The next list is to know of it, so it cannot wait for the end of the visit."""
    hand.open("bees")
    hand.read_to(LAST)
    hand.to(3)
    hand.rest(2500)

    hand.site.wait_for(lambda site: any(visit["came"] == "up" for visit in site.of_type("paragraph_visit")))
    returned = [visit for visit in hand.visits() if visit["came"] == "up" and visit["paragraph"] == 3]
    assert returned[0]["rest_ms"] >= 800
    assert hand.site.of_type("close") == []
    held = {visit["paragraph"] for visit in hand.visits()}
    assert held == set(range(LAST + 1)), "with it went what the front was held for"


def test_parts_of_one_visit_keep_its_number_and_how_it_came(hand: Hand) -> None:
    hand.open("bees")
    hand.rest(18_000)
    hand.page.mouse.move(310, 310)
    hand.rest(14_000)
    hand.leave()

    parts = [visit for visit in hand.visits() if visit["paragraph"] == 0]
    told = [(part["visit"], part["part"], part["came"]) for part in parts]
    assert told == [(0, 0, "start"), (0, 1, "start"), (0, 2, "start")]
    assert parts[0]["visible_ms"] == pytest.approx(15_000, abs=TICK_MS)
    assert parts[1]["started_ms"] == pytest.approx(15_000, abs=TICK_MS)


def test_time_is_shared_by_visible_words(hand: Hand) -> None:
    hand.open("bees")
    words: list[float] = hand.page.evaluate(
        """Array.from(document.querySelectorAll('[data-paragraph]'), paragraph => {
            const { top, bottom, height } = paragraph.getBoundingClientRect();
            const shown = Math.max(0, Math.min(bottom, innerHeight) - top) / height;
            return shown * paragraph.textContent.trim().split(/\\s+/).length;
        })"""
    )
    hand.rest(4000)
    hand.leave()

    dwell = {visit["paragraph"]: visit["dwell_ms"] for visit in hand.visits()}
    (close,) = hand.site.of_type("close")
    assert close["active_ms"] == pytest.approx(4000, abs=ROUNDING_MS)
    for paragraph, share in dwell.items():
        assert share == pytest.approx(4000 * words[paragraph] / sum(words), abs=ROUNDING_MS)


def test_focus_is_shared_by_how_much_of_the_reading_band_a_paragraph_fills(hand: Hand) -> None:
    """The band reaches from 10 to 60 % of the screen's height."""
    hand.open("bees")
    hand.rest(4000)
    in_band = hand.page.evaluate(
        """() => [...document.querySelectorAll('[data-paragraph]')].map(element => {
            const { top, bottom } = element.getBoundingClientRect();
            return Math.max(0, Math.min(bottom, .6 * innerHeight) - Math.max(top, .1 * innerHeight));
        })"""
    )
    hand.leave()

    focus = {visit["paragraph"]: visit["focus_ms"] for visit in hand.visits()}
    assert len(focus) > 1
    for paragraph, share in focus.items():
        assert share == pytest.approx(4000 * in_band[paragraph] / sum(in_band), abs=ROUNDING_MS)


def test_dwell_is_never_more_than_the_active_time(hand: Hand) -> None:
    hand.open("bees")
    hand.read_to(5)
    hand.to(1)
    hand.rest(2000)
    hand.read_to(LAST)
    hand.leave()

    visits = hand.visits()
    (close,) = hand.site.of_type("close")
    assert 0 < sum(visit["dwell_ms"] for visit in visits) <= close["active_ms"]
    for visit in visits:
        assert 0 <= visit["dwell_ms"] <= visit["visible_ms"]
        assert 0 <= visit["focus_ms"] <= visit["visible_ms"]
        assert 0 <= visit["rest_ms"] <= visit["visible_ms"]


def test_ids_are_unique_and_all_belong_to_one_view(hand: Hand) -> None:
    hand.open("bees")
    hand.read_to(LAST)
    hand.leave()

    events = hand.site.events
    assert len({event["id"] for event in events}) == len(events)
    assert len({event["view"] for event in events}) == 1
    assert "user" not in {name for event in events for name in event}


def test_a_paragraph_taller_than_the_screen_reaches_full_coverage(hand: Hand) -> None:
    hand.open("tall")
    hand.to(2)
    hand.leave()

    coverage = max(visit["coverage"] for visit in hand.visits() if visit["paragraph"] == 1)
    assert coverage == 1


def test_what_flies_by_gets_no_time(hand: Hand) -> None:
    """Seven screens a second: nearly three times as fast as what may still be reading."""
    hand.open("bees")
    hand.rest(1000)
    for _ in range(12):
        hand.wheel(100)
        hand.rest(20)
    hand.leave()

    assert {visit["came"] for visit in hand.visits()} == {"start"}
    (close,) = hand.site.of_type("close")
    assert close["active_ms"] == pytest.approx(1000, abs=SCROLL_TICK_MS)


def test_an_anchor_is_a_jump(hand: Hand) -> None:
    hand.open("bees")
    hand.read_to(LAST)
    with hand.until_scrolled():
        hand.page.evaluate("location.hash = 'p0'")
    hand.rest(3000)
    hand.leave()

    _assert_only_jumps_back(hand, user_driven=False)


def test_a_link_within_the_page_is_a_jump_even_right_after_the_wheel(hand: Hand) -> None:
    hand.open("bees")
    hand.read_to(LAST)
    hand.page.evaluate("document.getElementById('p7').innerHTML = '<a href=\"#p0\">To the beginning</a>'")
    hand.page.mouse.wheel(0, 10)
    with hand.until_scrolled():
        hand.page.get_by_role("link", name="To the beginning").click()
    hand.rest(3000)
    hand.leave()

    _assert_only_jumps_back(hand, user_driven=False)


def test_the_home_key_is_a_jump_of_the_reader(hand: Hand) -> None:
    hand.open("bees")
    hand.read_to(LAST)
    hand.press("Home")
    hand.rest(3000)
    hand.leave()

    _assert_only_jumps_back(hand, user_driven=True)


def test_page_keys_are_ordinary_scrolling(hand: Hand) -> None:
    hand.open("bees")
    for key in ("PageDown", "PageDown", "PageUp"):
        hand.press(key)
        hand.rest(1500)
    hand.leave()

    visits = hand.visits()
    assert came(visits, "down")
    assert came(visits, "up")
    assert came(visits, "jump") == []


def test_dragging_the_scrollbar_is_ordinary_scrolling(hand: Hand) -> None:
    hand.open("bees")
    hand.read_to(LAST)
    mouse = hand.page.mouse
    x, thumb_y, higher_y = hand.page.evaluate(
        """() => {
            const thumb = (scrollY + innerHeight / 2) / document.documentElement.scrollHeight * innerHeight;
            return [innerWidth - 5, thumb, thumb - innerHeight / 3];
        }"""
    )
    mouse.move(x, thumb_y)
    mouse.down()
    for step in range(1, 5):
        hand.rest(600)
        mouse.move(x, thumb_y + (higher_y - thumb_y) * step / 4)
    hand.rest(3000)
    mouse.up()
    hand.leave()

    assert came(hand.visits(), "up")
    assert came(hand.visits(), "jump") == []


def _assert_only_jumps_back(hand: Hand, *, user_driven: bool) -> None:
    visits = hand.visits()
    assert came(visits, "up") == []
    assert 0 in came(visits, "jump")
    assert {visit["user_driven"] for visit in visits if visit["came"] == "jump"} == {user_driven}


def test_a_resized_window_brings_no_return(hand: Hand) -> None:
    hand.open("bees")
    hand.read_to(LAST)
    hand.page.set_viewport_size({"width": 1000, "height": 1600})
    hand.rest(3000)
    hand.page.set_viewport_size({"width": 420, "height": 700})
    hand.rest(3000)
    hand.leave()

    visits = hand.visits()
    assert came(visits, "up") == []
    assert came(visits, "jump"), "the larger window showed earlier paragraphs again"
    assert not any(visit["user_driven"] for visit in visits if visit["came"] == "jump")


def test_a_shift_of_the_layout_brings_no_return(hand: Hand) -> None:
    hand.open("bees")
    hand.read_to(LAST)
    hand.page.evaluate(
        "for (const index of [3, 4, 5, 6, 7]) document.getElementById(`p${index}`).textContent = 'Gone.'"
    )
    hand.rest(3000)
    hand.leave()

    visits = hand.visits()
    assert came(visits, "up") == []
    assert came(visits, "jump")


def test_a_trembling_hand_starts_no_visits(hand: Hand) -> None:
    hand.open("bees")
    hand.read_to(4)
    known = {visit["paragraph"] for visit in hand.visits()}
    for pixels in (8, -8, 8, -8):
        hand.wheel(pixels)
        hand.rest(500)
    hand.leave()

    assert known <= {visit["paragraph"] for visit in hand.visits()}
    assert came(hand.visits(), "up") == []


def test_an_idle_reader_gets_no_time(hand: Hand) -> None:
    """The limit is 1.5 x the words on screen at 238 words a minute, at most 90 s."""
    hand.open("bees")
    hand.rest(300_000)
    hand.leave()

    (close,) = hand.site.of_type("close")
    assert 20_000 <= close["active_ms"] <= 91_000


def test_a_sleeping_machine_gets_no_time(hand: Hand) -> None:
    hand.open("bees")
    hand.rest(1000)
    hand.page.clock.fast_forward(600_000)
    hand.page.mouse.move(310, 310)
    hand.rest(1000)
    hand.leave()

    (close,) = hand.site.of_type("close")
    assert close["active_ms"] == pytest.approx(2000, abs=2 * TICK_MS)


def test_a_window_without_focus_gets_no_time(hand: Hand) -> None:
    hand.open("bees")
    hand.rest(1000)
    session = hand.page.context.new_cdp_session(hand.page)
    session.send("Emulation.setFocusEmulationEnabled", {"enabled": False})
    other = hand.page.context.new_page()
    other.bring_to_front()
    hand.page.wait_for_function("() => !document.hasFocus()")
    hand.rest(5000)
    hand.page.bring_to_front()
    hand.page.wait_for_function("() => document.hasFocus()")
    hand.rest(1000)
    hand.leave()

    (close,) = hand.site.of_type("close")
    assert close["active_ms"] == pytest.approx(2000, abs=2 * TICK_MS)
    assert came(hand.visits(), "up") == []


def test_coming_back_from_the_cache_of_the_browser_is_a_new_view(hand: Hand) -> None:
    hand.open("bees")
    hand.rest(1000)
    hand.page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))")
    hand.page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    hand.rest(1000)
    hand.leave()

    first, second = hand.site.of_type("open")
    assert first["view"] != second["view"]
    assert [close["view"] for close in hand.site.of_type("close")] == [first["view"], second["view"]]
    again = [visit for visit in hand.visits() if visit["view"] == second["view"]]
    assert {(visit["visit"], visit["came"]) for visit in again} == {(0, "start")}


def test_going_out_of_sight_twice_is_reported_once(hand: Hand) -> None:
    """A page that is left gets two events for it, `pagehide` and `visibilitychange`."""
    hand.open("bees")
    hand.rest(1000)
    hand.page.evaluate("for (const _ of [1, 2]) dispatchEvent(new PageTransitionEvent('pagehide'))")
    hand.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    hand.rest(1000)
    hand.leave()

    assert [close["active_ms"] for close in hand.site.of_type("close")] == [1000, pytest.approx(2000, abs=TICK_MS)]


def test_without_a_yes_no_tracker_is_loaded(page: Page, site: Site) -> None:
    site.tracking = False
    page.goto(f"{site.url}/a/bees")

    assert page.locator("script[data-tracker]").count() == 0
    assert page.get_by_role("button", name="Like", exact=True).is_visible()
