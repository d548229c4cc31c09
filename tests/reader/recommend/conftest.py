"""A database that is opened again and again, and worlds in which readers have done all sorts of things."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Protocol

import numpy as np
import pytest

from nlp.analysis import Analyser
from reader.clock import ManualClock
from reader.recommend.recommender import Recommender
from reader.settings import Settings
from reader.storage.memory import MemoryStorage
from reader.types import Event
from reader.wiring import make_recommender
from tests.builders import ReadingStory, act
from tests.reader.conftest import NOW, demo_items
from tests.reader.recommend.factors.worlds import items
from tests.reader.recommend.living import PLAIN, Make


@pytest.fixture
def db(tmp_path: Path) -> Path:
    return tmp_path / "reread.db"


@pytest.fixture
def open_db(db: Path, clock: ManualClock, remembering: Analyser) -> Iterator[Make]:
    """Open the same database again and again, as one start after the other would."""
    opened: list[Recommender] = []

    def make() -> Recommender:
        opened.append(make_recommender(db, settings=PLAIN, clock=clock, analyser=remembering))
        opened[-1].add_items(demo_items())
        return opened[-1]

    yield make
    for recommender in opened:
        recommender.storage.close()


class MakeWorld(Protocol):
    """Make a world from a seed."""

    def __call__(self, seed: int, settings: Settings | None = None) -> Recommender: ...


@pytest.fixture(scope="session")
def make_world(remembering: Analyser) -> MakeWorld:
    """Make a world from a seed: readings, goings-back, acts and wishes of Ann and of others, all drawn."""

    def make(seed: int, settings: Settings | None = None) -> Recommender:
        clock = ManualClock(NOW)
        made = make_recommender(settings=settings, clock=clock, storage=MemoryStorage(), analyser=remembering)
        made.add_items(items())
        made.observe(list(_deeds(np.random.default_rng(seed))))
        return made

    return make


def _deeds(rng: np.random.Generator) -> Iterator[Event]:
    known = items()
    for number in range(int(rng.integers(0, 12))):
        user = ("ann", "ann", "bob", "cy")[int(rng.integers(4))]
        item = known[int(rng.integers(len(known)))]
        at = NOW - timedelta(minutes=float(rng.uniform(10, 4000)))
        match int(rng.integers(6)):
            case 0 | 1:
                last = max(0, len(item.paragraphs) - 1)
                story = ReadingStory(item.id, user=user, view=f"v{number}", at=at)
                yield from story.read(*range(last + 1)).go_back(int(rng.integers(last + 1)))
            case 2:
                yield act("open", item.id, user=user, at=at, view=f"v{number}")
            case 3:
                yield act("viewable", item.id, user=user, at=at)
            case 4:
                yield act(("like", "save", "hide")[int(rng.integers(3))], item.id, user=user, at=at)
            case _:
                topic = item.topics[0] if item.topics else "food"
                yield act("weigh", user=user, at=at, target=("topic", topic), weight=float(rng.uniform(-1, 1)))
