"""Every family once more, against plain loops (`plain`), and what is relative against what it comes from."""

from __future__ import annotations

import numpy as np
import pytest

from reader.clock import ManualClock
from reader.recommend.factors.registry import default_registry
from reader.settings import Settings
from tests.reader.conftest import MakeRecommender
from tests.reader.recommend.factors.plain import Plain, expected
from tests.reader.recommend.factors.worlds import log, moment_of, stream

REGISTRY = default_registry(Settings().ranking)
PLACE = {spec.name: row for row, spec in enumerate(REGISTRY.specs)}


def test_plain_loops_give_the_same_numbers(make: MakeRecommender, clock: ManualClock) -> None:
    compared = 0
    for recommender, user, at, number in stream(make, clock, 400):
        if number % 400 or not recommender.state(user).opened:
            continue
        moment = moment_of(recommender, user, at)
        plain, values = Plain(moment, log()[1][:number]), REGISTRY.compute(moment).values
        for place, item in list(enumerate(plain.ids))[:: max(1, len(plain.ids) // 3)]:
            for name, value in expected(plain, item):
                assert values[PLACE[name], place] == pytest.approx(value, abs=2e-4), name
                compared += 1
    assert compared > 200


def test_queries_are_those_of_the_index(make: MakeRecommender, clock: ManualClock) -> None:
    compared = 0
    for recommender, user, at, _ in stream(make, clock, 400):
        moment = moment_of(recommender, user, at)
        interests, values = moment.portrait.interests, REGISTRY.compute(moment).values
        credit = interests.credit_at(moment.at_s)
        liked = [row for row, (kind, _) in enumerate(interests.features) if kind == "keyword"]
        if len(liked) > 40:
            continue
        words: dict[str, float] = {}
        weights = np.array([0.6, 1.6, 0.4, 0.3, 1.5, 0.8, -0.6, -1.8])
        for row in liked:
            strength = float(credit[row][:, :2].sum(axis=1) @ weights)
            keyword = interests.features[row][1].split()
            for word in keyword if strength > 0 else ():
                words[word] = words.get(word, 0.0) + strength / len(keyword)
        single = {word: np.maximum(0, moment.catalogue.index.scores_at({word: 1.0}, moment.rows)) for word in words}
        scores = sum((weight * single[word] for word, weight in words.items()), np.zeros(len(moment.rows)))
        if np.ptp(scores) > 1e-6:
            assert values[PLACE["bm25.profile.now"]] == pytest.approx(scores / scores.max(), abs=1e-4)
            compared += 1
    assert compared


def test_what_is_relative_follows_from_what_is_not(make: MakeRecommender, clock: ManualClock) -> None:
    recommender, user, at, _ = list(stream(make, clock, 300))[-1]
    values = REGISTRY.compute(moment_of(recommender, user, at)).values.astype(np.float64)

    for spec in REGISTRY.specs:
        scale = spec.axes.get("scale")
        if scale is None or scale == "sure":
            continue
        own, row = values[PLACE[spec.name.rsplit(".", 1)[0]]], values[PLACE[spec.name]]
        if np.ptp(own) < 1e-5:
            continue
        limit = 32 if spec.family.startswith(("interest", "bm25")) else 6
        if scale == "z":
            doubt = {"heat": 0.2, "audience": 0.02}.get(spec.family, 0.0)
            wanted = np.clip((own - own.mean()) / np.hypot(own.std(), doubt), -limit, limit)
        elif scale == "max":
            wanted = own / np.abs(own).max()
        else:
            own = np.round(own, 6)
            beaten = [sum(float(other < one) + 0.5 * float(other == one) for other in own) - 0.5 for one in own]
            wanted = np.array(beaten) / (len(own) - 1) - 0.5
        assert row == pytest.approx(wanted, abs=2e-2 if scale == "z" else 1e-4), spec.name


def test_what_is_sure_is_what_is_standardised_by_how_much_is_known(make: MakeRecommender, clock: ManualClock) -> None:
    compared = 0
    for recommender, user, at, _ in stream(make, clock, 200):
        moment = moment_of(recommender, user, at)
        values, known = REGISTRY.compute(moment).values, len(moment.clicked)
        for measure in ("mean", "best3", "topics"):
            wanted = values[PLACE[f"history.{measure}.50.z"]] * known / (known + 5)
            assert values[PLACE[f"history.{measure}.50.sure"]] == pytest.approx(wanted, abs=1e-5)
            compared += known > 0
    assert compared
