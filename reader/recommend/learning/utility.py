"""What a place is worth: the sum of the chances of actions x their values, as a score that is a sum over families.

With c the contributions of the families to the open score (weights @ factors), each chance is the sigmoid of a linear
form of c, and

    utility = P(open) * worth - value of hide * P(hide)
    worth   = value of open + sum of value * P(action | open) - value of bounce * P(bounce | open)

The score is an increasing function of the utility (`Utility.scores`), 0 where nothing speaks for or against a place.
How it parts into families is said at `Utility.multipliers`. ADR-0010 argues for both.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from reader.settings import ValueSettings

Action = Literal["read", "finish", "plus", "bounce", "hide"]
# All but hide can only follow an opening.
ACTIONS: Final[tuple[Action, ...]] = ("read", "finish", "plus", "bounce", "hide")
OPEN: Final = 0
AFTER_OPEN: Final = slice(1, 1 + ACTIONS.index("hide"))
HIDE: Final = 1 + ACTIONS.index("hide")
# Steps on the way from nothing to a place; more change the parts by less than a hundredth of the score.
STEPS: Final = 8
# Steps shorter than this go by the slope in their middle: a quotient of two tiny differences is noise.
_SHORT: Final = 1e-7

Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Utility:
    """One reader's utility, for any places.

    families: in the order of the rows of `raw`; weights: (1 + actions, families) float64, of the log odds of opening
    and of ACTIONS; intercepts: (1 + actions,); slope: log odds of an opening for a unit of score, > 0. `raw`, below, is
    (families, places) float64, finite: each family's part of the open score.
    """

    families: tuple[str, ...]
    weights: Matrix
    intercepts: Matrix
    slope: float
    values: ValueSettings

    def beside(self, name: str) -> Utility:
        """Return the utility with one more row of `raw`, last, which bears on the opening alone."""
        column = np.zeros((len(self.weights), 1))
        column[OPEN] = self.slope
        return replace(self, families=(*self.families, name), weights=np.hstack([self.weights, column]))

    def chances(self, raw: Matrix) -> Matrix:
        """Return (1 + actions, places) in [0, 1]: of an opening, of what follows if it is opened, of a hide."""
        chances: Matrix = expit(self.weights @ raw + self.intercepts[:, None])
        return chances

    def expected(self, raw: Matrix) -> Matrix:
        """Return the utility, (places,), in openings: sum of chance x value."""
        chances = self.chances(raw)
        expected: Matrix = chances[OPEN] * self._worth(chances) - self.values.hide * chances[HIDE]
        return expected

    def scores(self, raw: Matrix) -> Matrix:
        """Return (places,), in the unit of the open score: the greater the utility, the greater the score.

        With r = utility in openings of ordinary worth, set off so that r is the chance of an opening where all else
        is ordinary, the score is (g(r) - g(r at c = 0)) / slope, g(r) = asinh(r / (2 grain)): the logarithm of r, but
        straight around 0, as a utility can be negative. So scores differ as open scores do as long as openings are
        rare, and have their order exactly where actions do not tell places apart.
        """
        scores: Matrix = (self._grown(self._level(self.chances(raw))) - self._grown(self._base)) / self.slope
        return scores

    def multipliers(self, raw: Matrix) -> Matrix:
        """Return (families, places): raw * multipliers are the parts of the score, and sum to it.

        A family's part is what it adds on the straight way from c = 0 to the place, where all families grow together
        (Aumann and Shapley 1974; integrated gradients, Sundararajan et al. 2017). The way is cut into steps, and in
        each the change is shared out by secants, which leave no remainder.
        """
        forms = self.weights @ raw
        way = np.linspace(0.0, 1.0, STEPS + 1)[:, None]
        logits = forms[:, None, :] * way + self.intercepts[:, None, None]
        sensitivity = self._sensitivity(logits)
        multipliers: Matrix = self.weights.T @ sensitivity / self.slope
        return multipliers

    def _sensitivity(self, logits: Matrix) -> Matrix:
        """Return (1 + actions, places): what a step of each log odds adds to g, as the mean over the way.

        logits: (1 + actions, STEPS + 1, places).
        """
        chances = expit(logits)
        level, worth = self._level(chances), self._worth(chances) / self._ordinary
        growth = _secants(level, self._grown(level), lambda r: 1.0 / np.sqrt(r * r + 4.0 * self.values.grain**2))
        rises = _secants(logits, chances, lambda logit: expit(logit) * expit(-logit))
        values = np.array([self.values.read, self.values.finish, self.values.plus, -self.values.bounce])
        # The change of a product is that of each factor times the mean of the other, exactly.
        rises[OPEN] *= _middles(worth)
        rises[AFTER_OPEN] *= _middles(chances[OPEN]) * (values / self._ordinary)[:, None, None]
        rises[HIDE] *= -self.values.hide / self._ordinary
        sensitivity: Matrix = (rises * growth).mean(axis=1)
        return sensitivity

    def _worth(self, chances: Matrix) -> Matrix:
        """Return what an opening is worth. chances: (1 + actions, ...)."""
        read, finish, plus, bounce = chances[AFTER_OPEN]
        v = self.values
        worth: Matrix = v.open + v.read * read + v.finish * finish + v.plus * plus - v.bounce * bounce
        return worth

    @property
    def _ordinary(self) -> float:
        """What an opening is worth at c = 0; above 0, since a bounce takes off less than an opening is worth."""
        return float(self._worth(expit(self.intercepts)))

    @property
    def _base(self) -> Matrix:
        """r at c = 0: the chance of an opening."""
        base: Matrix = expit(self.intercepts[OPEN])
        return base

    def _level(self, chances: Matrix) -> Matrix:
        """Return r of `scores`. chances: (1 + actions, ...)."""
        hidden = chances[HIDE] - expit(self.intercepts[HIDE])
        ordinary = self._ordinary
        level: Matrix = chances[OPEN] * (self._worth(chances) / ordinary) - self.values.hide / ordinary * hidden
        return level

    def _grown(self, level: Matrix) -> Matrix:
        grown: Matrix = np.arcsinh(level / (2.0 * self.values.grain))
        return grown


def _middles(values: Matrix) -> Matrix:
    middles: Matrix = 0.5 * (values[..., 1:, :] + values[..., :-1, :])
    return middles


def _secants(at: Matrix, values: Matrix, slope: Callable[[Matrix], Matrix]) -> Matrix:
    """Return how much values change for each unit of `at`, step by step along the second axis from the end."""
    widths = np.diff(at, axis=-2)
    secants = slope(_middles(at))
    np.divide(np.diff(values, axis=-2), widths, out=secants, where=np.abs(widths) > _SHORT)
    return secants
