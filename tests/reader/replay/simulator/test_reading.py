"""Scroll-backs: what was meant is what the reader's own definition finds, and each cause leaves its own trace."""

from __future__ import annotations

from collections import Counter, defaultdict

import numpy as np
import pytest

from reader.behaviour.signals import find_scroll_backs
from reader.behaviour.views import View, derive_view
from reader.replay.simulator import Life
from reader.replay.simulator.settings import AttentionSettings, ScrollBacks
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

    Over all paragraphs that a reader had gone beyond in a view.
    """
    subjects = {subject.item.id: subject for subject in demo_simulation().world.subjects}
    rows: list[tuple[float, float, float]] = []
    for life in demo_lives(scroll_backs=scroll_backs):
        views = views_of(life)
        back = found_in(views)
        for view in views:
            taste = life.reader.taste_at(view.opened_at, demo_simulation().settings.taste)
            front = max(visit.paragraph for visit in view.visits)
            for index, paragraph in enumerate(subjects[view.item].paragraphs[:front]):
                own = len(paragraph.keywords & taste.keywords)
                rows.append((float((view.id, index) in back), paragraph.strain, float(own > 0)))
    table = np.corrcoef(np.array(rows).T)
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

    assert keywords > 0.15
    assert abs(difficulty) < 0.05


def test_difficulty_follows_lix_and_not_own_keywords() -> None:
    difficulty, keywords = traces("difficulty")

    assert difficulty > 0.15
    assert abs(keywords) < 0.05


def test_both_leave_both_traces() -> None:
    difficulty, keywords = traces("both")

    assert difficulty > 0.1
    assert keywords > 0.1


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


def test_own_keywords_hold_attention_within_a_text() -> None:
    """Time on a paragraph per word is longer where the reader's keywords stand than elsewhere in the same view."""
    subjects = {subject.item.id: subject for subject in demo_simulation().world.subjects}
    surplus: list[float] = []
    for life in demo_lives(scroll_backs="none"):
        for view in views_of(life):
            taste = life.reader.taste_at(view.opened_at, demo_simulation().settings.taste)
            pace: dict[bool, list[float]] = {True: [], False: []}
            for visit in view.visits:
                paragraph = subjects[view.item].paragraphs[visit.paragraph]
                if visit.visit == 0:
                    pace[bool(paragraph.keywords & taste.keywords)].append(visit.dwell_s / paragraph.words)
            if all(pace.values()):
                surplus.append(float(np.mean(pace[True]) - np.mean(pace[False])))

    assert len(surplus) > 100
    assert np.mean(surplus) > 3 * np.std(surplus) / len(surplus) ** 0.5
