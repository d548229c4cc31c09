"""Candidates -> a list: factors, score, shaping, reasons. Pure: all that it looks at is handed in."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from reader.recommend.catalogue import Rows
from reader.recommend.challenger.trees import Trees
from reader.recommend.claims import borne_out
from reader.recommend.factors.registry import Registry
from reader.recommend.factors.relative import means_of
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
    factors; witnesses: family -> the rows of the factors that can bear out its sentence. To see what would be without
    something, take its part off `raw` and ask `utility` again. trees: if they serve, what they add is the last row of
    `raw`.
    """

    ids: list[str]
    raw: NDArray[np.float64]
    utility: Utility
    factors: Factors
    weights: NDArray[np.floating]
    matches: tuple[Explained, ...]
    witnesses: Mapping[str, Rows]
    trees: Trees | None = None

    @cached_property
    def scores(self) -> NDArray[np.float64]:
        """(candidates,) float64."""
        return self.utility.scores(self.raw)

    def told_of(self, candidates: Rows) -> Told:
        """Return how the scores of some candidates come about, which costs more than scoring all of them."""
        raw = self.raw.take(candidates, axis=1)
        return Told(self, candidates, raw, self.utility.multipliers(raw))


@dataclass(frozen=True, slots=True)
class Told:
    """The scores of some candidates in parts.

    candidates: (k,); raw: (families, k) of these; multipliers: (families, k), what a unit of `raw` adds to the score,
    on the way from nothing to the candidate.
    """

    scored: Scored
    candidates: Rows
    raw: NDArray[np.float64]
    multipliers: NDArray[np.float64]

    def by_family(self) -> dict[str, NDArray[np.float64]]:
        """Return family -> (k,) float64, which sum to the scores: raw * multipliers.

        What trees add is shared out to the families whose factors they went by.
        """
        scored = self.scored
        parts = dict(zip(scored.utility.families, self.raw * self.multipliers, strict=True))
        if scored.trees is None:
            return parts
        del parts[CHALLENGER]
        added = scored.trees.parts(scored.factors[:, self.candidates]) * self.multipliers[-1]
        return {family: own + more for (family, own), more in zip(parts.items(), added, strict=True)}

    def means(self) -> dict[str, NDArray[np.float64]]:
        """Return family -> (k,) float64: what a candidate with the mean `raw` of all would get at each of these places.

        Without what trees add, which is told as the way from the mean of what they were fitted to.
        """
        means = means_of(self.scored.raw)[:, None] * self.multipliers
        return {name: own for name, own in zip(self.scored.utility.families, means, strict=True) if name != CHALLENGER}

    def borne_out(self) -> dict[str, NDArray[np.bool_]]:
        """Return family -> (k,): where the sentence of a family that claims something is true."""
        scored = self.scored
        return {name: borne_out(scored.factors[rows], self.candidates) for name, rows in scored.witnesses.items()}

    def by_feature(self) -> FeatureParts:
        """Return which part each feature of the profile brings."""
        scored, of_family = self.scored, dict(zip(self.scored.utility.families, self.multipliers, strict=True))
        scales = [of_family[found.family] for found in scored.matches]
        return FeatureParts(scored.matches, scored.weights, self.candidates, scales)


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
    raw = registry.contributions(computed.values, weights)
    if trees is not None:
        raw = np.vstack([raw, trees.scores(computed.values)])
        utility = utility.beside(CHALLENGER)
    return Scored(moment.ids, raw, utility, computed.values, weights, computed.matches, registry.witness_rows, trees)


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


@dataclass(frozen=True, slots=True, eq=False)
class Presented:
    """A list with its reasons.

    places: from the first; told: the candidates that stand there, in order; means: contribution -> (places,), what a
    candidate with the mean of all would get at each place: only what exceeds it is a reason.
    """

    places: tuple[Recommended, ...]
    told: Told
    means: Mapping[str, NDArray[np.float64]]


def present(moment: Moment, scored: Scored, shaped: Shaped) -> Presented:
    """Return the places of the list with their contributions and reasons, and what these went by."""
    chosen = np.array([slot.candidate for slot in shaped.slots], dtype=np.int64)
    told = scored.told_of(chosen)
    contributions = told.by_family() | {name: values[chosen] for name, values in shaped.known.items()}
    known_means = {name: means_of(values[None]).repeat(len(chosen)) for name, values in shaped.known.items()}
    means = told.means() | known_means
    explainer = Explainer(moment, contributions, means, told.borne_out(), told.by_feature())
    of_slots = zip(*(values.tolist() for values in contributions.values()), strict=True)
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
    return Presented(tuple(made), told, means)
