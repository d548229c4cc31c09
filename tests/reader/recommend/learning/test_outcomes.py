"""Which places of a list count, what each was worth, and when that is learned from."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.profile.outcomes import ViewOutcome
from reader.recommend.learning.outcomes import Lesson, Pending
from reader.recommend.learning.utility import ACTIONS
from reader.settings import OutcomeSettings

SETTINGS = OutcomeSettings(settle_s=1800.0, dwell_gain=1.0, dwell_limit=1.5, bounce_gain=0.25)
ITEMS = ("a", "b", "c", "d")


def pending(settings: OutcomeSettings = SETTINGS, views: dict[str, ViewOutcome] | None = None) -> Pending:
    """Return one list that waits: L of ann, with items a to d, shown at 1000 s. views: what is known of them."""
    waiting = Pending(settings, lambda reader, view: (views or {}).get(view))
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


def test_in_a_feed_only_a_valid_watch_is_an_opening() -> None:
    """Clips open there by themselves: who went on at once, or soon, has chosen nothing."""
    views = {
        "skipped": ViewOutcome(valid=False, finished=False, bounced=True),
        "short": ViewOutcome(valid=False, finished=False, bounced=False, dwell_share=0.3),
        "long": ViewOutcome(valid=True, finished=False, bounced=False, dwell_share=0.8),
    }
    waiting = Pending(SETTINGS, lambda reader, view: views.get(view))
    waiting.shown("F", "ann", ITEMS, np.zeros((2, 4), dtype=np.float32), 1000.0, is_feed=True)
    for item, view in zip("abc", views, strict=True):
        waiting.opened("ann", "F", item, view)

    lesson = only(waiting.due(2800.0))

    assert lesson.opened.tolist() == [False, False, True, False]
    assert lesson.gains.tolist() == [0.0, 0.0, 1.8, 0.0]


def test_nobody_touches_what_anothers_list_teaches() -> None:
    """Nor do readers for whom a sender names lists alike."""
    waiting = pending()
    waiting.opened("ben", "L", "a", "v1")
    waiting.viewable("ben", "L", "b")
    waiting.acted("ben", "c", "like", "L")

    lesson = only(waiting.due(2800.0))

    assert lesson.items == ITEMS
    assert not lesson.opened.any()


def test_all_that_was_shown_counts_where_the_sender_does_not_tell_what_was_seen() -> None:
    waiting = pending()
    waiting.opened("ann", "L", "c")

    lesson = only(waiting.due(2800.0))

    assert (lesson.reader, lesson.at_s, lesson.items) == ("ann", 1000.0, ITEMS)
    assert lesson.gains.tolist() == [0.0, 0.0, 1.0, 0.0]
    assert lesson.opened.tolist() == [False, False, True, False]
    assert lesson.factors.tolist() == [[0, 1, 2, 3], [4, 5, 6, 7]]
    assert lesson.factors.dtype == np.float32


def test_only_what_was_seen_or_opened_counts_where_the_sender_tells() -> None:
    waiting = pending()
    waiting.viewable("ann", "L", "b")
    waiting.opened("ann", "L", "d")

    lesson = only(waiting.due(2800.0))

    assert lesson.items == ("b", "d")
    assert lesson.places.tolist() == [1, 3]
    assert lesson.gains.tolist() == [0.0, 1.0]
    assert lesson.factors.tolist() == [[1, 3], [5, 7]]


BOUNCE = ViewOutcome(valid=False, finished=False, bounced=True)
READ = ViewOutcome(valid=True, finished=True, bounced=False, dwell_share=0.8)


@pytest.mark.parametrize(
    ("outcome", "gain"),
    [
        (replace(READ, dwell_share=0.0), 1.0),
        (READ, 1.8),
        (replace(READ, dwell_share=40.0), 2.5),
        (ViewOutcome(valid=False, bounced=False, dwell_share=0.5), 1.0),
        (ViewOutcome(), 1.0),
        (BOUNCE, 0.25),
    ],
    ids=["valid", "dwell", "dwell to the limit", "neither", "nothing known", "bounce"],
)
def test_what_a_reading_is_worth(outcome: ViewOutcome, gain: float) -> None:
    waiting = pending(views={"v1": outcome})
    waiting.opened("ann", "L", "a", view="v1")

    assert only(waiting.due(2800.0)).gains.tolist() == pytest.approx([gain, 0.0, 0.0, 0.0])


def test_a_bounce_can_count_as_passed_by() -> None:
    waiting = pending(OutcomeSettings(bounce_gain=0.0), {"v1": BOUNCE})
    waiting.opened("ann", "L", "a", "v1")

    lesson = only(waiting.due(2800.0))

    assert lesson.gains.tolist() == [0.0] * 4
    assert lesson.opened.tolist() == [True, False, False, False]


def test_an_item_is_judged_by_its_best_view() -> None:
    waiting = pending(views={"v1": BOUNCE, "v2": READ})
    waiting.opened("ann", "L", "a", view="v1")
    waiting.opened("ann", "L", "a", view="v2")

    lesson = only(waiting.due(2800.0))

    assert lesson.gains[0] == pytest.approx(1.8)
    assert actions_of(lesson, "a") == {"read": 1, "finish": 1, "plus": 0, "bounce": 0, "hide": 0}


@pytest.mark.parametrize(("views", "weight"), [([BOUNCE], 0.25), ([BOUNCE, READ], 1.0), ([], 0.0)])
def test_a_list_of_bounces_alone_weighs_less(views: list[ViewOutcome], weight: float) -> None:
    waiting = pending(views={f"v{number}": view for number, view in enumerate(views)})
    for number, item in enumerate(ITEMS[: len(views)]):
        waiting.opened("ann", "L", item, f"v{number}")

    assert only(waiting.due(2800.0)).weight == pytest.approx(weight)


def actions_of(lesson: Lesson, item: str) -> dict[str, float | None]:
    """Return what is known of each action on an item; None for nothing."""
    values = lesson.actions[:, lesson.items.index(item)].tolist()
    return {name: None if math.isnan(value) else value for name, value in zip(ACTIONS, values, strict=True)}


def test_of_a_card_that_was_not_opened_only_a_hide_is_known() -> None:
    waiting = pending()
    waiting.acted("ann", "b", "hide", "L")

    lesson = only(waiting.due(2800.0))

    nothing = {"read": None, "finish": None, "plus": None, "bounce": None}
    assert actions_of(lesson, "a") == {**nothing, "hide": 0}
    assert actions_of(lesson, "b") == {**nothing, "hide": 1}
    assert lesson.gains.tolist() == [0.0] * 4


def test_of_an_opening_without_tracking_only_a_plus_is_known() -> None:
    waiting = pending()
    waiting.opened("ann", "L", "a", "v1")
    waiting.opened("ann", "L", "b", "v2")
    waiting.acted("ann", "b", "save", "L")

    lesson = only(waiting.due(2800.0))

    nothing = {"read": None, "finish": None, "bounce": None}
    assert actions_of(lesson, "a") == {**nothing, "plus": 0, "hide": 0}
    assert actions_of(lesson, "b") == {**nothing, "plus": 1, "hide": 0}


def test_of_a_view_that_was_not_closed_it_is_not_known_whether_it_was_a_bounce() -> None:
    waiting = pending(views={"v1": ViewOutcome(valid=True, finished=False)})
    waiting.opened("ann", "L", "a", "v1")

    assert actions_of(only(waiting.due(2800.0)), "a") == {"read": 1, "finish": 0, "plus": 0, "bounce": None, "hide": 0}


def test_a_card_that_was_liked_without_being_opened_was_chosen() -> None:
    waiting = pending()
    waiting.acted("ann", "c", "like", "L")

    lesson = only(waiting.due(2800.0))

    assert (lesson.gains.tolist(), lesson.opened.tolist()) == ([0, 0, 1, 0], [False, False, True, False])


def test_a_like_that_was_taken_back_is_none() -> None:
    waiting = pending()
    for type in ("like", "save", "unlike", "unsave"):
        waiting.acted("ann", "c", type, "L")

    assert not only(waiting.due(2800.0)).opened.any()


def test_a_hide_of_which_the_list_is_not_said_is_of_the_newest_that_shows_the_item() -> None:
    waiting = pending()
    show(waiting, "newer", 1100.0)
    show(waiting, "of bob", 1200.0, reader="bob")
    waiting.acted("ann", "d", "hide")

    lessons = waiting.due(9e9)

    assert [actions_of(lesson, "d")["hide"] for lesson in lessons] == [0, 1, 0]


def test_where_the_sender_tells_what_was_seen_a_hidden_card_was_seen() -> None:
    waiting = pending()
    waiting.viewable("ann", "L", "b")
    waiting.acted("ann", "d", "hide", "L")

    assert only(waiting.due(2800.0)).items == ("b", "d")


def test_what_is_not_known_here_changes_nothing() -> None:
    waiting = pending()
    waiting.viewable("ann", "L", "x")
    waiting.opened("ann", "other", "a", view="v9")
    waiting.opened("ann", "L", "x", view="v8")
    waiting.acted("ann", "x", "hide", "L")
    waiting.acted("ann", "a", "hide", "other")
    waiting.acted("bob", "a", "hide")

    lesson = only(waiting.due(2800.0))

    assert lesson.items == ITEMS
    assert lesson.gains.tolist() == [0.0] * 4


def test_what_comes_too_late_changes_nothing() -> None:
    waiting = pending()
    waiting.opened("ann", "L", "a", view="v1")
    lesson = only(waiting.due(2800.0))
    waiting.opened("ann", "L", "b")

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
    waiting.opened("ann", "L", "f", view="v1")
    first = only(waiting.due(2850.0))
    second = only(waiting.due(2900.0))

    assert (first.items, first.gains.tolist()) == (ITEMS, [0.0] * 4)
    assert (second.items, second.gains.tolist()) == (("e", "f"), [0.0, 1.0])


def test_the_oldest_list_is_learned_from_early_to_make_room() -> None:
    waiting = Pending(OutcomeSettings(lists_kept=2))

    assert show(waiting, "second", 20.0) == []
    assert show(waiting, "first", 10.0) == []
    assert show(waiting, "third", 30.0) == ["first"]
    assert [lesson.list for lesson in waiting.due(9e9)] == ["second", "third"]


def test_what_came_of_a_list_says_nothing_of_one_of_the_same_id_that_is_shown_later() -> None:
    waiting = pending(views={"v1": READ})
    waiting.opened("ann", "L", "a", view="v1")
    waiting.due(2800.0)
    show(waiting, "L", 3000.0)

    assert only(waiting.due(9e9)).gains.tolist() == [0.0] * 4


@given(st.permutations(range(6)))
def test_the_order_of_what_came_of_a_list_does_not_matter(order: list[int]) -> None:
    waiting = pending(views={"v1": READ, "v2": BOUNCE})
    acts = [
        lambda: waiting.viewable("ann", "L", "a"),
        lambda: waiting.viewable("ann", "L", "b"),
        lambda: waiting.opened("ann", "L", "b"),
        lambda: waiting.opened("ann", "L", "b", view="v1"),
        lambda: waiting.opened("ann", "L", "d", view="v2"),
        lambda: waiting.acted("ann", "b", "like", "L"),
    ]
    for act in order:
        acts[act]()

    lesson = only(waiting.due(2800.0))

    assert (lesson.items, lesson.gains.tolist()) == (("a", "b", "d"), [0.0, 1.8, 0.25])
    assert actions_of(lesson, "b")["plus"] == 1


@pytest.mark.parametrize("dwell_share", [-0.1, math.nan, math.inf])
def test_a_dwell_share_is_a_number_from_zero(dwell_share: float) -> None:
    waiting = pending(views={"v1": replace(READ, dwell_share=dwell_share)})
    waiting.opened("ann", "L", "a", "v1")

    with pytest.raises(ValueError, match="dwell_share"):
        waiting.due(2800.0)


def test_factors_have_a_column_for_each_item() -> None:
    with pytest.raises(ValueError, match="2 items of list L"):
        Pending(SETTINGS).shown("L", "ann", ("a", "b"), np.zeros((5, 3), dtype=np.float32), 0.0)
