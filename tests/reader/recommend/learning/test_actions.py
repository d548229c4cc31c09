"""Chances of what comes after a card: those of scikit-learn's logistic regression, and hand-set without data."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.special import expit
from sklearn.linear_model import LogisticRegression

from reader.recommend.learning.actions import Actions
from reader.recommend.learning.utility import ACTIONS
from reader.settings import ActionSettings

Matrix = NDArray[np.float64]
SETTINGS = ActionSettings(read=0.5, finish=0.25, plus=0.03, bounce=0.2, hide=0.002)
READ, FINISH, PLUS, BOUNCE, HIDE = range(len(ACTIONS))


def chances(actions: Actions, contributions: Matrix) -> Matrix:
    found: Matrix = expit(actions.coefficients[:, :-1] @ contributions + actions.coefficients[:, -1:])
    return found


def outcomes(places: int, **known: list[float]) -> Matrix:
    """Return what came of some places; NaN for all that is not given."""
    found = np.full((len(ACTIONS), places), np.nan)
    for name, values in known.items():
        found[[*ACTIONS].index(name)] = values  # type: ignore[arg-type]  # the names are those of actions
    return found


def test_without_data_every_place_has_the_hand_set_share() -> None:
    found = chances(Actions(2, SETTINGS), np.array([[3.0, -1.0], [0.5, 2.0]]))

    assert found == pytest.approx(np.array([[0.5] * 2, [0.25] * 2, [0.03] * 2, [0.2] * 2, [0.002] * 2]))


def test_what_is_not_known_teaches_nothing() -> None:
    actions = Actions(1, SETTINGS)
    before = actions.coefficients

    actions.learn(np.array([[1.0, -1.0]]), outcomes(2))

    assert actions.coefficients.tolist() == before.tolist()


def test_an_action_that_never_happened_teaches_nothing_until_it_does() -> None:
    """A log of openings has no likes: that says nothing of what readers like."""
    actions = Actions(1, SETTINGS)
    for _ in range(50):
        actions.learn(np.array([[1.0, -1.0]]), outcomes(2, plus=[0, 0], read=[1, 0]))
    assert actions.coefficients[PLUS, 0] == 0.0
    assert actions.coefficients[READ, 0] > 0.2

    actions.learn(np.array([[1.0, -1.0]]), outcomes(2, plus=[1, 0]))

    assert actions.coefficients[PLUS, 0] > 0.0


def test_each_action_learns_by_itself() -> None:
    actions = Actions(1, SETTINGS)
    for _ in range(100):
        actions.learn(np.array([[1.0, -1.0]]), outcomes(2, bounce=[1, 0], hide=[0, 1]))

    assert actions.coefficients[BOUNCE, 0] > 0.3
    assert actions.coefficients[HIDE, 0] < -0.3
    assert actions.coefficients[FINISH, 0] == 0.0


def test_what_is_learned_is_what_logistic_regression_finds() -> None:
    rng = np.random.default_rng(0)
    design = rng.normal(size=(2, 4000))
    happened = rng.uniform(size=4000) < expit(np.array([1.0, -0.5]) @ design - 0.7)
    expected = LogisticRegression(C=1e6).fit(design.T, happened)

    actions = Actions(2, ActionSettings(learning_rate=0.5, family_rate=1.0))
    for start in range(0, 4000, 4):
        places = slice(start, start + 4)
        actions.learn(design[:, places], outcomes(4, read=happened[places].tolist()))

    assert actions.coefficients[READ] == pytest.approx([*expected.coef_[0], expected.intercept_[0]], abs=0.1)


def test_an_odd_place_does_not_turn_what_was_learned() -> None:
    tame, odd = Actions(1, SETTINGS), Actions(1, SETTINGS)
    tame.learn(np.array([[SETTINGS.limit]]), outcomes(1, read=[0]))
    odd.learn(np.array([[1e6]]), outcomes(1, read=[0]))

    assert odd.coefficients.tolist() == tame.coefficients.tolist()


def test_going_on_from_a_kept_state_is_going_on() -> None:
    rng = np.random.default_rng(1)
    lists = [(rng.normal(size=(3, 4)), rng.integers(0, 2, size=(5, 4)).astype(float)) for _ in range(20)]
    whole, first = Actions(3, SETTINGS), Actions(3, SETTINGS)
    for contributions, came in lists[:10]:
        whole.learn(contributions, came)
        first.learn(contributions, came)
    second = Actions(3, SETTINGS, first.state)
    for contributions, came in lists[10:]:
        whole.learn(contributions, came)
        second.learn(contributions, came)

    assert second.coefficients.tolist() == whole.coefficients.tolist()


def test_outcomes_have_a_row_for_each_action() -> None:
    with pytest.raises(ValueError, match="5 actions of 2 places"):
        Actions(1, SETTINGS).learn(np.zeros((1, 2)), np.zeros((4, 2)))
