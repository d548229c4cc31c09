"""Items whose meaning is chosen: the first word of a title says where in a space of four directions they lie."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import cast

import numpy as np
from numpy.typing import NDArray

from nlp.analysis import Analyser, Analysis, Text
from reader.clock import Clock
from reader.recommend.recommender import Recommender
from reader.storage.memory import MemoryStorage
from reader.storage.protocol import Storage
from reader.types import Article
from reader.wiring import make_recommender
from tests.bench.synthetic import SyntheticAnalyser
from tests.builders import article

DIRECTIONS = ("east", "north", "up", "far")


class Placing(SyntheticAnalyser):
    """Gives each text the direction that its title begins with."""

    dim = len(DIRECTIONS)

    def analyse(self, texts: Sequence[Text], *, progress: Callable[[int], None] | None = None) -> list[Analysis]:
        """Return one analysis for each text."""
        found = super().analyse(texts)
        return [replace(one, vectors=_vectors(text, len(one.vectors))) for text, one in zip(texts, found, strict=True)]


def _vectors(text: Text, count: int) -> NDArray[np.float32]:
    own = np.eye(len(DIRECTIONS), dtype=np.float32)[DIRECTIONS.index(text.title.split()[0])]
    return np.tile(own, (count, 1))


def placed(id: str, direction: str) -> Article:
    """Return an article; its words follow from its id."""
    return article(id, title=f"{direction} {sum(map(ord, id))}")


def started(clock: Clock, *items: Article, storage: Storage | None = None) -> Recommender:
    """Start on a store, by default one of its own."""
    storage = MemoryStorage() if storage is None else storage
    made = make_recommender(clock=clock, storage=storage, analyser=cast(Analyser, Placing()))
    made.add_items(items)
    return made
