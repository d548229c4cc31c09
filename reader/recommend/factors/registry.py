"""All factors: names, weights, and their computation for all candidates at once."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from itertools import accumulate, pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from reader.recommend.claims import WITNESSES
from reader.recommend.factors.affinity import AffinityFamily
from reader.recommend.factors.audience import AudienceFamily
from reader.recommend.factors.collaborative import CollaborativeFamily
from reader.recommend.factors.content import ContentFamily
from reader.recommend.factors.discriminant import DiscriminantFamily
from reader.recommend.factors.heat import HeatFamily, UncertaintyFamily
from reader.recommend.factors.history import HistoryFamily
from reader.recommend.factors.interest import InterestFamily
from reader.recommend.factors.intrinsic import ContextFamily, FreshnessFamily, IntrinsicFamily
from reader.recommend.factors.lexical import LexicalFamily
from reader.recommend.factors.saturation import SaturationFamily
from reader.recommend.factors.spec import (
    Computed,
    Explained,
    FactorFamily,
    Factors,
    FactorSpec,
    Moment,
)
from reader.recommend.factors.style import StyleFamily
from reader.recommend.factors.video import VideoFamily
from reader.recommend.factors.watching import WatchedVideoFamily, WatchFamily
from reader.settings import RankingSettings

# Length of the vectors of all-MiniLM-L6-v2.
DIM: Final = 384
# The families that look at keywords, topics and makers of the profile, and the only ones with matches.
_READ_INTERESTS: Final = (InterestFamily, LexicalFamily)
# Factors weighed at a time: 48 x 500 float64 are 192 kB. Ours, of 16 to 256 the fastest.
_PORTION: Final = 48


class Registry:
    """The families in a fixed order. A factor's place in `specs` is its row in the matrix of `compute`."""

    def __init__(self, families: tuple[FactorFamily, ...]) -> None:
        self.specs: tuple[FactorSpec, ...] = tuple(spec for family in families for spec in family.specs)
        ends = accumulate((len(family.specs) for family in families), initial=0)
        rows = [slice(start, stop) for start, stop in pairwise(ends)]
        # Each family with the rows of its factors.
        self.placed = tuple(zip(families, rows, strict=True))

    @cached_property
    def priors(self) -> NDArray[np.float64]:
        """The hand-set weights, (factors,) float64."""
        return np.array([spec.weight for spec in self.specs])

    @cached_property
    def family_rows(self) -> dict[str, NDArray[np.int64]]:
        """For each family name the rows of its factors."""
        names = np.array([spec.family for spec in self.specs])
        return {name: np.flatnonzero(names == name) for name in dict.fromkeys(names.tolist())}

    @cached_property
    def witness_rows(self) -> dict[str, NDArray[np.int64]]:
        """For each family whose sentence claims something the rows of the factors that can bear it out."""
        rows = {spec.name: row for row, spec in enumerate(self.specs)}
        return {
            family: np.array([rows[name] for name in names], dtype=np.int64)
            for family, names in WITNESSES.items()
            if family in self.family_rows
        }

    def compute(self, moment: Moment) -> Computed:
        """Compute all factors of all candidates, each family straight into its rows of one matrix."""
        values = np.empty((len(self.specs), len(moment.rows)), dtype=np.float32)
        return Computed(values, _filled(self.placed, moment, values))

    def recompute(self, moment: Moment, known: Factors) -> Computed:
        """Compute all factors again for a moment that differs from that of the known ones by interests alone.

        Only by interests that have names and can be steered: languages and clusters must be as they were.
        """
        values = known.copy()
        following = (own for own in self.placed if isinstance(own[0], _READ_INTERESTS))
        return Computed(values, _filled(following, moment, values))

    def contributions(self, factors: Factors, weights: NDArray[np.floating] | None = None) -> NDArray[np.float64]:
        """Return (families, candidates): the part of the score of each family of `family_rows`; the score is their sum.

        weights: (factors,), the hand-set ones if not given. Factors that weigh nothing are not looked at.
        """
        weights = self.priors if weights is None else weights
        heavy = np.flatnonzero(weights)
        ends = np.searchsorted(heavy, self._family_ends)
        return np.array([_weighed(factors, weights, heavy[start:end]) for start, end in pairwise((0, *ends))])

    @cached_property
    def _family_ends(self) -> list[int]:
        """The row after the last of each family; the rows of a family follow one another."""
        return [int(rows[-1]) + 1 for rows in self.family_rows.values()]


def _filled(placed: Iterable[tuple[FactorFamily, slice]], moment: Moment, values: Factors) -> tuple[Explained, ...]:
    """Have some families write their rows, and return what explains these."""
    return tuple(found.shifted(rows.start) for family, rows in placed for found in family.fill(moment, values[rows]))


def _weighed(factors: Factors, weights: NDArray[np.floating], rows: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return (candidates,) float64: the sum of some factors by their weights."""
    total = np.zeros(factors.shape[1])
    # In portions that stay in the processor's cache, since float64 takes twice the room of the factors.
    for start in range(0, len(rows), _PORTION):
        own = rows[start : start + _PORTION]
        total += weights[own].astype(np.float64, copy=False) @ factors[_as_slice(own)].astype(np.float64)
    return total


def _as_slice(rows: NDArray[np.int64]) -> slice | NDArray[np.int64]:
    """Return a slice where the rows are consecutive: to read that copies nothing."""
    if not len(rows) or rows[-1] - rows[0] != len(rows) - 1:
        return rows
    return slice(int(rows[0]), int(rows[-1]) + 1)


def default_registry(settings: RankingSettings, dim: int = DIM) -> Registry:
    """Return the registry that serves. dim: of the catalogue's vectors."""
    return Registry(default_families(settings, dim))


def default_families(settings: RankingSettings, dim: int) -> tuple[FactorFamily, ...]:
    """Return its families, in the order of their factors."""
    return (
        InterestFamily(settings.interest_shrinkage),
        LexicalFamily(settings.query_terms),
        HistoryFamily(),
        DiscriminantFamily(),
        HeatFamily(),
        UncertaintyFamily(),
        FreshnessFamily(),
        IntrinsicFamily(),
        ContextFamily(),
        SaturationFamily(),
        AffinityFamily(),
        CollaborativeFamily(),
        AudienceFamily(),
        VideoFamily(),
        WatchedVideoFamily(),
        WatchFamily(),
        StyleFamily(),
        ContentFamily(dim),
    )
