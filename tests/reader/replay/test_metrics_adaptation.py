"""Time-to-adapt, told list by list."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.replay.metrics import Adaptation, adapted_share, median_time_to_adapt

NEWS, FOOD = ("news",), ("food",)


def _settled() -> Adaptation:
    """Return a reader of news, five openings in."""
    adaptation = Adaptation()
    for _ in range(5):
        adaptation.opened(NEWS)
    return adaptation


def test_the_very_next_list_is_one() -> None:
    adaptation = _settled()
    adaptation.opened(FOOD)
    adaptation.listed([NEWS, FOOD], [NEWS])

    assert (adaptation.times, adaptation.overlooked) == ([1], 0)


def test_lists_count_until_the_topic_is_in_the_first_places() -> None:
    adaptation = _settled()
    adaptation.opened(FOOD)
    adaptation.listed([NEWS], [NEWS, FOOD])
    adaptation.listed([NEWS], [FOOD])
    assert (adaptation.times, adaptation.overlooked) == ([], 1)

    adaptation.listed([FOOD], [NEWS])
    adaptation.listed([NEWS], [FOOD])

    assert (adaptation.times, adaptation.overlooked) == ([3], 0)


def test_lists_that_hold_no_such_item_or_nothing_beyond_the_first_places_do_not_count() -> None:
    adaptation = _settled()
    adaptation.opened(FOOD)
    adaptation.listed([NEWS, ()], [NEWS, ()])
    adaptation.listed([FOOD], [])
    assert (adaptation.times, adaptation.overlooked) == ([], 0)

    adaptation.listed([FOOD], [()])

    assert adaptation.times == [1]


def test_the_first_five_openings_and_known_topics_start_nothing() -> None:
    adaptation = Adaptation()
    for topics in (NEWS, (), FOOD, NEWS, NEWS):
        adaptation.opened(topics)
    adaptation.opened(("art",))  # the fifth with topics
    adaptation.opened(("food", "art"))
    adaptation.listed([("art",), FOOD], [NEWS])
    assert adaptation.times == []

    adaptation.opened(("law", "food"))
    adaptation.listed([FOOD], [("law",)])

    assert adaptation.overlooked == 1


def test_each_topic_is_an_interest_of_its_own_and_starts_once() -> None:
    adaptation = _settled()
    adaptation.opened(("food", "art"))
    adaptation.listed([FOOD], [("art",)])
    adaptation.opened(("food", "art"))
    adaptation.listed([("art", "food")], [NEWS])

    assert sorted(adaptation.times) == [1, 2]


def test_a_pickle_goes_on_where_it_stood() -> None:
    adaptation = _settled()
    adaptation.opened(FOOD)
    adaptation.listed([NEWS], [FOOD])
    adaptation = pickle.loads(pickle.dumps(adaptation))
    adaptation.listed([FOOD], [NEWS])

    assert adaptation.times == [2]


def test_a_long_rest_is_read_only_as_far_as_needed() -> None:
    adaptation = _settled()
    adaptation.opened(FOOD)
    rest = iter([NEWS, FOOD, NEWS, NEWS])
    adaptation.listed([NEWS], rest)

    assert len(list(rest)) <= 1


def test_the_median_is_of_those_taken_up_and_the_share_of_those_that_could_be() -> None:
    quick, slow = Adaptation(times=[1, 4]), Adaptation(times=[2])
    slow.opened(NEWS)
    waiting = _settled()
    waiting.opened(FOOD)
    waiting.listed([NEWS], [FOOD])
    chanceless = _settled()
    chanceless.opened(FOOD)

    assert median_time_to_adapt([quick, slow, waiting, chanceless]) == 2.0
    assert adapted_share([quick, slow, waiting, chanceless]) == 3 / 4
    assert adapted_share([waiting]) == 0.0


def test_without_an_interest_both_are_undefined() -> None:
    with pytest.raises(ValueError, match="taken up"):
        median_time_to_adapt([_settled()])
    with pytest.raises(ValueError, match="could have"):
        adapted_share([_settled()])


LIST = st.lists(st.sampled_from([(), ("a",), ("b",), ("a", "c")]), min_size=11, max_size=14)


@given(st.lists(LIST, max_size=6))
def test_each_interest_is_counted_once_and_no_time_exceeds_the_lists(lists: list[list[tuple[str, ...]]]) -> None:
    adaptation = _settled()
    adaptation.opened(("a", "b", "c"))
    for ranked in lists:
        adaptation.listed(ranked[:10], ranked[10:])
    held = {topic for ranked in lists for topics in ranked for topic in topics}

    assert len(adaptation.times) + adaptation.overlooked == len(held)
    assert all(1 <= time <= len(lists) for time in adaptation.times)
