"""Scroll-backs: what was meant is what the reader's own definition finds, and each cause leaves its own trace."""

from __future__ import annotations

import math
from collections import Counter, defaultdict

import numpy as np
import pytest
from numpy.typing import NDArray

from reader.behaviour.signals import find_scroll_backs
from reader.behaviour.views import View, derive_view
from reader.replay.simulator import Life
from reader.replay.simulator.reading import hardness, reading_chance
from reader.replay.simulator.settings import AttentionSettings, ScrollBacks
from reader.replay.simulator.world import Paragraph
from reader.settings import ReadingSettings
from reader.types import Event, ParagraphVisit
from tests.reader.replay.simulator.worlds import demo_lives, demo_simulation

Place = tuple[str, int]


def views_of(life: Life) -> list[View]:
    """Return the views of texts."""
    events: dict[str, list[Event]] = defaultdict(list)
    for event in life.events:
        if event.view is not None:
            events[event.view].append(event)
    return [view for view in map(derive_view, events.values()) if view.visits]


def found_in(views: list[View]) -> Counter[Place]:
    return Counter(
        (view.id, back.paragraph) for view in views for back in find_scroll_backs(view.visits, ReadingSettings())
    )


def traces(scroll_backs: ScrollBacks) -> tuple[float, float]:
    """Return the correlation of having been gone back to with difficulty, and with the reader's own keywords.

    Between the paragraphs that a reader had gone beyond in one view: who likes a text reads on, and more often meets
    its end, where most goings-back begin.
    """
    subjects = {subject.item.id: subject for subject in demo_simulation().world.subjects}
    rows: list[NDArray[np.float64]] = []
    for life in demo_lives(scroll_backs=scroll_backs):
        views = views_of(life)
        back = found_in(views)
        for view in views:
            taste = life.reader.taste_at(view.opened_at, demo_simulation().settings.taste)
            front = max(visit.paragraph for visit in view.visits)
            passed = [
                (
                    float((view.id, index) in back),
                    paragraph.strain,
                    float(bool(paragraph.keywords & taste.keywords.keys())),
                )
                for index, paragraph in enumerate(subjects[view.item].paragraphs[:front])
            ]
            if passed:
                rows.extend(np.array(passed) - np.mean(passed, axis=0))
    table = np.array(np.corrcoef(np.array(rows).T))
    return float(table[0, 1]), float(table[0, 2])


def test_intended_scroll_backs_are_what_is_found() -> None:
    """Adjusting, crossing and going on are not taken for one; none that was meant is missed."""
    meant: Counter[Place] = Counter()
    found: Counter[Place] = Counter()
    for life in demo_lives():
        meant.update((back.view, back.paragraph) for back in life.returns)
        found.update(found_in(views_of(life)))
    both = sum((meant & found).values())

    assert sum(meant.values()) > 200
    assert both / sum(meant.values()) > 0.99
    assert both / sum(found.values()) > 0.99


def test_there_is_going_up_that_is_no_scroll_back() -> None:
    """Otherwise the test above would hold for a definition that takes every way up."""
    ups = sum(
        isinstance(event, ParagraphVisit) and event.came == "up" and event.part == 0
        for life in demo_lives()
        for event in life.events
    )

    assert ups > 1.5 * sum(len(life.returns) for life in demo_lives())


def test_interest_follows_own_keywords_and_not_difficulty() -> None:
    difficulty, keywords = traces("interest")

    assert keywords > 0.1
    assert abs(difficulty) < 0.03


def test_difficulty_follows_lix_and_not_own_keywords() -> None:
    difficulty, keywords = traces("difficulty")

    assert difficulty > 0.1
    assert abs(keywords) < 0.03


def test_both_leave_both_traces() -> None:
    difficulty, keywords = traces("both")

    assert difficulty > 0.05
    assert keywords > 0.05


def test_nobody_goes_back_where_nothing_pulls() -> None:
    lives = demo_lives(scroll_backs="none")

    assert all(life.returns == () for life in lives)
    assert sum(sum(found_in(views_of(life)).values()) for life in lives) == 0


@pytest.mark.parametrize(("scroll_backs", "absent"), [("interest", "difficulty"), ("difficulty", "interest")])
def test_causes_are_those_of_the_setting(scroll_backs: ScrollBacks, absent: str) -> None:
    causes = Counter(back.cause for life in demo_lives(scroll_backs=scroll_backs) for back in life.returns)

    assert causes[absent] == 0  # type: ignore[index]  # a text that is one of the causes
    assert causes["place"] < sum(causes.values()) / 2


def test_returns_end_both_at_the_front_and_outside() -> None:
    outcomes = Counter(
        back.outcome
        for life in demo_lives()
        for view in views_of(life)
        for back in find_scroll_backs(view.visits, ReadingSettings())
    )

    assert 0.05 < outcomes["exit"] / sum(outcomes.values()) < 0.3


def test_a_visit_is_cut_into_parts_of_fifteen_seconds() -> None:
    """Parts follow one another without a gap, all full but the last."""
    part_ms = 1000 * AttentionSettings().part_s
    stays: dict[tuple[str | None, int, int], list[ParagraphVisit]] = defaultdict(list)
    for event in (event for life in demo_lives() for event in life.events if isinstance(event, ParagraphVisit)):
        stays[event.view, event.paragraph, event.visit].append(event)

    assert max(map(len, stays.values())) > 1
    for parts in stays.values():
        assert [event.part for event in parts] == list(range(len(parts)))
        assert [event.started_ms - parts[0].started_ms for event in parts] == [part_ms * event.part for event in parts]
        assert all(event.visible_ms == part_ms for event in parts[:-1])
        assert parts[-1].visible_ms <= part_ms


def test_reading_goes_with_the_flow_and_only_a_little_with_what_a_paragraph_holds() -> None:
    """By hand: at an even interest the rates of the scroll log; full interest adds 1 logit, a full fit 0.5."""
    settings = AttentionSettings()

    assert [reading_chance(before, 0.5, 0.0, settings) for before in (None, True, False)] == pytest.approx(
        [0.67, 0.71, 0.17]
    )
    assert reading_chance(True, 1.0, 0.0, settings) == pytest.approx(1 / (1 + math.exp(-1) * 0.29 / 0.71))
    assert reading_chance(True, 0.5, 1.0, settings) == pytest.approx(1 / (1 + math.exp(-0.5) * 0.29 / 0.71))


def test_hardness_by_hand() -> None:
    """One deviation of LIX is half of the hardest; a paragraph of 13 of 65 words is a fifth as hard."""
    settings = AttentionSettings()

    assert hardness(Paragraph(65, 1.0, frozenset()), settings) == pytest.approx(0.5)
    assert hardness(Paragraph(13, 1.0, frozenset()), settings) == pytest.approx(0.1)
    assert hardness(Paragraph(130, 9.0, frozenset()), settings) == 1.0
    assert hardness(Paragraph(65, -1.0, frozenset()), settings) == 0.0


def test_where_place_alone_leads_back_it_leads_to_the_beginning() -> None:
    """Returns out of place come to the first third of a text about four times as often as to the last."""
    paragraphs = {one.item.id: len(one.paragraphs) for one in demo_simulation().world.subjects}
    places = [
        back.paragraph / (paragraphs[back.item] - 1)
        for life in demo_lives(scroll_backs="interest")
        for back in life.returns
        if back.cause == "place"
    ]

    assert len(places) > 100
    assert sum(place < 1 / 3 for place in places) > 3 * sum(place > 2 / 3 for place in places) > 0


def test_what_led_back_out_of_interest_is_one_of_the_readers_interests() -> None:
    named = 0
    for life in demo_lives(scroll_backs="interest"):
        topics = {interest.topic for interest in life.reader.interests}
        for back in life.returns:
            assert back.topic is None or (back.cause == "interest" and back.topic in topics)
            named += back.topic is not None

    assert named > 20
