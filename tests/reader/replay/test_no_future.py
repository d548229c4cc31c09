"""Nothing that comes after a list changes what any factor says of it: a log is replayed with two different futures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from nlp.analysis import Analyser
from reader.clock import ManualClock
from reader.recommend.factors.registry import Registry, default_registry
from reader.recommend.factors.spec import Explained, Factors, FactorSpec, Moment
from reader.recommend.recommender import Recommender
from reader.replay.log import prepare
from reader.replay.policies import POLICIES, Policy, Question, Scores, ablated
from reader.replay.run import Replay
from reader.settings import Settings
from reader.storage.memory import MemoryStorage
from reader.types import AnyItem, Article, Event, Impression, Video
from reader.wiring import make_recommender
from tests.builders import ReadingStory, act
from tests.reader.conftest import demo_items
from tests.reader.recommend.factors.worlds import log

Seen = dict[str, tuple[NDArray[np.float32], NDArray[np.float64]]]
Make = Callable[[ManualClock, str | None], Recommender]
CUT: datetime = log()[1][len(log()[1]) * 3 // 5].at


@pytest.fixture
def make_empty(remembering: Analyser) -> Make:
    def made(clock: ManualClock, ablation: str | None) -> Recommender:
        settings = ablated(Settings(), ablation)
        return make_recommender(settings=settings, clock=clock, storage=MemoryStorage(), analyser=remembering)

    return made


def as_it_came() -> tuple[tuple[AnyItem, ...], list[Event]]:
    return log()[0], list(log()[1])


def as_it_might_have_come() -> tuple[tuple[AnyItem, ...], list[Event]]:
    """Return the same up to CUT. Then what was passed by is read and liked by all, and new items have other texts."""
    known, events = log()
    others = [text for item in demo_items() if isinstance(item, Article) for text in item.paragraphs]
    changed = tuple(_retold(item, others[number]) if _comes_after(item) else item for number, item in enumerate(known))
    planted: list[Event] = []
    shown = [(event, place) for event in events if isinstance(event, Impression) for place in event.items[:6]]
    for number, (event, place) in enumerate(shown[:300]):
        at = CUT + timedelta(seconds=1 + number)
        item = next(item for item in changed if item.id == place.item)
        story = ReadingStory(place.item, user=event.user, view=f"planted-{number}", at=at)
        planted += story.read(*range(len(item.paragraphs)), seconds=9).go_back(0, seconds=20) if item.paragraphs else ()
        planted.append(act("like", place.item, user=event.user, at=at + timedelta(minutes=5)))
    return changed, [*(event for event in events if event.at <= CUT), *planted]


def _comes_after(item: AnyItem) -> bool:
    return item.published_at is not None and item.published_at > CUT


def _retold(item: AnyItem, text: str) -> AnyItem:
    if isinstance(item, Video):
        return replace(item, description=text, tags=("planted",), source="Planted", creator="Planted")
    return replace(item, paragraphs=(text,), topics=("planted",), source="Planted")


def factors_of(
    world: tuple[tuple[AnyItem, ...], list[Event]],
    make: Make,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    registry_of: Callable[[Sequence[Event]], Registry],
) -> Seen:
    """Replay a log; return list -> the factors of its candidates and the weights then, of the lists up to CUT."""
    seen: Seen = {}
    registry = registry_of(world[1])

    def spy(asked: Question) -> Scores:
        recommender, at_s = asked.recommender, asked.recommender.clock().timestamp()
        state, population = recommender.state(asked.user), recommender.population
        moment = Moment(
            state, state.portrait, recommender.catalogue, asked.rows, at_s, population.co_opening, population.audience
        )
        if recommender.clock() <= CUT:
            seen[asked.key] = registry.compute(moment).values, recommender.weights.copy()
        return np.zeros(len(asked.rows))

    monkeypatch.setitem(POLICIES, "profile", Policy(spy))
    folder.mkdir()
    replay = Replay(prepare(*world, folder), ["profile"], make)
    assert list(replay.events())
    return seen


def test_no_factor_and_no_weight_depends_on_what_comes_after(
    make_empty: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def registry_of(events: Sequence[Event]) -> Registry:
        return default_registry(Settings().ranking)

    one = factors_of(as_it_came(), make_empty, tmp_path / "one", monkeypatch, registry_of)
    other = factors_of(as_it_might_have_come(), make_empty, tmp_path / "other", monkeypatch, registry_of)

    names = np.array([spec.name for spec in default_registry(Settings().ranking).specs])
    assert len(one) > 15
    assert one.keys() == other.keys()
    for key, (values, weights) in one.items():
        differs = (values != other[key][0]).any(axis=1)
        assert names[differs].tolist() == []
        assert np.array_equal(weights, other[key][1])


class Leak:
    """A family that knows the future: how often an item is opened in the whole log."""

    specs = (
        FactorSpec("leak.openings", "leak", "openings", 0.0, 1e6, "openings to come", "none", 0.0, {"of": "leak"}),
    )

    def __init__(self, events: Sequence[Event]) -> None:
        self._openings = Counter(event.item for event in events if event.type == "open")

    def fill(self, moment: Moment, out: Factors) -> tuple[Explained, ...]:
        out[0] = [self._openings[item] for item in moment.ids]
        return ()


def test_a_factor_that_knows_the_future_is_found(
    make_empty: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The two futures differ enough for a leak to show, so that the test above can fail."""

    def leaking(events: Sequence[Event]) -> Registry:
        return Registry((Leak(events),))

    one = factors_of(as_it_came(), make_empty, tmp_path / "one", monkeypatch, leaking)
    other = factors_of(as_it_might_have_come(), make_empty, tmp_path / "other", monkeypatch, leaking)

    assert any((values != other[key][0]).any() for key, (values, _) in one.items())


def test_the_two_worlds_are_one_up_to_the_cut() -> None:
    (known, events), (changed, planted) = as_it_came(), as_it_might_have_come()

    assert [event for event in planted if event.at <= CUT] == [event for event in events if event.at <= CUT]
    assert sum(one != other for one, other in zip(known, changed, strict=True)) > 2
    assert all(_comes_after(one) for one, other in zip(known, changed, strict=True) if one != other)
