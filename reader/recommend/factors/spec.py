"""What a factor is, and what a family of factors must do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from reader.profile.axes import Feature
from reader.profile.state import Portrait, ReaderState
from reader.recommend.catalogue import Catalogue, Rows

Factors = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class FactorSpec:
    """One factor. weight: its hand-set part in the score, per unit; most names are made from axes."""

    name: str
    family: str
    unit: str
    low: float
    high: float
    formula: str
    source: str
    weight: float


@dataclass(frozen=True, slots=True)
class Moment:
    """All that factors may look at: one reader, some candidates (rows of the catalogue), one time."""

    state: ReaderState
    portrait: Portrait
    catalogue: Catalogue
    rows: Rows
    at_s: float


class Match(Protocol):
    """Factors that are sums over features of the profile, so that each feature's part can be told."""

    @property
    def features(self) -> tuple[Feature, ...]:
        """The features of the profile that take part."""

    def by_feature(self, candidates: Rows) -> NDArray[np.float64]:
        """Return (features, signals, candidates): the part of the score that each feature brings by each signal.

        candidates: indices into the rows of the moment.
        """


@dataclass(frozen=True, slots=True)
class Computed:
    """What a family gives. values: (factors, candidates) float32, finite; matches: what explains them, if any."""

    values: Factors
    matches: tuple[Match, ...] = ()


class FactorFamily(Protocol):
    """Factors that are computed together."""

    @property
    def specs(self) -> tuple[FactorSpec, ...]:
        """The factors, in the order of the rows that `compute` gives."""

    def compute(self, moment: Moment) -> Computed:
        """Compute the factors of all candidates at once."""
