"""How events travel: in time, in small posts, again after a failure, never twice under another id."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Route

from tests.browser.hand import Hand, until
from tests.browser.site import Site

pytestmark = pytest.mark.browser


def test_closed_visits_go_out_within_five_seconds(hand: Hand) -> None:
    hand.open("bees")
    hand.read_to(5)
    hand.rest(5000)

    hand.site.wait_for(lambda site: bool(site.of_type("paragraph_visit")))
    assert hand.site.of_type("close") == []


def rest_until(hand: Hand, holds: Callable[[Site], bool]) -> None:
    """Rest until it holds. When an answer is there, and another try begins to wait, is not up to the clock."""

    def rested() -> bool:
        if not holds(hand.site):
            hand.rest(1_000)
        return holds(hand.site)

    until(hand.page, rested)


def test_a_failed_post_is_sent_again_with_the_same_events(hand: Hand) -> None:
    hand.site.answers = [503, 500]
    hand.open("bees")
    rest_until(hand, lambda site: site.answers == [500])
    rest_until(hand, lambda site: site.answers == [])
    rest_until(hand, lambda site: bool(site.of_type("open")))
    hand.leave()

    arrivals = hand.site.arrivals
    assert len({event["id"] for event in arrivals}) == len(arrivals)
    assert len(hand.site.of_type("open")) == 1


@pytest.fixture
def complaints() -> list[str]:
    """The console reports each refused post; here that is meant."""
    return []


def test_what_arrived_without_an_answer_is_sent_again_and_counts_once(hand: Hand) -> None:
    """As after a break of the connection, or where a machine stood still: the sender takes it for lost."""
    unanswered: list[int] = []

    def lose_one_answer(route: Route) -> None:
        if unanswered or "paragraph_visit" not in (route.request.post_data or ""):
            return route.continue_()
        unanswered.append(route.fetch().status)
        return route.abort("connectionreset")

    hand.page.route("**/api/v1/events", lose_one_answer)
    hand.open("bees")
    hand.rest(18_000)
    hand.page.mouse.move(310, 310)
    hand.rest(14_000)
    hand.leave()

    arrived = [event["id"] for event in hand.site.arrivals if event["type"] == "paragraph_visit"]
    assert len(arrived) > len(set(arrived)), "nothing came twice"
    parts = [(visit["visit"], visit["part"]) for visit in hand.visits() if visit["paragraph"] == 0]
    assert parts == [(0, 0), (0, 1), (0, 2)]


def test_the_pause_doubles_from_three_seconds_on(hand: Hand) -> None:
    """Three failures are tried again after 3, 6 and 12 s, each at the next beat of 5 s."""
    hand.site.answers = [503, 503, 503]
    hand.open("bees")
    for attempt, pause_s in enumerate((5, 5, 10, 15)):
        hand.rest(1000 * pause_s - 1000)
        let_answers_in(hand)
        assert hand.site.attempts == attempt
        with hand.page.expect_response("**/api/v1/events"):
            hand.rest(1000)
        let_answers_in(hand)


def let_answers_in(hand: Hand) -> None:
    """Go to the server and back once more, behind what is under way."""
    hand.page.evaluate("() => fetch('/static/favicon.svg').then(answer => answer.ok)")


@pytest.mark.parametrize("status", [400, 401, 403, 410, 422])
def test_a_refused_post_is_dropped(hand: Hand, status: int) -> None:
    hand.site.answers = [status]
    hand.open("bees")
    hand.rest(5000)
    hand.site.wait_for(lambda site: site.answers == [])
    hand.rest(60_000)
    hand.leave()

    assert hand.site.of_type("open") == []
    assert hand.site.of_type("close")


def test_a_long_reading_leaves_in_small_posts(hand: Hand) -> None:
    """The site itself checks that no post is over 16 KiB."""
    hand.site.answers = [503] * 3
    hand.open("bees")
    for _ in range(6):
        hand.to(7, step=300)
        hand.to(0, step=300)
    hand.leave()
    hand.site.wait_for(lambda site: len(site.of_type("paragraph_visit")) > 40)

    assert max(len(post) for post in hand.site.posts) <= 100
    assert len(hand.site.posts) > 1
