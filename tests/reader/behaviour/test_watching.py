"""Stretches of playing -> what the reader did with a clip."""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reader.behaviour.views import derive_view
from reader.behaviour.watch_shares import WatchShares
from reader.behaviour.watching import Watching, covered, derive_watching, moves
from reader.settings import WatchSettings
from reader.types import Watch
from reader.types_folding import Replay
from tests.builders import WatchStory

SETTINGS = WatchSettings()


def watching(story: WatchStory, duration_s: float = 30.0) -> Watching:
    return derive_watching(derive_view(story), duration_s, WatchShares(SETTINGS), SETTINGS)


def kinds(story: WatchStory, duration_s: float = 30.0) -> list[str]:
    stretches = [event for event in story if isinstance(event, Watch)]
    return [move.kind for move in moves(stretches, duration_s, SETTINGS)]


def test_what_was_played_twice_is_covered_once() -> None:
    story = WatchStory().play(0, 10).play(5, 12).play(20, 25)

    found = watching(story)

    assert found.share == pytest.approx((12 + 5) / 30)
    assert found.seconds == pytest.approx(10 + 7 + 5)


def test_speed_shortens_the_time_and_not_the_share() -> None:
    found = watching(WatchStory().play(0, 30, rate=2.0).close())

    assert (found.share, found.seconds, found.completed) == (1.0, 15.0, True)


@pytest.mark.parametrize(
    ("story", "expected"),
    [
        (WatchStory().play(0, 5).play(5, 9, sound_on=True), ["on"]),
        (WatchStory().play(0, 5).play(5, 9, rate=1.5), ["on"]),
        (WatchStory().play(0, 5).wait(3).play(5.1, 9), ["halt"]),
        (WatchStory().play(0, 5).wait(1).play(15, 20), ["ahead"]),
        (WatchStory().play(0, 15).wait(1).play(5, 9), ["back"]),
        (WatchStory().play(0, 30).play(0, 9), ["loop"]),
        (WatchStory().play(0, 29.8).wait(20).play(0.2, 9), ["loop"]),
        (WatchStory().play(0, 5).wait(12).play(17.2, 20), ["unseen"]),
        (WatchStory().play(0, 5, rate=2.0).wait(6).play(17, 20), ["unseen"]),
    ],
)
def test_what_lies_between_two_stretches_is_told_apart(story: WatchStory, expected: list[str]) -> None:
    """Speed and sound, pause and stall, jumps either way, a loop, and playing on in a hidden page."""
    assert kinds(story) == expected


def test_going_back_to_a_part_is_a_replay_with_its_place() -> None:
    story = WatchStory().play(0, 18).wait(0.5).play(12, 25).close()

    found = watching(story)

    assert found.replays == (Replay(12.0, 18.0, 6.0),)
    assert found.loops == 0


def test_replay_goes_on_through_other_sound_and_speed_and_ends_where_new_ground_begins() -> None:
    story = WatchStory().play(0, 18).play(12, 14).play(14, 16, sound_on=True).play(16, 25, sound_on=True, rate=2.0)

    assert watching(story).replays == (Replay(12.0, 18.0, 2 + 2 + 1),)


def test_two_goings_back_are_two_replays() -> None:
    story = WatchStory().play(0, 10).play(4, 8).play(4, 12).play(1, 3)

    assert watching(story).replays == (Replay(4.0, 8.0, 4.0), Replay(4.0, 10.0, 6.0), Replay(1.0, 3.0, 2.0))


@pytest.mark.parametrize(
    "story",
    [
        WatchStory().play(0, 30).play(0, 30).play(0, 12),  # a loop of the whole clip
        WatchStory().play(0, 29).play(1, 29),  # nearly all of it again
        WatchStory().play(0, 18).wait(60).play(12, 25),  # after a long halt, for the thread
        WatchStory().play(0, 18).play(17.4, 25),  # a little, less than shows
        WatchStory().play(0, 18).play(12, 12.6).play(18, 25),  # looked in on the way
        WatchStory().play(10, 18).play(0, 9),  # back to what was not played before
        WatchStory().play(0, 5).play(12, 18),  # ahead
        WatchStory().play(0, 5).wait(12).play(17.2, 20),  # played on unseen
    ],
)
def test_what_is_no_going_back_to_a_part(story: WatchStory) -> None:
    assert watching(story).replays == ()


def test_loops_are_counted_and_are_no_replays() -> None:
    """Three seconds again and again: whoever lets a short clip run has gone back to nothing."""
    found = watching(WatchStory().play(0, 3).play(0, 3).play(0, 2.8).play(0, 1).close(), 3.0)

    assert (found.loops, found.replays, found.completed) == (3, (), True)


@pytest.mark.parametrize(
    ("story", "duration_s", "skipped"),
    [
        (WatchStory().play(0, 1.2).close(), 30.0, True),
        (WatchStory().play(0, 2.5).close(), 30.0, False),
        (WatchStory().play(0, 1.2), 30.0, False),  # not closed: nothing is known
        (WatchStory().wait(8).play(0, 0.8).close(), 30.0, False),  # it had to load
        (WatchStory().play(0, 0.8).wait(8).close(), 30.0, False),  # it stood still, perhaps to read what it is
        (WatchStory().play(0, 1.5).close(), 1.5, False),  # the whole of a very short one
        (WatchStory().play(0, 3, rate=2.0).close(), 30.0, True),  # three seconds of the clip, one and a half of life
        (WatchStory().close(), 30.0, False),  # never played
    ],
)
def test_quick_skip_is_by_the_readers_own_time(story: WatchStory, duration_s: float, skipped: bool) -> None:
    assert watching(story, duration_s).skipped is skipped


@pytest.mark.parametrize(
    ("story", "switched"),
    [
        (WatchStory().play(0, 4).play(4, 9, sound_on=True), True),
        (WatchStory().play(0, 9, sound_on=True), False),
        (WatchStory().play(0, 0.1).play(0.1, 9, sound_on=True), False),
        (WatchStory().play(0, 4, sound_on=True).play(4, 9), False),
        (WatchStory().play(0, 9), False),
    ],
)
def test_sound_is_turned_on_only_by_whoever_heard_none(story: WatchStory, switched: bool) -> None:
    assert watching(story).sound_switched_on is switched


def test_clip_of_unknown_length_counts_by_time() -> None:
    found = watching(WatchStory().play(0, 15).play(0, 15).close(), 0.0)

    assert found.quantile == pytest.approx(WatchShares(SETTINGS).quantile_of_time(15.0))
    assert (found.share, found.completed, found.finishing) == (0.0, False, 0.0)


def test_what_lies_beyond_the_end_is_not_there() -> None:
    """A player's length and a feed's differ by a little."""
    found = watching(WatchStory().play(0, 33).play(31, 33).close())

    assert (found.share, found.seconds) == (1.0, 30.0)


SPANS = st.lists(
    st.tuples(st.floats(0, 40), st.floats(0, 10), st.floats(0, 9), st.sampled_from([0.5, 1.0, 2.0]), st.booleans()),
    max_size=6,
)


def story_of(spans: list[tuple[float, float, float, float, bool]]) -> WatchStory:
    story = WatchStory()
    for start, length, gap, rate, sound_on in spans:
        story.wait(gap).play(start, start + length, rate=rate, sound_on=sound_on)
    return story.close()


@given(SPANS)
@example(
    [(0.0, 1.0, 0.0, 0.5, False), (4.0, 1.0, 0.0, 0.5, False), (0.0, 3.5, 0.0, 0.5, False), (4.0, 1.0, 0.0, 0.5, False)]
)
def test_whatever_was_played_shares_are_shares_and_replays_lie_in_what_was_played(spans: Any) -> None:
    story = story_of(spans)

    found = watching(story)

    assert 0.0 <= found.share <= 1.0
    assert 0.0 <= found.quantile <= 1.0
    played = covered([event for event in story if isinstance(event, Watch)])
    for replay in found.replays:
        # It begins and ends in what was played; in between, a step of less than half a second is no jump.
        assert any(start <= replay.from_s < stop for start, stop in played)
        assert any(start < replay.to_s <= stop + 1e-9 for start, stop in played)
        assert replay.to_s <= 30.0


@given(SPANS.filter(lambda spans: len(spans) <= 4))
def test_order_of_arrival_changes_nothing(spans: Any) -> None:
    events = list(story_of(spans))
    expected = derive_watching(derive_view(events), 30.0, WatchShares(SETTINGS), SETTINGS)

    for order in list(permutations(events))[::17]:
        assert derive_watching(derive_view(order), 30.0, WatchShares(SETTINGS), SETTINGS) == expected


@pytest.mark.parametrize("duration_s", [4.0, 9.0, 30.0, 120.0, 700.0])
def test_half_of_the_watches_are_valid_at_every_length_and_their_ranks_are_even(duration_s: float) -> None:
    """By quantiles alone all would be who see a clip to its end, where most do, and all of one rank."""
    rng = np.random.default_rng(7)
    left_s = np.minimum(duration_s, rng.exponential(SETTINGS.mean_watch_s, 2_000)).tolist()

    found = [
        watching(WatchStory(view=f"v{n}").play(0, seconds).close(), duration_s) for n, seconds in enumerate(left_s)
    ]

    ranks = np.array([one.rank for one in found])
    assert np.mean(ranks >= 0.5) == pytest.approx(0.5, abs=0.04)
    assert np.quantile(ranks, [0.1, 0.25, 0.75, 0.9]) == pytest.approx([0.1, 0.25, 0.75, 0.9], abs=0.04)
    assert [one.valid for one in found] == [one.rank >= 0.5 and not one.skipped for one in found]
    assert all(one.rank == one.quantile for one in found if not one.completed)


def test_time_of_a_stretch_is_that_of_its_end() -> None:
    """docs/events.md: so the time between two stretches is known."""
    first, second = (event for event in WatchStory().play(0, 10).wait(4).play(10, 15) if isinstance(event, Watch))

    assert second.at - first.at == timedelta(seconds=4 + 5)
    (move,) = moves([first, second], 30.0, SETTINGS)
    assert move.gap_s == pytest.approx(4.0)
