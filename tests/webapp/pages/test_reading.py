"""Where a reader stopped, and what is drawn beside a text."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.types import Event
from tests.builders import START, ReadingStory
from webapp.pages.reading import STEPS, trail_of

# A hundred words at 200 a minute: half a minute a paragraph.
WORDS, SPEED = (100,) * 6, 200.0


def view(name: str, *paragraphs: int, hours: float = 0.0, seconds: float = 10.0) -> list[Event]:
    story = ReadingStory("a1", view=name, at=START + timedelta(hours=hours))
    return list(story.read(*paragraphs, seconds=seconds).close())


def test_the_place_is_the_furthest_of_the_last_view() -> None:
    assert trail_of(view("v1", 0, 1, 2, 3), WORDS, SPEED).place == 3
    assert trail_of([*view("v1", 0, 1, 2, 3), *view("v2", 0, 1, hours=2)], WORDS, SPEED).place == 1


def test_a_look_that_went_no_further_than_the_beginning_changes_no_place() -> None:
    assert trail_of([*view("v1", 0, 1, 2), *view("v2", 0, hours=2)], WORDS, SPEED).place == 2


@pytest.mark.parametrize("events", [[], view("v1", 0), view("v1", 0, 1, 2, 3, 4, 5)])
def test_nowhere_at_the_beginning_and_after_the_end(events: list[Event]) -> None:
    assert trail_of(events, WORDS, SPEED).place is None


def test_going_back_does_not_move_the_place() -> None:
    events = list(ReadingStory("a1").read(0, 1, 2, 3, seconds=10).go_back(1, seconds=10).close())

    trail = trail_of(events, WORDS, SPEED)

    assert trail.place == 3
    assert [trace.returns for trace in trail.traces if trace] == [0, 1, 0, 0]
    assert trail.traces[1] is not None
    assert trail.traces[1].words == "You were here for 20 s, went back once."


@pytest.mark.parametrize(("seconds", "step"), [(2, 0), (6, 1), (20, 2), (60, 3)])
def test_the_step_goes_by_the_time_that_it_takes_this_reader(seconds: float, step: int) -> None:
    (trace, *rest) = trail_of(view("v1", 0, seconds=seconds), WORDS, SPEED).traces

    assert trace is not None
    assert trace.step == step
    assert rest == [None] * 5


@given(st.lists(st.tuples(st.integers(0, 9), st.floats(0.1, 100)), max_size=20))
def test_all_time_is_told_once(visits: list[tuple[int, float]]) -> None:
    """Whatever the visits, also of paragraphs that a new version of the text no longer has."""
    events = [
        event for number, (paragraph, s) in enumerate(visits) for event in view(f"v{number}", paragraph, seconds=s)
    ]

    trail = trail_of(events, WORDS, SPEED)

    told = sum(trace.seconds for trace in trail.traces if trace)
    assert told == pytest.approx(sum(s for paragraph, s in visits if paragraph < len(WORDS)))
    assert all(trace is None or 0 <= trace.step <= len(STEPS) for trace in trail.traces)
