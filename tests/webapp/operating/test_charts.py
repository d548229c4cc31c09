"""Figures of curves and bars, by hand-worked cases."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

import pytest

from reader.clock import ManualClock
from reader.recommend.learning.progress import Progress
from webapp.operating.charts import HEIGHT, WIDTH, bars, curve, hours, quantile
from webapp.operating.history import KEPT, STEP, History, Step

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def test_counts_fall_into_their_hours() -> None:
    steps = [
        Step(NOON - timedelta(minutes=minutes), lists=count) for minutes, count in ((65, 1), (60, 2), (5, 3), (0, 4))
    ]

    counted = hours(steps, NOON + timedelta(minutes=10), "lists")

    assert len(counted) == 24
    assert counted[-1] == (NOON, 4)
    assert counted[-2] == (NOON - timedelta(hours=1), 5)
    assert counted[-3][1] == 1


def test_the_greatest_count_fills_the_drawing() -> None:
    tall, half, none = bars([(NOON, 8), (NOON, 4), (NOON, 0)])

    assert (tall.y, tall.height) == (0, HEIGHT)
    assert (half.y, half.height) == (HEIGHT / 2, HEIGHT / 2)
    assert none.height == 0
    assert none.x + none.width <= WIDTH


def test_a_curve_has_a_gap_where_nothing_is_known() -> None:
    steps = [Step(NOON - 3 * STEP, auc=0.5), Step(NOON - 2 * STEP), Step(NOON - STEP, auc=0.75), Step(NOON, auc=1.0)]

    first, second = curve(steps, NOON)

    assert first == [(WIDTH * (1 - 3 / KEPT), HEIGHT / 2)]
    assert second == [(WIDTH * (1 - 1 / KEPT), HEIGHT / 4), (WIDTH, 0)]


@pytest.mark.parametrize(
    ("share", "value"),
    [(0.0, math.nan), (0.25, 0.5), (0.5, 1.0), (0.75, 3.0), (1.0, 5.0)],
)
def test_quantiles_lie_within_their_bucket(share: float, value: float) -> None:
    """Two up to 1, two from 1 to 5: evenly within each."""
    found = quantile(share, [(1.0, 2.0), (5.0, 4.0), (math.inf, 4.0)])

    assert found == pytest.approx(value, nan_ok=True)


def test_beyond_the_last_bound_there_is_that_bound() -> None:
    assert quantile(0.9, [(1.0, 1.0), (5.0, 1.0), (math.inf, 10.0)]) == 5.0


def test_a_day_is_remembered_in_steps() -> None:
    clock = ManualClock(NOON + timedelta(minutes=7))
    history = History(clock, Progress)
    history.request(200)
    history.request(500)
    history.list_served()
    history.events(5)

    (step,) = history.steps()
    assert (step.at, step.requests, step.failures, step.lists, step.events) == (NOON + STEP, 2, 1, 1, 5)

    clock.at += timedelta(hours=25)
    assert history.steps() == []
    history.request(200)
    assert [one.requests for one in history.steps()] == [1]
