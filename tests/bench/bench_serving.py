"""Observing a scroll-back, scoring, and making lists, on a synthetic catalogue in SQLite."""

from __future__ import annotations

from itertools import count

import numpy as np
from flask.testing import FlaskClient

from reader.recommend.candidates import Seeking, eligible, latest, without_opened
from reader.recommend.factors.spec import Moment
from reader.recommend.ranking import score
from reader.recommend.recommender import Recommender
from reader.recommend.requests import Request
from reader.types import Event
from tests.bench.measuring import Budget, Row, time_calls, time_row
from tests.bench.synthetic import TOPICS
from tests.bench.world import READER, World
from webapp.app import create_app

OBSERVE = Budget(5.0)
# By candidates; a list has 300 to 500.
MOST = 500
SCORING = {MOST: Budget(10.0), 200: Budget(4.0)}
LIST = Budget(25.0, 60.0)
LIST_URL = "/api/v1/recommendations?limit=20"


def bench_serving(world: World) -> list[Row]:
    """Time what happens between a scroll-back and the next list."""
    recommender, runs = world.recommender, world.options.runs
    returns = Returns(world)
    observed = time_calls(lambda back: take(recommender, back), returns.arrange, runs)
    followed = time_calls(lambda back: take_and_list(recommender, back), returns.arrange, runs)
    return [
        time_row(
            "a scroll-back event observed: checked, stored, taken into the reader's state", observed, budget=OBSERVE
        ),
        time_row("the same, and the next list, which knows of it", followed),
        _portrait(world, returns),
        *_scoring(world),
        *_lists(world, returns),
    ]


class Returns:
    """Scroll-backs, each on an item that the reader has not opened before, on one of their topics."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._turns = count(1)

    def arrange(self) -> Event:
        """Let the reader read an item to its end; return the scroll-back, which is not observed yet."""
        turn = next(self._turns)
        before, back = self._world.read_and_go_back((100 + turn % 5 + TOPICS * turn) % self._world.options.items)
        self._world.recommender.observe(before)
        return back

    def observe(self) -> None:
        """The same, and observe it: the next list is the first one that knows of it."""
        take(self._world.recommender, self.arrange())
        self._world.tick()


def take(recommender: Recommender, back: Event) -> None:
    """Observe one event, which must be new."""
    observed = recommender.observe([back])
    if observed.accepted != 1:
        raise RuntimeError(f"the event was not taken: {observed}")


def take_and_list(recommender: Recommender, back: Event) -> None:
    """Observe one event and make a list."""
    take(recommender, back)
    recommender.recommend(Request(READER))


def _portrait(world: World, returns: Returns) -> Row:
    """Time what the first list after an event has to do anew, whatever the number of items."""
    timing = time_calls(lambda _: world.recommender.state(READER).portrait, returns.observe, world.options.runs)
    return time_row("the reader's interests as arrays, after an event", timing)


def _scoring(world: World) -> list[Row]:
    """Time the scoring of full sets of candidates by all factors; also when the learner has given each a weight."""
    return [row for candidates, budget in SCORING.items() for row in _scoring_of(world, candidates, budget)]


def _scoring_of(world: World, candidates: int, budget: Budget) -> list[Row]:
    registry, learner, runs = world.recommender.registry, world.recommender.learner, world.options.runs
    utility = learner.utility(READER)
    name = f"{len(registry.specs):,} factors for {candidates} candidates, and the score"
    learned = np.random.default_rng(0).normal(size=len(registry.specs))

    def arrange() -> Moment:
        return full_moment(world, candidates)

    mostly = time_calls(lambda moment: score(moment, registry, learner.weights, utility).scores, arrange, runs)
    of_all = time_calls(lambda moment: score(moment, registry, learned, utility).scores, arrange, runs)
    return [time_row(name, mostly, budget=budget), time_row(f"{name}, every factor with a weight", of_all)]


def full_moment(world: World, count: int = MOST) -> Moment:
    """Return a moment with so many candidates, of which nothing is looked up yet: those of a list and the newest."""
    recommender, at_s = world.recommender, world.tick().timestamp()
    state, catalogue = recommender.state(READER), recommender.catalogue
    mask = without_opened(eligible(catalogue, at_s, ()), catalogue, state)
    found = Seeking(catalogue, state.portrait, mask, at_s, recommender.settings.ranking).all().rows
    mask[found] = False
    rows = np.concatenate([found, latest(catalogue, mask, max(0, count - len(found)))])[:count]
    return recommender.population.moment(state, np.sort(rows), at_s)


def _lists(world: World, returns: Returns) -> list[Row]:
    """Time the JSON API through Flask's test client."""
    client = create_app(world.recommender).test_client()
    runs = world.options.runs
    items = f"from {len(world.recommender.catalogue):,} items"
    fresh = time_calls(lambda _: fetch(client), returns.observe, runs)
    same = time_calls(lambda _: fetch(client), world.tick, runs)
    return [
        time_row(f"GET /api/v1/recommendations of 20 {items}, the first after a scroll-back", fresh, budget=LIST),
        time_row(f"GET /api/v1/recommendations of 20 {items}, no event since the last", same, budget=LIST),
    ]


def fetch(client: FlaskClient, query: str = "") -> list[str]:
    """Ask for a list of 20; return the ids of its items."""
    answer = client.get(LIST_URL + query)
    ids = [item["id"] for item in answer.get_json()["items"]] if answer.status_code == 200 else []
    if len(ids) != 20:
        raise RuntimeError(f"{LIST_URL}{query}: status {answer.status_code}, {len(ids)} items")
    return ids
