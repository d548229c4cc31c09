"""What a factor is, and what a family of factors must do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from reader.profile.axes import Feature
from reader.recommend.catalogue import Rows
from reader.recommend.factors.moment import Moment

__all__ = ["Computed", "Explained", "FactorFamily", "FactorSpec", "Factors", "Match", "Moment"]

Factors = NDArray[np.float32]
Weights = NDArray[np.floating]


@dataclass(frozen=True, slots=True)
class FactorSpec:
    """One factor. axes: what its name is made of; weight: its hand-set part in the score, per unit."""

    name: str
    family: str
    unit: str
    low: float
    high: float
    formula: str
    source: str
    weight: float = 0.0
    axes: Mapping[str, str] = field(default_factory=dict, hash=False)


class Match(Protocol):
    """Factors that are sums over features of the profile, so that each feature's part can be told."""

    @property
    def features(self) -> tuple[Feature, ...]:
        """The features of the profile that take part."""

    def rates(self, weights: Weights) -> NDArray[np.float64]:
        """Return (features, signals): what a unit of each feature's amount adds to the score by each signal.

        weights: of the factors that the match explains. The part of a score that a feature brings is rate * amount;
        what a standardised factor takes off all candidates alike is no feature's: `constant`.
        """

    def amounts_of(self, candidates: Rows) -> NDArray[np.float32]:
        """Return (features, candidates): how much of each feature some rows of the moment have."""

    def mean_amounts(self) -> NDArray[np.float64]:
        """Return (features,): the mean of `amounts_of` over all candidates of the moment; 0 without any."""

    def constant(self, weights: Weights) -> float:
        """Return the part of the score that all candidates have alike: weights @ factors - rates @ amounts."""


@dataclass(frozen=True, slots=True)
class Explained:
    """A match and the rows of the factors, in the matrix it comes with, that it explains; all are of one family."""

    rows: slice
    match: Match
    family: str

    def shifted(self, by: int) -> Explained:
        """Return the same for a matrix in which the rows stand further below."""
        return Explained(slice(self.rows.start + by, self.rows.stop + by), self.match, self.family)


@dataclass(frozen=True, slots=True)
class Computed:
    """What families give. values: (factors, candidates) float32, finite; matches: what explains them, if any."""

    values: Factors
    matches: tuple[Explained, ...] = ()


class FactorFamily(Protocol):
    """Factors that are computed together."""

    @property
    def specs(self) -> tuple[FactorSpec, ...]:
        """The factors, in the order of the rows of `out`."""

    def fill(self, moment: Moment, out: Factors) -> tuple[Explained, ...]:
        """Write the factors of all candidates where they are wanted, and return what explains them.

        out: (factors, candidates), of any content, to be finite in the end.
        """
