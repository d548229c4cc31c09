"""From visits to signals: what counts as read, skimmed and gone back to, and what does not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.behaviour.returns import ExpectedReturn
from reader.behaviour.signals import Reading, Shape, derive_reading, find_scroll_backs
from reader.behaviour.views import derive_view
from reader.settings import ReadingSettings
from reader.types import Event
from reader.types_folding import ScrollBack
from tests.builders import ReadingStory

SETTINGS = ReadingSettings()
# Nine paragraphs of 60 words: at 240 words/min each takes 15 s, and 0.5 s to settle.
SHAPE = Shape(words=(60,) * 9, difficulties=(45.0,) * 9)


def backs(story: ReadingStory) -> tuple[ScrollBack, ...]:
    return find_scroll_backs(derive_view(story).visits, SETTINGS)


def reading(story: ReadingStory, shape: Shape = SHAPE) -> Reading:
    return derive_reading(derive_view(story), shape, 240.0, ExpectedReturn(3.0), SETTINGS)


def test_going_back_from_a_held_front_and_resting_is_a_scroll_back() -> None:
    story = ReadingStory().read(0, 1, 2, 3, 4, 5, 6, 7, 8).go_back(4, seconds=6)

    (back,) = backs(story)

    assert (back.paragraph, back.front, back.dwell_s, back.outcome) == (4, 8, 6.0, "exit")


def test_reaching_the_front_again_makes_it_full() -> None:
    story = ReadingStory().read(0, 1, 2, 3).go_back(1).read(2, 3, 4)

    assert [back.outcome for back in backs(story)] == ["full"]


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"came": "jump"}, id="anchor, resume, find, Home"),
        pytest.param({"came": "jump", "user_driven": False}, id="resize or layout shift"),
        pytest.param({"came": "down"}, id="coming from above"),
        pytest.param({"came": "up", "user_driven": False}, id="programmatic"),
        pytest.param({"came": "up", "seconds": 0.7}, id="crossing on the way up"),
        pytest.param({"came": "up", "rest_ms": 500.0}, id="on screen for long, but moving"),
        pytest.param({"came": "up", "coverage": 0.3}, id="an edge of it on screen"),
    ],
)
def test_what_is_not_a_scroll_back(fields: dict[str, object]) -> None:
    story = ReadingStory().read(0, 1, 2, 3, 4).visit(2, **fields)  # type: ignore[arg-type]  # a table of fields

    assert backs(story) == ()


def test_a_front_passed_in_a_flash_does_not_count_as_front() -> None:
    """A flick to the end and back is no return: paragraph 3 was the furthest that was held."""
    story = ReadingStory().read(0, 1, 2, 3).visit(8, seconds=0.4).go_back(3).go_back(1)

    assert [(back.paragraph, back.front) for back in backs(story)] == [(1, 3)]


def test_a_paragraph_never_seen_before_is_not_returned_to() -> None:
    story = ReadingStory().read(0, 1).visit(7, came="jump").go_back(4)

    assert backs(story) == ()


def test_episodes_are_parted_by_reaching_the_front() -> None:
    story = ReadingStory().read(0, 1, 2, 3, 4).go_back(3).go_back(2).read(3, 4).go_back(1)

    assert [(back.paragraph, back.episode) for back in backs(story)] == [(3, 0), (2, 0), (1, 1)]


@pytest.mark.parametrize(
    ("seconds", "coverage", "state"),
    [(15.5, 1.0, "read"), (6.2, 1.0, "read"), (6.1, 1.0, "exposed"), (2.0, 1.0, "skimmed"), (2.0, 0.2, "passed")],
)
def test_read_and_skimmed_follow_the_expected_time(seconds: float, coverage: float, state: str) -> None:
    """Expected are 15.5 s: read from 0.4 of it, skimmed below 0.15, passed if it was hardly on screen."""
    made = reading(ReadingStory().visit(0, seconds=seconds, coverage=coverage))

    assert made.paragraphs[0].state == state
    assert made.paragraphs[0].expected_s == pytest.approx(15.5)


def test_attention_stops_at_three_times_the_expected_time() -> None:
    made = reading(ReadingStory().visit(0, seconds=400))

    assert made.paragraphs[0].attention == 3.0


def test_interest_part_is_the_share_that_the_expected_return_leaves() -> None:
    """0.4 of 15.5 s are a return of 1.0. The prior's rates 0.15, 0.10, 0.05 have a mean of 0.1, a deviation of 0.0408.

    So 0.0592 may be interest, of 0.1 in the middle.
    """
    shape = Shape(words=(60,) * 9, difficulties=(45.0,) * 9)
    made = reading(ReadingStory().read(*range(9)).go_back(4, seconds=6.2), shape)

    assert made.paragraphs[4].reread == pytest.approx(1.0)
    assert made.paragraphs[4].reread_interest == pytest.approx(0.592, abs=1e-3)


def test_paragraphs_that_were_seen_and_gone_beyond_could_be_gone_back_to() -> None:
    """The front is the furthest that was held; what was rushed through or not reached is no occasion."""
    made = reading(ReadingStory().read(0, 1).visit(2, seconds=0.1).read(3).visit(4, seconds=0.5))

    assert made.front == 3
    assert [signal.paragraph for signal in made.passed] == [0, 1]
    assert reading(ReadingStory()).passed == ()


def test_finished_needs_the_end_and_half_of_the_words() -> None:
    assert reading(ReadingStory().read(*range(9))).finished
    assert not reading(ReadingStory().read(*range(8))).finished
    assert not reading(ReadingStory().read(*range(9), seconds=2)).finished


def test_leaving_at_once_is_a_bounce_but_an_open_view_is_not_judged() -> None:
    assert reading(ReadingStory().visit(0, seconds=4).close()).bounced
    assert not reading(ReadingStory().visit(0, seconds=4)).bounced
    assert not reading(ReadingStory().read(0, 1, 2).close()).bounced


stories = st.lists(
    st.tuples(st.integers(0, 8), st.floats(0.1, 30), st.sampled_from(["down", "up", "jump"]), st.booleans()),
    max_size=12,
)


@given(stories, st.randoms(use_true_random=False))
def test_order_of_arrival_and_repeats_change_nothing(
    visits: list[tuple[int, float, str, bool]], random: object
) -> None:
    story = ReadingStory()
    for paragraph, seconds, came, user_driven in visits:
        story.visit(paragraph, seconds=seconds, came=came, user_driven=user_driven)  # type: ignore[arg-type]  # drawn
    shuffled: list[Event] = [*story.events, *story.events]
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis' own random

    assert derive_view(shuffled) == derive_view(story)


@given(stories)
def test_signals_stay_in_their_ranges(visits: list[tuple[int, float, str, bool]]) -> None:
    story = ReadingStory()
    for paragraph, seconds, came, user_driven in visits:
        story.visit(paragraph, seconds=seconds, came=came, user_driven=user_driven)  # type: ignore[arg-type]  # drawn

    made = reading(story)

    for signal in made.paragraphs:
        assert 0 <= signal.attention <= SETTINGS.credit_limit
        assert 0 <= signal.reread_interest <= signal.reread <= SETTINGS.credit_limit
        assert (signal.reread == 0) == (signal.returns == 0)
    assert 0 <= made.depth <= 1
