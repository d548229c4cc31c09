"""Trees against the learner, on the lists of a log that neither has seen: what `reread train` does.

One pass through the log, as replay goes. The lists of the first part, in order of time, are kept as the learner hears
of them: factors, outcomes and scores as they were then. At its end trees are fitted; from there on each list is scored
by the learner alone and with the trees beside it, with what was known before it. The learner goes on learning, the
trees stay as they are, as they would in service.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # it has no types

from reader.clock import ManualClock
from reader.recommend.challenger.standing import Training
from reader.recommend.challenger.trees import Trees, load_lightgbm
from reader.recommend.learning.outcomes import Lesson
from reader.recommend.learning.saving import Layout
from reader.recommend.recommender import Recommender
from reader.records import format_time
from reader.replay.log import Log
from reader.replay.panel import MakeRecommender
from reader.replay.result import result_of
from reader.replay.run import Progress, Replay
from reader.replay.truth import Truth
from reader.replay.verdict import Verdict, judge
from reader.settings_challenger import ChallengerSettings
from reader.types import Impression

# Of the lists that are compared; the first against the second.
POLICIES = ("challenger", "champion")
NOTED_EVERY = 50
# Factors that a record names.
HEAVIEST_TOLD = 10


@dataclass(frozen=True, slots=True)
class Challenged:
    """What a challenge came to.

    trees: None if nothing was found; layout: what they belong to; verdict: whether they are to serve, and why; split:
    which lists were used for what; result: of the replay of the compared lists, as `reread replay` gives it.
    """

    trees: Trees | None
    layout: Layout
    verdict: Verdict
    split: Mapping[str, Any]
    result: Mapping[str, Any]
    seed: int

    def record(self, at: datetime) -> dict[str, Any]:
        """Return what is to be kept beside the trees, for people and programs. at: when all this was done."""
        trees = self.trees
        return {
            "why": list(self.verdict.why),
            "figures": dict(self.verdict.figures),
            "split": dict(self.split),
            "log": dict(self.result["log"]),
            "heaviest": [] if trees is None else [self.layout.factors[row] for row in trees.heaviest(HEAVIEST_TOLD)],
            "seed": self.seed,
            "at": format_time(at),
            "lightgbm": load_lightgbm().__version__,
            "factors": self.layout.digest,
            "analyser": self.layout.analyser,
        }


def challenge(
    log: Log,
    make: MakeRecommender,
    settings: ChallengerSettings,
    *,
    seed: int = 0,
    truth: Truth | None = None,
    progress: Progress | None = None,
) -> Challenged:
    """Fit trees to the older lists of a log, and compare them with the learner on the newer ones.

    make: gives an empty recommender that learns. seed: of the fit and of the resamples; the same log and seed give the
    same trees and the same verdict. MissingPackageError if LightGBM is not installed.
    """
    times_s = _times_of_lists(log)
    first_judged = round(len(times_s) * (1 - settings.judged_share))
    cut_s = times_s[first_judged] if first_judged < len(times_s) else np.inf
    entrant = _Entrant(make, settings, seed, float(cut_s))
    replay = Replay(log, POLICIES, entrant, truth=truth, is_mine=lambda user: entrant.training.trees is not None)
    with threadpool_limits(1):
        for count in replay.events():
            if progress is not None and count % NOTED_EVERY == 0:
                progress(count)
    fitted = entrant.training.fitted
    verdict = judge(fitted, replay.outcome.tallies, settings, seed)
    split = {
        "lists": len(times_s),
        "first": _time(times_s[0]) if len(times_s) else None,
        "judged_from": _time(cut_s) if np.isfinite(cut_s) else None,
        "stopping_share": settings.stopping_share,
        "judged_share": settings.judged_share,
    }
    result = result_of(log, replay.outcome, seed, simulated=truth is not None)
    return Challenged(entrant.training.trees, entrant.layout, verdict, split, result, seed)


class _Entrant:
    """Makes the one recommender of a challenge: with trees that are fitted once, by the first lesson after the cut."""

    def __init__(self, make: MakeRecommender, settings: ChallengerSettings, seed: int, cut_s: float) -> None:
        self._make = make
        self._settings = settings
        self._seed = seed
        self._cut_s = cut_s

    def __call__(self, clock: ManualClock, ablation: str | None) -> Recommender:
        recommender = self._make(clock, None)
        self.layout = recommender.layout
        self.training = Training(recommender.registry, self._settings, self._seed, self._is_due)
        recommender.challenge(self.training)
        return recommender

    def _is_due(self, lesson: Lesson, since: int) -> bool:
        return self.training.fitted is None and lesson.at_s >= self._cut_s


def _times_of_lists(log: Log) -> np.ndarray[Any, np.dtype[np.float64]]:
    shown = (event for event in log.read() if isinstance(event, Impression) and event.origin is None)
    return np.array([event.at.timestamp() for event in shown], dtype=np.float64)


def _time(at_s: float) -> str:
    return format_time(datetime.fromtimestamp(at_s, UTC))
