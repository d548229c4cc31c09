"""How soon a new interest is taken up, worked by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.replay.metrics import LISTS_AFTER, NEVER, TakingUp, presences, taken_up


def waited(told: str) -> TakingUp:
    """Return what was seen list by list: x where an item of the interest is in the first ten; first the list before."""
    found = TakingUp()
    for list_ in told:
        found.listed(is_there=list_ == "x")
    return found


@pytest.mark.parametrize(
    ("told", "before", "next", "within_3", "time"),
    [
        (".x..", False, True, True, 1),
        ("..x.", False, False, True, 2),
        ("...x", False, False, True, 3),
        ("....x", False, False, False, 4),
        (".....", False, False, False, NEVER),
        # There before, gone, and there again: it counts from the sign on.
        ("x..x", True, False, True, 3),
    ],
)
def test_lists_are_counted_from_the_one_after_the_sign(
    told: str, before: bool, next: bool, within_3: bool, time: float
) -> None:
    found = waited(told)

    assert (found.is_within(0), found.is_within(1), found.is_within(3)) == (before, next, within_3)
    assert found.time == time


def test_an_interest_that_too_few_lists_follow_does_not_count() -> None:
    assert not waited(".xx").counts
    assert waited("....").counts
    assert presences({"ann": [waited(".x")], "bob": [waited(".x."), waited(".x..")]}, 1) == {"bob": [1.0]}


def test_the_median_stands_on_interests_that_were_not_there_before_and_counts_those_never_taken_up() -> None:
    """Times 1, 2 and never: the median is 2. The one that stood there already is in the shares alone."""
    found = {"ann": [waited(".x.."), waited("..x.")], "bob": [waited("....."), waited("xx..")]}

    figures, intervals = taken_up(found, seed=0)

    assert figures == {"before": 0.25, "next": 0.5, "within_3": 0.75, "lists": 2.0}
    assert intervals.keys() == figures.keys()
    assert all(low <= figures[name] <= high for name, (low, high) in intervals.items())


def test_most_that_are_never_taken_up_are_never() -> None:
    figures, intervals = taken_up({"ann": [waited("....")], "bob": [waited("....."), waited(".x..")]}, seed=0)

    assert figures["lists"] == intervals["lists"][1] == NEVER


def test_nothing_is_said_where_nothing_counts() -> None:
    assert taken_up({"ann": [waited(".x")]}, seed=0) == ({}, {})
    assert taken_up({}, seed=0) == ({}, {})
    assert "lists" not in taken_up({"ann": [waited("xxxx")]}, seed=0)[0]


@given(st.lists(st.lists(st.booleans(), min_size=4, max_size=LISTS_AFTER + 1), min_size=1, max_size=6))
def test_shares_grow_with_the_lists_and_agree_with_the_times(told: list[list[bool]]) -> None:
    found = {str(number): [TakingUp(is_there)] for number, is_there in enumerate(told)}

    within = [[own[0] for own in presences(found, lists).values()] for lists in range(1, LISTS_AFTER + 1)]

    for number, is_there in enumerate(told):
        time = TakingUp(is_there).time
        assert [float(time <= lists) for lists in range(1, LISTS_AFTER + 1)] == [shares[number] for shares in within]
