"""Every listed item carries its ledger: families that sum to the score, factors that sum to their family."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reader.recommend.factors.registry import default_registry
from reader.recommend.factors.saturation import SaturationFamily
from reader.recommend.families import FAMILIES
from reader.recommend.ledger import FACTORS_NAMED, FactorBook, FactorBooks, Ledger, families_alone
from reader.recommend.made import Made
from reader.recommend.recommender import Recommender
from reader.recommend.requests import Request
from reader.settings import RankingSettings, Settings
from reader.types import Mode, RecommendationList, Recommended
from tests.builders import ReadingStory, act, tune
from tests.reader.conftest import NOW, MakeRecommender, demo_items
from tests.reader.recommend.conftest import MakeWorld

EXPLORING = Settings(ranking=RankingSettings(exploring_every=4))


def random_weights(recommender: Recommender, seed: int) -> None:
    """Weights as learning may leave them: any, of any factor, and some at nought."""
    rng = np.random.default_rng(seed)
    count = len(recommender.registry.specs)
    recommender.learner._weights = rng.normal(size=count) * (rng.random(count) < rng.random())


@settings(max_examples=20)
@given(seed=st.integers(0, 2**32 - 1), learned=st.booleans(), mode=st.sampled_from(["profile", "latest"]))
def test_the_families_of_every_listed_item_sum_to_its_score(
    make_world: MakeWorld, seed: int, learned: bool, mode: Mode
) -> None:
    """In any world, with any weights, at explored places, too; and so do the factors of each family."""
    recommender = make_world(seed, EXPLORING)
    if learned:
        random_weights(recommender, seed)
    made = recommender.recommend(Request("ann", mode=mode))

    why = recommender.why(made, made.items)

    assert len(made.items) > 5
    assert mode == "latest" or any(place.exploration for place in made.items)
    for place in made.items:
        tolerance = 1e-9 * max(1.0, abs(place.score))
        assert math.fsum(place.contributions.values()) == pytest.approx(place.score, abs=tolerance)
        check(recommender, why[place.item].ledger, place)


def check(recommender: Recommender, ledger: Ledger, place: Recommended) -> None:
    """The ledger is the sum once more, opened up."""
    weights = {spec.name: weight for spec, weight in zip(recommender.registry.specs, recommender.weights, strict=True)}
    sizes = {name: len(rows) for name, rows in recommender.registry.family_rows.items()}
    assert {part.family: part.contribution for part in ledger} == place.contributions
    for part in ledger:
        named = [factor.contribution for factor in part.factors]
        if part.family in sizes:
            assert math.fsum([*named, part.others_contribution]) == pytest.approx(part.contribution, abs=1e-9)
        assert len(part.factors) + part.others == sizes.get(part.family, 0)
        for factor in part.factors:
            assert factor.name.startswith(part.family)
            assert factor.weight == weights[factor.name]
            assert factor.contribution * factor.value * factor.weight >= -1e-12
    assert sum(len(part.factors) for part in ledger) <= FACTORS_NAMED


def test_the_strongest_factors_are_named(make_world: MakeWorld) -> None:
    recommender = make_world(3)
    random_weights(recommender, 3)
    made = recommender.recommend(Request("ann"))
    place = made.items[0]

    ledger = recommender.why(made, [place])[place.item].ledger

    named = {factor.name: factor.contribution for part in ledger for factor in part.factors}
    book = recommender._books._books["ann", made.id]
    values = book.values[:, book.columns[place.item]]
    every = {}
    for family, rows in recommender.registry.family_rows.items():
        raw = sum(book.weights[row] * values[row] for row in rows)
        for row in rows:
            scaled = book.weights[row] * values[row] * (place.contributions[family] / raw if raw else 1.0)
            every[recommender.registry.specs[row].name] = scaled
    strongest = sorted(every, key=lambda name: -abs(every[name]))[:FACTORS_NAMED]
    assert named == pytest.approx({name: every[name] for name in strongest})


def test_a_family_that_is_scaled_as_a_whole_scales_its_factors() -> None:
    """Hand-worked: a family of 2 x 3 + 1 x 4 = 10 that counts half gives 3 and 2."""
    book = FactorBook(
        SaturationFamily.specs[:2],
        {"saturation": np.array([0, 1])},
        np.array([2.0, 1.0]),
        {"a": 0},
        np.array([[3.0], [4.0]], dtype=np.float32),
    )

    (part, rest) = book.open(Recommended("a", 1, 4.8, contributions={"saturation": 5.0, "diversity": -0.2}))

    assert [factor.contribution for factor in part.factors] == [3.0, 2.0]
    assert part.others == 0
    assert part.others_contribution == pytest.approx(0.0)
    assert (rest.family, rest.contribution, rest.factors, rest.others) == ("diversity", -0.2, (), 0)


def test_a_list_whose_factors_are_gone_still_has_its_families(make: MakeRecommender) -> None:
    recommender = make(settings=Settings(ranking=RankingSettings(ledgers_kept=1)))
    old, new = (recommender.recommend(Request(user)) for user in ("ann", "bob"))

    assert ledger_of(recommender, old) == families_alone(old.items[0])
    assert any(part.factors for part in ledger_of(recommender, new))


def ledger_of(recommender: Recommender, made: RecommendationList) -> Ledger:
    return recommender.why(made, made.items[:1])[made.items[0].item].ledger


def test_erasing_drops_all_books(make: MakeRecommender) -> None:
    """The weights in them were learned from the one who is gone, too."""
    recommender = make()
    ann, bob = (recommender.recommend(Request(user)) for user in ("ann", "bob"))

    recommender.erase("ann")

    assert not any(part.factors for part in ledger_of(recommender, ann))
    assert not any(part.factors for part in ledger_of(recommender, bob))


def test_the_oldest_book_goes_first() -> None:
    registry = default_registry(Settings().ranking)
    books = FactorBooks(registry, 2)
    for number in (1, 2, 1, 3):
        books.put(Made(f"l{number}", "ann", (0, 0), (), np.zeros((0, 0), dtype=np.float32)), registry.priors)

    assert list(books._books) == [("ann", "l1"), ("ann", "l3")]


def test_a_list_has_the_book_of_its_own_reader() -> None:
    """Two readers with a list of one id: each ledger is of what that reader's was ranked by."""
    registry = default_registry(Settings().ranking)
    books = FactorBooks(registry, 2)
    factors = np.ones((len(registry.specs), 1), dtype=np.float32)
    place = Recommended("a", 1, 1.0, contributions=dict.fromkeys(registry.family_rows, 1.0))
    for user, scale in (("ann", 1.0), ("bob", 2.0)):
        books.put(Made("same", user, (0, 0), ("a",), factors * np.float32(scale)), registry.priors)

    values = {
        user: {factor.value for part in books.open(user, "same", place) for factor in part.factors}
        for user in ("ann", "bob")
    }

    assert values == {"ann": {1.0}, "bob": {2.0}}
    assert books.open("cy", "same", place) == families_alone(place)


def test_a_ledger_has_the_means_that_its_reasons_went_by(make: MakeRecommender) -> None:
    """Ranked by freshness alone, by one who likes to be surprised and likes a source that publishes rarely.

    So nothing goes back to features, and the shares of the reasons are how far each family is ahead of its mean.
    """
    rare = replace(demo_items()[0], id="rare", source="Rare", published_at=NOW - timedelta(days=2))
    recommender = make(
        items=(*demo_items()[1:], rare), settings=Settings(ranking=RankingSettings(exploring_every=1000))
    )
    recommender.observe(list(ReadingStory("demo-en-food-01", at=NOW - timedelta(hours=1)).read(0, 1, 2)))
    recommender.observe([act("follow", target=("source", "Rare"), at=NOW), tune(1.0, at=NOW)])
    fresh = np.zeros(len(recommender.registry.specs))
    fresh[recommender.registry.family_rows["freshness"]] = 1.0
    recommender.learner._weights = fresh
    made = recommender.recommend(Request("ann"))

    told = set()
    for item, why in recommender.why(made, made.items).items():
        place = next(place for place in made.items if place.item == item)
        ahead = {FAMILIES[part.family].reason: part.ahead for part in why.ledger if FAMILIES[part.family].reason}
        total = sum(amount for amount in ahead.values() if amount > 0)
        assert total > 0 or not place.reasons
        for reason in place.reasons:
            assert reason.share == pytest.approx(ahead[reason.code] / total)
            told.add(reason.code)
    assert told == {"fresh", "novel", "quiet"}


def test_related_items_carry_the_sum_of_their_score(make: MakeRecommender) -> None:
    for place in make().related("demo-en-energy-01"):
        assert sum(place.contributions.values()) == pytest.approx(place.score)
