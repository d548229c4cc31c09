"""Novelty, repeats and miscalibration: worked values, and what must always hold."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import entropy

from reader.replay.metrics import miscalibration, novelty, repeats

TOPICS = st.dictionaries(st.sampled_from(["art", "food", "law", "space"]), st.integers(1, 9).map(float), min_size=1)


def test_novelty_worked_example() -> None:
    """Of 14 readers 3 and 1 opened the items: shares 4/16 and 2/16, so 2 and 3 bits."""
    assert novelty(np.array([3.0, 1.0]), population=14) == pytest.approx(2.5)


@given(st.lists(st.integers(0, 50), min_size=1, max_size=12), st.integers(51, 500), st.randoms())
def test_novelty_is_bounded_blind_to_order_and_falls_with_each_reader(
    readers: list[int], population: int, random: np.random.Generator
) -> None:
    value = novelty(np.array(readers, dtype=float), population)
    shuffled = list(readers)
    random.shuffle(shuffled)

    assert 0 < value <= math.log2(population + 2) + 1e-9
    assert novelty(np.array(shuffled, dtype=float), population) == pytest.approx(value)
    assert novelty(np.array([readers[0] + 1, *readers[1:]], dtype=float), population) < value


@pytest.mark.parametrize("readers", [[], [-1.0], [11.0], [math.nan]], ids=["none", "negative", "too many", "NaN"])
def test_impossible_numbers_of_readers_are_refused(readers: list[float]) -> None:
    with pytest.raises(ValueError, match=r"at least one item|between 0 and"):
        novelty(np.array(readers), population=10)


def test_repeats_count_items_seen_before() -> None:
    assert repeats(["a", "b", "c"], {"c", "a", "x"}) == pytest.approx(2 / 3)
    assert repeats(["a"], set()) == 0.0
    with pytest.raises(ValueError, match="at least one item"):
        repeats([], {"a"})


def test_a_list_of_the_readers_own_topics_is_calibrated_whatever_the_unit() -> None:
    assert miscalibration({"space": 6, "food": 2}, {"space": 0.75, "food": 0.25}) == pytest.approx(0, abs=1e-12)


def test_a_list_without_any_topic_of_the_reader_costs_the_most() -> None:
    assert miscalibration({"space": 1}, {"food": 1}) == pytest.approx(math.log(100))


@given(TOPICS, TOPICS)
def test_miscalibration_equals_the_divergence_of_scipy_and_is_bounded(
    history: dict[str, float], listed: dict[str, float]
) -> None:
    topics = sorted(history.keys() | listed.keys())
    wanted = np.array([history.get(topic, 0.0) for topic in topics])
    shown = np.array([listed.get(topic, 0.0) for topic in topics])
    wanted, shown = wanted / wanted.sum(), shown / shown.sum()
    value = miscalibration(history, listed)

    assert value == pytest.approx(entropy(wanted, 0.99 * shown + 0.01 * wanted), abs=1e-9)
    assert 0 <= value <= math.log(100) + 1e-9


@pytest.mark.parametrize("listed", [{}, {"a": 0.0}, {"a": -1.0, "b": 2.0}, {"a": math.nan}])
def test_topics_that_are_no_distribution_are_refused(listed: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="topic"):
        miscalibration({"a": 1.0}, listed)
