"""The next list, and what it would be if one interest had no weight: "without *lithium* this would be number 14".

That is not a part taken off a score, but the list made anew. Without the interest its credit no longer counts toward
the norm of its kind, other keywords move up into the query, other candidates are found, and all that is relative to
them (z-scores, shares of the maximum) changes. So the place is the one that the item gets when the reader sets the
weight to 0 and nothing else happens. Exploring places stay open: what they will hold is left to chance.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final, cast, get_args

import numpy as np
from numpy.typing import NDArray

from reader.profile.axes import Feature
from reader.profile.portrait import Portrait
from reader.recommend.candidates import SOUGHT_KINDS, Found, Mask, Seeking
from reader.recommend.catalogue import Rows
from reader.recommend.challenger.trees import Trees
from reader.recommend.factors.registry import Registry
from reader.recommend.factors.spec import Computed, Moment
from reader.recommend.learning.utility import Utility
from reader.recommend.ranking import Scored, shape, weigh
from reader.recommend.reasons import LEAST_SHARE
from reader.recommend.surprise import Daring
from reader.settings import RankingSettings
from reader.types import Counterfactual, Target, TargetKind

# Kinds that a reader can steer. A cluster has no name, and who reads a language cannot well do without.
STEERABLE: Final = get_args(TargetKind)


@dataclass(frozen=True)
class Ground:
    """All that a list is made from. moment: without candidates yet; mask: rows that may be listed."""

    moment: Moment
    mask: Mask
    registry: Registry
    weights: NDArray[np.float64]
    utility: Utility
    daring: Daring
    settings: RankingSettings
    trees: Trees | None = None


class NextList:
    """The list that a reader would get now, and variants of it. Pure: nothing is kept, logged or drawn."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._variants: dict[Feature, Mapping[str, int]] = {}

    @cached_property
    def _found(self) -> Found:
        return self._seeking(self._ground.moment.portrait).all()

    def _seeking(self, portrait: Portrait) -> Seeking:
        ground = self._ground
        return Seeking(ground.moment.catalogue, portrait, ground.mask, ground.moment.at_s, ground.settings)

    @cached_property
    def _base(self) -> tuple[Moment, Scored]:
        return self._score(self._with(self._ground.moment.portrait, self._found.rows))

    def _score(self, moment: Moment, computed: Computed | None = None) -> tuple[Moment, Scored]:
        ground = self._ground
        computed = ground.registry.compute(moment) if computed is None else computed
        return moment, weigh(moment, computed, ground.registry, ground.weights, ground.utility, ground.trees)

    @cached_property
    def places(self) -> Mapping[str, int]:
        """The place of each item that would be listed, from 1."""
        return self._places(*self._base, self._found.quiet)

    def places_without(self, feature: Feature) -> Mapping[str, int]:
        """Return the places if the reader had set the weight of a feature to 0."""
        if feature not in self._variants:
            portrait = without(self._ground.moment.portrait, feature)
            found = self._found_without(feature, portrait)
            self._variants[feature] = self._places(*self._scored_with(portrait, found.rows), found.quiet)
        return self._variants[feature]

    def _scored_with(self, portrait: Portrait, rows: Rows) -> tuple[Moment, Scored]:
        base, scored = self._base
        if not np.array_equal(rows, base.rows):
            return self._score(self._with(portrait, rows))
        moment = base.with_portrait(portrait)
        return self._score(moment, self._ground.registry.recompute(moment, scored.factors))

    def _found_without(self, feature: Feature, portrait: Portrait) -> Found:
        found, seeking = self._found, self._seeking(portrait)
        if feature[0] == "keyword":
            return replace(found, lexical=seeking.by_words())
        if feature[0] == "source":
            return replace(found, quiet=seeking.quiet())
        if feature[0] in SOUGHT_KINDS:
            return replace(found, of_traits=seeking.by_traits())
        return found

    def _with(self, portrait: Portrait, rows: Rows) -> Moment:
        given = self._ground.moment
        return replace(given, portrait=portrait, rows=rows)

    def _places(self, moment: Moment, scored: Scored, quiet: Rows) -> Mapping[str, int]:
        daring, settings = self._ground.daring, self._ground.settings
        without_chance = replace(daring, exploring_every=None)
        shaped = shape(moment, scored, quiet, np.random.default_rng(0), without_chance, settings)
        ranked = (scored.ids[slot.candidate] for slot in shaped.slots)
        places = ((item, place_of(rank, daring.exploring_every)) for rank, item in enumerate(ranked, start=1))
        return {item: place for item, place in places if place is not None and place <= settings.list_length}

    def strongest(self, items: Sequence[str], count: int) -> dict[str, list[tuple[float, Feature]]]:
        """Return for each item that would be listed the features that speak for it most, with their part of its score.

        At most `count`, strongest first, each a fair part of what features say for the item.
        """
        _, scored = self._base
        candidate = {item: number for number, item in enumerate(scored.ids)}
        listed = [item for item in items if item in candidate]
        rows = np.array([candidate[item] for item in listed], dtype=np.int64)
        parts = scored.told_of(rows).by_feature()
        return {item: _strongest(parts.by_feature(candidate[item]), count) for item in listed}

    def counterfactuals(self, items: Sequence[str]) -> dict[str, tuple[Counterfactual, ...]]:
        """Return for each item that would be listed where it would stand without what speaks for it most.

        For a single item some features are tried, for more some of them all together: the strongest of each item first.
        """
        settings = self._ground.settings
        strongest = self.strongest(items, settings.counterfactuals_a_place)
        ranked = sorted((rank, -part, name) for own in strongest.values() for rank, (part, name) in enumerate(own))
        count = settings.counterfactuals_a_place if len(items) == 1 else settings.counterfactuals_a_list
        tried = list(dict.fromkeys(name for *_, name in ranked))[:count]
        return {
            item: tuple(self._counterfactual(item, name) for _, name in own if name in tried)
            for item, own in strongest.items()
        }

    def _counterfactual(self, item: str, feature: Feature) -> Counterfactual:
        kind, value = feature
        label = self._ground.moment.label(feature)
        return Counterfactual(Target(cast(TargetKind, kind), value), label, self.places_without(feature).get(item))


def _strongest(parts: Mapping[Feature, float], count: int) -> list[tuple[float, Feature]]:
    least = LEAST_SHARE * sum(part for part in parts.values() if part > 0)
    named = [(part, feature) for feature, part in parts.items() if feature[0] in STEERABLE and part > 0]
    return [each for each in sorted(named, key=lambda each: (-each[0], each[1])) if each[0] >= least][:count]


def without(portrait: Portrait, feature: Feature) -> Portrait:
    """Return the portrait of a reader who has set the weight of a feature to 0."""
    interests = portrait.interests.copy()
    interests.pin(feature, interests.labels[feature], 0.0)
    return replace(portrait, interests=interests)


def place_of(rank: int, exploring_every: int | None) -> int | None:
    """Return the place of the item at a rank (from 1) among those not drawn by chance; None if all places are drawn.

    >>> [place_of(rank, 10) for rank in (1, 9, 10, 18, 19)], place_of(19, None)
    ([1, 9, 11, 19, 21], 19)
    """
    if exploring_every is None:
        return rank
    return None if exploring_every == 1 else rank + (rank - 1) // (exploring_every - 1)
