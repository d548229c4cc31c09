"""How well lists were ranked, kept as they are learned from: each judged by what was known before it.

Progressive validation (Blum, Kalai & Langford, COLT 1999): the running AUC is an honest one, since no list has taught
the scores that it is judged by.
"""

from __future__ import annotations

import math
from dataclasses import astuple, dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

# Lists after which a list counts 1 / e of a new one in the figures of late; ours.
LATELY_LISTS = 200.0


@dataclass(frozen=True, slots=True)
class Progress:
    """Sums over lists; those of late fade from list to list. `auc` and the like are what they amount to.

    ranked: lists with an opening and another place, the only ones that have an AUC; taught, places, opened: of all
    lists; expected: openings by their chances; brier: squared errors of the chances.
    """

    ranked: float = 0.0
    auc_sum: float = 0.0
    late_weight: float = 0.0
    late_auc_sum: float = 0.0
    taught: float = 0.0
    places: float = 0.0
    opened: float = 0.0
    expected: float = 0.0
    brier: float = 0.0
    late_places: float = 0.0
    late_opened: float = 0.0
    late_expected: float = 0.0
    late_brier: float = 0.0

    @property
    def auc(self) -> float:
        """Mean over all ranked lists, 0 to 1; NaN before the first."""
        return self.auc_sum / self.ranked if self.ranked else math.nan

    @property
    def late_auc(self) -> float:
        """The same of late."""
        return self.late_auc_sum / self.late_weight if self.late_weight else math.nan

    @property
    def mean_brier(self) -> float:
        """Mean squared error of the chance of an opening, 0 to 1 (Brier 1950); NaN before the first list."""
        return self.brier / self.places if self.places else math.nan

    @property
    def figures(self) -> dict[str, float]:
        """What is to be shown, by name; NaN where there is nothing yet."""
        return {
            "lists": self.taught,
            "auc": self.auc,
            "auc_late": self.late_auc,
            "openings": self.opened,
            "openings_expected": self.expected,
            "brier": self.mean_brier,
        }

    def plus(self, scores: NDArray[np.float64], chances: NDArray[np.float64], opened: NDArray[np.bool_]) -> Progress:
        """Take in a list: scores by which it was ranked, chances of an opening, and what was opened; (places,) each."""
        fading = math.exp(-1.0 / LATELY_LISTS)
        count, found, expected = float(len(opened)), float(opened.sum()), float(chances.sum())
        brier = float(((chances - opened) ** 2).sum())
        judged = replace(
            self,
            taught=self.taught + 1.0,
            places=self.places + count,
            opened=self.opened + found,
            expected=self.expected + expected,
            brier=self.brier + brier,
            late_places=fading * self.late_places + count,
            late_opened=fading * self.late_opened + found,
            late_expected=fading * self.late_expected + expected,
            late_brier=fading * self.late_brier + brier,
        )
        return judged._ranked(auc(scores, opened), fading) if 0 < found < count else judged

    def _ranked(self, value: float, fading: float) -> Progress:
        return replace(
            self,
            ranked=self.ranked + 1.0,
            auc_sum=self.auc_sum + value,
            late_weight=fading * self.late_weight + 1.0,
            late_auc_sum=fading * self.late_auc_sum + value,
        )

    def to_array(self) -> NDArray[np.float64]:
        """Return what is to be kept, in the order of the fields."""
        return np.array(astuple(self), dtype=np.float64)

    @classmethod
    def from_array(cls, values: NDArray[np.float64]) -> Progress:
        """Return what `to_array` gave."""
        return cls(*values.tolist())


COUNT = len(fields(Progress))


def auc(scores: NDArray[np.float64], opened: NDArray[np.bool_]) -> float:
    """Return the share of pairs of an opened and another place that are in order, ties counting half; 0 to 1.

    >>> auc(np.array([0.5, 0.5, 0.1]), np.array([True, False, False]))
    0.75
    """
    ahead = np.sign(scores[opened][:, None] - scores[~opened])
    return float((ahead.mean() + 1.0) / 2.0)
