"""Trees find what no sum of weights can say, and nothing where there is nothing."""

from __future__ import annotations

import sys

import numpy as np
import pytest
from numpy.typing import NDArray

from reader.errors import MissingPackageError
from reader.recommend.challenger.fitting import Fitted, fit
from reader.recommend.challenger.sample import Sample
from reader.recommend.challenger.trees import load_lightgbm
from reader.recommend.learning.progress import auc
from tests.reader.recommend.challenger.worlds import COUNT, REGISTRY, SMALL, crossed, lessons, no_truth, sample_of

Factors = NDArray[np.float32]


@pytest.fixture(scope="module")
def fitted() -> Fitted:
    return fit(sample_of(600), REGISTRY, SMALL, seed=0)


def test_a_truth_of_two_factors_is_found(fitted: Fitted) -> None:
    """On lists that were not fitted to what is likelier gets more, though neither factor tells anything alone."""
    assert fitted.trees is not None
    factors = np.concatenate([one.factors for one in lessons(200, seed=9)], axis=1)
    truth, scores = crossed(factors), fitted.trees.scores(factors)

    assert auc(scores, truth > 0) > 0.85
    for row in (0, 2):
        assert abs(np.corrcoef(factors[row], scores)[0, 1]) < 0.2


def test_what_was_fitted_is_told(fitted: Fitted) -> None:
    assert fitted.lists == (525, 75)
    assert fitted.loss is not None
    assert fitted.loss[0] == pytest.approx(np.log(6))
    assert fitted.loss[1] < fitted.loss[0]
    assert fitted.rounds > 5


def test_the_same_lists_and_seed_give_the_same_bytes(fitted: Fitted) -> None:
    assert fit(sample_of(600), REGISTRY, SMALL, seed=0).trees == fitted.trees
    assert fit(sample_of(600), REGISTRY, SMALL, seed=1).trees != fitted.trees


def test_what_the_learner_knows_already_is_not_fitted_again() -> None:
    """Where its scores are the truth, trees have next to nothing to add."""
    sample = Sample(COUNT, 10_000)
    for one in lessons(600):
        sample.add(one.factors, one.gains, crossed(one.factors))

    found = fit(sample, REGISTRY, SMALL, seed=0)

    factors = np.concatenate([one.factors for one in lessons(200, seed=9)], axis=1)
    assert found.trees is None or np.abs(found.trees.scores(factors)).mean() < 0.2


def test_what_no_longer_holds_is_not_taken_for_a_find() -> None:
    """The first lists open what is high in a factor, the last ones what is low in it."""

    def turned(number: int) -> float:
        return 3.0 if number < 525 else -3.0

    sample, rng = Sample(COUNT, 10_000), np.random.default_rng(0)
    for number, one in enumerate(lessons(600, no_truth)):
        gains = np.zeros(6)
        gains[int(np.argmax(turned(number) * one.factors[0] + rng.gumbel(size=6)))] = 1.0
        sample.add(one.factors, gains, one.scores)

    # Each tree sees all factors, so that the first already goes by the one that turns.
    found = fit(sample, REGISTRY, SMALL.model_copy(update={"factor_share": 1.0}), seed=0)

    assert found.trees is None
    assert found.reason == "no tree makes the newer lists likelier"


def test_factors_that_never_vary_part_nothing() -> None:
    sample = Sample(COUNT, 10_000)
    for one in lessons(100, no_truth):
        sample.add(np.ones_like(one.factors), one.gains, one.scores)

    found = fit(sample, REGISTRY, SMALL, seed=0)

    assert found.trees is None
    assert found.reason == "no factor parts what was chosen from what was not"


def test_too_few_lists_are_told() -> None:
    found = fit(sample_of(49), REGISTRY, SMALL, seed=0)

    assert found.trees is None
    assert "49 lists" in found.reason
    assert "a fit needs 50 (challenger.least_lists)" in found.reason


def test_without_the_library_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "lightgbm", None)

    with pytest.raises(MissingPackageError, match=r"lightgbm cannot be used .*pip install 'reread\[train\]'"):
        load_lightgbm()
