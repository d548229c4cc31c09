"""From scores to a list: the greedy choice, the unit of what shapes it, and exploring places with their chance."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from reader.recommend.shaping import Shaper, Slot, spread_of
from reader.recommend.surprise import daring
from reader.settings import RankingSettings
from reader.settings_lists import CapSettings
from tests.reader.recommend.fields import Drawn, caps, fields, make_field
from tests.reader.recommend.test_lineup import caps_broken

FREE = CapSettings(stretch=1, apart=0)


def shaped(
    drawn: Drawn,
    weight: float = 1.0,
    limits: CapSettings = FREE,
    count: int = 60,
    every: int | None = None,
    seed: int = 0,
) -> list[Slot]:
    spread = spread_of(drawn.scores, count)
    shaper = Shaper(drawn.field, drawn.lineup(limits), drawn.scores, drawn.vectors, weight=weight, spread=spread)
    return shaper.fill(count, np.random.default_rng(seed), every=every)


def values_by_hand(drawn: Drawn, above: list[int], weight: float) -> np.ndarray:
    """Return the score of every candidate less what likeness to `above` costs, by the formula."""
    likeness = np.zeros(len(drawn.scores))
    for place in above:
        likeness = np.maximum(likeness, np.clip(drawn.vectors.astype(float) @ drawn.vectors[place].astype(float), 0, 1))
    return drawn.scores - weight * spread_of(drawn.scores, 60) * likeness


@given(fields(most=120), st.floats(0, 3), caps)
def test_each_place_goes_to_the_best_that_may_come(drawn: Drawn, weight: float, limits: CapSettings) -> None:
    """Against a second, slow computation of what may come, who stands for a story, and what likeness costs."""
    field, above = drawn.field, list[int]()
    best_of = {
        story: min((-drawn.scores[p], field.ids[p], int(p)) for p in np.flatnonzero(field.stories == story))[2]
        for story in field.stories.tolist()
    }
    for slot in shaped(drawn, weight, limits):
        left = [p for story, p in best_of.items() if story not in {int(field.stories[a]) for a in above}]
        fewest = min(caps_broken(drawn, above, p, limits) for p in left)
        allowed = [p for p in left if caps_broken(drawn, above, p, limits) == fewest]
        values = values_by_hand(drawn, above, weight)

        assert slot.candidate in allowed
        assert values[slot.candidate] == pytest.approx(max(values[allowed]), abs=1e-5)
        assert drawn.scores[slot.candidate] + slot.diversity == pytest.approx(values[slot.candidate], abs=1e-5)
        above.append(slot.candidate)
    assert len(above) == min(60, len(best_of))


@given(fields(), st.floats(0, 3), caps)
def test_the_list_falls_and_each_story_comes_once(drawn: Drawn, weight: float, limits: CapSettings) -> None:
    slots = shaped(drawn, weight, limits)

    stories = [int(drawn.field.stories[slot.candidate]) for slot in slots]
    assert sorted(stories) == sorted(set(drawn.field.stories.tolist()))
    scores = [drawn.scores[slot.candidate] + slot.diversity + slot.caps for slot in slots]
    assert all(later <= earlier + 1e-9 for earlier, later in pairwise(scores))
    assert all(slot.diversity <= 0 and slot.caps <= 0 for slot in slots)


@given(fields(), st.floats(0, 3), st.sampled_from([1e-6, 0.01, 1000.0]), st.sampled_from([-50.0, 0.0, 3.0]))
def test_the_unit_of_the_scores_does_not_matter(drawn: Drawn, weight: float, factor: float, shift: float) -> None:
    """A score may be log odds or a share of a second: weights are in standard deviations."""
    assume(np.ptp(drawn.scores) > 0)
    other = Drawn(drawn.field, drawn.published_s, (drawn.scores + shift) * factor, drawn.vectors, drawn.by_topic)

    own, theirs = shaped(drawn, weight), shaped(other, weight)

    assert [slot.candidate for slot in own] == [slot.candidate for slot in theirs]
    for one, two in zip(own, theirs, strict=True):
        assert two.diversity == pytest.approx(factor * one.diversity, rel=1e-4, abs=1e-9 * factor)


def test_without_weight_the_order_is_that_of_the_scores() -> None:
    drawn = make_field(list(range(30)), [0] * 30, seed=3)

    by_score = sorted(range(30), key=lambda place: (-drawn.scores[place], drawn.field.ids[place]))
    assert [slot.candidate for slot in shaped(drawn, weight=0.0)] == by_score


def test_scores_that_are_all_alike_are_still_spread_over_the_subjects() -> None:
    drawn = make_field([0, 1, 2], [0, 0, 0])
    vectors = np.array([[1, 0], [1, 0], [0, 1]], dtype=np.float32)

    slots = shaped(Drawn(drawn.field, drawn.published_s, np.full(3, 0.25), vectors))

    assert {slots[0].candidate, slots[1].candidate} in ({0, 2}, {1, 2})


def test_spread_is_the_deviation_of_those_that_may_come() -> None:
    """Of a list of one: the two best, 3 and 1, whatever a crowd below them does."""
    assert spread_of(np.array([1.0, 3.0, -100.0, 0.0]), 1) == pytest.approx(1.0)
    assert spread_of(np.array([2.0, 2.0]), 1) == spread_of(np.array([]), 5) == 1.0


@given(fields(most=60), caps, st.integers(1, 12), st.integers(0, 2**32 - 1))
def test_exploring_places_tell_their_chance(drawn: Drawn, limits: CapSettings, every: int, seed: int) -> None:
    slots = shaped(drawn, 1.0, limits, every=every, seed=seed)

    for place, slot in enumerate(slots):
        lineup = drawn.lineup(limits)
        for above in slots[:place]:
            lineup.place(above.candidate)
        assert slot.exploration == (place % every == every - 1)
        if slot.exploration:
            pool = lineup.pool().tolist()
            assert slot.candidate in pool
            assert slot.propensity == pytest.approx(1 / len(pool))
        else:
            assert slot.propensity == 1.0


def test_each_of_the_pool_is_drawn_as_often() -> None:
    """The last of five places explores among the two that are left: even odds, over 2,000 lists."""
    drawn = make_field([0, 1, 2, 3, 4, 5], [0] * 6)

    draws = [shaped(drawn, every=5, seed=seed)[4] for seed in range(2000)]

    assert {slot.propensity for slot in draws} == {0.5}
    counts = np.unique([slot.candidate for slot in draws], return_counts=True)[1]
    assert len(counts) == 2
    assert abs(counts[0] - 1000) < 3 * np.sqrt(500)


def test_surprise_goes_from_none_to_twice_as_much() -> None:
    settings = RankingSettings()

    assert [daring(surprise, settings).exploring_every for surprise in (0.0, 0.25, 0.5, 0.75, 1.0)] == [
        None, 20, 10, 7, 5,
    ]  # fmt: skip
    assert daring(0.5, settings).novelty == 0
    assert daring(0.5, settings).diversity == settings.diversity_weight
