"""Likeness to what was opened last, and the standing of a candidate among the others."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from reader.recommend.factors.history import HistoryFamily
from reader.recommend.factors.registry import Registry
from reader.recommend.factors.relative import LIMIT, standardise
from reader.recommend.factors.spec import Moment
from reader.recommend.recommender import Recommender
from reader.types import Close
from tests.builders import ReadingStory, act, article
from tests.reader.conftest import NOW, MakeRecommender

ITEMS = tuple(
    article(name, title=title, topics=topics, paragraphs=("It lies at the shore and shines.",))
    for name, title, topics in (
        ("salt1", "Salt of the Dead Sea", ("salt", "lakes")),
        ("salt2", "How salt is won from lakes", ("salt",)),
        ("bread", "Bread of rye flour", ("bread",)),
        ("salt3", "Sea salt in the kitchen", ("salt", "food")),
        ("tax", "Parliament votes on a tax", ("politics",)),
    )
)
NAMES = [spec.name for spec in HistoryFamily.specs]


def compute(recommender: Recommender, *items: str) -> dict[str, NDArray[np.float32]]:
    state = recommender.state("ann")
    rows = recommender.catalogue.rows_of(items)
    moment = Moment(state, state.portrait, recommender.catalogue, rows, NOW.timestamp())
    return dict(zip(NAMES, Registry((HistoryFamily(),)).compute(moment).values, strict=True))


def test_measures_are_those_of_the_cosines_written_out(make: MakeRecommender) -> None:
    recommender = make(items=ITEMS)
    for age, item in enumerate(("bread", "salt2", "salt1")):  # bread first, so oldest
        recommender.observe([act("open", item, at=NOW - timedelta(hours=3 - age), view=item)])
    vectors = {item.id: recommender.catalogue.vectors.values[recommender.catalogue.row(item.id)] for item in ITEMS}
    mean = np.sum(list(vectors.values()), axis=0) / (len(ITEMS) + 20)
    vectors = {item: (vector - mean) / np.linalg.norm(vector - mean) for item, vector in vectors.items()}

    found = compute(recommender, "salt3", "tax")

    for place, item in enumerate(("salt3", "tax")):
        cosines = [float(vectors[item] @ vectors[other]) for other in ("bread", "salt2", "salt1")]
        weights = [np.exp(-back / 10) for back in (2, 1, 0)]
        pull = [np.exp(10 * cosine) for cosine in cosines]
        assert found["history.mean.50"][place] == pytest.approx(np.mean(cosines), abs=1e-5)
        assert found["history.best.50"][place] == pytest.approx(max(cosines), abs=1e-5)
        assert found["history.best3.50"][place] == pytest.approx(np.mean(cosines), abs=1e-5)
        assert found["history.recent.50"][place] == pytest.approx(np.average(cosines, weights=weights), abs=1e-5)
        assert found["history.pooled.50"][place] == pytest.approx(np.average(cosines, weights=pull), abs=1e-5)
    assert found["history.topics.50"] == pytest.approx([2 / 3, 0])  # salt in two of three, food in none
    assert found["history.topics.50.z"] == pytest.approx([1, -1])


def test_what_was_read_counts_by_attention_and_what_was_before_a_reset_not_at_all(make: MakeRecommender) -> None:
    recommender = make(items=ITEMS)
    story = ReadingStory("salt1", at=NOW - timedelta(hours=3))
    recommender.observe([act("open", "bread", at=NOW - timedelta(hours=4), view="b"), *story.visit(0).close()])

    assert compute(recommender, "salt3", "tax")["history.topics.50"].tolist() == [0, 0]
    assert compute(recommender, "bread", "tax")["history.topics.50"].tolist() == [1, 0]

    recommender.observe([act("reset", at=NOW - timedelta(hours=1))])

    assert (compute(recommender, "bread", "tax")["history.mean.50"] == 0).all()


def test_what_was_left_at_once_is_nothing_to_be_like_until_it_is_opened_again(make: MakeRecommender) -> None:
    """Toutiao's first rule: a short look earns nothing."""
    recommender = make(items=ITEMS)
    for minutes, active_ms in ((90, 1_500), (80, None), (20, 900)):
        view, at = f"v{minutes}", NOW - timedelta(minutes=minutes)
        opened = act("open", "salt1", at=at, view=view)
        closed = Close(
            id=f"c{minutes}", type="close", at=at, user="ann", item="salt1", view=view, active_ms=active_ms or 0
        )
        recommender.observe([opened] if active_ms is None else [opened, closed])

        # Nor does who comes back for a glance take back that they had opened it.
        expected = [0, 0] if minutes == 90 else [1, 0]
        assert compute(recommender, "salt3", "tax")["history.topics.50"].tolist() == expected


def test_without_a_history_or_candidates_all_is_nothing(make: MakeRecommender) -> None:
    recommender = make(items=ITEMS)

    assert all((values == 0).all() for values in compute(recommender, "salt3", "tax").values())
    assert all(values.shape == (0,) for values in compute(recommender).values())


@given(arrays(np.float64, (2, 5), elements=st.floats(-1e3, 1e3).map(lambda value: round(value, 3))))
def test_standardised_values_have_mean_0_and_deviation_1_or_are_all_0(values: NDArray[np.float64]) -> None:
    found = np.empty(values.shape, dtype=np.float32)
    standardise(values.astype(np.float32), found)
    for row, scaled in zip(values, found.astype(np.float64), strict=True):
        if np.ptp(row) == 0:
            assert (scaled == 0).all()
        else:
            assert scaled.mean() == pytest.approx(0, abs=1e-5)
            assert scaled.std() == pytest.approx(1, abs=1e-4)
            assert np.abs(scaled).max() <= LIMIT
            assert (np.argsort(scaled, kind="stable") == np.argsort(row, kind="stable")).all()
