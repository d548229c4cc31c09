"""How good a ranking is, as pure functions over labels, scores and lists.

What belongs here: formulas, each with its source. What does not: which lists are scored, and with what knowledge
(`reader.replay.run`), and estimates for lists that were never shown (`reader.replay.off_policy`).

Labels are 1 or True for an item that was opened and 0 or False for one that was not; scores are finite, higher is
better. Both are given in the order of the candidates, which breaks ties of the score; only `auc`, which counts a tie
as half, and calibration do not look at it. A quantity that the input leaves undefined is a ValueError: ask
`is_scorable` first, as the means of MIND do.
"""

from reader.replay.metrics.adaptation import Adaptation, adapted_share, median_time_to_adapt
from reader.replay.metrics.calibration import calibration_error, expected_calibration_error, scale_scores
from reader.replay.metrics.intervals import (
    bootstrap_ci95,
    bootstrap_statistic_ci95,
    gauc_ci95,
    paired_difference_ci95,
)
from reader.replay.metrics.lists import coverage, ild, miscalibration, novelty, repeats
from reader.replay.metrics.ranking import auc, gauc, hit, is_scorable, mrr, ndcg
from reader.replay.metrics.taking_up import LISTS_AFTER, NEVER, TAKEN_UP_WITHIN, TakingUp, presences, taken_up

__all__ = [
    "LISTS_AFTER",
    "NEVER",
    "TAKEN_UP_WITHIN",
    "Adaptation",
    "TakingUp",
    "adapted_share",
    "auc",
    "bootstrap_ci95",
    "bootstrap_statistic_ci95",
    "calibration_error",
    "coverage",
    "expected_calibration_error",
    "gauc",
    "gauc_ci95",
    "hit",
    "ild",
    "is_scorable",
    "median_time_to_adapt",
    "miscalibration",
    "mrr",
    "ndcg",
    "novelty",
    "paired_difference_ci95",
    "presences",
    "repeats",
    "scale_scores",
    "taken_up",
]
