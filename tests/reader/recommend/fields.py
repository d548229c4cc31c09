"""Candidates for tests of the shape of lists, drawn at random."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from reader.recommend.lineup import Field, Lineup
from reader.settings_lists import CapSettings


@dataclass(frozen=True)
class Drawn:
    """A field with what a list is made of besides."""

    field: Field
    published_s: NDArray[np.float64]
    scores: NDArray[np.float64]
    vectors: NDArray[np.float32]
    by_topic: bool = False

    def lineup(self, caps: CapSettings) -> Lineup:
        return Lineup(self.field, self.published_s, caps, by_topic=self.by_topic)


def make_field(
    stories: list[int],
    sources: list[int],
    creators: list[int] | None = None,
    sounds: list[int] | None = None,
    topics: list[int] | None = None,
    *,
    seed: int = 0,
) -> Drawn:
    """Return candidates i000, i001, … in an order of their own; makers: -1 for none."""
    count, chance = len(stories), np.random.default_rng(seed)
    ids = [f"i{number:03}" for number in chance.permutation(count)]
    rank = np.empty(count, dtype=np.int64)
    rank[np.argsort(ids)] = np.arange(count)
    nobody = [-1] * count
    named = [sources, creators or nobody, sounds or nobody, topics or nobody]
    makers = np.array(named, dtype=np.int64).reshape(4, count)
    vectors = chance.normal(size=(count, 4)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    field = Field(np.arange(count), ids, rank, np.array(stories, dtype=np.int64), makers)
    # A few ties in both, to be broken by id.
    return Drawn(field, np.round(chance.random(count), 1), np.round(chance.gamma(1.0, size=count), 2), vectors)


@st.composite
def fields(draw: st.DrawFn, most: int = 40) -> Drawn:
    count = draw(st.integers(1, most))

    def numbers(least: int, greatest: int) -> list[int]:
        return draw(st.lists(st.integers(least, greatest), min_size=count, max_size=count))

    stories, seed = numbers(0, draw(st.integers(0, most))), draw(st.integers(0, 2**32 - 1))
    drawn = make_field(stories, numbers(0, 5), numbers(-1, 4), numbers(-1, 4), numbers(-1, 3), seed=seed)
    return replace(drawn, by_topic=draw(st.booleans()))


caps = st.builds(
    CapSettings,
    stretch=st.integers(1, 12),
    source=st.integers(1, 4),
    creator=st.integers(1, 3),
    sound=st.integers(1, 3),
    apart=st.integers(0, 2),
    topic=st.integers(1, 3),
)
