"""The parts of a score by feature, against the plain definition: part by part, candidate by candidate."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from reader.profile.axes import SIGNALS, Feature
from reader.recommend.parts import ahead_of
from reader.recommend.ranking import Told, score
from tests.reader.conftest import NOW
from tests.reader.recommend.conftest import MakeWorld
from tests.reader.recommend.factors.worlds import moment_of

# Amounts are float32, and sums of them depend on their order.
RELATIVE, ABSOLUTE = 1e-4, 1e-5


@settings(max_examples=5)
@given(seed=st.integers(0, 2**32 - 1))
def test_what_sets_a_candidate_apart_is_what_the_definition_says(make_world: MakeWorld, seed: int) -> None:
    recommender, rng = make_world(seed), np.random.default_rng(seed)
    weights = rng.normal(size=len(recommender.registry.specs))
    moment = moment_of(recommender, "ann", NOW)
    scored = score(moment, recommender.registry, weights, recommender.learner.utility("ann"))
    told = scored.told_of(rng.permutation(len(moment.rows))[:5])
    parts = told.by_feature()

    for place, candidate in enumerate(told.candidates.tolist()):
        places, amounts = parts.ahead(candidate)
        assert (np.diff(places) > 0).all()
        assert (amounts > 0).all()
        ahead = np.zeros(len(parts.features) * len(SIGNALS))
        ahead[places] = amounts
        own = {(*parts.at(number), number): value for number, value in enumerate(ahead.tolist())}
        by_signal, by_feature = plainly(told, place)
        np.testing.assert_allclose(list(own.values()), by_signal, rtol=RELATIVE, atol=ABSOLUTE)
        assert [feature for feature, _, _ in own] == [name for name in features(told) for _ in SIGNALS]
        assert parts.by_feature(candidate).keys() == by_feature.keys()
        for feature, value in parts.by_feature(candidate).items():
            np.testing.assert_allclose(value, by_feature[feature], rtol=RELATIVE, atol=ABSOLUTE)


def features(told: Told) -> list[Feature]:
    return [feature for found in told.scored.matches for feature in found.match.features]


def plainly(told: Told, place: int) -> tuple[list[float], dict[Feature, float]]:
    """Return by how much each part of a place exceeds the mean over all candidates; the same by feature as a whole."""
    scored, everyone = told.scored, np.arange(len(told.scored.ids))
    by_signal: list[float] = []
    totals: dict[Feature, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for found in scored.matches:
        scale = told.multipliers[scored.utility.families.index(found.family), place]
        rates, amounts = found.match.rates(scored.weights[found.rows]), found.match.amounts_of(everyone)
        for feature, rate, own in zip(found.match.features, rates, amounts.astype(np.float64), strict=True):
            parts, means = scale * rate * own[told.candidates[place]], scale * rate * own.mean()
            by_signal += ahead_of(parts, means).tolist() if parts.sum() > 0 else [0.0] * len(SIGNALS)
            totals[feature][0] += parts.sum()
            totals[feature][1] += means.sum()
    return by_signal, {feature: float(ahead_of(*np.array(total)[:, None])[0]) for feature, total in totals.items()}
