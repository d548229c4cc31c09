"""From 500 scored candidates to a list of 60, and what it costs to find the story of a new item."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from reader.profile.content import Content
from reader.recommend.arrays import Column
from reader.recommend.lists import generator
from reader.recommend.ranking import score, shape
from reader.recommend.selection import NO_ROWS
from reader.recommend.stories import Stories
from reader.recommend.surprise import daring
from reader.settings_lists import StorySettings
from tests.bench.bench_serving import full_moment
from tests.bench.measuring import Budget, Row, time_again, time_calls, time_row
from tests.bench.synthetic import DIM, make_analysis, make_item
from tests.bench.world import READER, World

SHAPING = Budget(2.0)
# As many as fall into one window of 72 h at one item every 1.3 minutes, twice: those before and after.
KNOWN_ITEMS = 6_600


def bench_shaping(world: World) -> list[Row]:
    """Time the shaping of a list at three places of the scale of surprise, and one new item after another."""
    moment = full_moment(world)
    recommender = world.recommender
    scored = score(moment, recommender.registry, recommender.weights, recommender.learner.utility(READER))
    settings, runs = recommender.settings, world.options.runs
    rows = []
    for surprise, budget in ((0.5, SHAPING), (0.0, None), (1.0, None)):
        chosen = daring(surprise, settings.ranking)
        timing = time_again(
            partial(shape, moment, scored, NO_ROWS, generator(0, READER, "list"), chosen, settings.ranking), runs
        )
        what = f"a list of {settings.ranking.list_length} from {len(moment.rows)} candidates, surprise {surprise:g}"
        rows.append(time_row(what, timing, budget=budget))
    return [*rows, _new_items(world)]


def _new_items(world: World) -> Row:
    """Time the story of one new item, with a window full of others known."""
    vectors, published_s = Column(np.float32, (DIM,)), Column(np.float64)
    stories = Stories(StorySettings(), vectors, published_s)

    def numbered() -> Iterator[Content]:
        for number in range(world.options.items):
            content = Content(make_item(number, 4), make_analysis(number, 4))
            vectors.append(content.analysis.vectors.mean(axis=0))
            published_s.append(content.item.published_at.timestamp() if content.item.published_at else 0.0)
            yield content

    coming = numbered()
    known = min(KNOWN_ITEMS, world.options.items // 2)
    for _ in range(known):
        stories.append(next(coming))
    timing = time_calls(stories.append, lambda: next(coming), world.options.runs)
    return time_row(f"the story of a new item, {known:,} others within 72 h", timing)
