"""Fitting trees to lists: what the scores of the learner leave unexplained, and no more than holds for newer lists.

Two fits by the learner's own loss. The first, coarse, goes over all factors and chooses those worth looking at; the
second fits the trees to these alone, so that serving looks at about a hundred factors and not at thousands.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from reader.errors import MissingPackageError
from reader.recommend.challenger.sample import Sample
from reader.recommend.challenger.trees import Trees, families_of
from reader.recommend.factors.registry import Registry
from reader.recommend.learning.learner import rates_of
from reader.settings_challenger import ChallengerSettings


@dataclass(frozen=True, slots=True)
class Fitted:
    """What a fit came to.

    trees: None if none was of use; reason: then why. lists: fitted to, and those that said when to stop; loss: of one
    of the latter, before and with the trees.
    """

    trees: Trees | None
    reason: str = ""
    lists: tuple[int, int] = (0, 0)
    loss: tuple[float, float] | None = None
    rounds: int = 0


def fit(sample: Sample, registry: Registry, settings: ChallengerSettings, seed: int) -> Fitted:
    """Fit trees to a sample. The same sample and seed give the same trees, to the byte.

    MissingPackageError if LightGBM is not installed.
    """
    if len(sample) < settings.least_lists:
        few = f"{len(sample)} lists from which something was chosen and something not"
        return Fitted(None, f"{few}; a fit needs {settings.least_lists} (challenger.least_lists)")
    try:
        from reader.recommend.challenger.boosting import Boosting
    except ImportError as error:
        raise MissingPackageError("lightgbm", "train", str(error)) from error
    older, newer = sample.split(settings.stopping_share)
    lists, before = (older.lists, newer.lists), newer.targets.loss(newer.scores)
    boosting, rates = Boosting(sample, older, newer, settings, seed), rates_of(registry.specs)
    chosen = boosting.run(np.arange(len(rates)), rates, settings.choosing_rate).used
    if not len(chosen):
        return Fitted(None, "no factor parts what was chosen from what was not", lists, (before, before))
    found = boosting.run(chosen, rates[chosen], settings.learning_rate)
    if not found.loss < before:
        return Fitted(None, "no tree makes the newer lists likelier", lists, (before, found.loss))
    rows = tuple(chosen.tolist())
    trees = Trees(found.text, rows, families_of(rows, registry.family_rows), len(registry.family_rows))
    return Fitted(trees, "", lists, (before, found.loss), found.rounds)
