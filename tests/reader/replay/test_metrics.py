"""The metrics against worked examples, scikit-learn as a second implementation, and what must always hold."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from sklearn.metrics import ndcg_score, roc_auc_score
from sklearn.metrics.pairwise import cosine_distances

from reader.replay.metrics import auc, bootstrap_ci95, coverage, gauc, hit, ild, is_scorable, mrr, ndcg

Impression = tuple[list[int], list[float]]


@st.composite
def impressions(draw: st.DrawFn, *, distinct: bool = False) -> Impression:
    """Draw an impression with at least one open and one other; few different scores, so that ties are common."""
    count = draw(st.integers(2, 12))
    labels = draw(st.lists(st.integers(0, 1), min_size=count, max_size=count))
    assume(0 < sum(labels) < count)
    score = st.integers(-50, 50) if distinct else st.integers(0, 3)
    scores = draw(st.lists(score.map(float), min_size=count, max_size=count, unique=distinct))
    return labels, scores


def test_auc_counts_pairs_in_the_right_order_and_ties_as_half() -> None:
    assert auc([1, 0, 1, 0], [4.0, 3.0, 2.0, 1.0]) == pytest.approx(3 / 4)
    assert auc([1, 0], [1.0, 1.0]) == pytest.approx(0.5)


def test_mrr_is_the_mean_over_all_opens() -> None:
    assert mrr([1, 0, 0, 1], [4.0, 3.0, 2.0, 1.0]) == pytest.approx((1 + 1 / 4) / 2)


def test_ndcg_worked_example() -> None:
    """Opens at ranks 2 and 3 of 4; the best order has them at 1 and 2."""
    expected = (1 / math.log2(3) + 1 / math.log2(4)) / (1 / math.log2(2) + 1 / math.log2(3))

    assert ndcg([0, 1, 1, 0], [4.0, 3.0, 2.0, 1.0], k=5) == pytest.approx(expected)


def test_ndcg_beyond_k_counts_nothing() -> None:
    assert ndcg([0, 0, 1], [3.0, 2.0, 1.0], k=2) == 0.0


def test_ties_of_a_ranking_go_by_the_given_order() -> None:
    assert mrr([0, 1], [1.0, 1.0]) == 0.5
    assert mrr([1, 0], [1.0, 1.0]) == 1.0
    assert hit([0, 1], [1.0, 1.0], k=1) == 0.0


@given(impressions())
def test_auc_equals_scikit_learn(impression: Impression) -> None:
    labels, scores = impression

    assert auc(labels, scores) == pytest.approx(roc_auc_score(labels, scores))


@given(impressions(distinct=True), st.integers(1, 12))
def test_ndcg_equals_scikit_learn_without_ties(impression: Impression, k: int) -> None:
    """With ties scikit-learn averages over their orders, where ours takes the given one."""
    labels, scores = impression

    assert ndcg(labels, scores, k) == pytest.approx(ndcg_score([labels], [scores], k=k))


@given(impressions())
def test_all_metrics_stay_between_zero_and_one_and_a_perfect_ranking_has_one(impression: Impression) -> None:
    labels, scores = impression
    perfect = [float(label) for label in labels]

    assert 0 <= auc(labels, scores) <= 1 == auc(labels, perfect)
    assert 0 < mrr(labels, scores) <= mrr(labels, perfect) <= 1
    assert 0 <= ndcg(labels, scores, 5) <= 1
    assert ndcg(labels, perfect, 5) == pytest.approx(1)
    assert hit(labels, scores, len(labels)) == hit(labels, perfect, 1) == 1


@given(impressions())
def test_turning_the_scores_around_turns_auc_around(impression: Impression) -> None:
    labels, scores = impression

    assert auc(labels, [-score for score in scores]) == pytest.approx(1 - auc(labels, scores))


@given(impressions(), st.integers(1, 12))
def test_a_longer_list_never_loses_a_hit(impression: Impression, k: int) -> None:
    labels, scores = impression

    assert hit(labels, scores, k) <= hit(labels, scores, k + 1)


@pytest.mark.parametrize("metric", [auc, mrr, lambda labels, scores: ndcg(labels, scores, 5)])
@pytest.mark.parametrize(
    ("labels", "scores"),
    [([0, 0], [1.0, 2.0]), ([1, 0], [1.0]), ([1, 2], [1.0, 2.0]), ([1, 0], [math.nan, 2.0]), ([], [])],
    ids=["no open", "unequal length", "no label", "NaN", "empty"],
)
def test_undefined_input_is_refused(
    metric: Callable[[list[int], list[float]], float], labels: list[int], scores: list[float]
) -> None:
    with pytest.raises(ValueError, match=r"open|each|labels|finite"):
        metric(labels, scores)


def test_a_depth_below_one_is_refused() -> None:
    with pytest.raises(ValueError, match="k is 0"):
        hit([1, 0], [1.0, 2.0], 0)


@pytest.mark.parametrize(("labels", "expected"), [([1, 0], True), ([1, 1], False), ([0, 0], False), ([], False)])
def test_scorable_needs_an_open_and_another(labels: list[int], expected: bool) -> None:
    assert is_scorable(labels) is expected


def test_gauc_weighs_readers_by_their_impressions() -> None:
    right: Impression = ([1, 0], [2.0, 1.0])
    wrong: Impression = ([1, 0], [1.0, 2.0])
    unopened: Impression = ([0, 0], [1.0, 2.0])

    assert gauc({"a": [right, right, right], "b": [wrong], "c": [unopened], "d": []}) == pytest.approx(3 / 4)


def test_gauc_of_no_reader_with_opens_is_refused() -> None:
    with pytest.raises(ValueError, match="GAUC"):
        gauc({"a": [([0, 0], [1.0, 2.0])]})


@given(st.lists(st.lists(st.integers(-3, 3), min_size=4, max_size=4), min_size=2, max_size=8))
def test_ild_is_the_mean_cosine_distance_of_all_pairs(rows: list[list[int]]) -> None:
    vectors = np.array(rows, dtype=float)
    assume((np.abs(vectors).sum(axis=1) > 0).all())
    pairs = np.triu_indices(len(vectors), k=1)

    assert ild(vectors) == pytest.approx(float(cosine_distances(vectors)[pairs].mean()), abs=1e-9)


def test_ild_of_a_short_list_is_zero_and_a_zero_vector_is_unlike_all() -> None:
    assert ild([[1.0, 0.0]]) == 0.0
    assert ild(np.empty((0, 3))) == 0.0
    assert ild([[1.0, 0.0], [0.0, 0.0]]) == 1.0


def test_coverage_counts_each_item_once_and_strangers_never() -> None:
    assert coverage([["a", "x"], ["a", "b"]], ["a", "b", "c", "d"], k=2) == 0.5
    with pytest.raises(ValueError, match="catalogue"):
        coverage([["a"]], [], k=1)


def test_interval_holds_the_mean_and_repeats_with_its_seed() -> None:
    values = {f"u{i}": [i / 40, i / 40 + 0.01] for i in range(40)}
    mean = float(np.mean(list(values.values())))

    low, high = bootstrap_ci95(values, seed=3)

    assert low < mean < high
    assert (low, high) == bootstrap_ci95(dict(reversed(values.items())), seed=3)
    assert (low, high) != bootstrap_ci95(values, seed=4)


def test_interval_agrees_with_the_normal_one_for_one_value_a_reader() -> None:
    draws = np.random.default_rng(0).normal(size=400)
    half = 1.96 * draws.std() / math.sqrt(len(draws))

    low, high = bootstrap_ci95({f"{i:03d}": [float(draw)] for i, draw in enumerate(draws)}, seed=0)

    assert low == pytest.approx(draws.mean() - half, abs=0.15 * half)
    assert high == pytest.approx(draws.mean() + half, abs=0.15 * half)


def test_readers_are_resampled_whole() -> None:
    """A hundred equal values of one reader say no more than one: the interval must not shrink."""
    few = bootstrap_ci95({"a": [0.0], "b": [1.0], "c": [0.5]}, seed=1)
    many = bootstrap_ci95({"a": [0.0] * 100, "b": [1.0] * 100, "c": [0.5] * 100}, seed=1)

    assert many == pytest.approx(few)


def test_intervals_of_two_policies_use_the_same_resamples() -> None:
    first = {f"u{i}": [float(i)] for i in range(20)}
    second = {reader: [values[0] + 2.0] for reader, values in first.items()}

    low, high = bootstrap_ci95(first, seed=5)

    assert bootstrap_ci95(second, seed=5) == pytest.approx((low + 2.0, high + 2.0))


def test_interval_of_no_value_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one value"):
        bootstrap_ci95({"a": []}, seed=0)
