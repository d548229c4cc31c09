"""The items nearest to a reader's clusters: ours beside sentence-transformers' search and usearch, in one run."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reader.profile.portrait import Portrait
from reader.recommend.candidates import QUERIED_CLUSTERS, Seeking, eligible
from tests.bench.measuring import Budget, Peer, Row, median_ms, time_again, time_row
from tests.bench.world import READER, World

CANDIDATES = Budget(2.0)
RECALL = Budget(0.99, better="more")
WANTED = 150  # as RankingSettings.candidates_semantic
RECALL_AT = 100
# A graph of 100,000 vectors takes minutes to build.
GRAPH_LIMIT = 20_000
PEER_RUNS = 10

Floats = NDArray[np.float32]


def bench_vectors(world: World) -> list[Row]:
    """Time the candidates of a reader with as many liked clusters as are looked for."""
    recommender = world.recommender
    catalogue, at_s = recommender.catalogue, world.tick().timestamp()
    portrait = recommender.state(READER).portrait
    mask = eligible(catalogue, at_s, ())
    queries, vectors = _queries(portrait, at_s), catalogue.vectors.values

    def by_meaning() -> NDArray[np.int64]:
        return Seeking(catalogue, portrait, mask, at_s, recommender.settings.ranking).by_meaning()

    ours = time_again(by_meaning, world.options.runs)
    peers = _peers(queries, vectors, world)
    found = by_meaning()[:RECALL_AT]
    best = np.argsort(-(vectors.astype(np.float64) @ queries.astype(np.float64).T).max(axis=1), kind="stable")
    recall = len(np.intersect1d(found, best[:RECALL_AT])) / min(RECALL_AT, len(best))
    what = f"vector candidates: {len(queries)} clusters, best {WANTED} of {len(vectors):,} x {vectors.shape[1]}"
    return [
        time_row(what, ours, budget=CANDIDATES, peers=peers),
        Row(f"their recall@{RECALL_AT} against exact search in float64", recall, "", budget=RECALL),
    ]


def _queries(portrait: Portrait, at_s: float) -> Floats:
    """Return the clusters that are looked for: the strongest liked ones."""
    strength = portrait.interests.strength_at(at_s)
    named = [
        (-float(strength[row]), int(name[1:]))
        for row, (kind, name) in enumerate(portrait.interests.features)
        if kind == "cluster"
    ]
    liked = [cluster for value, cluster in sorted(named) if value < 0][:QUERIED_CLUSTERS]
    centroids: Floats = portrait.clusters.centroids()[liked]
    return centroids


def _peers(queries: Floats, vectors: Floats, world: World) -> list[Peer]:
    """Return the peers that are installed."""
    graph = min(GRAPH_LIMIT, len(vectors))
    made: tuple[tuple[str, Callable[[Floats, Floats], Callable[[], Any]]], ...] = (
        ("sentence_transformers semantic_search", _semantic_search),
        ("usearch exact", _usearch_exact),
        (f"usearch graph of {graph:,}", lambda queries, vectors: _usearch_graph(queries, vectors[:graph])),
    )
    found = []
    for name, make in made:
        try:
            search = make(queries, vectors)
        except ImportError:
            world.console.print(f"  {name} is not installed and left out")
            continue
        found.append(Peer(name, median_ms(time_again(search, min(PEER_RUNS, world.options.runs)))))
    return found


def _semantic_search(queries: Floats, vectors: Floats) -> Callable[[], Any]:
    util = import_module("sentence_transformers.util")
    return lambda: util.semantic_search(queries, vectors, top_k=WANTED)


def _usearch_exact(queries: Floats, vectors: Floats) -> Callable[[], Any]:
    usearch = import_module("usearch.index")
    return lambda: usearch.search(vectors, queries, WANTED, usearch.MetricKind.IP, exact=True, threads=1)


def _usearch_graph(queries: Floats, vectors: Floats) -> Callable[[], Any]:
    index = import_module("usearch.index").Index(ndim=vectors.shape[1], metric="ip")
    index.add(np.arange(len(vectors)), vectors, threads=1)
    return lambda: index.search(queries, WANTED, threads=1)
