"""What cards.js reports about the cards of a list."""

from __future__ import annotations

import pytest

from tests.browser.hand import Hand

pytestmark = pytest.mark.browser


def open_list(hand: Hand, height: int) -> None:
    hand.page.set_viewport_size({"width": 1000, "height": height})
    hand.page.goto(f"{hand.site.url}/")
    let_observers_report(hand)


def let_observers_report(hand: Hand) -> None:
    """Wait for an observer made now; those made before it have been told the same state by then."""
    hand.page.evaluate(
        "() => new Promise(resolve => new IntersectionObserver(resolve).observe(document.querySelector('.card')))"
    )


def half_on_screen(hand: Hand) -> set[str]:
    return set(
        hand.page.evaluate(
            """() => Array.from(document.querySelectorAll('.card')).filter(card => {
                const { top, bottom, height } = card.getBoundingClientRect();
                return Math.min(bottom, innerHeight) - Math.max(top, 0) >= height / 2;
            }).map(card => card.dataset.item)"""
        )
    )


def seen(hand: Hand) -> list[tuple[str, int, str]]:
    hand.rest(5000)
    hand.site.wait_for(lambda site: bool(site.of_type("viewable")))
    found = hand.site.of_type("viewable")
    return sorted((event["item"], event["position"], event["list"]) for event in found)


def test_cards_on_screen_for_a_second_are_viewable_once(hand: Hand) -> None:
    open_list(hand, 1200)
    hand.rest(30_000)

    assert seen(hand) == [("bees", 1, "l1"), ("clip", 3, "l1"), ("tall", 2, "l1")]


def test_a_list_that_is_looked_at_again_tells_nothing_new(hand: Hand) -> None:
    """Back from an article or a question, its cards are in view again: to pass one by counts once for each list."""
    open_list(hand, 1200)
    hand.rest(30_000)
    before = seen(hand)
    hand.page.reload()
    let_observers_report(hand)
    hand.rest(30_000)
    hand.site.wait_for(lambda site: len([one for one in site.arrivals if one["type"] == "viewable"]) == 6)

    assert seen(hand) == before


def test_a_card_less_than_half_on_screen_is_not(hand: Hand) -> None:
    open_list(hand, 420)
    shown = half_on_screen(hand)

    assert 0 < len(shown) < 3
    assert {item for item, _, _ in seen(hand)} == shown


def test_a_card_that_passes_within_a_second_is_not(hand: Hand) -> None:
    open_list(hand, 420)
    hand.page.mouse.move(300, 300)
    passed = half_on_screen(hand)
    hand.rest(900)
    hand.wheel(5000)
    let_observers_report(hand)

    assert "bees" in passed - half_on_screen(hand)
    assert {item for item, _, _ in seen(hand)} == half_on_screen(hand)
