"""Trees against the learner on a log: they serve where the truth is beyond weights, and not where it is not."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import cast

import numpy as np
import pytest
from numpy.typing import NDArray

from nlp.analysis import Analyser, Analysis, Text
from reader.clock import ManualClock
from reader.recommend.recommender import Recommender
from reader.replay.challenge import Challenged, challenge
from reader.replay.log import Log, prepare
from reader.replay.outcome import Outcome
from reader.replay.policies import ablated
from reader.replay.result import result_of
from reader.replay.run import Replay
from reader.replay.simulator import SimulationSettings, simulate
from reader.replay.simulator.settings import TasteSettings
from reader.settings import Settings
from reader.settings_challenger import ChallengerSettings
from reader.storage.memory import MemoryStorage
from reader.types import AnyItem
from reader.wiring import make_recommender
from tests.bench.synthetic import NOW, SyntheticAnalyser, make_item

DAYS = 8
# Logs of a test are small.
SMALL = ChallengerSettings(
    least_lists=60, least_judged_lists=30, least_clusters=10, least_leaf_places=30, l2=10.0, refit_every_lists=60
)


class ShortVectors(SyntheticAnalyser):
    """Vectors of a few dimensions only: fewer factors, faster fits."""

    dim = 16

    def analyse(self, texts: Sequence[Text], *, progress: Callable[[int], None] | None = None) -> list[Analysis]:
        """Return one analysis for each text."""
        return [replace(found, vectors=_cut(found.vectors)) for found in super().analyse(texts)]


def _cut(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    cut = vectors[:, : ShortVectors.dim]
    unit: NDArray[np.float32] = (cut / np.linalg.norm(cut, axis=1, keepdims=True)).astype(np.float16).astype(np.float32)
    return unit


def items(count: int) -> list[AnyItem]:
    """Items of a dozen topics, published over the days, of very different lengths."""
    rng = random.Random(1)
    return [
        replace(
            make_item(number, rng.choice((1, 2, 3, 4, 6, 9))),
            topics=(f"topic {number % 12}",),
            source=f"Source {number % 25}",
            published_at=NOW - timedelta(days=DAYS * rng.random()),
        )
        for number in range(count)
    ]


def log_of(folder: Path, *, readers: int, days: int = DAYS, candidates: int = 8, interplay: float = 0.0) -> Log:
    """Simulate readers who look at most places."""
    settings = SimulationSettings(
        readers=readers,
        days=days,
        candidates=candidates,
        position_bias=0.3,
        taste=TasteSettings(interplay_weight=interplay),
    )
    simulation = simulate(items(500), settings, seed=1)
    return prepare(simulation.items, simulation.events(), Path(tempfile.mkdtemp(dir=folder)))


def make(clock: ManualClock, ablation: str | None) -> Recommender:
    analyser = cast(Analyser, ShortVectors())
    settings = ablated(Settings(challenger=SMALL), ablation)
    return make_recommender(settings=settings, clock=clock, storage=MemoryStorage(), analyser=analyser)


@pytest.fixture(scope="module")
def small_log(tmp_path_factory: pytest.TempPathFactory) -> Log:
    return log_of(tmp_path_factory.mktemp("log"), readers=12, days=4, candidates=5, interplay=12.0)


@pytest.fixture(scope="module")
def found(small_log: Log) -> Challenged:
    return challenge(small_log, make, SMALL)


def test_the_split_is_by_time(found: Challenged, small_log: Log) -> None:
    """The newest fifth is compared; of the older lists seven eighths are fitted to, one eighth says when to stop."""
    fit, judged = found.verdict.figures["fit"], found.verdict.figures["judged"]
    lists = small_log.impressions

    assert found.split["lists"] == lists
    assert found.split["first"] < found.split["judged_from"]
    # Lists from which nothing was opened, or everything, teach nothing and are not compared.
    assert 0.6 * lists < sum(fit["lists"]) <= 0.8 * lists
    assert fit["lists"][1] == pytest.approx(sum(fit["lists"]) / 8, abs=1)
    assert 0.1 * lists < judged["lists"] <= 0.2 * lists


def test_the_same_log_and_seed_give_the_same_verdict_and_trees(found: Challenged, small_log: Log) -> None:
    again = challenge(small_log, make, SMALL)

    assert again.trees == found.trees
    assert again.verdict == found.verdict
    assert again.record(NOW) == found.record(NOW)


def test_the_record_says_what_it_was_made_of(found: Challenged) -> None:
    record = found.record(NOW)

    assert record["at"] == "2026-11-23T08:00:00.000Z"
    assert record["seed"] == 0
    assert record["analyser"] == "synthetic/1"
    assert len(record["factors"]) == 64
    assert record["lightgbm"]
    assert record["log"]["users"] == 12
    assert 0 < len(record["heaviest"]) <= 10
    assert set(record["heaviest"]) <= set(found.layout.factors)


def test_a_log_too_short_to_fit_to_is_told(tmp_path: Path) -> None:
    log = log_of(tmp_path, readers=4, days=3)

    found = challenge(log, make, SMALL)

    assert not found.verdict.serves
    assert "a fit needs 60 (challenger.least_lists)" in found.verdict.why[0]
    assert found.trees is None
    assert found.result["policies"]["champion"]["impressions"] == 0


def test_an_empty_log_is_told(tmp_path: Path) -> None:
    found = challenge(prepare([], [], tmp_path), make, SMALL)

    assert found.verdict.why == ("the log ended before there was anything to compare on",)
    assert found.split["first"] is None


@pytest.fixture(scope="module")
def passed(small_log: Log) -> Outcome:
    """What came of one pass through the log."""
    return _passed(small_log, "challenger", "champion", "profile")


def test_replay_refits_on_the_way(small_log: Log, passed: Outcome) -> None:
    """Beside the learner, list by list: nothing changes before the first fit, and something after it."""
    policies = result_of(small_log, passed, 0, simulated=False)["policies"]

    for name in ("auc", "ndcg@10", "mrr"):
        assert policies["champion"][name] == policies["profile"][name]
    assert policies["challenger"]["auc"] != policies["champion"]["auc"]
    assert policies["challenger"]["curve"][0] == policies["champion"]["curve"][0]


def test_refits_know_nothing_of_what_comes(small_log: Log, passed: Outcome, tmp_path: Path) -> None:
    """Cut after three quarters, the log gives the same scores to the lists that come before."""
    cut = 3 * small_log.events // 4
    head = prepare(small_log.items, list(small_log.read())[:cut], tmp_path)

    whole, first = _scores(passed), _scores(_passed(head, "challenger"))

    assert len(whole) > len(first) > 80
    # A list that the cut parts from its openings has other labels, but not other scores.
    assert all(scores == whole[key] for key, scores in first.items())
    assert any(key in first for key in whole)


def _passed(log: Log, *policies: str) -> Outcome:
    passing = Replay(log, policies, make)
    for _ in passing.events():
        pass
    return passing.outcome


def _scores(passed: Outcome) -> dict[tuple[str, str], list[float]]:
    """Return the scores of every scored list."""
    lists = passed.tallies["challenger"].lists
    return {
        (reader, score.list): score.scores.tolist()
        for reader, scores in lists.items()
        for score in scores
        if score.scores is not None
    }


@pytest.mark.slow
@pytest.mark.parametrize(("interplay", "serves"), [(16.0, True), (0.0, False)])
def test_trees_serve_where_the_truth_is_beyond_weights_and_not_where_it_is_not(
    tmp_path: Path, interplay: float, serves: bool
) -> None:
    """About 1,200 lists. With weights alone there is nothing to find in the first world that is not in the second."""
    found = challenge(log_of(tmp_path, readers=50, candidates=6, interplay=interplay), make, SMALL)

    assert found.verdict.serves is serves, found.verdict
    assert found.verdict.figures["judged"]["lists"] > 80
