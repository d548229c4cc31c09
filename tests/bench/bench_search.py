"""Searches in all items: words, phrase, beginning, with all that a page asks, beside rank-bm25 and a scan with LIKE."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from importlib import import_module
from itertools import chain, repeat

import numpy as np

from reader.search.searching import Found, Searcher, Wish
from tests.bench.measuring import Peer, Row, median_ms, time_again, time_calls, time_row
from tests.bench.synthetic import draw_terms, draw_words
from tests.bench.world import READER, World

# A scan and rank-bm25 take about a second a query over 100,000 items.
PEER_RUNS = 5
# Terms by how common they are: 0 is the most frequent of all.
FREQUENT, USUAL = 3, 300


def bench_search(world: World) -> list[Row]:
    """Time what `/search` asks the library: the index, filters, what may be seen, order, a page of 20."""
    searcher, runs = Searcher(world.recommender), world.options.runs
    questions = _questions(world)

    def find(text: str) -> Found:
        return searcher.find(READER, Wish(text))

    two = time_calls(find, lambda: next(questions), runs)
    peers = [Peer("a scan with LIKE", _scan(world, next(questions))), *_okapi(world, next(questions).split())]
    rows = [time_row(f"two words of an item in {world.options.items:,} items", two, peers=peers)]
    cases = {
        "one word that many items have": f"w{USUAL}",
        "one word that most items have": f"w{FREQUENT}",
        "words that no item has, so that beginnings count": "w12 nowhere",
        "a beginning of words": f"w{USUAL}*",
        "a phrase": '"{} {}"'.format(*[f"w{word}" for word in draw_words(7, world.options.paragraphs)[30:32]]),
        "one of two, newest first": f"w{USUAL} OR w{USUAL + 1}",
    }
    for name, text in cases.items():
        found = find(text)
        timing = time_again(_call(searcher, text, name), runs)
        rows.append(time_row(f"{name} ({found.count:,} found)", timing))
    return rows


def _call(searcher: Searcher, text: str, name: str) -> Callable[[], Found]:
    order = "newest" if "newest" in name else "relevance"
    return lambda: searcher.find(READER, Wish(text, order=order))  # type: ignore[arg-type]  # one of two


def _questions(world: World) -> Iterator[str]:
    """Yield two words of an item without end, none of the fifty most frequent."""
    rng = np.random.default_rng(3)
    while True:
        words = draw_words(int(rng.integers(world.options.items)), world.options.paragraphs)
        rare = [word for word in words if word > 50]
        yield " ".join(f"w{word}" for word in rng.choice(rare, 2, replace=False))


def _scan(world: World, question: str) -> float:
    first, second = (f"% {word} %" for word in question.split())
    sql = "SELECT id FROM items WHERE body LIKE ? AND body LIKE ?"
    with closing(sqlite3.connect(world.db)) as conn:
        return median_ms(time_again(lambda: conn.execute(sql, (first, second)).fetchall(), PEER_RUNS, warm_up=1))


def _okapi(world: World, words: list[str]) -> list[Peer]:
    try:
        make = import_module("rank_bm25").BM25Okapi
    except ImportError:
        world.console.print("  rank_bm25 is not installed and left out")
        return []
    drawn = (draw_terms(number, world.options.paragraphs) for number in range(world.options.items))
    scores = make([list(chain.from_iterable(repeat(term, n) for term, n in counts.items())) for counts in drawn])
    return [Peer("rank_bm25", median_ms(time_again(lambda: scores.get_scores(words), PEER_RUNS, warm_up=1)))]
