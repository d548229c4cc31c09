"""Candidates -> a list: factors, score, shaping, reasons. Pure: all that it looks at is handed in."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from reader.recommend.catalogue import Rows
from reader.recommend.challenger.trees import Trees
from reader.recommend.factors.registry import Registry
from reader.recommend.factors.spec import Computed, Explained, Factors, Moment
from reader.recommend.familiar import known_stories, novelty
from reader.recommend.learning.utility import Utility
from reader.recommend.lineup import field_of, lineup_of
from reader.recommend.parts import FeatureParts
from reader.recommend.quiet import lift
from reader.recommend.reasons import Explainer
from reader.recommend.shaping import Shaper, Slot, by_score, spread_of
from reader.recommend.surprise import Daring
from reader.recommend.wording import say_plain
from reader.settings import RankingSettings
from reader.types import Reason, Recommended

# The row that trees add to what the families bring, before it is shared out to them.
CHALLENGER = "challenger"
EXPLORATION = Reason("exploration", say_plain("exploration"), 1.0)


@dataclass(frozen=True)
class Scored:
    """Candidates with their scores.

    raw: (families, candidates) float64, each family's part of the open score, weights @ factors; utility: which makes
    scores of them; factors: (factors, candidates); weights: (factors,) that were used; matches: what explains the
    factors. To see what would be without something, take its part off `raw` and ask `utility` again. trees: if they
    serve, what they add is the last row of `raw`.
    """

    ids: list[str]
    raw: NDArray[np.float64]
    utility: Utility
    factors: Factors
    weights: NDArray[np.floating]
    matches: tuple[Explained, ...]
    trees: Trees | None = None

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

    def parts_of(self, candidates: Rows) -> FeatureParts:
        """Return which part of the scores of some candidates each feature of the profile brings."""
        of_family = dict(zip(self.utility.families, self.multipliers, strict=True))
        scales = [of_family[found.family][candidates] for found in self.matches]
        return FeatureParts(self.matches, self.weights, candidates, scales)

    def by_family(self, candidates: Rows) -> dict[str, NDArray[np.float64]]:
        """Return the contributions, with what trees add shared out to the families whose factors they went by.

        Only those of `candidates` sum to the score: sharing out costs more than scoring.
        """
        shared = dict(self.contributions)
        if self.trees is None:
            return shared
        del shared[CHALLENGER]
        added = self.trees.parts(self.factors[:, candidates]) * self.multipliers[-1, candidates]
        for family, own in zip(shared, added, strict=True):
            shared[family] = shared[family].copy()
            shared[family][candidates] += own
        return shared


def score(
    moment: Moment, registry: Registry, weights: NDArray[np.float64], utility: Utility, trees: Trees | None = None
) -> Scored:
    """Score all candidates of a moment. weights: of the factors; utility: of its reader; trees: those that serve."""
    return weigh(moment, registry.compute(moment), registry, weights, utility, trees)


def weigh(
    moment: Moment,
    computed: Computed,
    registry: Registry,
    weights: NDArray[np.float64],
    utility: Utility,
    trees: Trees | None = None,
) -> Scored:
    """Score candidates whose factors are computed."""
    raw = np.array(list(registry.contributions(computed.values, weights).values()))
    if trees is not None:
        raw = np.vstack([raw, trees.scores(computed.values)])
        utility = utility.beside(CHALLENGER)
    return Scored(moment.ids, raw, utility, computed.values, weights, computed.matches, trees)


def order_all(scored: Scored, only: Container[str]) -> tuple[Recommended, ...]:
    """Return the candidates that are in `only` by score, without shaping and reasons: for a logged impression."""
    order = [place for place in by_score(scored.scores, scored.ids, len(scored.ids)) if scored.ids[place] in only]
    return tuple(
        Recommended(scored.ids[candidate], position, float(scored.scores[candidate]))
        for position, candidate in enumerate(order, start=1)
    )


@dataclass(frozen=True, slots=True)
class Shaped:
    """The slots of a list; known: contribution -> (candidates,) float64, what the reader knows already cost them."""

    slots: list[Slot]
    known: dict[str, NDArray[np.float64]]


def shape(
    moment: Moment, scored: Scored, quiet: Rows, rng: np.random.Generator, daring: Daring, settings: RankingSettings
) -> Shaped:
    """Fill the slots of a list. quiet: the rows among the candidates that are news of quiet sources."""
    spread = spread_of(scored.scores, settings.list_length)
    far = novelty(moment) if daring.novelty else np.zeros(len(scored.ids))
    known = {"story": spread * known_stories(moment, settings), "novelty": spread * daring.novelty * far}
    if len(quiet):
        known["quiet"] = spread * lift(moment, quiet, settings.quiet)
    scores = scored.scores + sum(known.values())
    field = field_of(moment.catalogue, moment.rows)
    lineup = lineup_of(moment.catalogue, field, settings.caps, moment.state)
    shaper = Shaper(field, lineup, scores, moment.vectors, weight=daring.diversity, spread=spread)
    return Shaped(shaper.fill(settings.list_length, rng, every=daring.exploring_every), known)


def present(moment: Moment, scored: Scored, shaped: Shaped) -> tuple[Recommended, ...]:
    """Return the places of the list with their contributions and reasons."""
    chosen = np.array([slot.candidate for slot in shaped.slots], dtype=np.int64)
    contributions = scored.by_family(chosen) | shaped.known
    explainer = Explainer(moment, contributions, scored.parts_of(chosen))
    of_slots = zip(*(values[chosen].tolist() for values in contributions.values()), strict=True)
    made = []
    for position, (slot, own) in enumerate(zip(shaped.slots, of_slots, strict=True), start=1):
        parts = dict(zip(contributions, own, strict=True)) | {"diversity": slot.diversity, "caps": slot.caps}
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
