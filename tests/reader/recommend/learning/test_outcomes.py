"""Which places of a list count, what each was worth, and when that is learned from."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.recommend.learning.outcomes import Lesson, Pending
from reader.settings import OutcomeSettings

SETTINGS = OutcomeSettings(settle_s=1800.0, dwell_gain=1.0, dwell_limit=1.5, bounce_share=0.1, bounce_gain=0.25)
ITEMS = ("a", "b", "c", "d")


def pending(settings: OutcomeSettings = SETTINGS) -> Pending:
    """Return one list that waits: L of ann, with items a to d, shown at 1000 s."""
    waiting = Pending(settings)
    waiting.shown("L", "ann", ITEMS, np.arange(8, dtype=np.float16).reshape(2, 4), 1000.0)
    return waiting


def only(lessons: list[Lesson]) -> Lesson:
    assert len(lessons) == 1
    return lessons[0]


def show(waiting: Pending, list_id: str, at_s: float, reader: str = "ann") -> list[str]:
    lessons = waiting.shown(list_id, reader, ITEMS, np.zeros((2, 4), dtype=np.float32), at_s)
    return [lesson.list for lesson in lessons]


def test_a_list_is_due_half_an_hour_of_event_time_after_it_was_shown() -> None:
    waiting = pending()

    assert waiting.due(2799.9) == []
    assert only(waiting.due(2800.0)).list == "L"
    assert waiting.due(9e9) == []
    assert len(waiting) == 0


def test_all_that_was_shown_counts_where_the_sender_does_not_tell_what_was_seen() -> None:
    waiting = pending()
    waiting.opened("L", "c")

    lesson = only(waiting.due(2800.0))

    assert (lesson.reader, lesson.at_s, lesson.items) == ("ann", 1000.0, ITEMS)
    assert lesson.gains.tolist() == [0.0, 0.0, 1.0, 0.0]
    assert lesson.opened.tolist() == [False, False, True, False]
    assert lesson.factors.tolist() == [[0, 1, 2, 3], [4, 5, 6, 7]]
    assert lesson.factors.dtype == np.float32


def test_only_what_was_seen_or_opened_counts_where_the_sender_tells() -> None:
    waiting = pending()
    waiting.viewable("L", "b")
    waiting.opened("L", "d")

    lesson = only(waiting.due(2800.0))

    assert lesson.items == ("b", "d")
    assert lesson.places.tolist() == [1, 3]
    assert lesson.gains.tolist() == [0.0, 1.0]
    assert lesson.factors.tolist() == [[1, 3], [5, 7]]


@pytest.mark.parametrize(
    ("valid", "dwell_share", "gain"),
    [(True, 0.0, 1.0), (True, 0.8, 1.8), (True, 40.0, 2.5), (False, 0.5, 1.0), (False, 0.1, 1.0), (False, 0.09, 0.25)],
    ids=["valid", "dwell", "dwell to the limit", "neither", "no bounce yet", "bounce"],
)
def test_what_a_reading_is_worth(valid: bool, dwell_share: float, gain: float) -> None:
    waiting = pending()
    waiting.opened("L", "a", view="v1")
    waiting.read_view("v1", valid=valid, dwell_share=dwell_share)

    assert only(waiting.due(2800.0)).gains.tolist() == pytest.approx([gain, 0.0, 0.0, 0.0])


def test_a_bounce_can_count_as_passed_by() -> None:
    waiting = pending(OutcomeSettings(bounce_gain=0.0))
    waiting.read("L", "a", valid=False, dwell_share=0.0)

    lesson = only(waiting.due(2800.0))

    assert lesson.gains.tolist() == [0.0] * 4
    assert lesson.opened.tolist() == [True, False, False, False]


def test_a_view_that_goes_on_is_judged_by_its_end_and_an_item_by_its_best_view() -> None:
    waiting = pending()
    waiting.opened("L", "a", view="v1")
    waiting.opened("L", "a", view="v2")
    waiting.read_view("v1", valid=False, dwell_share=0.01)
    waiting.read_view("v1", valid=True, dwell_share=0.7)
    waiting.read_view("v2", valid=False, dwell_share=0.01)

    assert only(waiting.due(2800.0)).gains[0] == pytest.approx(1.7)


@pytest.mark.parametrize(("gains", "weight"), [([0.25], 0.25), ([0.25, 1.9], 1.0), ([], 0.0)])
def test_a_list_of_bounces_alone_weighs_less(gains: list[float], weight: float) -> None:
    waiting = pending()
    for item, gain in zip(ITEMS, gains, strict=False):
        waiting.read("L", item, valid=gain >= 1, dwell_share=max(0.0, gain - 1))

    assert only(waiting.due(2800.0)).weight == pytest.approx(weight)


def test_what_is_not_known_here_changes_nothing() -> None:
    waiting = pending()
    waiting.viewable("L", "x")
    waiting.opened("other", "a", view="v9")
    waiting.read_view("v9", valid=True, dwell_share=1.0)
    waiting.opened("L", "x", view="v8")

    lesson = only(waiting.due(2800.0))

    assert lesson.items == ITEMS
    assert lesson.gains.tolist() == [0.0] * 4


def test_what_comes_too_late_changes_nothing() -> None:
    waiting = pending()
    waiting.opened("L", "a", view="v1")
    lesson = only(waiting.due(2800.0))
    waiting.read_view("v1", valid=True, dwell_share=1.0)
    waiting.opened("L", "b")

    assert lesson.gains.tolist() == [1.0, 0.0, 0.0, 0.0]
    assert waiting.due(9e9) == []


def test_lists_come_in_the_order_of_showing_whatever_that_of_arrival() -> None:
    waiting = Pending(SETTINGS)
    for list_id, at_s in (("late", 30.0), ("first", 10.0), ("equal", 30.0), ("second", 20.0)):
        show(waiting, list_id, at_s)

    assert [lesson.list for lesson in waiting.due(1825.0)] == ["first", "second"]
    assert [lesson.list for lesson in waiting.due(1830.0)] == ["late", "equal"]


def test_the_pages_of_a_list_are_lessons_of_their_own_and_no_page_is_taken_twice() -> None:
    waiting = pending()
    waiting.shown("L", "ann", ITEMS, np.zeros((2, 4), dtype=np.float16), 1001.0)
    waiting.shown("L", "ann", ("e", "f"), np.zeros((2, 2), dtype=np.float16), 1100.0)
    waiting.opened("L", "f", view="v1")
    first = only(waiting.due(2850.0))
    waiting.read_view("v1", valid=True, dwell_share=1.0)
    second = only(waiting.due(2900.0))

    assert (first.items, first.gains.tolist()) == (ITEMS, [0.0] * 4)
    assert (second.items, second.gains.tolist()) == (("e", "f"), [0.0, 2.0])


def test_the_oldest_list_is_learned_from_early_to_make_room() -> None:
    waiting = Pending(OutcomeSettings(lists_kept=2))

    assert show(waiting, "second", 20.0) == []
    assert show(waiting, "first", 10.0) == []
    assert show(waiting, "third", 30.0) == ["first"]
    assert [lesson.list for lesson in waiting.due(9e9)] == ["second", "third"]


def test_an_erased_reader_leaves_no_list_behind() -> None:
    waiting = pending()
    show(waiting, "other", 900.0, reader="bob")
    waiting.opened("L", "a", view="v1")
    waiting.forget("ann")
    waiting.read_view("v1", valid=True, dwell_share=1.0)

    assert [lesson.list for lesson in waiting.due(9e9)] == ["other"]


@given(st.lists(st.tuples(st.integers(0, 20), st.booleans()), max_size=30))
def test_the_others_still_come_in_their_order_after_an_erasure(shown: list[tuple[int, bool]]) -> None:
    waiting = Pending(SETTINGS)
    for number, (at_s, erased) in enumerate(shown):
        show(waiting, str(number), float(at_s), reader="ann" if erased else "bob")
    waiting.forget("ann")

    expected = sorted((at_s, number) for number, (at_s, erased) in enumerate(shown) if not erased)
    assert [int(lesson.list) for lesson in waiting.due(9e9)] == [number for _, number in expected]


def test_a_view_says_nothing_of_a_list_that_is_shown_again_later() -> None:
    waiting = pending()
    waiting.opened("L", "a", view="v1")
    waiting.due(2800.0)
    show(waiting, "L", 3000.0)
    waiting.read_view("v1", valid=True, dwell_share=1.0)

    assert only(waiting.due(9e9)).gains.tolist() == [0.0] * 4


@given(st.permutations(range(5)))
def test_the_order_of_what_came_of_a_list_does_not_matter(order: list[int]) -> None:
    waiting = pending()
    acts = [
        lambda: waiting.viewable("L", "a"),
        lambda: waiting.viewable("L", "b"),
        lambda: waiting.opened("L", "b"),
        lambda: waiting.read("L", "b", valid=True, dwell_share=0.5, view="v1"),
        lambda: waiting.read("L", "d", valid=False, dwell_share=0.0, view="v2"),
    ]
    for act in order:
        acts[act]()

    lesson = only(waiting.due(2800.0))

    assert (lesson.items, lesson.gains.tolist()) == (("a", "b", "d"), [0.0, 1.5, 0.25])


@pytest.mark.parametrize("dwell_share", [-0.1, math.nan, math.inf])
def test_a_dwell_share_is_a_number_from_zero(dwell_share: float) -> None:
    with pytest.raises(ValueError, match="dwell_share"):
        pending().read("L", "a", valid=True, dwell_share=dwell_share)


def test_factors_have_a_column_for_each_item() -> None:
    with pytest.raises(ValueError, match="2 items of list L"):
        Pending(SETTINGS).shown("L", "ann", ("a", "b"), np.zeros((5, 3), dtype=np.float32), 0.0)
