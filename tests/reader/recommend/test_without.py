"""Without an interest this would be number so and so: true of the very next list."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import islice
from typing import Any

import numpy as np
import pytest

from reader.clock import ManualClock
from reader.profile.axes import Feature
from reader.recommend.factors.registry import Registry
from reader.recommend.recommender import Recommender
from reader.recommend.requests import Request
from reader.recommend.without import without
from reader.settings import RankingSettings, Settings
from reader.types import Counterfactual, RecommendationList, Target
from tests.builders import ReadingStory, act
from tests.reader.conftest import NOW, MakeRecommender
from tests.reader.recommend.factors.worlds import items as all_items
from tests.reader.recommend.factors.worlds import moment_of, stream

# Few candidates from each source, so that another query finds others.
FEW: dict[str, Any] = {
    "candidates_lexical": 4,
    "candidates_semantic": 3,
    "candidates_fresh": 3,
    "candidates_popular": 2,
}
PLAIN: dict[str, Any] = {"exploring_every": 1000, "counterfactuals_a_list": 100}


def read_up(recommender: Recommender) -> None:
    """Ann reads of three topics, goes back twice, likes and follows."""
    for number, item in enumerate(("demo-en-energy-01", "demo-en-food-01", "demo-en-music-01")):
        story = ReadingStory(item, view=f"v{number}", at=NOW - timedelta(minutes=30 - 10 * number))
        recommender.observe(list(story.read(0, 1, 2, 3, seconds=20).go_back(1 + number % 2, seconds=15)))
    recommender.observe([act("like", "demo-en-energy-02", at=NOW), act("follow", target=("topic", "food"), at=NOW)])


def listed(recommender: Recommender) -> RecommendationList:
    return recommender.recommend(Request("ann"))


def found(recommender: Recommender, made: RecommendationList) -> dict[str, tuple[Counterfactual, ...]]:
    return {item: why.counterfactuals for item, why in recommender.why(made, made.items).items()}


def weigh(recommender: Recommender, target: Target, weight: float | None) -> None:
    """Set a weight, or take that back."""
    kind = "unweigh" if weight is None else "weigh"
    recommender.observe([act(kind, target=(target.kind, target.value), weight=weight, at=NOW)])


@pytest.mark.parametrize(("sources", "half"), [({}, 0), (FEW, 1)], ids=["same candidates", "other candidates"])
def test_the_next_list_keeps_the_promise(make: MakeRecommender, sources: dict[str, Any], half: int) -> None:
    """For interests that are named anywhere: set the weight to 0, and each item is where it was said to be.

    Every second one, the others in the other world: each costs three lists with all their reasons.
    """
    recommender = make(items=all_items(), settings=Settings(ranking=RankingSettings(**PLAIN, **sources)))
    read_up(recommender)
    first = found(recommender, listed(recommender)).values()
    targets = sorted({each.target for own in first for each in own}, key=repr)
    kept = moved = 0

    for target in targets[half::2]:
        made = listed(recommender)
        own = found(recommender, made)
        promised = {item: each.position for item in own for each in own[item] if each.target == target}
        now = {place.item: place.position for place in made.items}
        weigh(recommender, target, 0.0)
        places = {place.item: place.position for place in listed(recommender).items}
        weigh(recommender, target, None)

        assert {item: places.get(item) for item in promised} == promised
        kept += len(promised)
        moved += sum(now.get(item) != places.get(item) for item in promised)
    assert len({target.kind for target in targets}) >= 3
    assert kept >= 10
    assert moved >= 5


def test_the_promise_holds_at_places_not_drawn_by_chance(make: MakeRecommender) -> None:
    """With exploring slots the places that chance takes are counted, whoever it draws."""
    settings = Settings(ranking=RankingSettings(exploring_every=4))
    recommender = make(items=all_items(), settings=settings)
    read_up(recommender)
    made = listed(recommender)
    explored = {place.item for place in made.items if place.exploration}
    first = next(place for place in made.items if recommender.why(made, [place])[place.item].counterfactuals)
    (each, *_) = recommender.why(made, [first])[first.item].counterfactuals

    weigh(recommender, each.target, 0.0)

    again = listed(recommender).items
    assert first.item not in explored
    assert not next(place for place in again if place.item == first.item).exploration
    ranked = [place.item for place in again if not place.exploration]
    # The item that chance drew had a rank, too: who stood below it has moved up by one.
    drawn = [place.item for place in again if place.exploration]
    rank = ranked.index(first.item) + 1
    assert each.position in {_place(rank + above) for above in range(len(drawn) + 1)}


def _place(rank: int) -> int:
    return rank + (rank - 1) // 3


def test_the_promise_holds_with_learned_weights(make: MakeRecommender) -> None:
    """Weights of every factor, so that z, max and rank count: the relative factors are made anew, too."""
    recommender = make(settings=Settings(ranking=RankingSettings(**PLAIN, **FEW)))
    rng = np.random.default_rng(5)
    scale = np.array([spec.weight or 0.02 for spec in recommender.registry.specs])
    read_up(recommender)
    recommender.learner._weights = scale * rng.uniform(0.5, 1.5, size=len(scale))
    promised = found(recommender, listed(recommender))
    item, each = next((item, each) for item, own in promised.items() for each in own if each.position)

    weigh(recommender, each.target, 0.0)

    assert {place.item: place.position for place in listed(recommender).items}[item] == each.position


def test_an_interest_moves_the_items_that_it_speaks_for(make: MakeRecommender) -> None:
    recommender = make(settings=Settings(ranking=RankingSettings(**PLAIN)))
    read_up(recommender)
    made = listed(recommender)
    why = recommender.why(made, made.items)

    named = [(place, each) for place in made.items for each in why[place.item].counterfactuals if each.label == "food"]

    assert named
    assert all(why[place.item].next_position == place.position for place, _ in named)
    assert all(each.position is None or each.position > place.position for place, each in named)


def test_nothing_is_promised_of_what_is_drawn_by_chance_or_was_opened(make: MakeRecommender) -> None:
    recommender = make(settings=Settings(ranking=RankingSettings(exploring_every=5)))
    read_up(recommender)
    made = listed(recommender)
    opened, drawn = made.items[0], next(place for place in made.items if place.exploration)

    recommender.observe([act("open", opened.item, at=NOW, view="later")])

    why = recommender.why(made, made.items)
    assert why[drawn.item].counterfactuals == why[opened.item].counterfactuals == ()
    assert why[opened.item].next_position is None


def test_as_many_interests_are_tried_as_the_settings_say(make: MakeRecommender) -> None:
    settings = Settings(ranking=RankingSettings(counterfactuals_a_place=2, counterfactuals_a_list=4))
    recommender = make(settings=settings)
    read_up(recommender)
    made = listed(recommender)

    of_list = found(recommender, made)
    of_one = [recommender.why(made, [place])[place.item].counterfactuals for place in made.items]

    assert len({each.target for own in of_list.values() for each in own}) == 4
    assert max(len(own) for own in of_one) == 2


def test_looking_changes_nothing(make: MakeRecommender) -> None:
    recommender = make(settings=Settings(ranking=RankingSettings(**PLAIN)))
    read_up(recommender)
    made = listed(recommender)
    before = recommender.interests("ann"), recommender.storage.last_event_seq()

    first, second = recommender.why(made, made.items), recommender.why(made, made.items)

    assert first == second
    assert (recommender.interests("ann"), recommender.storage.last_event_seq()) == before
    assert [place.item for place in listed(recommender).items]


def test_recomputing_gives_what_computing_gives(make: MakeRecommender, clock: ManualClock) -> None:
    """Over a log in which everything happens: no family looks at interests unknown to `recompute`."""
    registry: Registry | None = None
    tried: set[Feature] = set()
    for recommender, user, at, _ in islice(stream(make, clock, 400), 0, None, 12):
        registry = recommender.registry
        moment = moment_of(recommender, user, at)
        known = registry.compute(moment)
        features = moment.portrait.interests.features
        for kind in ("keyword", "topic", "source", "author", "creator", "sound"):
            feature = next((feature for feature in features if feature[0] == kind), None)
            if feature is not None:
                portrait = without(moment.portrait, feature)
                fresh = registry.compute(replace(moment, portrait=portrait))
                again = registry.recompute(moment.with_portrait(portrait), known.values)
                np.testing.assert_array_equal(again.values, fresh.values)
                assert [match.rows for match in again.matches] == [match.rows for match in fresh.matches]
                tried.add(feature)
    assert {kind for kind, _ in tried} == {"keyword", "topic", "source", "author", "creator", "sound"}
