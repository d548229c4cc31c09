"""Replay of a log, from policies by name to the result of DESIGN 3.5."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from reader.replay.figures import comparisons, curve, figures, segments, worst
from reader.replay.log import Log
from reader.replay.outcome import Outcome
from reader.replay.panel import MakeRecommender
from reader.replay.policies import policy
from reader.replay.run import Progress
from reader.replay.truth import Truth
from reader.replay.workers import Job, replay_in_processes


def replay(
    log: Log,
    policies: Sequence[str],
    make: MakeRecommender,
    *,
    seed: int = 0,
    workers: int = 1,
    truth: Truth | None = None,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Return the result for a log; it does not depend on the number of workers.

    policies: by name, at least one; the first is compared with the others. seed: of the resamples. make: see
    `MakeRecommender`; with several workers it is sent to other processes. truth: of a simulated log. An open is scored
    against the whole catalogue if it came from no list, or the log has no lists at all; one from a list that the log
    does not have (a published history) is learned from only. InvalidInputError for an unknown policy.
    """
    names = tuple(dict.fromkeys(policies))
    for name in names:
        policy(name)
    outcome = replay_in_processes(Job(log, names, make, truth, workers), progress)
    return result_of(log, outcome, seed, simulated=truth is not None)


def result_of(log: Log, outcome: Outcome, seed: int, *, simulated: bool) -> dict[str, Any]:
    """Return the result of a pass through a log."""
    titles = {item.id: item.title for item in log.items}
    return {
        "log": {"events": log.events, "users": log.users, "impressions": log.impressions, "items": len(log.items)},
        "problems": _counts(log.problems + outcome.problems),
        "notices": _counts(log.notices + outcome.notices),
        "seed": seed,
        "simulated": simulated,
        "policies": {
            name: {
                **figures(tally, outcome.items, seed),
                "segments": segments(tally.lists, seed),
                "curve": curve(tally.lists),
                "worst": worst(tally.worst, titles),
            }
            for name, tally in outcome.tallies.items()
        },
        "comparisons": comparisons(outcome.tallies, seed),
    }


def _counts(kinds: Counter[str]) -> dict[str, int]:
    return {kind: kinds[kind] for kind in sorted(kinds) if kinds[kind]}
