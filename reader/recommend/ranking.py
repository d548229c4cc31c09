"""Candidates -> a list: factors, score, shaping, reasons. Pure: all that it looks at is handed in."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from reader.recommend.factors.registry import Registry
from reader.recommend.factors.spec import Explained, Factors, Moment
from reader.recommend.learning.utility import Utility
from reader.recommend.reasons import Explainer
from reader.recommend.shaping import Slot, by_score, diversify, explore
from reader.settings import RankingSettings
from reader.types import Reason, Recommended

EXPLORATION = Reason("exploration", "Something new, drawn by chance to learn what you like", 1.0)


@dataclass(frozen=True)
class Scored:
    """Candidates with their scores.

    raw: (families, candidates) float64, each family's part of the open score, weights @ factors; utility: which makes
    scores of them; factors: (factors, candidates); weights: (factors,) that were used; matches: what explains the
    factors. To see what would be without something, take its part off `raw` and ask `utility` again.
    """

    ids: list[str]
    raw: NDArray[np.float64]
    utility: Utility
    factors: Factors
    weights: NDArray[np.floating]
    matches: tuple[Explained, ...]

    @cached_property
    def scores(self) -> NDArray[np.float64]:
        """(candidates,) float64."""
        return self.utility.scores(self.raw)

    @cached_property
    def multipliers(self) -> NDArray[np.float64]:
        """(families, candidates): what a unit of `raw` adds to the score, on the way from nothing to the candidate."""
        return self.utility.multipliers(self.raw)

    @cached_property
    def contributions(self) -> dict[str, NDArray[np.float64]]:
        """Family -> (candidates,) float64: raw * multipliers, which sum to the score."""
        return dict(zip(self.utility.families, self.raw * self.multipliers, strict=True))


def score(moment: Moment, registry: Registry, weights: NDArray[np.float64], utility: Utility) -> Scored:
    """Score all candidates of a moment. weights: of the factors; utility: of its reader."""
    computed = registry.compute(moment)
    raw = np.array(list(registry.contributions(computed.values, weights).values()))
    return Scored(moment.ids, raw, utility, computed.values, weights, computed.matches)


def order_all(scored: Scored) -> tuple[Recommended, ...]:
    """Return all candidates by score, without shaping and reasons: for scoring a logged impression."""
    order = by_score(scored.scores, scored.ids, len(scored.ids))
    return tuple(
        Recommended(scored.ids[candidate], position, float(scored.scores[candidate]))
        for position, candidate in enumerate(order, start=1)
    )


def shape(moment: Moment, scored: Scored, rng: np.random.Generator, settings: RankingSettings) -> list[Slot]:
    """Return the slots of a list: diverse, with exploring places."""
    vectors = moment.catalogue.vectors.values[moment.rows]
    count = settings.list_length
    slots = diversify(scored.scores, vectors, scored.ids, count, weight=settings.diversity_weight)
    return explore(slots, len(scored.ids), rng, every=settings.exploring_every)


def present(moment: Moment, scored: Scored, slots: list[Slot]) -> tuple[Recommended, ...]:
    """Return the places of the list with their contributions and reasons."""
    chosen = np.array([slot.candidate for slot in slots], dtype=np.int64)
    explainer = Explainer(moment, scored.contributions, scored.matches, scored.weights, chosen)
    made = []
    for position, slot in enumerate(slots, start=1):
        parts = {family: float(values[slot.candidate]) for family, values in scored.contributions.items()}
        parts["diversity"] = slot.penalty
        made.append(
            Recommended(
                item=scored.ids[slot.candidate],
                position=position,
                score=sum(parts.values()),
                reasons=(EXPLORATION,) if slot.exploration else explainer.explain(slot.candidate),
                exploration=slot.exploration,
                propensity=slot.propensity,
                contributions=parts,
            )
        )
    return tuple(made)
