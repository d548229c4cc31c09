"""The impact index against rank-bm25, which it must equal, and against what it promises beyond."""

from __future__ import annotations

import math
import threading
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rank_bm25 import BM25Okapi  # type: ignore[import-untyped]  # the package has no types

from nlp.bm25 import EPSILON, K1, B, ImpactIndex

TERMS = ["sea", "wind", "sun", "rain", "ice", "fog"]

documents = st.lists(st.sampled_from(TERMS), max_size=12)
batches = st.lists(st.lists(documents, max_size=6), min_size=1, max_size=8).filter(
    lambda b: any(d for p in b for d in p)
)


def index_of(parts: list[list[list[str]]]) -> ImpactIndex:
    """An index that received the documents part by part."""
    index = ImpactIndex()
    for part in parts:
        index.add(Counter(document) for document in part)
    return index


def random_index(items: int, *, seed: int = 0) -> ImpactIndex:
    """An index of items with ten draws each from 500 terms, the first ones frequent."""
    rng = np.random.default_rng(seed)
    draws = np.minimum(rng.zipf(1.3, size=(items, 10)), 500)
    index = ImpactIndex()
    index.add(Counter(f"t{term}" for term in row) for row in draws.tolist())
    return index


def test_parameters_are_those_of_rank_bm25() -> None:
    assert (K1, B, EPSILON) == (1.5, 0.75, 0.25)


@given(batches, st.lists(st.sampled_from([*TERMS, "unknown"]), unique=True))
def test_equals_rank_bm25_after_any_sequence_of_adds(parts: list[list[list[str]]], query: list[str]) -> None:
    oracle = BM25Okapi([document for part in parts for document in part])

    scores = index_of(parts).scores(dict.fromkeys(query, 1.0))

    np.testing.assert_allclose(scores, oracle.get_scores(query), rtol=0, atol=1e-9)


def test_equals_rank_bm25_when_asked_between_adds() -> None:
    """What was cached for a query does not survive the next add."""
    parts = [[["sea", "sea"], ["sun"]], [["sea", "wind"]], [["rain"], ["fog", "sea"], ["ice"]]]
    index = ImpactIndex()
    for end, part in enumerate(parts, start=1):
        index.add(Counter(document) for document in part)
        oracle = BM25Okapi([document for known in parts[:end] for document in known])

        scores = index.scores({"sea": 1.0, "sun": 1.0})

        np.testing.assert_allclose(scores, oracle.get_scores(["sea", "sun"]), rtol=0, atol=1e-9)


@given(batches, st.sets(st.integers(0, 40)), st.lists(st.sampled_from(TERMS), unique=True))
def test_retired_items_count_as_if_they_had_never_come(
    parts: list[list[list[str]]], gone: set[int], query: list[str]
) -> None:
    every = [document for part in parts for document in part]
    kept = [number for number in range(len(every)) if number not in gone]
    index, left = index_of(parts), index_of([[every[number] for number in kept]])
    weights = dict.fromkeys(query, 1.0)
    index.scores(weights)

    index.retire(sorted(gone.intersection(range(len(every)))))

    assert index.scores(weights)[kept] == pytest.approx(left.scores(weights))
    assert [index.document_frequency(term) for term in TERMS] == [left.document_frequency(term) for term in TERMS]


def test_scores_match_the_formula_worked_by_hand() -> None:
    index = index_of([[["sea", "sea", "wind"], ["sun"], ["sun"], ["rain"]]])
    idf = math.log(3.5) - math.log(1.5)
    mean_length = 6 / 4

    scores = index.scores({"sea": 1.0})

    expected = idf * 2 * 2.5 / (2 + 1.5 * (0.25 + 0.75 * 3 / mean_length))
    assert scores.tolist() == [pytest.approx(expected), 0.0, 0.0, 0.0]


@given(batches, st.dictionaries(st.sampled_from(TERMS), st.floats(-3, 3)))
def test_weights_multiply_the_part_of_their_term(parts: list[list[list[str]]], query: dict[str, float]) -> None:
    index = index_of(parts)

    total = sum((weight * index.scores({term: 1.0}) for term, weight in query.items()), np.zeros(len(index)))

    np.testing.assert_allclose(index.scores(query), total, rtol=0, atol=1e-9)


@given(batches, st.dictionaries(st.sampled_from(TERMS), st.floats(0.1, 3)), st.integers(0, 10))
def test_top_is_the_head_of_the_sorted_scores(parts: list[list[list[str]]], query: dict[str, float], k: int) -> None:
    index = index_of(parts)
    scores = index.scores(query)
    expected = [i for i in sorted(range(len(index)), key=lambda i: (-scores[i], i)) if scores[i] != 0][:k]

    indices, best = index.top(query, k)

    assert indices.tolist() == expected
    assert best.tolist() == scores[expected].tolist()


def test_top_breaks_ties_by_number() -> None:
    index = index_of([[["sun"], ["sea"], ["sea"], ["rain"], ["sea"], ["fog"], ["ice"], ["wind"]]])

    indices, _ = index.top({"sea": 1.0}, 2)

    assert indices.tolist() == [1, 2]


def test_top_leaves_out_what_is_excluded_and_what_does_not_match() -> None:
    index = index_of([[["sun"], ["sea"], ["sea", "fog"], ["rain"], ["ice"], ["ice"]]])
    exclude = np.zeros(len(index), dtype=np.bool_)
    exclude[1] = True

    indices, scores = index.top({"sea": 1.0}, 5, exclude=exclude)

    assert indices.tolist() == [2]
    assert len(scores) == 1


@pytest.mark.parametrize("items", [50, 3000])
def test_scores_at_agrees_with_scores(items: int) -> None:
    index = random_index(items)
    query = {f"t{term}": 1 / term for term in range(1, 30)}
    chosen = np.array([items - 1, 0, 7, 7, items // 2])

    np.testing.assert_allclose(index.scores_at(query, chosen), index.scores(query)[chosen], rtol=0, atol=1e-12)


def test_document_frequency_counts_items_not_occurrences() -> None:
    index = index_of([[["sea", "sea"], ["sun"]], [["sea"]]])

    assert (index.document_frequency("sea"), index.document_frequency("fog"), len(index)) == (2, 0, 3)


def test_empty_index_answers() -> None:
    index = ImpactIndex()
    index.add([])

    assert index.scores({"sea": 1.0}).tolist() == []
    assert [part.tolist() for part in index.top({"sea": 1.0}, 3)] == [[], []]


def test_items_without_terms_score_nothing() -> None:
    index = index_of([[[], []], [["sea"], ["sun"], ["fog"]]])

    assert index.scores({"sea": 1.0})[:2].tolist() == [0.0, 0.0]


def test_a_count_below_one_is_refused_and_nothing_is_added() -> None:
    index = index_of([[["sea"]]])

    with pytest.raises(ValueError, match="at least 1"):
        index.add([{"sun": 1}, {"sea": 0}])

    assert (len(index), index.document_frequency("sun")) == (1, 0)


def test_many_single_adds_give_the_index_of_one_big_add() -> None:
    rows = [Counter(f"t{(i * step) % 97}" for step in range(1, 8)) for i in range(300)]
    one_by_one, at_once = ImpactIndex(), ImpactIndex()
    for row in rows:
        one_by_one.add([row])
    at_once.add(rows)
    query = {"t1": 1.0, "t50": 0.5, "t96": 2.0}

    assert one_by_one.scores(query).tolist() == at_once.scores(query).tolist()


def test_adding_and_asking_at_once_loses_nothing() -> None:
    index = ImpactIndex()
    failures: list[BaseException] = []

    def ask() -> None:
        try:
            for _ in range(200):
                indices, scores = index.top({"sea": 1.0, "sun": 0.5}, 5)
                assert len(indices) == len(scores)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for number in range(200):
        index.add([{"sea": 1, f"t{number}": 1}, {"sun": 2}, {"fog": 1}])
    for thread in threads:
        thread.join()

    assert failures == []
    assert (len(index), index.document_frequency("sea")) == (600, 200)
