"""A small catalogue with real texts, analysed by the real models once a session."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from functools import cache
from pathlib import Path

import pytest

from nlp.analysis import Analyser, Analysis, Text
from reader.clock import ManualClock
from reader.recommend.recommender import Recommender
from reader.records import item_from_record
from reader.settings import Settings
from reader.storage.memory import MemoryStorage
from reader.types import AnyItem
from reader.wiring import make_recommender

DEMO = Path(__file__).parents[2] / "fixtures" / "demo" / "items"
NOW = datetime.fromisoformat("2026-11-22T08:00:00+00:00")
TOPICS = ("energy", "food", "music")
MakeRecommender = Callable[..., Recommender]


class RememberingAnalyser(Analyser):
    """The real analyser; texts it has seen in this session are not analysed again."""

    def __init__(self, analyser: Analyser) -> None:
        self.__dict__.update(analyser.__dict__)
        self._known: dict[str, Analysis] = {}

    def analyse(self, texts: list[Text], **_: object) -> list[Analysis]:  # type: ignore[override]  # without progress
        keys = [self.key(text.title, text.paragraphs, text.language) for text in texts]
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in self._known}
        self._known |= dict(zip(missing, super().analyse(list(missing.values())), strict=True)) if missing else {}
        return [self._known[key] for key in keys]


@pytest.fixture(scope="session")
def remembering(analyser: Analyser) -> Analyser:
    return RememberingAnalyser(analyser)


@cache
def demo_items() -> tuple[AnyItem, ...]:
    """The demo articles of three topics."""
    lines = [line for topic in TOPICS for line in (DEMO / f"{topic}.jsonl").read_text(encoding="utf-8").splitlines()]
    return tuple(item_from_record(json.loads(line)) for line in lines)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOW)


@pytest.fixture
def make(clock: ManualClock, remembering: Analyser) -> MakeRecommender:
    """Make a recommender in memory with the demo articles of three topics."""

    def made(*, items: tuple[AnyItem, ...] | None = None, settings: Settings | None = None) -> Recommender:
        recommender = make_recommender(settings=settings, clock=clock, storage=MemoryStorage(), analyser=remembering)
        recommender.add_items(demo_items() if items is None else items)
        return recommender

    return made
