"""Features by row, against a plain dictionary."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from reader.recommend.forward import Forward

TERMS = [("keyword", name) for name in "abcdefgh"]
documents = st.lists(
    st.dictionaries(st.sampled_from(TERMS), st.floats(0.125, 1, width=32), max_size=5), min_size=1, max_size=12
)


def filed(rows: list[dict[tuple[str, str], float]]) -> Forward:
    forward = Forward()
    for row in rows:
        forward.append(row.items())
    return forward


@given(documents, st.lists(st.sampled_from([*TERMS, ("keyword", "never")]), unique=True), st.data())
def test_amounts_are_those_filed(
    rows: list[dict[tuple[str, str], float]], asked: list[tuple[str, str]], data: st.DataObject
) -> None:
    forward = filed(rows)
    chosen = data.draw(st.lists(st.sampled_from(range(len(rows))), unique=True))
    found = np.zeros((len(asked), len(chosen)), dtype=np.float32)

    numbers = forward.numbers(asked)
    forward.fill_amounts(numbers, np.array(chosen, dtype=np.int64), found)

    assert found.tolist() == [[rows[row].get(term, 0.0) for row in chosen] for term in asked]
    assert forward.frequencies(numbers).tolist() == [sum(term in row for row in rows) for term in asked]


def test_features_that_share_their_lowest_bits_are_told_apart() -> None:
    """More features than the table of `fill_amounts` has places."""
    forward = Forward()
    forward.append((("keyword", str(number)), float(number % 1000)) for number in range(70_000))
    found = np.zeros((2, 1), dtype=np.float32)

    forward.fill_amounts(forward.numbers([("keyword", "65537"), ("keyword", "2")]), np.array([0]), found)

    assert found.tolist() == [[537.0], [2.0]]
