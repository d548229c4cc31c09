"""The ranking metrics against LensKit's, an independent implementation, at the size of a list and of a catalogue."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lenskit.data import ItemList
from lenskit.metrics import NDCG, Hit, LogRankWeight, RecipRank, call_metric

from reader.replay.metrics import hit, mrr, ndcg

# log2(1 + rank), as MIND has it; LensKit's default is that of the first paper, which leaves rank 2 undiscounted.
DISCOUNT = LogRankWeight(offset=1)


@st.composite
def rankings(draw: st.DrawFn) -> tuple[list[int], list[float]]:
    """Draw 2 to 40 candidates with at least one open and few different scores, so that ties are common."""
    count = draw(st.integers(2, 40))
    opened = draw(st.sets(st.integers(0, count - 1), min_size=1))
    scores = draw(st.lists(st.integers(0, 5), min_size=count, max_size=count))
    return [int(place in opened) for place in range(count)], [float(score) for score in scores]


def _as_lenskit(labels: list[int], scores: list[float]) -> tuple[ItemList, ItemList]:
    """Return the ranked list and the opened items. Ties in the order given, which LensKit cannot know by itself."""
    order = sorted(range(len(labels)), key=lambda place: -scores[place])
    return ItemList(item_ids=order, ordered=True), ItemList(item_ids=[i for i, label in enumerate(labels) if label])


@given(rankings(), st.integers(1, 12))
def test_ndcg_and_hit_equal_lenskit(ranking: tuple[list[int], list[float]], k: int) -> None:
    listed, opened = _as_lenskit(*ranking)

    assert ndcg(*ranking, k) == pytest.approx(call_metric(NDCG(n=k, weight=DISCOUNT), listed, opened))
    assert hit(*ranking, k) == call_metric(Hit(n=k), listed, opened)


@given(st.integers(0, 39), st.lists(st.integers(0, 5).map(float), min_size=40, max_size=40))
def test_mrr_of_one_open_equals_lenskit(place: int, scores: list[float]) -> None:
    """With more of them MIND's mean over all is another quantity than LensKit's first alone."""
    labels = [int(i == place) for i in range(40)]

    assert mrr(labels, scores) == pytest.approx(call_metric(RecipRank(), *_as_lenskit(labels, scores)))


@pytest.mark.parametrize("opens", [1, 8, 9, 300])
def test_a_whole_catalogue_equals_lenskit(opens: int) -> None:
    """Few opens are ranked by counting, many by sorting: both sides of that border."""
    rng = np.random.default_rng(opens)
    labels = [0] * 20_000
    for place in rng.choice(20_000, opens, replace=False):
        labels[place] = 1
    scores = rng.integers(0, 500, 20_000).astype(float).tolist()
    listed, opened = _as_lenskit(labels, scores)
    ranks = [rank for rank, item in enumerate(listed.ids(), start=1) if labels[int(item)]]

    assert ndcg(labels, scores, 5_000) == pytest.approx(call_metric(NDCG(n=5_000, weight=DISCOUNT), listed, opened))
    assert mrr(labels, scores) == pytest.approx(sum(1 / rank for rank in ranks) / opens)
