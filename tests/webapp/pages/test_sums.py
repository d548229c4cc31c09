"""What a page rounds adds up."""

from __future__ import annotations

import math
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from webapp.pages.sums import adding_up, shown

POINTS = st.floats(-9.0, 9.0) | st.integers(-9_000, 9_000).map(lambda thousandths: thousandths / 1_000)


def test_what_loses_most_by_rounding_down_is_rounded_up() -> None:
    assert adding_up([0.1004, 0.2008, 0.3006, 0.0], 0.6018) == [0.1, 0.201, 0.301, 0.0]
    assert adding_up([-0.1004, 0.3004], 0.2) == [-0.1, 0.3]


@given(st.lists(POINTS, max_size=30))
def test_shown_parts_add_up_to_the_shown_sum_and_none_is_far_off_or_out_of_order(values: list[float]) -> None:
    total = math.fsum(values)

    parts = adding_up(values, total)

    assert math.isclose(math.fsum(parts), shown(total), abs_tol=1e-9)
    assert all(abs(part - value) < 0.001 + 1e-9 for part, value in zip(parts, values, strict=True))
    assert all(part == shown(part) for part in parts)
    order = sorted(range(len(values)), key=lambda at: values[at])
    assert all(parts[low] <= parts[high] for low, high in pairwise(order) if values[low] < values[high])


@given(st.lists(POINTS, max_size=12), POINTS)
def test_parts_of_a_part_add_up_to_it_whichever_way_it_was_rounded(values: list[float], other: float) -> None:
    own = math.fsum(values)
    part, _ = adding_up([own, other], own + other)

    assert math.isclose(math.fsum(adding_up(values, part)), part, abs_tol=1e-9)
