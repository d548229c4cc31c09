"""Policies by name: the product, what it must beat, and the product without one signal."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from reader.clock import ManualClock
from reader.profile.axes import SIGNALS
from reader.recommend.co_opening import NEIGHBOURS_KEPT, SHRINKAGE, CoOpening
from reader.recommend.recommender import Recommender
from reader.replay.policies import ABLATIONS, POLICIES, Question, ablated, policy
from reader.settings import Settings
from reader.storage.memory import MemoryStorage
from reader.wiring import make_recommender
from tests.builders import ReadingStory, act, article
from tests.reader.conftest import NOW, MakeRecommender, demo_items

SALT, OTHERS = "demo-en-food-02", ("demo-en-energy-01", "demo-en-music-01")


def ask(recommender: Recommender, name: str, *items: str, user: str = "ann") -> dict[str, float]:
    rows = recommender.catalogue.rows_of(items)
    scores = policy(name).score(Question(recommender, user, rows, "key"))
    assert scores.shape == (len(items),)
    assert np.isfinite(scores).all()
    return dict(zip(items, scores.tolist(), strict=True))


@pytest.fixture
def ablation(clock: ManualClock, remembering: Any) -> Callable[[str | None], Recommender]:
    """Make a recommender that learns as an ablation does."""

    def made(name: str | None) -> Recommender:
        settings = ablated(Settings(), name)
        recommender = make_recommender(settings=settings, clock=clock, storage=MemoryStorage(), analyser=remembering)
        recommender.add_items(demo_items())
        return recommender

    return made


@pytest.mark.parametrize("name", POLICIES)
def test_every_policy_scores_for_a_reader_of_whom_nothing_is_known(make: MakeRecommender, name: str) -> None:
    ask(make(), name, SALT, *OTHERS)


@pytest.mark.parametrize("name", ["bm25", "embedding"])
def test_content_policies_favour_what_is_like_the_items_opened(make: MakeRecommender, name: str) -> None:
    recommender = make()
    same_topic = [item.id for item in demo_items() if "food" in item.id and "-en-" in item.id]
    opened, likened, *_ = same_topic
    recommender.observe([act("open", opened, at=NOW, view="v")])

    scores = ask(recommender, name, likened, *OTHERS)

    assert max(scores, key=lambda item: scores[item]) == likened


def test_bm25_is_the_index_asked_with_the_texts_opened(make: MakeRecommender) -> None:
    recommender = make()
    recommender.observe([act("open", SALT, at=NOW, view="v")])
    content = recommender.catalogue.content(SALT)
    assert content is not None

    expected = recommender.catalogue.index.scores({term: float(n) for term, n in content.analysis.terms.items()})

    for item, score in ask(recommender, "bm25", *OTHERS).items():
        assert score == pytest.approx(expected[recommender.catalogue.row(item)])


def test_collaborative_is_the_shrunk_cosine_of_readers(make: MakeRecommender) -> None:
    """Ann opened salt. Of salt's three readers two opened energy (of four), one opened music (of one)."""
    recommender = make()
    energy, music = OTHERS
    openings = [("ann", SALT), ("bob", SALT), ("cat", SALT), ("bob", energy), ("cat", energy), ("dan", energy)]
    openings += [("eve", energy), ("cat", music), ("cat", music)]
    for number, (user, item) in enumerate(openings):
        recommender.observe([act("open", item, user=user, at=NOW - timedelta(minutes=60 - number), view=f"v{number}")])

    scores = ask(recommender, "collaborative", energy, music)

    assert scores[energy] == pytest.approx(2 / np.sqrt(3 * 4) * 2 / (2 + SHRINKAGE))
    assert scores[music] == pytest.approx(1 / np.sqrt(3 * 1) * 1 / (1 + SHRINKAGE))


def test_an_item_keeps_its_commonest_neighbours(make: MakeRecommender) -> None:
    """One reader after the other opens a and something; twice as many neighbours as are kept, and one more."""
    recommender = make(items=tuple(article(f"n{n}") for n in range(3)))
    co_opening = CoOpening(recommender.catalogue)
    for reader in range(2 * NEIGHBOURS_KEPT + 1):
        co_opening.observe(f"r{reader}", "n0")
        co_opening.observe(f"r{reader}", f"other{reader}")
        co_opening.observe(f"r{reader}", "n1")

    rows = recommender.catalogue.rows_of(["n1", "n2"])

    common, never = co_opening.scores(recommender.catalogue.rows_of(["n0"]), rows)
    assert common > 0.9
    assert never == 0


def test_each_ablation_changes_what_it_names(ablation: Callable[[str | None], Recommender]) -> None:
    """A reading with everything in it: without one signal its credit is gone, and the others' is as before."""
    count = next(len(item.paragraphs) for item in demo_items() if item.id == SALT)
    story = ReadingStory(SALT, view="v", at=NOW - timedelta(minutes=30)).read(*range(count), seconds=15)
    events = [*story.go_back(1, seconds=20).read(count - 1, seconds=5).close(), act("like", OTHERS[0], at=NOW)]
    events.append(act("hide", OTHERS[1], at=NOW))
    events.append(act("viewable", "demo-en-energy-02", at=NOW))

    def credit(name: str | None) -> dict[str, float]:
        recommender = ablation(name)
        assert recommender.observe(events).rejected == ()
        interests = recommender.state("ann").portrait.interests
        by_signal = np.abs(interests.credit_at(NOW.timestamp())).sum(axis=(0, 2))
        return dict(zip(SIGNALS, by_signal.tolist(), strict=True))

    whole = credit(None)
    gone = {"scrollback": ["reread"], "dwell": ["read"], "finish": ["finish"], "open": ["open"]}
    gone |= {"explicit": ["plus", "minus"], "negative": ["implicit_minus"], "passing": ["implicit_minus"]}
    for name, signals in gone.items():
        without = credit(name)
        for signal in SIGNALS:
            assert without[signal] == (0 if signal in signals else pytest.approx(whole[signal])), (name, signal)
        assert all(whole[signal] > 0 for signal in signals), name
    assert credit("correction")["reread"] > whole["reread"]


def test_the_hot_ablation_credits_what_many_opened_as_much(ablation: Callable[[str | None], Recommender]) -> None:
    crowd = [act("open", SALT, user=f"u{n}", at=NOW - timedelta(hours=1), view=f"c{n}") for n in range(6)]
    story = ReadingStory(SALT, view="v", at=NOW - timedelta(minutes=30)).read(0, 1, 2, seconds=12)

    def credit(name: str | None) -> float:
        recommender = ablation(name)
        recommender.observe([*crowd, *story])
        return float(recommender.state("ann").portrait.interests.credit_at(NOW.timestamp()).sum())

    assert credit("hot") == pytest.approx(3 * credit(None))  # log2(2 + 6) = 3


def test_the_fading_ablation_keeps_old_credit_whole(ablation: Callable[[str | None], Recommender]) -> None:
    """After 21 days half of one half-life's credit is left, and nearly nothing of the shortest."""
    story = ReadingStory(SALT, view="v", at=NOW - timedelta(days=21)).read(0, 1, 2, seconds=12)

    def credit(name: str | None) -> list[float]:
        recommender = ablation(name)
        recommender.observe(list(story))
        kept = recommender.state("ann").portrait.interests.credit_at(NOW.timestamp())
        return [float(part) for part in kept.sum(axis=(0, 1))]

    whole, faded = credit("fading"), credit(None)
    assert whole == pytest.approx([whole[0]] * 5)
    assert faded[3] == pytest.approx(whole[3] / 2, rel=1e-3)
    assert faded[0] < 1e-9 * whole[0]


def test_the_bounce_ablation_takes_a_glance_for_an_opening(ablation: Callable[[str | None], Recommender]) -> None:
    story = ReadingStory(SALT, view="v", at=NOW - timedelta(minutes=30)).read(0, seconds=2).close()

    def credit(name: str | None, signal: int) -> float:
        recommender = ablation(name)
        recommender.observe(list(story))
        return float(recommender.state("ann").portrait.interests.credit_at(NOW.timestamp())[:, signal].sum())

    opened, passed = SIGNALS.index("open"), SIGNALS.index("implicit_minus")
    assert credit(None, opened) == 0 < credit("bounce", opened)
    assert credit(None, passed) > 0 == credit("bounce", passed)


def test_ablations_name_real_settings() -> None:
    for name in ABLATIONS:
        assert ablated(Settings(), name) != Settings(), name


def test_docs_name_every_policy() -> None:
    text = (Path(__file__).parents[3] / "docs" / "evaluation.md").read_text(encoding="utf-8")

    assert [name for name in POLICIES if f"`{name}`" not in text] == []
