"""What else comes of a card than an opening: one small logistic regression for each action, learned online.

chance = sigmoid(weights @ contributions + intercept). Without data the weights are 0 and the chance is a hand-set
share, the same for all places, so that the order is that of the open score. An action that no log has ever told of
(a log of openings alone has no likes) teaches nothing, nor does a view of which nothing is known.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit

from reader.recommend.learning.proximal import Proximal, ProximalState, Vector
from reader.recommend.learning.utility import ACTIONS
from reader.settings import ActionSettings

Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class ActionsState:
    """What is to be kept.

    proximal: (actions * (families + 1),), action by action, each with its intercept last; told: (actions,) float64,
    how often each has happened.
    """

    proximal: ProximalState
    told: Vector

    @classmethod
    def new(cls, families: int) -> ActionsState:
        """Return the state in which nothing is learned."""
        return cls(ProximalState.new(len(ACTIONS) * (families + 1)), np.zeros(len(ACTIONS)))


class Actions:
    """The chances of ACTIONS, which learn list by list. families: how many there are."""

    def __init__(self, families: int, settings: ActionSettings, state: ActionsState | None = None) -> None:
        state = state or ActionsState.new(families)
        rates = np.append(np.full(families, settings.family_rate), 1.0)
        self._proximal = Proximal(np.tile(rates, len(ACTIONS)), settings, state.proximal)
        self._told = state.told
        self._settings = settings
        shares = np.array([getattr(settings, action) for action in ACTIONS])
        self._priors = np.zeros((len(ACTIONS), families + 1))
        self._priors[:, -1] = logit(shares)

    @property
    def state(self) -> ActionsState:
        """What is to be kept. It does not change when more is learned."""
        return ActionsState(self._proximal.state, self._told)

    @property
    def coefficients(self) -> Matrix:
        """The weights of the families' contributions and, last, the intercept: (actions, families + 1)."""
        coefficients: Matrix = self._priors + self._proximal.steps.reshape(self._priors.shape)
        return coefficients

    def learn(self, contributions: Matrix, outcomes: Matrix) -> None:
        """Learn from one list, each place by its logistic loss.

        contributions: (families, places), finite; outcomes: (actions, places), 1 for what happened, 0 for what did
        not, NaN where it cannot be known, as after a card that was not opened.
        """
        if outcomes.shape != (len(ACTIONS), contributions.shape[1]):
            places = contributions.shape[1]
            raise ValueError(f"outcomes {outcomes.shape}: give {len(ACTIONS)} actions of {places} places")
        self._told = self._told + np.nansum(outcomes, axis=1)
        known = ~np.isnan(outcomes) & (self._told > 0)[:, None]
        if not known.any():
            return
        seen = np.clip(contributions, -self._settings.limit, self._settings.limit)
        features = np.concatenate([seen, np.ones((1, seen.shape[1]))])
        steps = self._proximal.steps
        chances = expit((self._priors + steps.reshape(self._priors.shape)) @ features)
        surprise = np.where(known, chances - np.nan_to_num(outcomes), 0.0)
        self._proximal.descend((surprise @ features.T).ravel(), steps)
