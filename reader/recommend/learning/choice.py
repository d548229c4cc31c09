"""Weights of factors, learned from what readers choose from a list.

The chance that a place is the one chosen is the softmax of the scores of its list (conditional logit, McFadden 1974),
so what all places share, such as the reader's mood, teaches nothing. The steps are those of FTRL-proximal
(`reader.recommend.learning.proximal`) around hand-set priors, in units of a factor's spread within lists. Factors that
move together are learned once more, with their covariance (`reader.recommend.learning.joint`), by a model of its own
that has the priors for all others; what serves is the mean of both: two that err differently err less together.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import softmax

from reader.recommend.learning.joint import JointState, Matrix
from reader.recommend.learning.proximal import Proximal, ProximalState, Vector
from reader.recommend.learning.spread import Spread, deviations
from reader.settings import ChoiceSettings, JointSettings


@dataclass(frozen=True, slots=True, eq=False)
class ChoiceState:
    """What is to be kept of a learner of choices, with (factors,) in each array."""

    proximal: ProximalState
    spread: Spread
    joint: JointState

    @classmethod
    def new(cls, count: int, joint: int = 0) -> ChoiceState:
        """Return the state in which nothing is learned. joint: how many factors are learned together."""
        return cls(ProximalState.new(count), Spread.new(count), JointState.new(joint))


@dataclass(frozen=True, slots=True, eq=False)
class Together:
    """Which factors are learned together. rows: (k,) int64, ascending."""

    rows: NDArray[np.int64]
    settings: JointSettings

    @classmethod
    def none(cls) -> Together:
        """Return the choice of no factor."""
        return cls(np.zeros(0, dtype=np.int64), JointSettings())


class Choice:
    """Weights (factors,) float64 that learn list by list.

    priors: (factors,), finite; rates: (factors,) > 0, multiples of the learning rate, all 1 if not given; together: the
    factors that are learned with their covariance, none if not given; least: (factors,) >= 0, what each is taken to
    spread by at least within lists, in its own unit, 0 if not given. A factor that hardly differs as yet, such as what
    fades with a half-life of minutes where lists are a day apart, says nothing; by its own spread alone a step would be
    a weight of 10^13, and the first item in which it does differ would be all that ranks.
    """

    def __init__(
        self,
        priors: Vector,
        settings: ChoiceSettings,
        rates: Vector | None = None,
        state: ChoiceState | None = None,
        together: Together | None = None,
        least: Vector | None = None,
    ) -> None:
        self._priors = np.array(priors, dtype=np.float64)
        if not np.isfinite(self._priors).all():
            raise ValueError("priors must be finite")
        self._together = together or Together.none()
        state = state or ChoiceState.new(len(priors), len(self._together.rows))
        self._proximal = Proximal(np.ones(len(priors)) if rates is None else rates, settings, state.proximal)
        self._spread = state.spread
        self._joint = state.joint
        self._settings = settings
        self._least = np.zeros(len(priors)) if least is None else least

    @property
    def state(self) -> ChoiceState:
        """What is to be kept. It does not change when more is learned."""
        return ChoiceState(self._proximal.state, self._spread, self._joint)

    @property
    def weights(self) -> Vector:
        """The weights of the factors as they are: score = weights @ factors."""
        share = self._together.settings.share if len(self._together.rows) else 0.0
        steps = (1.0 - share) * self._proximal.steps
        steps[self._together.rows] += share * self._joint.mean
        return self._priors + _over(steps, self._scale)

    @property
    def _scale(self) -> Vector:
        scale = self._spread.scale(self._settings.spread_doubt_lists)
        return np.where(scale > 0, np.maximum(scale, self._least), 0.0)

    def learn(
        self,
        factors: NDArray[np.floating],
        gains: NDArray[np.floating],
        offset: NDArray[np.floating] | None = None,
        *,
        weight: float = 1.0,
    ) -> bool:
        """Learn from one list by the cross entropy of its softmax with gains / sum(gains); return whether it taught.

        factors: (factors, places); gains: (places,) finite >= 0, 0 for what was not opened; offset: (places,) finite,
        what else a place has for it, such as the log of its examination or what is added for this reader; weight: of
        the list, finite >= 0. A list with nothing gained, or in which all places gained, changes nothing. A factor
        that is not finite in some place counts as 0 in this list.
        """
        offset = np.zeros(len(gains)) if offset is None else offset
        _check(factors, gains, offset, weight, len(self._priors))
        if weight == 0 or not 0 < np.count_nonzero(gains) < len(gains):
            return False
        values = _finite(factors)
        known = self._priors @ values + offset
        # Each predicts by itself: two that learned from what both say would share one error.
        scale, rows, steps = self._scale, self._together.rows, self._proximal.steps
        chances = softmax(known + _over(steps, scale) @ values)
        joint_chances = softmax(known + _over(self._joint.mean, scale[rows]) @ values[rows])
        shares = gains / gains.sum()
        centred, scale = self._standardise(values)
        self._proximal.descend(_over(centred @ (weight * (chances - shares)), scale), steps)
        if len(rows):
            standard = _over(centred[rows], scale[rows, None])
            precision = self._together.settings.prior_precision
            self._joint = self._joint.after(standard, joint_chances, shares, weight, precision)
        return True

    def _standardise(self, values: Matrix) -> tuple[Matrix, Vector]:
        """Take in the spread of a list; return what is above its mean, within the limit, and the spreads."""
        found = deviations(values)
        self._spread = self._spread.plus(found.variance)
        scale = self._scale
        reach = (self._settings.limit * scale)[:, None]
        return np.clip(found.centred, -reach, reach, out=found.centred), scale


def _over(values: Matrix, scale: Matrix) -> Matrix:
    quotient: Matrix = np.divide(values, scale, out=np.zeros_like(values), where=scale > 0)
    return quotient


def _finite(factors: NDArray[np.floating]) -> NDArray[np.float64]:
    values = factors.astype(np.float64)
    # One sum finds a rare case for less than a look at each value. Opposite infinities make it NaN, too.
    with np.errstate(invalid="ignore"):
        broken = not np.isfinite(values.sum())
    if broken:
        values[~np.isfinite(values).all(axis=1)] = 0.0
    return values


def _check(
    factors: NDArray[np.floating],
    gains: NDArray[np.floating],
    offset: NDArray[np.floating],
    weight: float,
    count: int,
) -> None:
    if factors.shape != (count, len(gains)) or offset.shape != gains.shape:
        shapes = f"factors {factors.shape}, gains {gains.shape}, offset {offset.shape}"
        raise ValueError(f"{shapes}: give {count} factors of the same places")
    if not (np.isfinite(gains).all() and (gains >= 0).all()):
        raise ValueError("gains must be finite and at least 0")
    if not np.isfinite(offset).all():
        raise ValueError("offset must be finite: leave out places that nobody looks at")
    if not 0 <= weight < np.inf:
        raise ValueError(f"weight is {weight}: give a finite one of at least 0")
