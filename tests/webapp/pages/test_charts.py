"""Numbers as drawings: what lies on each other is one line."""

from __future__ import annotations

from datetime import timedelta

from reader.recommend.timeline import Course, Timeline
from tests.reader.conftest import NOW
from webapp.pages.charts import draw_timeline

MOMENTS = (NOW - timedelta(days=1), NOW)


def course(label: str, *weights: float) -> Course:
    return Course(("topic", label), label, weights)


def test_courses_that_lie_on_each_other_are_one_line_with_all_their_names() -> None:
    """Alike all the way: two that only end together are two."""
    drawn = draw_timeline(
        Timeline(
            MOMENTS,
            (
                course("tides", 0.0, 0.667),
                course("salt", 0.0, 0.66),
                course("tea", 0.4, 0.66),
                course("bread", 0.0, 0.5),
            ),
        ),
        count=6,
    )

    assert drawn is not None
    assert [line.labels for line in drawn.lines] == [("tides", "salt"), ("tea",), ("bread",)]
    assert [line.weights for line in drawn.lines] == [(0.0, 0.667), (0.4, 0.66), (0.0, 0.5)]


def test_the_strongest_lines_are_drawn() -> None:
    drawn = draw_timeline(Timeline(MOMENTS, tuple(course(f"t{n}", 0.0, 0.9 - n / 10) for n in range(8))), count=6)

    assert drawn is not None
    assert [line.labels[0] for line in drawn.lines] == [f"t{n}" for n in range(6)]
