"""Twenty weighted terms against all items: ours beside rank-bm25, rank-bm25-rs and bm25s, in one run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from itertools import chain, repeat
from typing import Any

import numpy as np

from nlp.bm25 import Floats, ImpactIndex
from tests.bench.measuring import Budget, Peer, Row, median_ms, time_again, time_calls, time_row
from tests.bench.synthetic import draw_terms
from tests.bench.world import World

CANDIDATES = Budget(2.0)
EXACT = Budget(1e-9)
TERMS = 20
WANTED = 150  # as RankingSettings.candidates_lexical
# rank-bm25 takes about a second a query over 100,000 items.
PEER_RUNS = 5

Query = dict[str, float]
Scores = Callable[[list[str]], Any]


def bench_lexical(world: World) -> list[Row]:
    """Time queries whose terms were asked for before, as a reader's are, and queries of new terms."""
    documents = [draw_terms(number, world.options.paragraphs) for number in range(world.options.items)]
    index = ImpactIndex()
    index.add(documents)
    queries = _queries(documents)
    known = next(queries)
    runs = world.options.runs
    unweighted = dict.fromkeys(known, 1.0)
    again = time_again(lambda: index.top(known, WANTED), runs)
    fresh = time_calls(lambda query: index.top(query, WANTED), lambda: next(queries), runs)
    scored = time_again(lambda: index.scores(unweighted), runs)
    corpus = [list(chain.from_iterable(repeat(term, n) for term, n in counts.items())) for counts in documents]
    peers, difference = _peers(corpus, list(known), index.scores(unweighted), world)
    what = f"lexical candidates: {TERMS} weighted terms, best {WANTED} of {len(documents):,} items"
    return [
        time_row(what, again, budget=CANDIDATES),
        time_row("the same, terms that nobody has asked for since the last new item", fresh),
        time_row("scores alone, without weights, as the peers compute them", scored, peers=peers),
        Row("greatest difference to BM25Okapi's scores", difference, "", budget=EXACT),
    ]


def _queries(documents: Sequence[dict[str, int]]) -> Iterator[Query]:
    """Yield queries without end: terms of some items, as a profile's are, with weights."""
    rng = np.random.default_rng(2)
    while True:
        chosen = [list(documents[row]) for row in rng.integers(len(documents), size=TERMS)]
        terms = [str(rng.choice(terms[:-1])) for terms in chosen]
        yield dict(zip(terms, rng.random(TERMS).tolist(), strict=True))


def _peers(corpus: list[list[str]], terms: list[str], ours: Floats, world: World) -> tuple[list[Peer], float]:
    """Return the peers that are installed, and how far our scores are from those of rank-bm25."""
    found = []
    difference = float("nan")
    runs = min(PEER_RUNS, world.options.runs)
    for name, make in (("rank_bm25", _okapi), ("rank_bm25_rs", _okapi_rs), ("bm25s", _bm25s)):
        try:
            scores = make(corpus)
        except ImportError:
            world.console.print(f"  {name} is not installed and left out")
            continue
        if make is _okapi:
            difference = float(np.abs(ours - scores(terms)).max())
        found.append(Peer(name, _time_scores(scores, terms, runs)))
    return found, difference


def _time_scores(scores: Scores, terms: list[str], runs: int) -> float:
    return median_ms(time_again(lambda: scores(terms), runs, warm_up=1))


def _okapi(corpus: list[list[str]]) -> Scores:
    scores: Scores = import_module("rank_bm25").BM25Okapi(corpus).get_scores
    return scores


def _okapi_rs(corpus: list[list[str]]) -> Scores:
    scores: Scores = import_module("rank_bm25_rs").BM25Okapi(corpus).get_scores
    return scores


def _bm25s(corpus: list[list[str]]) -> Scores:
    model = import_module("bm25s").BM25()
    model.index(corpus, show_progress=False)
    scores: Scores = model.get_scores
    return scores
