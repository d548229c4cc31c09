"""Collaborative scores of a list's candidates: our family beside lenskit's item-kNN and implicit's cosine, in one run.

All three learn from the same openings. Ours takes each opening as it comes; the others are trained on all at once, as
they are meant to be used, and what that takes is a row of its own.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reader.recommend.co_opening import NEIGHBOURS_KEPT, CoOpening
from reader.recommend.factors.collaborative import CollaborativeFamily
from reader.recommend.factors.spec import Moment
from tests.bench.bench_serving import full_moment
from tests.bench.measuring import Peer, Row, median_ms, time_again, time_row
from tests.bench.world import World

READERS = 2_000
OPENINGS = 40
CANDIDATES = 500
PEER_RUNS = 10

# (reader, item), the rows of the catalogue as items.
Openings = NDArray[np.int64]


def bench_collaborative(world: World) -> list[Row]:
    """Time the scores of 500 candidates by the last 50 openings of a reader, and one opening taken in."""
    moment = full_moment(world, CANDIDATES)
    openings = draw_openings(moment)
    co_opening = CoOpening(world.recommender.catalogue)
    for reader, row in openings.tolist():
        co_opening.observe(f"reader {reader}", world.recommender.catalogue.id_at(row))
    asked = Moment(moment.state, moment.portrait, moment.catalogue, moment.rows, moment.at_s, co_opening)
    family, runs = CollaborativeFamily(), world.options.runs
    out = np.empty((len(family.specs), len(asked.rows)), dtype=np.float32)
    ours = time_again(lambda: family.fill(asked, out), runs)
    # The reader's own openings are among those learned from, so that scores are not all 0.
    peers = [peer for name, make in PEERS.items() for peer in _peer(name, make, asked, openings, world)]
    turns = iter(range(10**9))
    ids = asked.ids

    def observe() -> None:
        turn = next(turns)
        co_opening.observe(f"new {turn // OPENINGS}", ids[turn % len(ids)])

    name = f"{len(family.specs)} collaborative factors of {len(asked.rows)} candidates by {len(asked.opened)} openings"
    return [
        time_row(f"{name}, {len(openings):,} known of {READERS:,} readers", ours, peers=peers),
        time_row("one more opening taken in", time_again(observe, 20 * runs)),
    ]


def draw_openings(moment: Moment) -> Openings:
    """Return who opened what: the reader's own items and the candidates, the first ones often."""
    rng = np.random.default_rng(0)
    items = np.concatenate([moment.opened, moment.rows])
    weights = 1 / (np.arange(len(items)) + 10.0)
    drawn = [
        rng.choice(items, size=min(OPENINGS, len(items)), replace=False, p=weights / weights.sum())
        for _ in range(READERS)
    ]
    readers = np.repeat(np.arange(READERS), [len(own) for own in drawn])
    return np.stack([readers, np.concatenate(drawn)], axis=1)


def _peer(name: str, make: Maker, asked: Moment, openings: Openings, world: World) -> list[Peer]:
    """Return what a peer takes to score, and to be trained; nothing if it is not installed."""
    try:
        train, scored = make(asked, openings)
    except ImportError:
        world.console.print(f"  {name} is not installed and left out")
        return []
    runs = min(PEER_RUNS, world.options.runs)
    trained = median_ms(time_again(train, 1, warm_up=0))
    return [Peer(name, median_ms(time_again(scored, runs))), Peer(f"{name}, training", trained)]


def _lenskit(asked: Moment, openings: Openings) -> tuple[Callable[[], Any], Callable[[], Any]]:
    """Item-kNN over implicit feedback, with as many neighbours as ours keeps."""
    data, knn, pandas = (import_module(name) for name in ("lenskit.data", "lenskit.knn", "pandas"))
    frame = pandas.DataFrame({"user_id": openings[:, 0], "item_id": openings[:, 1]})
    known = data.from_interactions_df(frame)
    scorer = knn.ItemKNNScorer(max_nbrs=NEIGHBOURS_KEPT, save_nbrs=NEIGHBOURS_KEPT, feedback="implicit")
    query = data.RecQuery(user_id=-1, history_items=data.ItemList(item_ids=asked.opened))
    items = data.ItemList(item_ids=asked.rows)
    return lambda: scorer.train(known), lambda: scorer(query, items)


def _implicit(asked: Moment, openings: Openings) -> tuple[Callable[[], Any], Callable[[], Any]]:
    """Cosine of items over readers, with as many neighbours as ours keeps; only known items may be asked for."""
    neighbours, sparse = import_module("implicit.nearest_neighbours"), import_module("scipy.sparse")
    known, columns = np.unique(openings[:, 1], return_inverse=True)
    cells = (np.ones(len(openings), dtype=np.float32), (openings[:, 0], columns))
    matrix = sparse.csr_matrix(cells, shape=(READERS, len(known)))
    model = neighbours.CosineRecommender(K=NEIGHBOURS_KEPT, num_threads=1)
    liked = np.searchsorted(known, np.intersect1d(asked.opened, known))
    own = sparse.csr_matrix((np.ones(len(liked), dtype=np.float32), (np.zeros(len(liked), dtype=int), liked)))
    own.resize((1, len(known)))
    candidates = np.searchsorted(known, np.intersect1d(asked.rows, known))

    def train() -> None:
        with warnings.catch_warnings():
            # Its own normalised matrix is not in the form that it asks for.
            warnings.simplefilter("ignore")
            model.fit(matrix, show_progress=False)

    def scored() -> Any:
        return model.recommend(0, own, items=candidates, filter_already_liked_items=False)

    return train, scored


Maker = Callable[[Moment, Openings], tuple[Callable[[], Any], Callable[[], Any]]]
PEERS: dict[str, Maker] = {"lenskit ItemKNN": _lenskit, "implicit CosineRecommender": _implicit}
