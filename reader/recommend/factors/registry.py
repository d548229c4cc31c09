"""All factors: names, weights, and their computation for all candidates at once."""

from __future__ import annotations

from functools import cached_property
from itertools import accumulate
from typing import Final

import numpy as np
from numpy.typing import NDArray

from reader.recommend.factors.affinity import AffinityFamily
from reader.recommend.factors.audience import AudienceFamily
from reader.recommend.factors.collaborative import CollaborativeFamily
from reader.recommend.factors.content import ContentFamily
from reader.recommend.factors.heat import HeatFamily, UncertaintyFamily
from reader.recommend.factors.history import HistoryFamily
from reader.recommend.factors.interest import InterestFamily
from reader.recommend.factors.intrinsic import ContextFamily, FreshnessFamily, IntrinsicFamily
from reader.recommend.factors.lexical import LexicalFamily
from reader.recommend.factors.saturation import SaturationFamily
from reader.recommend.factors.spec import Computed, FactorFamily, Factors, FactorSpec, Moment
from reader.recommend.factors.style import StyleFamily
from reader.recommend.factors.video import VideoFamily
from reader.recommend.factors.watching import WatchedVideoFamily, WatchFamily
from reader.settings import RankingSettings

# Length of the vectors of all-MiniLM-L6-v2.
DIM: Final = 384
# The families that look at keywords, topics and makers of the profile, and the only ones with matches.
_READ_INTERESTS: Final = (InterestFamily, LexicalFamily)


class Registry:
    """The families in a fixed order. A factor's place in `specs` is its row in the matrix of `compute`."""

    def __init__(self, families: tuple[FactorFamily, ...]) -> None:
        self._families = families
        self.specs: tuple[FactorSpec, ...] = tuple(spec for family in families for spec in family.specs)

    @cached_property
    def priors(self) -> NDArray[np.float64]:
        """The hand-set weights, (factors,) float64."""
        return np.array([spec.weight for spec in self.specs])

    @cached_property
    def family_rows(self) -> dict[str, NDArray[np.int64]]:
        """For each family name the rows of its factors."""
        names = np.array([spec.family for spec in self.specs])
        return {name: np.flatnonzero(names == name) for name in dict.fromkeys(names.tolist())}

    def compute(self, moment: Moment) -> Computed:
        """Compute all factors of all candidates."""
        parts = [family.compute(moment) for family in self._families]
        starts = accumulate((len(part.values) for part in parts), initial=0)
        matches = tuple(
            match.shifted(start) for part, start in zip(parts, starts, strict=False) for match in part.matches
        )
        return Computed(np.concatenate([part.values for part in parts]), matches)

    def recompute(self, moment: Moment, known: Factors) -> Computed:
        """Compute all factors again for a moment that differs from that of the known ones by interests alone.

        Only by interests that have names and can be steered: languages and clusters must be as they were.
        """
        values, matches, end = known.copy(), [], 0
        for family in self._families:
            start, end = end, end + len(family.specs)
            if isinstance(family, _READ_INTERESTS):
                part = family.compute(moment)
                values[start:end] = part.values
                matches += [match.shifted(start) for match in part.matches]
        return Computed(values, tuple(matches))

    def contributions(
        self, factors: Factors, weights: NDArray[np.floating] | None = None
    ) -> dict[str, NDArray[np.float64]]:
        """Return for each family its (candidates,) float64 part of the score; the score is their sum.

        weights: (factors,), the hand-set ones if not given. Factors that weigh nothing are not looked at.
        """
        weights = self.priors if weights is None else weights
        found = {}
        for name, rows in self.family_rows.items():
            heavy = rows[weights[rows] != 0]
            found[name] = weights[heavy].astype(np.float64) @ factors[heavy].astype(np.float64)
        return found


def default_registry(settings: RankingSettings, dim: int = DIM) -> Registry:
    """Return the registry that serves. dim: of the catalogue's vectors."""
    return Registry(
        (
            InterestFamily(settings.interest_shrinkage),
            LexicalFamily(settings.query_terms),
            HistoryFamily(),
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
    )
