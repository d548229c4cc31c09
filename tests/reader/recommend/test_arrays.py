"""Arrays that grow, against lists; the greatest values, against sorting."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.recommend.arrays import Column, greatest, read_only


@given(st.lists(st.one_of(st.integers(1, 9), st.integers(0, 2_000)), max_size=8))
def test_a_column_keeps_what_was_appended_and_is_zero_beyond(steps: list[int]) -> None:
    """A step below 10 appends so many rows, another grows to so many."""
    column, plain = Column(np.float32, (2,)), list[list[float]]()
    for number, step in enumerate(steps, start=1):
        if step < 10:
            for _ in range(step):
                column.append([number, -number])
                plain.append([number, -number])
        else:
            column.grow_to(step)
            plain += [[0.0, 0.0] for _ in range(step - len(plain))]

    assert column.values.tolist() == plain
    assert len(column) == len(plain)


@given(st.lists(st.sampled_from([-1.0, 0.0, 0.5, 2.0])), st.integers(0, 9))
def test_the_greatest_come_first_and_ties_by_place(values: list[float], count: int) -> None:
    ordered = sorted(range(len(values)), key=lambda place: (-values[place], place))

    assert greatest(np.array(values), count).tolist() == ordered[:count]


def test_what_many_share_nobody_writes_to() -> None:
    shared = read_only(np.arange(3))

    with pytest.raises(ValueError, match="read-only"):
        shared += 1
